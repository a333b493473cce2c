import type { ImpedanceAbility } from '../../../../drivers/contract/measure/impedance.ts';
import type { MeasureRequest } from '../../../../drivers/contract/measure/request.ts';
import type { SweepAbility } from '../../../../drivers/contract/measure/sweep.ts';
import type { PeakLimit } from './peaks.ts';

/** Measurements of a step that are no readings: how a method asks for a spectrum or a voltammogram. */

/** Which one it is. */
export interface MeasuredOf {
  /** The id of its step; absent where it has none. */
  readonly id?: string;
  /** What people call the step. */
  readonly label: string;
  /** The names of the loops around it with their values in this round, each in the unit of its name. */
  readonly levels: Readonly<Record<string, number>>;
  /** Only tried before a spectrum, with a small amplitude in place of this one, V or A peak: the impedance is not known yet. */
  readonly trialOf?: number;
}

/**
 * Asked with each point of a spectrum as it comes, with least and most of |Z| so far in Ohm: why no further one may be
 * measured. A look at the bench comes too late: an instrument measures a whole decade between two of them.
 */
export type PointJudge = (modulus_Ohm: readonly [least: number, most: number]) => string | undefined;

/** How far a measurement is. `none`: none has been asked for since the program began. */
export interface MeasuringNow {
  readonly is: 'none' | 'under way' | 'done' | 'failed';
  /** Points so far. */
  readonly points: number;
  /** Least and most of |Z| in it so far, Ohm; absent where there is none. */
  readonly modulus_Ohm?: readonly [least: number, most: number];
  /** Why it failed; empty otherwise. */
  readonly reason: string;
}

/** The instruments of a bench that measure by themselves, as a method sees them. */
export interface MeasuringEnv {
  /** What the impedance instrument can; undefined: nothing on this bench measures impedance. */
  readonly impedance: ImpedanceAbility | undefined;
  /** What the instrument that sweeps the output can; undefined: nothing on this bench does. */
  readonly sweep: SweepAbility | undefined;
  /** What no peak of a spectrum may pass on this bench. */
  readonly peaks: readonly PeakLimit[];
  /** Least and most of |Z| that the newest spectra of this run have shown between two frequencies, Ohm; NaN where none has. */
  found_Ohm(low_Hz: number, high_Hz: number): readonly [least: number, most: number];
  /** Begins a spectrum or a sweep; what becomes of it says `measuring`. */
  measure(request: MeasureRequest, of: MeasuredOf, judge?: PointJudge): void;
  readonly measuring: MeasuringNow;
  /** Ends the one under way, if one is; what was measured stays. */
  giveUpMeasuring(reason: string): void;
}
