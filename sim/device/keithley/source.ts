import { type EmulatorEnv, requireActuator, requireSensor } from '../faults.ts';

/** The analogue half of a source-measure unit: a source with its limit, a relay, and what it does when it is off. */

export type SourceFunction = 'VOLT' | 'CURR';
export type OffState = 'NORM' | 'HIMP' | 'ZERO' | 'GUAR';

/** What one model can. */
export interface SourceMeterPlate {
  readonly model: '2400' | '2450' | '2460';
  readonly serial: string;
  readonly currents_A: readonly number[];
  readonly voltages_V: readonly number[];
  /** Least limit, in parts of the measurement range. */
  readonly leastLimit: number;
  /** Limit of current that the output has while it is off and normal, in parts of the range. */
  readonly offLimit: number;
}

/** The models' figures, from their papers (ranges, 0.5 % and 10 % off-state limits) and recalled (10.6 %). */
export const PLATES = {
  '2400': {
    model: '2400',
    currents_A: [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1],
    voltages_V: [0.2, 2, 20, 200],
    leastLimit: 1e-3,
    offLimit: 0.005,
  },
  '2450': {
    model: '2450',
    currents_A: [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1],
    voltages_V: [0.02, 0.2, 2, 20, 200],
    leastLimit: 0.106,
    offLimit: 0.1,
  },
  '2460': {
    model: '2460',
    currents_A: [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 4, 5, 7],
    voltages_V: [0.2, 2, 7, 10, 20, 100],
    leastLimit: 0.106,
    offLimit: 0.1,
  },
} as const satisfies Readonly<Record<string, Omit<SourceMeterPlate, 'serial'>>>;

const MODE_CURRENT = 1;
/** A range measures so many times its value. */
const OVER = 1.055;

/** Settings of one source function. */
interface Settings {
  level: number;
  /** Of the other quantity: A of a voltage source. */
  limit: number;
  sourceRange: number;
  sourceAuto: boolean;
  /** Of the measurement of this quantity. */
  senseRange: number;
  senseAuto: boolean;
}

/** On the terminals of a plant. Current is positive out of its HI terminal, into the cell. */
export class SourceMeter {
  function: SourceFunction = 'VOLT';
  isOn = false;
  readonly off: Record<SourceFunction, OffState> = { VOLT: 'NORM', CURR: 'NORM' };
  wires: 2 | 4 = 2;
  terminals: 'FRON' | 'REAR' = 'FRON';
  readonly of: Record<SourceFunction, Settings>;
  readonly #env: EmulatorEnv;
  readonly #onOff: () => void;
  readonly #plate: SourceMeterPlate;
  readonly #at: Readonly<Record<'voltage' | 'current' | 'voltageSet' | 'currentSet' | 'output', number>>;
  readonly #channel: Readonly<Record<'mode' | 'max' | 'min', number>>;

  constructor(env: EmulatorEnv, plate: SourceMeterPlate, subject: string, onOff: () => void) {
    const { rig } = env;
    const name = 'source-meter';
    this.#env = env;
    this.#onOff = onOff;
    this.#plate = plate;
    this.#at = {
      voltage: requireSensor(rig, name, `${subject}.voltage_V`),
      current: requireSensor(rig, name, `${subject}.current_A`),
      voltageSet: requireActuator(rig, name, `${subject}.voltageSet_V`),
      currentSet: requireActuator(rig, name, `${subject}.currentSet_A`),
      output: requireActuator(rig, name, `${subject}.outputSet_on`),
    };
    this.#channel = {
      mode: rig.actuatorIndex(`${subject}.modeSet_count`),
      max: rig.actuatorIndex(`${subject}.voltageMaxSet_V`),
      min: rig.actuatorIndex(`${subject}.voltageMinSet_V`),
    };
    const settings = (limit: number, range: number): Settings => ({
      level: 0,
      limit,
      sourceRange: range,
      sourceAuto: true,
      senseRange: range,
      senseAuto: true,
    });
    this.of = { VOLT: settings(1e-4, plate.voltages_V[1]), CURR: settings(20, plate.currents_A[3]) };
    this.#drive(false);
  }

  /** What is measured: the other quantity. */
  get measured(): SourceFunction {
    return this.function === 'VOLT' ? 'CURR' : 'VOLT';
  }

  /** Ranges of a quantity, V or A. */
  ranges(quantity: SourceFunction): readonly number[] {
    return quantity === 'VOLT' ? this.#plate.voltages_V : this.#plate.currents_A;
  }

  /** The range for a value: the lowest that takes it; undefined beyond the highest. */
  rangeFor(quantity: SourceFunction, value: number): number | undefined {
    return this.ranges(quantity).find(range => Math.abs(value) <= OVER * range);
  }

  /** False where the instrument refuses it. */
  setLevel(quantity: SourceFunction, value: number): boolean {
    const own = this.of[quantity];
    const range = own.sourceAuto ? this.rangeFor(quantity, value) : own.sourceRange;
    if (range === undefined || !(Math.abs(value) <= OVER * range)) return false;
    own.sourceRange = range;
    own.level = value;
    this.#again();
    return true;
  }

  /** The limit of a source of this quantity, in the other one. */
  setLimit(quantity: SourceFunction, value: number): boolean {
    const other = quantity === 'VOLT' ? 'CURR' : 'VOLT';
    const { senseRange, senseAuto } = this.of[other];
    if (!(value > 0) || this.rangeFor(other, value) === undefined) return false;
    if (!senseAuto && !(value >= this.#plate.leastLimit * senseRange - 1e-12)) return false;
    this.of[quantity].limit = value;
    this.#again();
    return true;
  }

  setFunction(to: SourceFunction): void {
    // The output goes off with a change of function (recalled).
    if (to !== this.function) this.switchOutput(false);
    this.function = to;
  }

  switchOutput(isOn: boolean): void {
    if (this.isOn && !isOn) this.#onOff();
    this.isOn = isOn;
    this.#drive(isOn);
  }

  /** Takes the plant to now, then reads it. A value beyond its range is NaN. */
  read(): { voltage_V: number; current_A: number; isLimited: boolean } {
    this.#env.beforeReply?.();
    const { rig } = this.#env;
    const beyond = (quantity: SourceFunction, value: number): number => {
      const { senseRange, senseAuto } = this.of[quantity];
      if (quantity !== this.measured) return value;
      const most = senseAuto ? (this.ranges(quantity).at(-1) ?? 0) : senseRange;
      return Math.abs(value) <= OVER * most ? value : Number.NaN;
    };
    const voltage_V = rig.sensor(this.#at.voltage);
    const current_A = rig.sensor(this.#at.current);
    // What it is limited in stands at its limit; the sensors err a little.
    const { limit } = this.of[this.function];
    const isLimited = Math.abs(this.function === 'VOLT' ? current_A : voltage_V) >= 0.995 * limit;
    return { voltage_V: beyond('VOLT', voltage_V), current_A: beyond('CURR', current_A), isLimited };
  }

  #again(): void {
    if (this.isOn) this.#drive(true);
  }

  #drive(isOn: boolean): void {
    const { level, limit } = this.of[this.function];
    if (isOn) {
      if (this.function === 'VOLT') this.#sourceVoltage(level, limit);
      else this.#sourceCurrent(level, limit);
      return;
    }
    const state = this.off[this.function];
    const range_A = this.of.CURR.senseRange;
    // An open relay; a current of nothing; or a source of 0 V with a small limit, or the one that is set.
    if (state === 'HIMP') this.#env.rig.set(this.#at.output, 0);
    else if (state === 'GUAR') this.#sourceCurrent(0, this.ranges('VOLT').at(-1) ?? 0);
    else {
      const least_A = this.#plate.offLimit * range_A;
      const set_A = this.function === 'VOLT' ? limit : Math.abs(level);
      this.#sourceVoltage(0, state === 'ZERO' ? Math.max(least_A, set_A) : least_A);
    }
  }

  #sourceVoltage(level_V: number, limit_A: number): void {
    const { rig } = this.#env;
    if (this.#channel.mode < 0) {
      this.#put(this.#at.voltageSet, level_V);
      this.#put(this.#at.currentSet, limit_A);
    } else {
      const isCharge = level_V >= rig.sensor(this.#at.voltage);
      this.#put(this.#channel.max, isCharge ? level_V : 1000);
      this.#put(this.#channel.min, isCharge ? -1000 : level_V);
      this.#put(this.#at.currentSet, isCharge ? limit_A : -limit_A);
      this.#put(this.#channel.mode, MODE_CURRENT);
    }
    rig.set(this.#at.output, 1);
  }

  #sourceCurrent(level_A: number, limit_V: number): void {
    const { rig } = this.#env;
    this.#put(this.#at.currentSet, level_A);
    if (this.#channel.mode < 0) this.#put(this.#at.voltageSet, limit_V);
    else {
      this.#put(this.#channel.max, limit_V);
      this.#put(this.#channel.min, -limit_V);
      this.#put(this.#channel.mode, MODE_CURRENT);
    }
    rig.set(this.#at.output, 1);
  }

  #put(actuator: number, value: number): void {
    if (actuator >= 0) this.#env.rig.set(actuator, value);
  }
}
