import type { ImpedanceAbility, ImpedanceRequest } from '../../../../drivers/contract/measure/impedance.ts';

/** Measurements of a step that are no readings: how a method asks for a spectrum. */

/** Which one it is. */
export interface SpectrumOf {
  /** The id of its step; absent where it has none. */
  readonly id?: string;
  /** What people call the step. */
  readonly label: string;
  /** The names of the loops around it with their values in this round, each in the unit of its name. */
  readonly levels: Readonly<Record<string, number>>;
}

/** How far a spectrum is. `none`: none has been asked for since the program began. */
export interface MeasuringNow {
  readonly is: 'none' | 'under way' | 'done' | 'failed';
  /** Points so far. */
  readonly points: number;
  /** Why it failed; empty otherwise. */
  readonly reason: string;
}

/** The impedance instrument of a bench as a method sees it. */
export interface MeasuringEnv {
  /** What it can; undefined: nothing on this bench measures impedance. */
  readonly impedance: ImpedanceAbility | undefined;
  /** Begins a spectrum; what becomes of it says `measuring`. */
  measure(request: ImpedanceRequest, of: SpectrumOf): void;
  readonly measuring: MeasuringNow;
  /** Ends the one under way, if one is; what was measured stays. */
  giveUpMeasuring(reason: string): void;
}
