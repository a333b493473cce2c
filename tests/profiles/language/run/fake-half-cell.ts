import type { Output } from '../../../../profiles/language/run/output.ts';
import { FakeCell } from './fake-cell.ts';

/** The role of the potential. */
export const ROLE = 'cell.negativePotential_V';
/** Its response as the bench declares it. */
export const DECLARED_OHM = -0.02;

/** The fake cell with a negative electrode of 0.2 V, less 20 mOhm x I at once and 10 mOhm x I after minutes. */
export class HalfCell extends FakeCell {
  /** What it truly does, for the 20 mOhm that are declared. */
  response_Ohm = DECLARED_OHM;
  slow_Ohm = -0.01;
  /** The potential alone cannot be read. */
  hasNoPotential = false;
  isSilent = false;
  /** It shows its last potential again and again, as a new reading. */
  isFrozen = false;
  /** Added to one that is shown. */
  off_V = 0;
  /** Least current that the bench allows. */
  least_A = -10;
  /** No current flows, whatever is asked for. */
  isOut = false;
  override readonly output: Output;
  /** `isChannel`: it is told its mode, and keeps its set current while it is off. */
  constructor(isChannel = false) {
    super();
    const roles = {
      output: 'cell.outputSet_on',
      current: 'cell.currentSet_A',
      voltage: 'cell.voltageSet_V',
    };
    this.output = {
      subject: 'cell',
      roles: isChannel ? { ...roles, mode: 'cell.modeSet_count' } : roles,
      ...(isChannel ? { modes: { rest: 0, cc: 1, cv: 2 } } : {}),
      range: role => (role === 'cell.currentSet_A' ? { min: this.least_A, max: 10 } : { min: 0, max: 5 }),
      loops: new Map([
        [ROLE, { response_Ohm: DECLARED_OHM, settle_s: 15, within_V: 0.005, poll_s: 1, stale_s: 3 }],
      ]),
    };
  }

  private slow_A = 0;
  private shownNow = { t_s: -1, potential_V: 0.2 };

  get potential_V(): number {
    return 0.2 + this.response_Ohm * this.current_A + this.slow_Ohm * this.slow_A;
  }
  override advance(dt_s: number): void {
    super.advance(dt_s);
    this.slow_A += ((this.current_A - this.slow_A) * dt_s) / 200;
    if (Number.isInteger(this.t_s) && !this.isSilent)
      this.shownNow = {
        t_s: this.t_s,
        potential_V: this.isFrozen
          ? this.shownNow.potential_V
          : this.hasNoPotential
            ? Number.NaN
            : this.potential_V + this.off_V,
      };
  }
  override get current_A(): number {
    return this.isOut ? 0 : super.current_A;
  }
  override value(role: string): number {
    if (role !== ROLE) return super.value(role);
    return this.shownNow.potential_V;
  }
  override arrived_s(role?: string): number {
    return role === ROLE ? this.shownNow.t_s : super.arrived_s();
  }
}
