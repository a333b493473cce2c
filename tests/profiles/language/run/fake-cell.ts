import type { ImpedanceRequest } from '../../../../drivers/contract/measure/impedance.ts';
import { isSpectrum } from '../../../../drivers/contract/measure/request.ts';
import type { SweepRequest } from '../../../../drivers/contract/measure/sweep.ts';
import type { BenchNames } from '../../../../profiles/language/bench/reference.ts';
import { carried } from '../../../../profiles/language/edited/carried.ts';
import { readWithCalls } from '../../../../profiles/language/file/calls.ts';
import type { Program } from '../../../../profiles/language/layout/instruction.ts';
import { layOut } from '../../../../profiles/language/layout/lay-out.ts';
import { withKeptRows } from '../../../../profiles/language/methods/kept-rows.ts';
import type { LanguageEnv } from '../../../../profiles/language/run/env.ts';
import type { MeasuredOf } from '../../../../profiles/language/run/measure/measuring.ts';
import type { MethodEvents } from '../../../../profiles/language/run/method-events.ts';
import { MethodRun } from '../../../../profiles/language/run/method-run.ts';
import type { MethodState } from '../../../../profiles/language/run/method-state.ts';
import type { Output } from '../../../../profiles/language/run/output.ts';
import type { RecoverySet } from '../../../../profiles/steps/recovery.ts';
import type { SetAnswer } from '../../../../profiles/steps/step.ts';
import { cell } from '../benches.ts';
import { CALLED } from './called.ts';
import { type Told, toldEvents } from './told-events.ts';

/**
 * A cell of 5 Ah on a channel, in virtual time, without physics: 3.6 V + 0.1 Ohm x I, empty at 0 and full at 5 Ah (2.4 and
 * 4.3 V beyond), set points applied after a delay, a reading each second that arrives 0.1 s late.
 */
export class FakeCell implements LanguageEnv {
  t_s = 0;
  charge_Ah = 2.5;
  /** Time from asking to read-back, s; of single roles another one. */
  delay_s = 0;
  readonly delays_s = new Map<string, number>();
  /** Readings have no value. */
  isBlind = false;
  readonly asks: string[] = [];
  readonly notes: string[] = [];
  readonly timeFactor: number;
  readonly capacity_Ah = 5;
  readonly cells_count = 1;
  readonly output: Output = {
    subject: 'cell',
    roles: { output: 'cell.outputSet_on', current: 'cell.currentSet_A', voltage: 'cell.voltageSet_V' },
    range: role => (role === 'cell.currentSet_A' ? { min: -10, max: 10 } : { min: 0, max: 5 }),
  };
  private readonly sets = new Map<string, { asked: number; due_s: number; from: number; took_s: number }>();
  private newest = { t_s: -1, current_A: 0, voltage_V: 3.6 };

  constructor(speed = 1) {
    this.timeFactor = speed;
  }

  get current_A(): number {
    return this.applied('cell.outputSet_on') === 1 ? this.applied('cell.currentSet_A') : 0;
  }

  get voltage_V(): number {
    const open_V = this.charge_Ah <= 0 ? 2.4 : this.charge_Ah >= 5 ? 4.3 : 3.6;
    return open_V + 0.1 * this.current_A;
  }

  /** Goes on by so much; a reading at each full second. */
  advance(dt_s: number): void {
    this.t_s = Math.round((this.t_s + dt_s) * 1e6) / 1e6;
    this.charge_Ah += (this.current_A * dt_s * this.timeFactor) / 3600;
    if (Number.isInteger(this.t_s)) {
      const { current_A, voltage_V, t_s } = this;
      this.newest = { t_s, current_A, voltage_V };
    }
  }

  /** The output is off, nothing that was asked for stands any more. */
  safe(for_s: number): void {
    this.sets.clear();
    for (let t_s = 0; t_s < for_s - 1e-9; t_s += 0.1) this.advance(0.1);
  }

  ask(role: string, value: number): void {
    this.asks.push(`${this.t_s} ${role} ${value}`);
    const took_s = this.delays_s.get(role) ?? this.delay_s;
    this.sets.set(role, { asked: value, due_s: this.t_s + took_s, from: this.applied(role), took_s });
  }
  applied(role: string): number {
    const found = this.sets.get(role);
    if (found === undefined) return Number.NaN;
    return this.t_s >= found.due_s - 1e-9 ? found.asked : found.from;
  }
  answer(role: string): SetAnswer {
    const found = this.sets.get(role);
    if (found === undefined) return { outcome: 'none', asked: Number.NaN, reason: '' };
    if (found.asked > 100) return { outcome: 'refused', asked: found.asked, reason: 'beyond its limits' };
    const isDone = this.t_s >= found.due_s - 1e-9;
    return isDone
      ? { outcome: 'applied', asked: found.asked, reason: '', took_s: found.took_s }
      : { outcome: 'pending', asked: found.asked, reason: '' };
  }
  value(role: string): number {
    if (this.isBlind) return Number.NaN;
    if (role === 'cell.current_A') return this.newest.current_A;
    return role === 'cell.voltage_V' ? this.newest.voltage_V : 25;
  }
  arrived_s(): number {
    return this.newest.t_s;
  }
  count(): number {
    return 1;
  }
  fill(): void {}
  limits(): undefined {
    return undefined;
  }
  data(): undefined {
    return undefined;
  }
  dataEnd_s(): number {
    return Number.POSITIVE_INFINITY;
  }
  source(): undefined {
    return undefined;
  }
  note(_t_s: number, _note: unknown, text: string): void {
    this.notes.push(text);
  }
  noteAsked(): void {}
  readonly asked: string[] = [];
  confirmed: string | undefined;
  askPerson(_t_s: number, _what: string, text: string): void {
    this.asked.push(text);
  }
  confirmedBy(): string | undefined {
    return this.confirmed;
  }
  impedance: LanguageEnv['impedance'] = {
    band_Hz: [0.001, 1e6],
    amplitudeMax_V: 1,
    amplitudeMax_A: 1,
    dc: ['keep', 'open', 'bias'],
    accuracy: { modulus_pct: 1, phase_deg: 1, basis: 'default' },
  };
  /** What no peak of a spectrum may pass. */
  peaks: LanguageEnv['peaks'] = [];
  /** |Z| that earlier spectra have shown, Ohm; NaN: none has. */
  earlier_Ohm = 1;
  found_Ohm(): readonly [least: number, most: number] {
    return [this.earlier_Ohm, this.earlier_Ohm];
  }
  readonly sweep: LanguageEnv['sweep'] = {
    range_V: [-1, 5],
    rateMax_V_per_s: 1,
    pointsMax: 10_000,
    currentMax_A: 1,
    voltage: { reading_pct: 0.1, abs: 1e-3, basis: 'default' },
    current: { reading_pct: 0.1, abs: 1e-4, basis: 'default' },
  };
  measuring: LanguageEnv['measuring'] = { is: 'none', points: 0, reason: '' };
  /** What was asked of the impedance instrument, and why it was given up. */
  readonly spectra: [ImpedanceRequest, MeasuredOf][] = [];
  /** Sweeps that were asked for. */
  readonly sweeps: [SweepRequest, MeasuredOf][] = [];
  readonly givenUp: string[] = [];
  /** What is asked with each point of the spectrum under way. */
  judge: Parameters<LanguageEnv['measure']>[2];
  // Of this bench, also where it is seen through another.
  readonly measure = (...asked: Parameters<LanguageEnv['measure']>): void => {
    const [request, of, judge] = asked;
    this.judge = judge;
    if (isSpectrum(request)) this.spectra.push([request, of]);
    else this.sweeps.push([request, of]);
    this.measuring = { is: 'under way', points: 0, reason: '' };
  };
  readonly giveUpMeasuring = (reason: string): void => {
    this.givenUp.push(reason);
    this.measuring = { is: 'failed', points: 0, reason };
  };
  /** What was asked to be kept: rules, edges and stretches. */
  readonly kept: string[] = [];
  keepBy(rule: object): void {
    this.kept.push(`${this.t_s} ${JSON.stringify(rule)}`);
  }
  /** What was worked out last. */
  readonly shown: number[] = [];
  showDerived(_t_s: number, values: Float64Array): void {
    this.shown.splice(0, Infinity, ...values);
  }
  keepEdge(): void {}
  keepAll(from_s: number, to_s: number): void {
    this.kept.push(`${from_s}..${to_s}`);
  }
  isLoaded(): boolean {
    return false;
  }
}

function programOf(text: string, names: BenchNames, path = 'm.yaml'): Program {
  return withKeptRows(layOut(readWithCalls(path, text, CALLED), names, CALLED));
}

/** A method under way on a fake cell. */
export class Bench {
  readonly env: FakeCell;
  readonly told: Told = { lines: [], parts: [] };
  isOver = false;
  run: MethodRun;
  #text: string;
  readonly #names: BenchNames;
  #last_s = 0;

  /** `text`: the whole file, in place of its steps; `names`: of another bench than the cell's. */
  constructor(
    steps: string,
    options: {
      readonly head?: string;
      readonly env?: FakeCell;
      readonly text?: string;
      readonly names?: BenchNames;
    } = {},
  ) {
    this.env = options.env ?? new FakeCell();
    this.#names = options.names ?? cell;
    this.#text = options.text ?? `method: m\nversion: 2\n${options.head ?? ''}steps:\n${steps}\n`;
    this.run = this.#make();
  }

  #make(saved?: MethodState, isCut = false, path?: string): MethodRun {
    return new MethodRun(programOf(this.#text, this.#names, path), this.env, this.#events(), saved, isCut);
  }

  /** Edits the rest of the method: the whole file as it is from now on; what stands against it, or nothing. */
  edit(text: string, path?: string): string {
    const now = programOf(text, this.#names, path);
    const found = carried(programOf(this.#text, this.#names), this.run.state(), now);
    if ('against' in found) return found.against;
    const state = JSON.parse(JSON.stringify(found.state)) as MethodState;
    const edited = new MethodRun(now, this.env, this.#events(), state);
    edited.takeOver(this.run);
    this.run = edited;
    this.#text = text;
    return '';
  }

  #events(): MethodEvents {
    return toldEvents(this.told, () => {
      this.isOver = true;
    });
  }

  /** Ends the program and begins it anew from what it would have saved; `path`: how its file is named then. */
  cut(path?: string): void {
    this.run = this.#make(JSON.parse(JSON.stringify(this.run.state())) as MethodState, false, path);
  }

  /** The same, after `for_s` in which the bench was in its safe state. */
  cutOff(for_s: number): void {
    const saved = JSON.parse(JSON.stringify(this.run.state())) as MethodState;
    this.env.safe(for_s);
    this.run = this.#make(saved, true);
  }

  /** The next look is the first one after a hold. */
  isAfterHold = false;

  /** Held for so long, looked at each second or so; then let go, or not. `sets`: it is suspended. */
  hold(for_s: number, isLetGo = true, sets?: readonly RecoverySet[], each_s = 1): void {
    for (let s = 0; s < for_s - 1e-9 && !this.isOver; s += each_s) {
      this.run.held(this.env.t_s, this.env.t_s - this.#last_s, sets);
      this.#last_s = this.env.t_s;
      for (let i = 0; i < 10 * each_s - 1e-9; i++) this.env.advance(0.1);
    }
    this.isAfterHold = isLetGo;
  }

  /** Looks each tenth of a second, for so long; `each`: before every look. */
  go(for_s: number, each: (bench: Bench) => void = () => {}): this {
    const end_s = this.env.t_s + for_s;
    while (this.env.t_s < end_s - 1e-9 && !this.isOver) {
      each(this);
      this.run.tick(this.env.t_s, this.env.t_s - this.#last_s, this.isAfterHold);
      this.isAfterHold = false;
      this.#last_s = this.env.t_s;
      this.env.advance(0.1);
    }
    return this;
  }
}
