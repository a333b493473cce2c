import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeBlock } from '../blocks/block-codec.ts';
import { BlockTable, SEALED_ROWS } from '../blocks/block-table.ts';
import type { Seals } from '../seal/seals.ts';
import { type SetpointBatch, SetpointBuffer } from '../setpoint-buffer.ts';
import { SETPOINT_COLUMNS, SETPOINTS, sealedSetpoints, setpointStretches } from '../setpoint-rows.ts';

/**
 * The set points in the file: like readings the newest as rows, finished stretches as blocks. Of a block's columns role,
 * source and outcome are numbers of its texts. All of it happens inside a transaction of the caller.
 */
export class SetpointTable {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #blocks: BlockTable;
  /** What the plain rows were made of. */
  #batches: SetpointBatch[] = [];
  #rows = 0;
  #sealed = 0;
  #kept: {
    readonly batches: SetpointBatch[];
    readonly count: number;
    readonly rows: number;
    readonly sealed: number;
  };

  /** The table is there, as `blocks` and `seals` are; goes on behind its rows. */
  constructor(db: DatabaseSync, seals: Seals) {
    this.#insert = db.prepare(
      `INSERT INTO ${SETPOINTS} (rowid, ${SETPOINT_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#delete = db.prepare(`DELETE FROM ${SETPOINTS}`);
    this.#blocks = new BlockTable(db, seals);
    this.#kept = { batches: this.#batches, count: 0, rows: 0, sealed: 0 };
    this.#takeUp(db);
  }

  #takeUp(db: DatabaseSync): void {
    this.#sealed = sealedSetpoints(db);
    for (const part of setpointStretches(db, this.#sealed + 1)) {
      const buffer = new SetpointBuffer(part.rows);
      const { t_s, role, asked, applied, source, outcome } = part;
      for (let i = 0; i < part.rows; i++)
        buffer.add({
          t_s: t_s[i],
          role: role[i],
          asked: asked[i],
          applied: applied[i],
          source: source[i],
          outcome: outcome[i],
        });
      this.#batches.push(buffer.take());
      this.#rows += part.rows;
    }
    this.committed();
  }

  /** Writes set points behind those that are there. */
  add(batch: SetpointBatch): void {
    if (batch.rows === 0) return;
    this.#batches.push(batch);
    this.#rows += batch.rows;
    if (this.#rows >= SEALED_ROWS) this.#seal();
    else insertSetpoints(this.#insert, batch, this.#sealed + this.#rows - batch.rows + 1);
  }

  /** What was added is in the file for good. */
  committed(): void {
    this.#kept = {
      batches: this.#batches,
      count: this.#batches.length,
      rows: this.#rows,
      sealed: this.#sealed,
    };
  }

  /** What was added since the last commit is not in the file. */
  rolledBack(): void {
    const { batches, count, rows, sealed } = this.#kept;
    batches.length = count;
    this.#batches = batches;
    this.#rows = rows;
    this.#sealed = sealed;
  }

  #seal(): void {
    const channels = SETPOINT_COLUMNS.length - 1;
    const values = new Float64Array(this.#rows * (channels + 1));
    const places = new Map<string, number>();
    let at = 0;
    for (const { rows, figures, words, names } of this.#batches) {
      const numbers = names.map(name => placeOf(name, places));
      for (let i = 0; i < 3 * rows; i += 3) {
        values[at++] = figures[i];
        values[at++] = numbers[words[i]];
        values[at++] = figures[i + 1];
        values[at++] = figures[i + 2];
        values[at++] = numbers[words[i + 1]];
        values[at++] = numbers[words[i + 2]];
      }
    }
    const texts = [...places].map(([text, place]): [number, string] => [place, text]);
    const of = { values, quality: new Uint8Array(this.#rows * channels) };
    this.#blocks.add(SETPOINTS, this.#sealed + 1, encodeBlock(of, 0, this.#rows, channels, texts));
    this.#delete.run();
    this.#sealed += this.#rows;
    this.#rows = 0;
    this.#batches = [];
  }
}

function placeOf(name: string, places: Map<string, number>): number {
  const known = places.get(name);
  if (known !== undefined) return known;
  places.set(name, places.size);
  return places.size - 1;
}

/** Inserts set points as plain rows, the first of them with this number. */
function insertSetpoints(
  insert: StatementSync,
  { rows, figures, words, names }: SetpointBatch,
  number: number,
): void {
  for (let r = 0, at = 0; r < rows; r++, at += 3) {
    const [role, source, outcome] = [names[words[at]], names[words[at + 1]], names[words[at + 2]]];
    insert.run(
      number + r,
      figures[at],
      role,
      orNull(figures[at + 1]),
      orNull(figures[at + 2]),
      source,
      outcome,
    );
  }
}

/** SQLite has no NaN. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
