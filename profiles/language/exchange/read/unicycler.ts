import type { z } from 'zod';
import type { Place } from '../../../../drivers/contract/explain.ts';
import { checkShape } from '../../file/shape.ts';
import type { Source } from '../../file/source.ts';
import type { Ledger } from '../ledger.ts';
import { tidy } from '../plain-step.ts';
import { ADDED_BOUND } from '../spell/spell-step.ts';
import type { ReadMethod, ReadStep } from './method-text.ts';
import { limitsFrom, recordFrom } from './record-and-limits.ts';
import { givenNumber, rateOf, UNICYCLER_FILE, UNICYCLER_STEPS } from './unicycler-schema.ts';

/** Reads unicycler JSON (EmpaEconversion/aurora-unicycler, `_core.py`). */

type Raw = Readonly<Record<string, unknown>>;

/** A node with the numbers of the first and last step that it was, from 1. */
interface Numbered {
  readonly first: number;
  readonly last: number;
  readonly step: ReadStep;
}

/** @throws LanguageError with the line of what cannot be read, or cannot be said here */
export function readUnicycler(source: Source, fallback: string, ledger: Ledger): ReadMethod {
  checkShape(source, UNICYCLER_FILE, source.value, []);
  const { sample, record, safety, method } = source.value as z.output<typeof UNICYCLER_FILE>;
  const capacity_mAh = givenNumber(sample?.capacity_mAh);
  const name = sample?.name ?? '$NAME';
  return {
    name: name === '$NAME' ? fallback : name,
    comments: [
      'Read from unicycler JSON.',
      ...(capacity_mAh === undefined
        ? []
        : [
            `Its sample has ${capacity_mAh} mAh: subject.capacity_Ah of the bench, ${tidy(capacity_mAh / 1000)}.`,
          ]),
    ],
    record: recordFrom({
      time_s: givenNumber(record.time_s),
      voltage_V: givenNumber(record.voltage_V),
      current_mA: givenNumber(record.current_mA),
    }),
    limits: limitsFrom(
      Object.fromEntries(Object.entries(safety ?? {}).map(([key, raw]) => [key, givenNumber(raw)])),
    ),
    steps: new Folding(source, method, ledger).steps(),
  };
}

class Folding {
  readonly #source: Source;
  readonly #method: readonly Raw[];
  readonly #ledger: Ledger;
  readonly #ids = new Set<string>();

  constructor(source: Source, method: readonly Raw[], ledger: Ledger) {
    this.#source = source;
    this.#method = method;
    this.#ledger = ledger;
  }

  /** Loops lead back to a number or a tag; here they stand around their steps. */
  steps(): readonly ReadStep[] {
    const tags = new Map<string, number>();
    const goals = new Set(this.#method.map(step => step['loop_to']));
    let nodes: Numbered[] = [];
    let names: string[] = [];
    for (const [i, raw] of this.#method.entries()) {
      const place: Place = ['method', i];
      const kind = String(raw['step']);
      if (!Object.hasOwn(UNICYCLER_STEPS, kind)) {
        const known = Object.keys(UNICYCLER_STEPS).join(', ');
        throw this.#source.valueError([...place, 'step'], `found "${kind}", expected one of ${known}`);
      }
      checkShape(this.#source, UNICYCLER_STEPS[kind as keyof typeof UNICYCLER_STEPS], raw, place);
      if (kind === 'tag') {
        const tag = String(raw['tag']);
        if (tags.has(tag))
          throw this.#source.valueError([...place, 'tag'], `"${tag}" stands twice, expected each tag once`);
        tags.set(tag, i + 1);
        if (!goals.has(tag)) names.push(tag);
      } else if (kind === 'loop') nodes = this.#folded(nodes, { raw, place, tags, number: i + 1 });
      else {
        const step = this.#step(raw, place);
        nodes.push({ first: i + 1, last: i + 1, step: namedBy(names, step) });
        names = [];
      }
    }
    if (nodes.length === 0)
      throw this.#source.error(['method'], 'no step that drives the cell or lets it rest');
    return nodes.map(node => node.step);
  }

  #folded(
    nodes: readonly Numbered[],
    loop: { raw: Raw; place: Place; tags: ReadonlyMap<string, number>; number: number },
  ): Numbered[] {
    const { raw, place, tags, number } = loop;
    const goal = raw['loop_to'] ?? 1;
    const from = typeof goal === 'number' ? goal : tags.get(String(goal));
    const at: Place = [...place, 'loop_to'];
    if (from === undefined) throw this.#source.valueError(at, `no tag "${goal}" stands before it`);
    if (from >= number)
      throw this.#source.valueError(at, `leads to step ${from}, expected one before the loop`);
    const crossed = nodes.find(node => node.first < from && node.last >= from);
    if (crossed !== undefined)
      throw this.#source.valueError(
        at,
        `leads into the loop of steps ${crossed.first} to ${crossed.last}: loops cross`,
      );
    const inside = nodes.filter(node => node.first >= from);
    if (inside.length === 0) throw this.#source.valueError(at, 'there is no step in this loop');
    const times = this.#positive(raw, place, 'cycle_count');
    const name = typeof goal === 'string' ? { name: goal } : {};
    const step: ReadStep = { keys: { repeat: { times }, ...name }, steps: inside.map(node => node.step) };
    return [...nodes.filter(node => node.first < from), { first: inside[0].first, last: number, step }];
  }

  #step(raw: Raw, place: Place): ReadStep {
    const id = this.#idOf(raw['id'], place);
    switch (raw['step']) {
      case 'open_circuit_voltage':
        return { keys: { rest: {}, ...id, for_s: this.#positive(raw, place, 'until_time_s') } };
      case 'constant_current':
        return { keys: { ...this.#current(raw, place), ...id } };
      case 'constant_voltage':
        return { keys: { ...this.#voltage(raw, place), ...id } };
      case 'impedance_spectroscopy':
        return { keys: { ...this.#spectrum(raw, place), ...id } };
      default:
        throw this.#source.valueError(
          [...place, 'step'],
          `${raw['step']} cannot be said here: a ramp begins where the voltage stands`,
        );
    }
  }

  #current(raw: Raw, place: Place): Raw {
    const { key, value } = this.#oneOf(raw, place, 'rate_C', 'current_mA');
    if (key === undefined)
      throw this.#source.error(place, 'neither rate_C nor current_mA, expected one that is not 0');
    // A voltage without a direction: the one that the current leads to.
    const voltage_V = nonZero(givenNumber(raw['until_voltage_V']));
    const sign = value > 0 ? '>' : '<';
    const until = voltage_V === undefined ? {} : { until: `cell.voltage_V ${sign} ${voltage_V}` };
    const own = { [key === 'rate_C' ? 'current_C' : 'current_mA']: value };
    return { cc: own, ...until, ...this.#bound(raw, place, voltage_V !== undefined) };
  }

  #voltage(raw: Raw, place: Place): Raw {
    const { key, value } = this.#oneOf(raw, place, 'until_rate_C', 'until_current_mA');
    const unit = key === 'until_rate_C' ? 'C' : 'mA';
    // Its sign says which way the current flows while the voltage is held.
    const text = value < 0 ? `cell.current_${unit} > ${value}` : `abs(cell.current_${unit}) < ${value}`;
    const until = key === undefined ? {} : { until: text };
    const voltage_V = givenNumber(raw['voltage_V']);
    return { cv: { voltage_V }, ...until, ...this.#bound(raw, place, key !== undefined) };
  }

  /** A rate wins over a current beside it there, which nobody sees: refused. */
  #oneOf(
    raw: Raw,
    place: Place,
    rateKey: string,
    currentKey: string,
  ): { key: string | undefined; value: number } {
    const rate_C = nonZero(rateOf(raw[rateKey]));
    const current_mA = nonZero(givenNumber(raw[currentKey]));
    if (rate_C !== undefined && current_mA !== undefined)
      throw this.#source.error(
        [...place, currentKey],
        `beside ${rateKey}, which would win unseen: expected one of them`,
      );
    if (rate_C !== undefined && !Number.isFinite(rate_C))
      throw this.#source.valueError([...place, rateKey], `found "${raw[rateKey]}", which is no rate`);
    const key = rate_C === undefined ? (current_mA === undefined ? undefined : currentKey) : rateKey;
    return { key, value: rate_C ?? current_mA ?? 0 };
  }

  #bound(raw: Raw, place: Place, hasEnd: boolean): Raw {
    const time_s = nonZero(givenNumber(raw['until_time_s']));
    if (time_s !== undefined) return { for_s: this.#positive(raw, place, 'until_time_s') };
    if (!hasEnd)
      throw this.#source.error(place, 'has no end, expected until_time_s or another that is not 0');
    return { within_h: ADDED_BOUND };
  }

  #positive(raw: Raw, place: Place, key: string): number {
    const value = givenNumber(raw[key]) ?? 0;
    if (value > 0) return value;
    throw this.#source.valueError([...place, key], `found ${value}, expected more than 0`);
  }

  #spectrum(raw: Raw, place: Place): Raw {
    const [amplitude_V, amplitude_mA] = [givenNumber(raw['amplitude_V']), givenNumber(raw['amplitude_mA'])];
    if ((amplitude_V === undefined) === (amplitude_mA === undefined))
      throw this.#source.error(place, 'expected amplitude_V or amplitude_mA, one of them');
    if (raw['drift_correction'] === true)
      this.#ledger.differ(
        { file: { path: this.#source.path, errors: this.#source }, place: [...place, 'drift_correction'] },
        'is left out: it is not known here',
      );
    const own = {
      ...(amplitude_V === undefined ? { amplitude_mA } : { amplitude_V }),
      from_Hz: givenNumber(raw['start_frequency_Hz']),
      to_Hz: givenNumber(raw['end_frequency_Hz']),
      ...(raw['points_per_decade'] === undefined
        ? {}
        : { points_per_decade: Number(raw['points_per_decade']) }),
      ...(raw['measures_per_point'] === undefined ? {} : { cycles: Number(raw['measures_per_point']) }),
    };
    return { eis: own, within_h: ADDED_BOUND };
  }

  #idOf(raw: unknown, place: Place): Raw {
    if (typeof raw !== 'string' || raw === '') return {};
    const isOurs =
      /^[a-z][A-Za-z0-9]*$/.test(raw) &&
      !['step', 'block', 'round', 'phase', 'run', 'subject', 'bench'].includes(raw);
    if (isOurs && !this.#ids.has(raw)) {
      this.#ids.add(raw);
      return { id: raw };
    }
    const file = { path: this.#source.path, errors: this.#source };
    this.#ledger.differ(
      { file, place: [...place, 'id'] },
      `"${raw}" is left out: here an id is letters and digits, and stands once`,
    );
    return {};
  }
}

/** A tag that nothing leads to is a name; where several stand in a row, each but the last is that of a group. */
function namedBy(names: readonly string[], step: ReadStep): ReadStep {
  const last = names.at(-1);
  const named: ReadStep = last === undefined ? step : { ...step, keys: { ...step.keys, name: last } };
  return names
    .slice(0, -1)
    .reduceRight((inner: ReadStep, name) => ({ keys: { name }, steps: [inner] }), named);
}

/** What is 0 counts as not given there. */
function nonZero(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}
