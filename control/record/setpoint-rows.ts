import type { DatabaseSync } from 'node:sqlite';
import { type Cell, type Part, PartReader } from './blocks/parts.ts';
import type { SetpointOutcome } from './setpoint-buffer.ts';
import { figures } from './stretches.ts';

/** The one way to recorded set points, whether they lie in the file as blocks or as rows. */

/** Their table, and its columns: in a block the words are numbers of its texts. */
export const SETPOINTS = 'setpoints';
export const SETPOINT_COLUMNS = ['t_s', 'role', 'asked', 'applied', 'source', 'outcome'] as const;

/**
 * Some set points that follow each other, in the order written; figures in the role's unit, NaN where there is none. Of a
 * block each column is opened when it is asked for, each time anew.
 */
export interface SetpointStretch {
  /** Number of the first, from 1. */
  readonly row: number;
  readonly rows: number;
  readonly t_s: Float64Array;
  readonly role: readonly string[];
  readonly asked: Float64Array;
  readonly applied: Float64Array;
  readonly source: readonly string[];
  readonly outcome: readonly SetpointOutcome[];
}

/** So many set points stand in the journal so far. */
export function setpointRows(db: DatabaseSync): number {
  return new PartReader(db, SETPOINTS, SETPOINT_COLUMNS.length - 1).rows;
}

/** So many of them lie in blocks: the first ones. */
export function sealedSetpoints(db: DatabaseSync): number {
  return new PartReader(db, SETPOINTS, SETPOINT_COLUMNS.length - 1).sealed;
}

/** The set points of a journal from number `from` on, counted from 1. @throws FileError where the record is damaged */
export function* setpointStretches(db: DatabaseSync, from = 1): Generator<SetpointStretch> {
  const reader = new PartReader(db, SETPOINTS, SETPOINT_COLUMNS.length - 1);
  for (const part of reader.parts(SETPOINT_COLUMNS, from)) {
    if ('rows' in part) yield plainStretch(part.row, part.rows);
    else yield sealedStretch(part);
  }
}

/** A part that lies in a block. */
type SealedPart = Extract<Part, { open: unknown }>;

function sealedStretch({ row, skipped, count, open }: SealedPart): SetpointStretch {
  const texts: string[] = [];
  for (const [number, text] of open.texts()) texts[number] = text;
  const column = (place: number): Float64Array => open.column(place).subarray(skipped);
  const words = (place: number): string[] => {
    const numbers = column(place);
    const found = new Array<string>(numbers.length);
    for (let i = 0; i < found.length; i++) found[i] = texts[numbers[i]] ?? '';
    return found;
  };
  return {
    row,
    rows: count,
    get t_s() {
      return column(0);
    },
    get role() {
      return words(1);
    },
    get asked() {
      return column(2);
    },
    get applied() {
      return column(3);
    },
    get source() {
      return words(4);
    },
    get outcome() {
      return words(5) as SetpointOutcome[];
    },
  };
}

function plainStretch(row: number, rows: readonly Cell[][]): SetpointStretch {
  const words = (at: number): string[] => rows.map(cells => String(cells[at]));
  return {
    row,
    rows: rows.length,
    t_s: figures(rows, 1),
    role: words(2),
    asked: figures(rows, 3),
    applied: figures(rows, 4),
    source: words(5),
    outcome: words(6) as SetpointOutcome[],
  };
}
