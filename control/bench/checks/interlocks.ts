import type { Place } from '../../../drivers/contract/explain.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { Bench, InterlockSpec } from '../bench.ts';
import { type Range, type Reach, shownBy, within } from './facts.ts';

/** Do the interlocks of a bench file fit its instruments? A limit that no instrument can show would protect nothing. */

/** Interlocks: each id once, on measured roles, with limits that the instruments can show. @throws FileError */
export function checkInterlocks(yaml: YamlFile<Bench>, reach: Reach): void {
  const { interlocks } = yaml.value;
  for (const [i, interlock] of interlocks.entries()) {
    const place = ['interlocks', i];
    if (interlocks.findIndex(other => other.id === interlock.id) !== i) {
      throw yaml.error([...place, 'id'], `"${interlock.id}" stands twice, expected each id once`);
    }
    if (interlock.kind === 'residual') checkIsBeside(yaml, [...place, 'role'], interlock.role);
    const isSingle = interlock.kind !== 'threshold' && interlock.kind !== 'spread';
    const plus = shownBy(yaml, reach, [...place, 'role'], interlock.role, isSingle);
    if (interlock.kind === 'rate' || interlock.kind === 'residual') continue;
    if (interlock.kind === 'difference') {
      const minus = shownBy(yaml, reach, [...place, 'minus'], interlock.minus, true);
      if (unitOf(interlock.role) !== unitOf(interlock.minus)) {
        throw yaml.error(
          [...place, 'minus'],
          `${interlock.minus} and ${interlock.role}: expected the same unit`,
        );
      }
      const span: Range = [plus.range[0] - minus.range[1], plus.range[1] - minus.range[0]];
      const devices = plus.device === minus.device ? plus.device : `${plus.device} and ${minus.device}`;
      checkFigures(yaml, place, interlock, { device: devices, range: span });
    } else if (interlock.kind === 'spread') {
      checkFigures(yaml, place, interlock, { ...plus, range: [0, plus.range[1] - plus.range[0]] });
    } else checkFigures(yaml, place, interlock, plus);
  }
}

/** Limit and rearm within what can be shown, and rearm on the good side of the limit. */
function checkFigures(
  yaml: YamlFile<Bench>,
  place: Place,
  interlock: Exclude<InterlockSpec, { kind: 'rate' | 'residual' }>,
  shown: { readonly device: string; readonly range: Range },
): void {
  const { limit, rearm } = interlock;
  const trips = interlock.kind === 'spread' ? '>' : interlock.trips;
  within(yaml, [...place, 'limit'], limit, shown, interlock.role);
  if (rearm === undefined) return;
  if (trips === '>' ? rearm > limit : rearm < limit) {
    const text = `${rearm} lies beyond the limit, expected ${trips === '>' ? '<=' : '>='} ${limit}`;
    throw yaml.error([...place, 'rearm'], text);
  }
  within(yaml, [...place, 'rearm'], rearm, shown, interlock.role);
}

function checkIsBeside(yaml: YamlFile<Bench>, place: Place, role: string): void {
  const beside = yaml.value.twin?.beside?.roles ?? [];
  if (beside.includes(role)) return;
  const expected =
    beside.length === 0
      ? 'expected `beside: { roles: [...], every_s: ... }` in the `twin` section'
      : `expected one of ${beside.join(', ')}`;
  throw yaml.error(place, `no twin beside the bench predicts ${role}, ${expected}`);
}
