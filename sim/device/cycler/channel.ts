import { type EmulatorEnv, requireActuator, requireSensor } from '../faults.ts';
import type { CyclerProgram, CyclerRow, CyclerStep, Drive } from './program.ts';

/** The cell's side of a cycler: one channel that runs a program on a cell of the plant, second by second. */

/** What the channel does. */
export type ChannelState = 'idle' | 'running' | 'paused' | 'finished' | 'stopped' | 'protected';

/** The channel looks at the cell so often, s: as fine as the plant. */
const TICK_S = 1;
/** Without a limit the voltage of the cell is what it is, V. */
const WIDE_V = 50;
/** So many lines without a step that takes time: the program goes round in nothing. */
const MOST_JUMPS = 1000;
const MODE = { rest: 0, current: 1, voltage: 2 } as const;

/** What the channel shows now; `step` 0: none. */
export interface ChannelReading {
  readonly voltage_V: number;
  readonly current_A: number;
  readonly charge_Ah: number;
  readonly energy_Wh: number;
  readonly testTime_s: number;
  readonly stepTime_s: number;
  readonly cycle: number;
  readonly step: number;
  readonly kind: string;
}

/** What it is made of. */
export interface ChannelParts {
  readonly env: EmulatorEnv;
  /** First part of the rig's signals. */
  readonly subject: string;
  /** How many seconds of the plant pass in one second of the clock. */
  readonly timeFactor?: number;
  readonly onOutputOff?: (() => void) | undefined;
}

/** One channel. Time passes for it only in `catchUp`. */
export class CyclerChannel {
  state: ChannelState = 'idle';
  /** Rows of the newest test. */
  rows: CyclerRow[] = [];
  readonly #env: EmulatorEnv;
  readonly #onOff: () => void;
  readonly #at: Readonly<
    Record<'voltage' | 'current' | 'mode' | 'currentSet' | 'voltageSet' | 'output' | 'most' | 'least', number>
  >;
  readonly #factor: number;
  readonly #clockStart_s: number;
  readonly #plantStart_s: number;
  #t_s: number;
  #program: CyclerProgram | undefined;
  #index = 0;
  #rounds = new Map<number, number>();
  #cycle = 1;
  #testStart_s = 0;
  #stepStart_s = 0;
  #charge_Ah = 0;
  #energy_Wh = 0;
  #last: CyclerRow | undefined;
  #beyondSince_s: number | undefined;

  constructor({ env, subject, timeFactor = 1, onOutputOff = () => {} }: ChannelParts) {
    const { rig, clock } = env;
    this.#env = env;
    this.#onOff = onOutputOff;
    this.#factor = timeFactor;
    this.#clockStart_s = clock.now_s();
    this.#plantStart_s = rig.time_s;
    this.#t_s = rig.time_s;
    const name = 'cycler';
    this.#at = {
      voltage: requireSensor(rig, name, `${subject}.voltage_V`),
      current: requireSensor(rig, name, `${subject}.current_A`),
      mode: requireActuator(rig, name, `${subject}.modeSet_count`),
      currentSet: requireActuator(rig, name, `${subject}.currentSet_A`),
      voltageSet: requireActuator(rig, name, `${subject}.voltageSet_V`),
      output: requireActuator(rig, name, `${subject}.outputSet_on`),
      most: requireActuator(rig, name, `${subject}.voltageMaxSet_V`),
      least: requireActuator(rig, name, `${subject}.voltageMinSet_V`),
    };
    this.drive({ is: 'rest' });
  }

  /** Lets everything happen that has happened by now. To be called often: before each answer, and by a timer. */
  catchUp(): void {
    const { clock, rig } = this.#env;
    const now_s = this.#plantStart_s + this.#factor * (clock.now_s() - this.#clockStart_s);
    while (this.state === 'running' && this.#program !== undefined && this.#t_s + TICK_S <= now_s + 1e-9) {
      this.#t_s += TICK_S;
      rig.advanceTo(this.#t_s);
      this.#tick(this.#program);
    }
    if (this.state === 'running' && this.#program !== undefined) return;
    this.#t_s = Math.max(this.#t_s, Math.floor(now_s));
    rig.advanceTo(now_s);
  }

  start(program: CyclerProgram): void {
    this.catchUp();
    this.#program = program;
    this.rows = [];
    this.#rounds = new Map();
    this.#cycle = 1;
    this.#testStart_s = this.#t_s;
    this.#beyondSince_s = undefined;
    this.state = 'running';
    this.#enter(0);
  }

  /** Ends whatever is driven. */
  end(state: Exclude<ChannelState, 'running'>): void {
    if (this.state === 'running') this.#keepRow();
    this.state = state;
    this.#program = undefined;
    this.drive({ is: 'rest' });
  }

  /** Holds the cell at something, by no program. */
  drive(drive: Drive): void {
    const { rig } = this.#env;
    const at = this.#at;
    rig.set(at.most, WIDE_V);
    rig.set(at.least, -WIDE_V);
    if (drive.is === 'rest') {
      const wasOn = rig.setting(at.output) === 1;
      rig.set(at.output, 0);
      rig.set(at.mode, MODE.rest);
      if (wasOn) this.#onOff();
      return;
    }
    if (drive.is === 'current') {
      rig.set(at.currentSet, drive.current_A);
      if (drive.limit_V !== undefined) rig.set(drive.current_A < 0 ? at.least : at.most, drive.limit_V);
      rig.set(at.mode, MODE.current);
    } else {
      rig.set(at.voltageSet, drive.voltage_V);
      rig.set(at.mode, MODE.voltage);
    }
    rig.set(at.output, 1);
  }

  get voltage_V(): number {
    return this.#env.rig.sensor(this.#at.voltage);
  }

  get current_A(): number {
    return this.#env.rig.sensor(this.#at.current);
  }

  reading(): ChannelReading {
    const { voltage_V, current_A } = this;
    const step = this.#stepNow();
    if (step === undefined) {
      const none = { charge_Ah: 0, energy_Wh: 0, testTime_s: 0, stepTime_s: 0, step: 0, kind: '' };
      return { voltage_V, current_A, cycle: this.#cycle, ...none };
    }
    return {
      voltage_V,
      current_A,
      charge_Ah: Math.abs(this.#charge_Ah),
      energy_Wh: Math.abs(this.#energy_Wh),
      testTime_s: this.#t_s - this.#testStart_s,
      stepTime_s: this.#t_s - this.#stepStart_s,
      cycle: this.#cycle,
      step: step.number,
      kind: step.kind,
    };
  }

  #stepNow(): Extract<CyclerStep, { is: 'step' }> | undefined {
    const step = this.state === 'running' ? this.#program?.steps[this.#index] : undefined;
    return step?.is === 'step' ? step : undefined;
  }

  #tick(program: CyclerProgram): void {
    const step = this.#stepNow();
    if (step === undefined) return;
    const { voltage_V, current_A } = this;
    this.#charge_Ah += (current_A * TICK_S) / 3600;
    this.#energy_Wh += (current_A * voltage_V * TICK_S) / 3600;
    if (this.#isBeyond(program, voltage_V, current_A)) {
      this.end('protected');
      return;
    }
    const stepTime_s = this.#t_s - this.#stepStart_s;
    const shown = { time: stepTime_s, voltage: voltage_V, current: Math.abs(current_A) };
    const end = step.ends.find(({ of, is, value }) =>
      is === 'at least' ? shown[of] >= value - 1e-9 : shown[of] <= value + 1e-9,
    );
    const {
      time_s = Infinity,
      voltage_V: dV = Infinity,
      current_A: dI = Infinity,
    } = step.record ?? program.record;
    const last = this.#last;
    const isDue =
      last === undefined ||
      stepTime_s - last.stepTime_s >= time_s - 1e-9 ||
      Math.abs(voltage_V - last.voltage_V) >= dV ||
      Math.abs(current_A - last.current_A) >= dI;
    if (end !== undefined || isDue) this.#keepRow();
    if (end !== undefined) this.#enter(end.to);
  }

  #keepRow(): void {
    if (this.#stepNow() === undefined || this.#last?.stepTime_s === this.#t_s - this.#stepStart_s) return;
    const { voltage_V, current_A, charge_Ah, energy_Wh, testTime_s, stepTime_s, cycle, step, kind } =
      this.reading();
    const row = { cycle, step, kind, stepTime_s, testTime_s, voltage_V, current_A, charge_Ah, energy_Wh };
    this.#last = { record: this.rows.length + 1, ...row };
    this.rows.push(this.#last);
  }

  #enter(index: number): void {
    const steps = this.#program?.steps ?? [];
    this.#index = index;
    for (let jumps = 0; jumps < MOST_JUMPS; jumps++) {
      const step = steps[this.#index];
      if (step === undefined || step.is === 'end') {
        this.end('finished');
        return;
      }
      if (step.is === 'step') {
        this.#stepStart_s = this.#t_s;
        this.#charge_Ah = 0;
        this.#energy_Wh = 0;
        this.#last = undefined;
        this.drive(step.drive);
        return;
      }
      const rounds = (this.#rounds.get(this.#index) ?? 0) + 1;
      this.#cycle++;
      if (rounds < step.times) {
        this.#rounds.set(this.#index, rounds);
        this.#index = step.to;
      } else {
        this.#rounds.delete(this.#index);
        this.#index++;
      }
    }
    this.end('protected');
  }

  #isBeyond({ protection }: CyclerProgram, voltage_V: number, current_A: number): boolean {
    const { voltageMax_V = Infinity, voltageMin_V = -Infinity } = protection;
    const { currentMax_A = Infinity, currentMin_A = -Infinity, delay_s } = protection;
    const isIn =
      voltage_V <= voltageMax_V &&
      voltage_V >= voltageMin_V &&
      current_A <= currentMax_A &&
      current_A >= currentMin_A;
    if (isIn) this.#beyondSince_s = undefined;
    else this.#beyondSince_s ??= this.#t_s;
    return this.#beyondSince_s !== undefined && this.#t_s - this.#beyondSince_s >= delay_s;
  }
}
