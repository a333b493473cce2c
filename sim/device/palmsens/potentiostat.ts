import { type EmulatorEnv, requireActuator, requireSensor } from '../faults.ts';

/** The analogue half of the instrument: a potentiostat on the terminals of a plant. */

/** What one model of it can. */
export interface PotentiostatPlate {
  readonly potentialMax_V: number;
  readonly potentialMin_V: number;
  readonly currentMax_A: number;
  readonly frequencyMax_Hz: number;
  readonly amplitudeMax_Vrms: number;
  readonly isGalvanostat: boolean;
  /** Index of a range and its nominal current, A, from the lowest. */
  readonly ranges: readonly (readonly [index: number, nominal_A: number])[];
}

/** Parts of the nominal current of a range at which it says so (second hand, EmStat4). */
const OVERLOAD = 2.92;
const OVERLOAD_WARNING = 2.46;
const UNDERLOAD = 0.123;
const BIT = { overload: 2, underload: 4, warning: 8 } as const;
/** Index of the range of the potential. */
const POTENTIAL_RANGE = 0x06;

/** A reading with its status and the index of its range. */
export interface Measured {
  readonly value: number;
  readonly status: number;
  readonly range: number;
}

/** Modes of the channel of a cell plant. */
const CELL_MODE = { rest: 0, current: 1, voltage: 2 } as const;

/** Drives the terminals at a potential or a current, and reads them in its ranges. */
export class Potentiostat {
  /** 2 low speed, 3 high speed, 6 galvanostat. */
  mode = 2;
  isOn = false;
  set_V = 0;
  set_A = 0;
  /** Highest and lowest range that it may take, A. */
  rangeHigh_A: number;
  rangeLow_A: number;
  /** Bits that stand in every status, as if something were wrong. */
  forcedStatus = 0;
  readonly #env: EmulatorEnv;
  readonly #plate: PotentiostatPlate;
  readonly #onOff: () => void;
  readonly #at: Readonly<
    Record<'voltage' | 'current' | 'voltageSet' | 'currentSet' | 'output' | 'mode', number>
  >;
  #limit_A = 0;

  constructor(env: EmulatorEnv, plate: PotentiostatPlate, subject: string, onOff: () => void) {
    const { rig } = env;
    this.#env = env;
    this.#plate = plate;
    this.#onOff = onOff;
    this.rangeHigh_A = plate.ranges.at(-1)?.[1] ?? 0;
    this.rangeLow_A = this.rangeHigh_A;
    const name = 'methodscript';
    this.#at = {
      voltage: requireSensor(rig, name, `${subject}.voltage_V`),
      current: requireSensor(rig, name, `${subject}.current_A`),
      voltageSet: requireActuator(rig, name, `${subject}.voltageSet_V`),
      currentSet: requireActuator(rig, name, `${subject}.currentSet_A`),
      output: requireActuator(rig, name, `${subject}.outputSet_on`),
      // A cell behind a channel; a stack behind a supply has none.
      mode: rig.actuatorIndex(`${subject}.modeSet_count`),
    };
    this.switchCell(false);
  }

  switchCell(isOn: boolean): void {
    if (this.isOn && !isOn) this.#onOff();
    this.isOn = isOn;
    this.#limit_A = 0;
    this.#drive();
    this.#env.rig.set(this.#at.output, isOn ? 1 : 0);
  }

  apply_V(value: number): void {
    this.set_V = value;
    this.#drive();
  }

  apply_A(value: number): void {
    this.set_A = value;
    this.#drive();
  }

  /** Potential at the cell now, V. */
  potential(): Measured {
    this.#env.beforeReply?.();
    const value = this.#env.rig.sensor(this.#at.voltage);
    const { potentialMin_V, potentialMax_V } = this.#plate;
    const isOut = value > potentialMax_V || value < potentialMin_V;
    return { value, status: (isOut ? BIT.overload : 0) | this.forcedStatus, range: POTENTIAL_RANGE };
  }

  /** Current through the cell now, A. Beyond what it can drive it drives what it can, and says overload. */
  current(): Measured {
    this.#env.beforeReply?.();
    const { currentMax_A } = this.#plate;
    const most_A = currentMax_A;
    let value = this.#env.rig.sensor(this.#at.current);
    if (this.isOn && this.mode !== 6) {
      const shown_V = this.#env.rig.sensor(this.#at.voltage);
      if (this.#limit_A === 0 && Math.abs(value) > most_A) this.#limitTo(Math.sign(value) * most_A);
      else if (this.#limit_A !== 0 && Math.sign(this.#limit_A) * (shown_V - this.set_V) >= 0)
        this.#limitTo(0);
      if (this.#limit_A !== 0) value = this.#limit_A;
    }
    const [index, nominal_A] = this.#rangeOf(value);
    const limited = this.#limit_A === 0 ? 0 : BIT.overload;
    return { value, status: statusOf(value, nominal_A) | limited | this.forcedStatus, range: index };
  }

  /** Status and range of a signal of this peak, A, around the direct current. */
  signal(peak_A: number): Pick<Measured, 'status' | 'range'> {
    const { value } = this.current();
    const whole_A = Math.abs(value) + peak_A;
    const [index, nominal_A] = this.#rangeOf(whole_A);
    const isTooMuch = whole_A > this.#plate.currentMax_A;
    const status = statusOf(whole_A, nominal_A) | (isTooMuch ? BIT.overload : 0);
    return { status: status | this.forcedStatus, range: index };
  }

  #limitTo(limit_A: number): void {
    this.#limit_A = limit_A;
    this.#drive();
  }

  #rangeOf(current_A: number): readonly [number, number] {
    const within = this.#plate.ranges.filter(
      ([, nominal_A]) => nominal_A >= 0.999 * this.rangeLow_A && nominal_A <= 1.001 * this.rangeHigh_A,
    );
    const fits = within.find(([, nominal_A]) => Math.abs(current_A) <= 2 * nominal_A);
    return fits ?? within.at(-1) ?? this.#plate.ranges[this.#plate.ranges.length - 1];
  }

  #drive(): void {
    const { rig } = this.#env;
    const isCurrent = this.mode === 6 || this.#limit_A !== 0;
    const current_A = this.mode === 6 ? this.set_A : this.#limit_A;
    if (this.#at.mode >= 0) {
      rig.set(this.#at.currentSet, isCurrent ? current_A : 0);
      rig.set(this.#at.voltageSet, this.set_V);
      rig.set(this.#at.mode, isCurrent ? CELL_MODE.current : CELL_MODE.voltage);
      return;
    }
    // A supply: what does not drive stands at the most it can.
    rig.set(this.#at.currentSet, isCurrent ? Math.max(0, current_A) : this.#plate.currentMax_A);
    rig.set(this.#at.voltageSet, isCurrent ? this.#plate.potentialMax_V : Math.max(0, this.set_V));
  }
}

function statusOf(current_A: number, nominal_A: number): number {
  const part = Math.abs(current_A) / nominal_A;
  if (part > OVERLOAD) return BIT.overload;
  if (part > OVERLOAD_WARNING) return BIT.warning;
  return part < UNDERLOAD ? BIT.underload : 0;
}
