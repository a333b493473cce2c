import { z } from 'zod';
import type { Place } from '../../../../drivers/contract/explain.ts';
import { checkShape } from '../../file/shape.ts';
import type { Source } from '../../file/source.ts';
import { conversion, converted, sameDimension, unitNamed } from '../../units/unit.ts';
import type { Ledger } from '../ledger.ts';
import { tidy } from '../plain-step.ts';
import { ADDED_BOUND } from '../spell/spell-step.ts';
import type { ReadMethod, ReadStep } from './method-text.ts';
import { limitsFrom, recordFrom } from './record-and-limits.ts';
import { withChamber } from './with-chamber.ts';

/**
 * Reads the method of a BattINFO test protocol (battery-data-alliance/battery-data-format, test-protocol.schema.json; names
 * of set points as in the records of BIG-MAP/BattINFO).
 */

const quantity = z.looseObject({ value: z.number({ error: 'expected a number' }), unit: z.string().min(1) });
const termination = z.strictObject({
  quantity: z.enum(['voltage', 'current', 'c_rate', 'capacity', 'duration']),
  value: z.number(),
  unit: z.string().min(1),
  direction: z.enum(['below', 'above', 'elapsed']).nullish(),
});
const STEP = z.strictObject({
  mode: z.enum(['cc', 'cv', 'cccv', 'cp', 'cr', 'rest', 'eis', 'scan', 'group']),
  direction: z.enum(['charge', 'discharge', 'hold', 'rest', 'none']).nullish(),
  setpoints: z.record(z.string(), quantity).optional(),
  termination: z.array(termination).optional(),
  duration: quantity.nullish(),
  temperature: quantity.nullish(),
  period: z.looseObject({}).nullish(),
  tags: z.array(z.string()).optional(),
  description: z.string().nullish(),
  count: z.number().int().min(1).nullish(),
  steps: z.array(z.unknown()).optional(),
});
const values = z.record(z.string(), z.number().nullable());
const FILE = z.looseObject({
  schema_version: z.string(),
  test_spec: z.looseObject({ name: z.string().min(1), description: z.string().optional() }),
  method: z.array(z.unknown()).optional(),
  record: values.optional(),
  safety: values.optional(),
  conditions: z.record(z.string(), z.looseObject({})).optional(),
});

type Step = z.output<typeof STEP>;
type Keys = Readonly<Record<string, unknown>>;

/** @throws LanguageError with the line of what cannot be read, or cannot be said here */
export function readBattinfo(source: Source, ledger: Ledger): ReadMethod {
  checkShape(source, FILE, source.value, []);
  const { test_spec, method, record, safety, conditions } = source.value as z.output<typeof FILE>;
  if (method === undefined || method.length === 0)
    throw source.error(['method'], 'no method: its artifacts are what runs, expected steps');
  const reader = new Reader(source, ledger);
  const steps = method.map((step, i) => reader.step(step, ['method', i]));
  const ambient = ['temperature', 'ambient_temperature'].find(key => conditions?.[key] !== undefined);
  const common_degC =
    ambient === undefined ? undefined : reader.temperature(conditions?.[ambient], ['conditions', ambient]);
  const others = Object.keys(conditions ?? {}).filter(key => key !== ambient);
  const clean = (given: Readonly<Record<string, number | null>> = {}): Record<string, number | undefined> =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value ?? undefined]));
  return {
    name: test_spec.name,
    ...(test_spec.description === undefined ? {} : { doc: test_spec.description }),
    comments: [
      'Read from a BattINFO test protocol.',
      ...others.map(key => `Its condition ${key} is not done here: ${JSON.stringify(conditions?.[key])}`),
    ],
    record: recordFrom(clean(record)),
    limits: limitsFrom(clean(safety)),
    steps: withChamber(steps, common_degC, (at, what) => source.error(at as Place, what)),
  };
}

class Reader {
  readonly #source: Source;
  readonly #ledger: Ledger;

  constructor(source: Source, ledger: Ledger) {
    this.#source = source;
    this.#ledger = ledger;
  }

  step(raw: unknown, at: Place): ReadStep {
    checkShape(this.#source, STEP, raw, at);
    const step = raw as Step;
    const name = step.description ? { name: step.description } : {};
    if ((step.tags ?? []).length > 0)
      this.#ledger.differ(
        { file: { path: this.#source.path, errors: this.#source }, place: [...at, 'tags'] },
        'are left out: here tags arm interlocks',
      );
    if (step.mode === 'group') {
      const steps = (step.steps ?? []).map((inner, i) => this.step(inner, [...at, 'steps', i]));
      if (steps.length === 0) throw this.#source.error([...at, 'mode'], 'a group without steps');
      return {
        keys: { ...((step.count ?? 1) > 1 ? { repeat: { times: step.count } } : {}), ...name },
        steps,
      };
    }
    if ((step.steps ?? []).length > 0) throw this.#source.error([...at, 'steps'], 'only a group has steps');
    const period = this.#period(step, at);
    const temperature_degC = step.temperature
      ? this.temperature(step.temperature, [...at, 'temperature'])
      : undefined;
    return {
      keys: {
        ...this.#own(step, at),
        ...name,
        ...this.#ends(step, at),
        ...(period === undefined ? {} : { record: period }),
        ...(temperature_degC === undefined ? {} : { temperature_degC }),
        at,
      },
    };
  }

  temperature(raw: unknown, at: Place): number {
    checkShape(this.#source, quantity, raw, at);
    const { value, unit } = raw as z.output<typeof quantity>;
    if (unit === 'degC') return value;
    if (unit === 'K') return tidy(value - 273.15);
    throw this.#source.valueError([...at, 'unit'], `found "${unit}", expected degC or K`);
  }

  #own(step: Step, at: Place): Keys {
    const { mode } = step;
    if (mode === 'rest') return { rest: {} };
    if (mode === 'eis') return { eis: this.#spectrum(step, at) };
    if (mode === 'cv') return { cv: { voltage_V: this.#setpoint(step, at, 'voltage', 'V') } };
    if (mode === 'cr') {
      if (step.direction === 'charge')
        throw this.#source.valueError([...at, 'direction'], 'expected discharge into a resistance');
      return { cr: { resistance_Ohm: this.#setpoint(step, at, 'resistance', 'Ohm') } };
    }
    if (mode === 'cp')
      return { cp: { power_W: this.#way(step, at) * this.#setpoint(step, at, 'power', 'W') } };
    if (mode === 'cc') return { cc: this.#current(step, at) };
    if (mode === 'cccv')
      return { cccv: { ...this.#current(step, at), voltage_V: this.#setpoint(step, at, 'voltage', 'V') } };
    throw this.#source.valueError(
      [...at, 'mode'],
      `"${mode}" cannot be said here: a ramp begins where the voltage stands`,
    );
  }

  #current(step: Step, at: Place): Keys {
    const [rate, current] = [step.setpoints?.['c_rate'], step.setpoints?.['current']];
    if ((rate === undefined) === (current === undefined))
      throw this.#source.error([...at, 'setpoints'], 'expected c_rate or current, one of them');
    const name = rate === undefined ? 'current' : 'c_rate';
    const size = this.#setpoint(step, at, name, rate === undefined ? 'A' : 'C');
    const isNothing = size === 0;
    return { [rate === undefined ? 'current_A' : 'current_C']: isNothing ? 0 : this.#way(step, at) * size };
  }

  #way(step: Step, at: Place): number {
    if (step.direction === 'charge') return 1;
    if (step.direction === 'discharge') return -1;
    throw this.#source.error([...at, 'direction'], 'expected charge or discharge');
  }

  #spectrum(step: Step, at: Place): Keys {
    const find = (...names: readonly string[]): string =>
      names.find(name => step.setpoints?.[name] !== undefined) ?? names[0];
    const amplitude = find('ac_perturbation_amplitude', 'amplitude');
    const isVoltage = /V$/.test(step.setpoints?.[amplitude]?.unit ?? '');
    const [points, cycles] = [
      step.setpoints?.['points_per_decade']?.value,
      step.setpoints?.['cycles']?.value,
    ];
    return {
      [isVoltage ? 'amplitude_mV' : 'amplitude_mA']: this.#setpoint(
        step,
        at,
        amplitude,
        isVoltage ? 'mV' : 'mA',
      ),
      from_Hz: this.#setpoint(step, at, find('frequency_upper_limit', 'start_frequency'), 'Hz'),
      to_Hz: this.#setpoint(step, at, find('frequency_lower_limit', 'end_frequency'), 'Hz'),
      ...(points === undefined ? {} : { points_per_decade: points }),
      ...(cycles === undefined ? {} : { cycles }),
    };
  }

  #setpoint(step: Step, at: Place, name: string, unit: string): number {
    const found = step.setpoints?.[name];
    if (found === undefined)
      throw this.#source.error([...at, 'setpoints'], `no ${name}, which ${step.mode} needs`);
    const value = this.#in(found, unit, [...at, 'setpoints', name]);
    if (value < 0 && unit !== 'V')
      throw this.#source.valueError(
        [...at, 'setpoints', name, 'value'],
        `found ${found.value}, expected its size: direction says which way`,
      );
    return value;
  }

  #in({ value, unit }: { value: number; unit: string }, target: string, at: Place): number {
    const [from, to] = [unitNamed(unit === 'A/Ah' ? 'C' : unit), unitNamed(target)];
    if (from === undefined || to === undefined || !sameDimension(from, to))
      throw this.#source.valueError([...at, 'unit'], `found "${unit}", expected ${target} or the like`);
    return tidy(converted(value, conversion(from, to)));
  }

  #ends(step: Step, at: Place): Keys {
    const times: number[] = step.duration ? [this.#in(step.duration, 's', [...at, 'duration'])] : [];
    const ends: string[] = [];
    for (const [i, end] of (step.termination ?? []).entries()) {
      const place = [...at, 'termination', i];
      if (end.quantity === 'duration') times.push(this.#in(end, 's', place));
      else ends.push(this.#endText(end, step, place));
    }
    const until = ends.length === 0 ? {} : { until: ends.join(' or ') };
    if (step.mode === 'eis') return { ...until, within_h: ADDED_BOUND };
    if (times.length > 0) return { ...until, for_s: Math.min(...times) };
    if (ends.length === 0)
      throw this.#source.error([...at, 'mode'], 'has no end, expected a duration or a termination');
    return { ...until, within_h: ADDED_BOUND };
  }

  #endText(end: z.output<typeof termination>, step: Step, at: Place): string {
    const { quantity: of, direction } = end;
    if (of === 'voltage') {
      const is =
        direction ??
        (step.direction === 'charge' ? 'above' : step.direction === 'discharge' ? 'below' : undefined);
      if (is === undefined)
        throw this.#source.error(at, 'a voltage without a direction, expected above or below');
      return `cell.voltage_V ${is === 'above' ? '>' : '<'} ${this.#in(end, 'V', at)}`;
    }
    if (of === 'capacity')
      return `abs(step.charge_Ah) ${direction === 'below' ? '<' : '>'} ${this.#in(end, 'Ah', at)}`;
    const unit = of === 'c_rate' ? 'C' : 'A';
    return `abs(cell.current_${unit}) ${direction === 'above' ? '>' : '<'} ${Math.abs(this.#in(end, unit, at))}`;
  }

  /** `{ time_s, voltage_V, current_mA }` as our own files have it, or `{ value, unit }`. */
  #period({ period }: Step, at: Place): Keys | undefined {
    if (!period) return undefined;
    if ('value' in period) {
      checkShape(this.#source, quantity, period, [...at, 'period']);
      return { every_s: this.#in(period as { value: number; unit: string }, 's', [...at, 'period']) };
    }
    checkShape(this.#source, values, period, [...at, 'period']);
    return recordFrom(period as Record<string, number>);
  }
}
