import type { PlainLoop, PlainMethod, PlainNode, PlainStep } from '../plain-step.ts';
import { tidy } from '../plain-step.ts';
import {
  every_s,
  isTheWayOf,
  noSuchEnd,
  ofEitherSign,
  timeOf,
  untilAt,
  type Writing,
  withoutCccv,
} from './parts.ts';

/** Writes unicycler JSON (EmpaEconversion/aurora-unicycler, `_core.py`): a flat list of steps, loops lead back in it. */

type Step = Readonly<Record<string, unknown>>;

/** @throws LanguageError of what unicycler cannot say */
export function writeUnicycler(method: PlainMethod, writing: Writing): string {
  const { record, limits, capacity_Ah } = method;
  const { ledger } = writing;
  const time_s = every_s(method, ledger);
  const steps: Step[] = [];
  new Flat(steps, writing).add(withoutCccv(method.steps));
  const whole = {
    sample: {
      name: method.name,
      capacity_mAh: capacity_Ah === undefined ? null : tidy(1000 * capacity_Ah),
    },
    record: {
      ...(record?.current_A === undefined ? {} : { current_mA: tidy(1000 * record.current_A) }),
      ...(record?.voltage_V === undefined ? {} : { voltage_V: record.voltage_V }),
      time_s,
    },
    safety: {
      ...given('max_voltage_V', limits?.voltageMax_V),
      ...given('min_voltage_V', limits?.voltageMin_V),
      ...given('max_current_mA', limits?.currentMax_A, 1000),
      ...given('min_current_mA', limits?.currentMin_A, 1000),
      ...given('max_capacity_mAh', limits?.chargeMax_Ah, 1000),
      ...given('delay_s', limits?.delay_s),
    },
    method: steps,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** A key with its value in another unit, or nothing. */
export function given(key: string, value: number | undefined, factor = 1): Readonly<Record<string, number>> {
  return value === undefined ? {} : { [key]: tidy(value * factor) };
}

class Flat {
  readonly #into: Step[];
  readonly #writing: Writing;
  /** Tags, each with the index of the step that follows it. */
  readonly #tags = new Map<string, number>();

  constructor(into: Step[], writing: Writing) {
    this.#into = into;
    this.#writing = writing;
  }

  add(nodes: readonly PlainNode[]): void {
    for (const node of nodes) {
      if (node.kind === 'loop') this.#loop(node);
      else {
        if (node.name !== undefined) this.#tag(node.name);
        this.#into.push({ ...(node.id === undefined ? {} : { id: node.id }), ...this.#step(node) });
      }
    }
  }

  #loop({ times, steps, name }: PlainLoop): void {
    const isNamed = name !== undefined && this.#tag(name);
    // A loop over one step is refused there when it names the step by its number, not when it names a tag.
    const isAlone = times > 1 && steps.length === 1 && steps[0]?.kind !== 'loop';
    const made = `loop ${this.#into.length + 1}`;
    const tag = isNamed ? name : isAlone && this.#tag(made) ? made : undefined;
    const first = this.#into.length + 1;
    this.add(steps);
    if (times > 1) this.#into.push({ step: 'loop', loop_to: tag ?? first, cycle_count: times });
  }

  /** True where the tag stands right before what comes; each tag may stand once. */
  #tag(tag: string): boolean {
    if (!this.#tags.has(tag)) {
      this.#into.push({ step: 'tag', tag });
      this.#tags.set(tag, this.#into.length);
    }
    return this.#tags.get(tag) === this.#into.length;
  }

  #step(step: PlainStep): Step {
    const { ledger } = this.#writing;
    const time = timeOf(step);
    const until_time_s = time === undefined ? {} : { until_time_s: time };
    switch (step.kind) {
      case 'rest': {
        if (step.ends.length > 0 || time === undefined) throw noSuchEnd(ledger, step, 'time');
        return { step: 'open_circuit_voltage', ...until_time_s };
      }
      case 'cc': {
        const { current = { value: 0, unit: 'A' } } = step;
        if (current.value === 0)
          throw ledger.refused(step.at, 'a current of 0 is no current there, expected rest');
        const rate =
          current.unit === 'C' ? { rate_C: current.value } : { current_mA: tidy(1000 * current.value) };
        const [end] = step.ends;
        if (end !== undefined && (end.quantity !== 'voltage' || !isTheWayOf(end, step)))
          throw noSuchEnd(ledger, step, 'time, or by the voltage that its current leads to');
        if (end?.amount.value === 0)
          throw noSuchEnd(ledger, step, 'a voltage that is not 0, which counts as none');
        return {
          step: 'constant_current',
          ...rate,
          ...until_time_s,
          ...(end === undefined ? {} : { until_voltage_V: end.amount.value }),
        };
      }
      case 'cv': {
        const [end] = step.ends;
        if (end !== undefined && (end.quantity !== 'current' || end.is !== 'below'))
          throw noSuchEnd(ledger, step, 'time, or by a current that has become small');
        // Of a current that flows out its sign says so there.
        if (end?.isIn === true) ofEitherSign(end, step, untilAt(step), ledger);
        const sign = end?.isOut === true ? -1 : 1;
        const until =
          end === undefined
            ? {}
            : end.amount.unit === 'C'
              ? { until_rate_C: sign * end.amount.value }
              : { until_current_mA: tidy(1000 * sign * end.amount.value) };
        return { step: 'constant_voltage', voltage_V: step.voltage_V, ...until_time_s, ...until };
      }
      default:
        return this.#spectrum(step);
    }
  }

  #spectrum(step: PlainStep): Step {
    const { ledger } = this.#writing;
    if (step.eis === undefined) throw ledger.refused(step.at, `${step.kind} cannot be said in unicycler`);
    const { amplitude, from_Hz, to_Hz, pointsPerDecade, cycles } = step.eis;
    return {
      step: 'impedance_spectroscopy',
      ...(amplitude.unit === 'V'
        ? { amplitude_V: amplitude.value }
        : { amplitude_mA: tidy(1000 * amplitude.value) }),
      start_frequency_Hz: from_Hz,
      end_frequency_Hz: to_Hz,
      ...given('points_per_decade', pointsPerDecade),
      ...given('measures_per_point', cycles),
    };
  }
}
