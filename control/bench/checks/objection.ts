import { dotted, type Place, valueAt } from '../../../drivers/contract/explain.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { AcceptedReason, Bench } from '../bench.ts';
import type { Facts } from './facts.ts';

/**
 * What a check objects to in a bench that would load and run, but should not start. Where a lab has its reason,
 * `accepted: "<reason>"` on the entry lets it pass, and the reason stands in the record. One reason answers one check:
 * a second objection to the same line is not swallowed by it.
 */
export interface Objection {
  /** Name of the check, e.g. `warn-beyond-trip`. */
  readonly check: string;
  /** The entry whose `accepted` may answer it. */
  readonly entry: Place;
  /** Where the culprit stands: the entry or a key in it. */
  readonly place: Place;
  /** What was found and what was expected. */
  readonly text: string;
}

/** A question to the bench; every answer is something that it objects to. */
export type Check = (facts: Facts) => Iterable<Objection>;

/** What a check objects to and the lab has its reason for. */
export interface Accepted {
  /** The entry, e.g. `interlocks[3]`. */
  readonly place: string;
  readonly line: number;
  readonly check: string;
  readonly reason: string;
}

/**
 * What the bench file accepts of these objections. `laterChecked`: an entry whose reason may answer a check that comes
 * later, with the method.
 * @throws FileError for the first objection that is not accepted, and for an `accepted` that accepts nothing
 */
export function judge(
  yaml: YamlFile<Bench>,
  objections: readonly Objection[],
  laterChecked: (entry: Place) => boolean,
): Accepted[] {
  const accepted = objections.map(objection => {
    const beside = objections.filter(o => dotted(o.entry) === dotted(objection.entry));
    const reason = reasonFor(yaml.value, objection, beside);
    if ('missing' in reason) throw yaml.error(objection.place, `${objection.text}${reason.missing}`);
    const { entry, check } = objection;
    return { place: dotted(entry), line: yaml.lineOf(entry), check, reason: reason.given };
  });
  for (const entry of entriesWithReason(yaml.value)) {
    const used = objections.filter(o => dotted(o.entry) === dotted(entry)).map(o => o.check);
    const given = valueAt(yaml.value, [...entry, 'accepted']) as AcceptedReason;
    if (typeof given === 'string') {
      if (used.length > 0 || laterChecked(entry)) continue;
      throw yaml.error(
        [...entry, 'accepted'],
        'accepts nothing: no check objects to this line, expected no such key',
      );
    }
    const idle = Object.keys(given).find(check => !used.includes(check) && !laterChecked(entry));
    if (idle !== undefined || Object.keys(given).length === 0) {
      const found = idle === undefined ? 'accepts nothing' : `"${idle}" accepts nothing`;
      const expected = used.length === 0 ? 'no such key' : used.join(', ');
      throw yaml.error([...entry, 'accepted'], `${found}, expected ${expected}`);
    }
  }
  return accepted;
}

/** The lab's reason for an objection, or what to add to the message where it gives none. */
export function reasonFor(
  bench: Bench,
  { check, entry, place }: Objection,
  beside: readonly Objection[],
): { readonly given: string } | { readonly missing: string } {
  const written = valueAt(bench, [...entry, 'accepted']) as AcceptedReason | undefined;
  const checks = [...new Set(beside.map(o => o.check))];
  if (typeof written === 'object' && Object.hasOwn(written, check)) return { given: written[check] };
  if (typeof written === 'string' && checks.length <= 1) return { given: written };
  const key =
    checks.length <= 1
      ? 'accepted: "<reason>"'
      : `accepted: { ${checks.map(c => `${c}: "<reason>"`).join(', ')} }`;
  const where = dotted(place).startsWith(dotted(entry)) ? 'on this line' : `at ${dotted(entry)}`;
  return { missing: `; a lab with its reason writes ${key} ${where}` };
}

/** Every entry of the bench file that carries `accepted`; what drivers read for themselves is not looked into. */
function entriesWithReason(bench: Bench): Place[] {
  const found: Place[] = [];
  const walk = (value: unknown, place: Place): void => {
    if (typeof value !== 'object' || value === null) return;
    const isEntry = place.length > 0 && !(place.length === 1 && place[0] === 'devices');
    if (isEntry && !Array.isArray(value) && Object.hasOwn(value, 'accepted')) found.push(place);
    for (const [key, inner] of Object.entries(value)) {
      if (place.length === 2 && place[0] === 'devices' && key === 'options') continue;
      if (isEntry && key === 'accepted') continue;
      walk(inner, [...place, Array.isArray(value) ? Number(key) : key]);
    }
  };
  walk(bench, []);
  return found;
}
