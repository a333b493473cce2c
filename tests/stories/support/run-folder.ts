import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { subjectOf } from '../../../control/bench/bench.ts';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { type OpenRecord, openRecord } from '../../../control/record/record.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { openRows } from '../../support/plain-rows.ts';
import { ROOT } from './program.ts';

/** What a run leaves behind, read as an outsider would: result.json and the tables of run.sqlite. */

const kpi = z.strictObject({
  id: z.string().min(1),
  phase: z.string().min(1).optional(),
  value: z.number().nullable(),
  unit: z.string().min(1),
  u95: z.number().min(0).optional(),
  definition: z.string().min(10),
  basis: z.enum(['sourced', 'recalled', 'default']),
  criterion: z
    .strictObject({
      is: z.enum(['<', '>']),
      limit: z.number(),
      outcome: z.enum(['pass', 'fail', 'undecided']),
    })
    .optional(),
});

/** The shape that readers of result.json may count on; more keys beside these may come. */
export const resultSchema = z.object({
  verdict: z.string().min(1),
  reason: z.string(),
  seed: z.number().int(),
  simulated_s: z.number().positive(),
  rows: z.number().int().positive(),
  phases: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        start_s: z.number().min(0),
        end_s: z.number().min(0),
        ended_by: z.string().min(1),
      }),
    )
    .min(1),
  kpis: z.array(kpi).min(1),
  whyStopped: z
    .object({
      t_s: z.number(),
      limit: z.object({ id: z.string(), of: z.string(), limit: z.number(), delay_s: z.number() }),
      readings: z.array(z.object({ role: z.string(), value: z.number(), age_s: z.number() })),
      chain: z.array(z.object({ after_s: z.number(), kind: z.string(), ok: z.boolean().nullable() })),
    })
    .optional()
    // A run that was ended by no limit of its bench has none.
    .catch(undefined),
});
export type Result = z.infer<typeof resultSchema>;
export type ResultKpi = z.infer<typeof kpi>;

export function readResult(dir: string): Result {
  return resultSchema.parse(JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')));
}

/** One figure of a result; throws with what there is if it is missing. */
export function kpiOf(result: Result, id: string, phase?: string): ResultKpi {
  const found = result.kpis.find(k => k.id === id && k.phase === phase);
  if (found !== undefined) return found;
  const known = result.kpis.map(k => `${k.id}${k.phase === undefined ? '' : ` (${k.phase})`}`).join(', ');
  throw new Error(`result has no figure ${id}${phase === undefined ? '' : ` of ${phase}`}, only ${known}`);
}

/** The number of a figure; throws if it has none. */
export function numberOf(result: Result, id: string, phase?: string): number {
  const { value, definition } = kpiOf(result, id, phase);
  if (value === null) throw new Error(`${id} of ${phase ?? 'the run'} has no value: ${definition}`);
  return value;
}

/** The run's record by role, through the program's own reader. Close it. */
export function openJournal(
  dir: string,
  benchFile = join(ROOT, 'examples/pem-500kw/bench.yaml'),
): OpenRecord {
  const { bench, descriptions } = loadBench(benchFile, describeDevice);
  return openRecord(join(dir, 'run.sqlite'), compileRoles(bench, descriptions), subjectOf(bench));
}

/** The run's file with every reading as a row, as `cellbench rows` hands it out. */
export function withTables<T>(dir: string, read: (db: DatabaseSync) => T): T {
  const db = openRows(join(dir, 'run.sqlite'));
  try {
    return read(db);
  } finally {
    db.close();
  }
}

export const DEVICES = ['supply', 'rack', 'gas', 'plc'] as const;

/** One hash over every column of every row of one table, in the order written. */
export function tableHash(db: DatabaseSync, table: string): string {
  const hash = createHash('sha256');
  const statement = db.prepare(`SELECT * FROM "${table}" ORDER BY rowid`);
  statement.setReturnArrays(true);
  const buffer = Buffer.alloc(1 << 16);
  for (const row of statement.iterate() as Iterable<unknown>) {
    // The numbers of a row at once: one call a cell would take longer than the run.
    let at = 0;
    for (const cell of row as unknown as (number | string | Uint8Array | null)[]) {
      if (typeof cell === 'number') at = buffer.writeDoubleLE(cell, at);
      else hash.update(cell === null ? '\u0000' : cell);
    }
    hash.update(buffer.subarray(0, at));
  }
  return hash.digest('hex');
}

export interface Event {
  readonly t_s: number;
  readonly text: string;
}

/** All events of one kind, in the order written. */
export function eventsOf(db: DatabaseSync, kind: string): Event[] {
  const rows = db.prepare('SELECT t_s, text FROM events WHERE kind = ? ORDER BY rowid').all(kind);
  return rows as unknown as Event[];
}
