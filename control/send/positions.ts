/** Where the rows of a journal stand on their way to a sink. */

/** How far a table of the journal has been taken: number of the last row, and its stamp in ns. */
export interface Position {
  readonly row: number;
  readonly ns: bigint;
}

/** Before the first row. */
export const BEGINNING: Position = { row: 0, ns: 0n };

/** One row of the journal as it goes out. */
export interface Line extends Position {
  /** Table of the journal. */
  readonly source: string;
  readonly text: string;
}
