/** What is changed in an example bench so that it should not start, the line that is told, and the reason. */

export type Change = readonly [from: string, to: string];
export interface Row {
  readonly what: string;
  readonly changes: readonly Change[];
  /** Piece on the line that is told. */
  readonly at: string;
  readonly says: RegExp;
  /** Piece of the entry after which `accepted` is written; absent: no reason can stand for it. */
  readonly accept?: Change;
}
