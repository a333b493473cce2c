import type { Reaction } from '../../../profiles/steps/recovery.ts';

/** A stretch of a trend as a picture of so many columns can show it. Arrays are as long as each other. */
export interface TrendWindow {
  readonly role: string;
  /** Width of its buckets, s; 0: single readings at their own times. */
  readonly bucket_s: number;
  /**
   * Only a rough view for now: the record is still being gone through, and each point stands for a block of it (of a mean:
   * its first reading).
   */
  readonly isRough: boolean;
  /** Begin of each bucket that holds readings, or time of a reading, run time, s. */
  readonly t_s: readonly number[];
  /** Lowest, highest and last usable reading of a bucket, the role's unit; null: none may be used. */
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly last: readonly (number | null)[];
}

/** Something of a run that is drawn into its trends; run time, s. */
export type RunMark =
  | { readonly t_s: number; readonly kind: 'phase'; readonly name: string }
  /** `name`: the id of its interlock. `count`: it is the gravest of so many that came close together; absent: it is alone. */
  | {
      readonly t_s: number;
      readonly kind: 'alarm';
      readonly name: string;
      readonly reaction: Reaction;
      readonly count?: number;
    };

/** What a picture asks for. */
export interface WindowAsked {
  /** Names as the page has them: a role, `cell.voltage_V[].min`, `cell.voltage_V[17]`. */
  readonly roles: readonly string[];
  /** Run time, s. */
  readonly from_s: number;
  readonly to_s: number;
  /** Most buckets: the columns that the picture has. */
  readonly columns: number;
}
