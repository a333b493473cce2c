import type { ImpedanceAbility } from '../../../drivers/contract/measure/impedance.ts';
import type { PeakLimit } from '../run/measure/peaks.ts';
import type { Conversion } from '../units/unit.ts';

/** Where the value of a name comes from once the bench is known, as JSON. What is measured is turned by `to`. */
export type Reference =
  /** A role of the bench, one value or an array. */
  | { readonly from: 'role'; readonly role: string; readonly isArray: boolean; readonly to: Conversion }
  /** A figure of the bench file: it never changes. */
  | { readonly from: 'figure of the bench'; readonly name: string; readonly value: number }
  /** A parameter, a name of `let` or `each`. */
  | { readonly from: 'own name'; readonly name: string; readonly to: Conversion }
  /** A column of a data file. */
  | { readonly from: 'data'; readonly data: string; readonly column: string; readonly to: Conversion }
  /** What a part of the run counts: time in s, charge in Ah, energy in Wh, h2 in mol. */
  | {
      readonly from: 'part of the run';
      readonly part: string;
      readonly counted: string;
      readonly to: Conversion;
    }
  /** A figure, an average or what was returned under the id of a step; in the unit of its own name. */
  | { readonly from: 'step'; readonly id: string; readonly name: string }
  /** State of charge in per cent, counted from where the method has set it. */
  | { readonly from: 'state of charge' };

/** A role that is measured. */
export interface MeasuredName {
  readonly isArray: boolean;
}

/** What a bench offers to a method: its roles by name, and the figures of what stands on it. */
export interface BenchNames {
  /**
   * What stands on the bench: its electrical set values are `stack.currentSet_A`, `cell.voltageSet_V` ...; a vessel has
   * none.
   */
  readonly subjectKind: 'stack' | 'cell' | 'vessel';
  readonly measured: ReadonlyMap<string, MeasuredName>;
  /** Roles that can be set: `chamber.temperatureSet_degC`. */
  readonly settable: readonly string[];
  /** Potentials in V that software holds by the current of the output (`softwareControl` of the bench). */
  readonly controlled?: readonly string[];
  /** How often software corrects each of them, s: as often as all that it needs is read. */
  readonly controlledEach_s?: Readonly<Record<string, number>>;
  /** Between which values, and how fast at the most, the gate of the bench lets a set value through, in the unit of its role. */
  readonly ranges?: ReadonlyMap<
    string,
    { readonly min: number; readonly max: number; readonly ramp_per_s?: number | undefined }
  >;
  /** How often the instrument behind a role that can be set is asked, s. */
  readonly polls_s?: Readonly<Record<string, number>>;
  /** What the one instrument that measures impedance can, with its name; absent: nothing on the bench does. */
  readonly impedance?: { readonly id: string; readonly can: ImpedanceAbility };
  /** What no peak of a spectrum may pass. */
  readonly peaks?: readonly PeakLimit[];
  /** Figures of the subject and of the bench under their names: `capacity_Ah`, `tankVolume_L`. */
  readonly subject: Readonly<Record<string, number>>;
  readonly bench: Readonly<Record<string, number>>;
}
