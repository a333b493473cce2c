import type { Reaction } from '../../profiles/steps/recovery.ts';

/** What is made far below the dashboards and shown on them as it is. */

/**
 * One raised interlock, from its trip until a person has acknowledged it and its cause has gone; `since_s`
 * is run time.
 */
export interface AlarmView {
  readonly id: string;
  readonly reaction: Reaction;
  /** active: cause present now. latched: cause gone, waits for a person. */
  readonly state: 'active' | 'latched';
  readonly since_s: number;
  readonly text: string;
  readonly acknowledged: boolean;
}

/** One curve for the page or the report: same length arrays; null = no usable value (a gap, never 0). */
export interface Series {
  readonly role: string;
  readonly unit: string;
  /** Names of the states that its numbers are. Absent: a quantity. */
  readonly words?: Readonly<Record<string, string>>;
  readonly t_s: readonly number[];
  readonly value: readonly (number | null)[];
}

/** A voltammogram of the whole device under test; of a long one some points are left out. */
export interface ShownVoltammogram {
  /** Its step and the round of each loop around it. */
  readonly name: string;
  readonly state: 'under way' | 'whole' | 'cut short';
  /** Points that were asked for, and those that are there. */
  readonly asked: number;
  readonly points: number;
  /** Cycle of each point, from 1. */
  readonly scan_count: readonly number[];
  readonly voltage_V: readonly number[];
  readonly current_A: readonly number[];
  /** `set`: the potential is what was applied; the instrument does not measure it. Absent: measured, or not known. */
  readonly voltageIs?: 'set';
}

/** An impedance spectrum of the whole device under test; capacitive arcs have im < 0. */
export interface ShownSpectrum {
  /** Its step and the round of each loop around it. */
  readonly name: string;
  readonly state: 'under way' | 'whole' | 'cut short';
  /** Frequencies that were asked for. */
  readonly asked: number;
  readonly frequency_Hz: readonly number[];
  readonly re_Ohm: readonly number[];
  readonly im_Ohm: readonly number[];
  /**
   * Linear Kramers-Kronig test: residuals in % of |Z| at each point (null: left out); null with too few points and while
   * it is under way.
   */
  readonly kramersKronig: {
    readonly passes: boolean;
    readonly re_pct: readonly (number | null)[];
    readonly im_pct: readonly (number | null)[];
  } | null;
  /** Distribution of relaxation times, gamma over the natural logarithm of tau; null where none can be told. */
  readonly relaxation: {
    readonly tau_s: readonly number[];
    readonly gamma_Ohm: readonly number[];
    readonly peaks: readonly { readonly tau_s: number; readonly resistance_Ohm: number }[];
  } | null;
}

/** A threshold of the bench: no laxer than `bench` in any run. Figures in `unit`, that of its role. */
export interface ChangeableLimit {
  readonly id: string;
  readonly role: string;
  readonly reaction: Reaction;
  readonly trips: '>' | '<';
  /** In force now. */
  readonly limit: number;
  readonly bench: number;
  readonly unit: string;
}

/** A limit of a trend, in the unit of its role; `id`: of its interlock, which may not be armed now (`suppressed`). */
export interface TrendLimit {
  readonly id: string;
  readonly role: string;
  readonly label: string;
  readonly value: number;
  /** On which side of it the role is beyond, and what happens there. */
  readonly trips: '>' | '<';
  readonly reaction: Reaction;
}

/** How near a limit is that counts now; figures in its unit. */
export interface NearLimit {
  readonly id: string;
  readonly reaction: Reaction;
  /** What is compared with the limit, in words of the bench file. */
  readonly role: string;
  /** The same as data: the kind of its interlock, the role that it looks at (empty: a whole condition), and the one beside it. */
  readonly of: { readonly kind: string; readonly role: string; readonly other?: string };
  readonly unit: string;
  readonly trips: '>' | '<';
  readonly limit: number;
  /** Hysteresis: once it has fired its cause counts as gone only at this value or on its good side; null: at the limit. */
  readonly rearm: number | null;
  /** fired: beyond it now. unusable: what it looks at cannot be read, which counts as beyond. */
  readonly is: 'near' | 'fired' | 'unusable';
  /** Of an array its nearest member; null: no usable one. */
  readonly value: number | null;
  /** Which member of an array that is (`cell.voltage_V[17]`); null: not one of many. */
  readonly member: string | null;
  /** How far it is from the limit: below 0 beyond it. */
  readonly margin: number | null;
  /**
   * Until it is there as it moved in the last minute, s; null: it moves away, too slowly to say, or because a set point was
   * changed.
   */
  readonly toLimit_s: number | null;
  /** How much of the way from normal to the limit is gone, 0 to 1 and beyond; null: where normal is nobody knows yet. */
  readonly way_frac: number | null;
}

/** All readings of an instrument in a stretch of run time, s, both ends with it. */
export interface ReadingsAsked {
  readonly device: string;
  readonly from_s: number;
  readonly to_s: number;
}

/** The newest values of cells in series, in their order; null where there is no usable one. */
export interface CellValues {
  readonly role: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
  /** The last that were usable, and their age, s. Absent: some are usable now, or none ever were. */
  readonly last?: { readonly values: readonly (number | null)[]; readonly age_s: number };
}

/**
 * What is set of a quantity; null: nothing yet. `is` says what stands in its way. ceiling, floor: the output drives another
 * quantity and keeps this one below, or above, `value`. off: the output is off. other: the output drives another quantity.
 * Absent: it is in force.
 */
export interface SetValue {
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly is?: 'ceiling' | 'floor' | 'off' | 'other';
}

/** One role with its newest value. Array roles (`cell.voltage_V[]`) appear as `.min`, `.mean`, `.max`. */
export interface RoleValue {
  readonly role: string;
  readonly unit: string;
  readonly value: number | null;
  /** Name of the state that the value is, where it is one. */
  readonly word?: string;
  /** The last value that was usable, and its age, s. Absent: `value` is usable or nothing is asked for, or none ever was. */
  readonly last?: { readonly value: number; readonly age_s: number };
  /** What is set of it, as it was read back, and how far it may be set. Absent: nothing sets it. */
  readonly set?: SetValue;
  /** So much, in its unit, its instrument may be wrong at least (k = 2): smaller digits say nothing. Absent: not known. */
  readonly resolution?: number;
  readonly quality: 'good' | 'simulated' | 'uncertain' | 'stale' | 'bad';
  readonly channel: string;
}
