/** The process picture of a bench: symbols on a grid, lines between them. JSON. */

/** Columns and rows of its grid, counted from 1 at the top left. */
export const PICTURE_GRID = { columns: 12, rows: 6 } as const;

/** What can stand in a field. Gas and liquid parts as ISO 14617 and ISA-5.1 draw them. */
export const SYMBOLS = [
  'stack',
  'cell',
  'vessel',
  'separator',
  'valve',
  'three-way',
  'back-pressure',
  'flow-controller',
  'pump',
  'fan',
  'exchanger',
  'heater',
  'mixer',
  'chamber',
  'bottle',
  'dc-supply',
  'analyser',
  'pressure',
  'temperature',
  'flow',
  'level',
  'conductivity',
  'vent',
] as const;
export type PictureSymbol = (typeof SYMBOLS)[number];

/** One symbol with the roles that it shows: of a state its word, of a level its height, of the others their values. */
export interface PictureNode {
  readonly id: string;
  readonly symbol: PictureSymbol;
  readonly at: readonly [column: number, row: number];
  /** Measured roles of the bench; [] of an array is its mean. */
  readonly roles: readonly string[];
  /** A command and its reading may differ for so long while it moves, s. */
  readonly travel_s: number;
}

/** A pipe or a cable between two symbols, by their ids. */
export interface PictureLine {
  readonly from: string;
  readonly to: string;
  /** What flows in it, written on it; empty: nothing is written. */
  readonly medium: string;
}

/** What is drawn of a bench, and what is not. */
export interface Picture {
  /** Of its grid. */
  readonly columns: number;
  readonly rows: number;
  readonly nodes: readonly PictureNode[];
  readonly lines: readonly PictureLine[];
  /** Measured roles that no symbol shows. */
  readonly unplaced: readonly string[];
}
