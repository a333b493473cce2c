import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { SweepRequest } from '../contract/measure/sweep.ts';
import type { MeasuredPoint, MeasuredSoFar } from '../device-table.ts';

/**
 * Tests of a Rodeostat: what they are set to, and the samples that come without being asked for until `{}`.
 * Source: iorodeo/potentiostat, firmware (ps_cyclic_test, ps_linearsweep_test, ps_system_state 3f04f05): wave forms, times in ms,
 * sample period 1..1000 ms, and at the end of a test the potential goes to 0 V; with auto-connect the electrodes are let go of
 * in the same moment.
 */

/** Shortest and longest time between two samples, ms. */
const LEAST_ms = 1;
const MOST_ms = 1000;

/** What a test is told. */
export interface TestParts {
  readonly test: 'linearSweep' | 'cyclic';
  readonly param: Readonly<Record<string, number>>;
  readonly samplePeriod_ms: number;
  /** Each so many-th sample is a point of the curve. */
  readonly each: number;
  /** Length of a cycle, ms; of a linear sweep its whole. */
  readonly period_ms: number;
}

/** Why it cannot run a sweep that its ranges allow; undefined: it can. */
export function cannotTest(request: SweepRequest): string | undefined {
  if (request.kind === 'lsv') return undefined;
  const [low, high] = [Math.min(...request.vertices_V), Math.max(...request.vertices_V)];
  if (request.from_V >= low - 1e-9 && request.from_V <= high + 1e-9 && low < high) return undefined;
  return `a cycle from ${request.from_V} V, expected a begin between its vertices ${low} and ${high} V`;
}

/** A sweep as a test. */
export function testOf(request: SweepRequest): TestParts {
  const step_ms = (1000 * request.step_V) / request.rate_V_per_s;
  const each = Math.max(1, Math.ceil(step_ms / MOST_ms));
  const samplePeriod_ms = Math.max(LEAST_ms, Math.round(step_ms / each));
  const quiet = { quietTime: 0, quietValue: volt(request.from_V) };
  const time_ms = (way_V: number): number => Math.round((1000 * way_V) / request.rate_V_per_s);
  if (request.kind === 'lsv') {
    const { from_V, to_V } = request;
    const period_ms = time_ms(Math.abs(to_V - from_V));
    const param = { ...quiet, startValue: volt(from_V), finalValue: volt(to_V), duration: period_ms };
    return { test: 'linearSweep', param, samplePeriod_ms, each, period_ms };
  }
  const [first_V, second_V] = request.vertices_V;
  const amplitude_V = Math.abs(first_V - second_V) / 2;
  const period_ms = time_ms(4 * amplitude_V);
  // Its wave begins at the lower vertex upwards; a shift of 0.5 begins at the upper one downwards.
  const above = (request.from_V - Math.min(first_V, second_V)) / (4 * amplitude_V);
  const shift = first_V > second_V ? above : 1 - above;
  const param = {
    ...quiet,
    amplitude: volt(amplitude_V),
    offset: volt((first_V + second_V) / 2),
    period: period_ms,
    numCycles: request.scans,
    shift: Number((shift % 1).toFixed(6)),
  };
  return { test: 'cyclic', param, samplePeriod_ms, each, period_ms };
}

const volt = (value: number): number => Number(value.toFixed(6));

/** A sample as it comes: ms, V as set, uA. */
interface Sample {
  readonly t: number;
  readonly v: number;
  readonly i: number;
}

/** A sample, `end`, or undefined where the line is neither. */
export function sampleIn(line: string): Sample | 'end' | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
  if (Object.keys(read).length === 0) return 'end';
  const { t, v, i } = read as Record<string, unknown>;
  return [t, v, i].every(Number.isFinite) ? ({ t, v, i } as Sample) : undefined;
}

/** Of scan, set potential, potential at the cell, current, time. */
const OF_POINT = [QUALITY.good, QUALITY.good, QUALITY.uncertain, QUALITY.good, QUALITY.good] as const;

/** Without a sample for so long beyond its time a test hangs, s. */
const PATIENCE_s = 1;

/** A test that runs, or has run. */
export class SweepRun {
  readonly number: number;
  readonly parts: TestParts;
  readonly request: SweepRequest;
  /** `ended`: the instrument has let go of the cell; `done`: what was set holds again. */
  state: 'runs' | 'ended' | 'done' | 'failed' = 'runs';
  reason = '';
  readonly points: MeasuredPoint[] = [];
  /** The newest reading: V as set, A. */
  voltage_V: number;
  current_A = Number.NaN;
  readonly #full_A: number;
  readonly #clock: Clock;
  #heard_s: number;
  #samples = 0;

  constructor(
    number: number,
    request: SweepRequest,
    { full_A, clock }: { readonly full_A: number; readonly clock: Clock },
  ) {
    this.number = number;
    this.request = request;
    this.parts = testOf(request);
    this.voltage_V = request.from_V;
    this.#full_A = full_A;
    this.#clock = clock;
    this.#heard_s = clock.now_s();
  }

  hear(sample: Sample | 'end'): void {
    if (this.state !== 'runs') return;
    this.#heard_s = this.#clock.now_s();
    if (sample === 'end') {
      this.state = 'ended';
      return;
    }
    this.voltage_V = sample.v;
    this.current_A = 1e-6 * sample.i;
    if (++this.#samples % this.parts.each !== 0) return;
    const { scans } = this.request.kind === 'cv' ? this.request : { scans: 1 };
    const scan = Math.min(scans, Math.floor((sample.t - 1e-6) / this.parts.period_ms) + 1);
    // What is set stands for what is at the cell: in a test it does not read its reference electrode. Cut off at the end of its
    // range a current is none.
    const isCut = Math.abs(this.current_A) >= this.#full_A;
    const values = [scan, sample.v, sample.v, isCut ? Number.NaN : this.current_A, sample.t / 1000];
    this.points.push({ values, quality: isCut ? QUALITY.bad : OF_POINT });
  }

  fail(reason: string): void {
    if (this.state === 'done') return;
    this.state = 'failed';
    this.reason = reason;
  }

  /** @throws DeviceError `timeout` where its samples have stopped */
  mustBeHeard(where: string): void {
    const late_s = this.#clock.now_s() - this.#heard_s;
    if (this.state !== 'runs' || late_s <= this.parts.samplePeriod_ms / 1000 + PATIENCE_s) return;
    throw new DeviceError('timeout', where, `no sample of its test for ${late_s.toFixed(1)} s`);
  }

  since(from: number): MeasuredSoFar {
    const state = this.state === 'done' || this.state === 'failed' ? this.state : 'measuring';
    return { points: this.points.slice(from), state, reason: this.reason };
  }
}
