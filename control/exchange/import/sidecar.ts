import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Accuracy } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { CellFacts } from '../../../profiles/recorded-run.ts';
import type { JournalSetpoint, SetpointOutcome } from '../../record/setpoint-buffer.ts';

import { type ThinRules, thinRules } from '../../record/thin/thin-rules.ts';
import type { RunResult } from '../../review/result.ts';
import { accuracyText } from '../recorded-run.ts';

/** What lies beside a BDF file that cellbench has exported: cell, accuracies, phases, set points. */

const schema = z.looseObject({
  columns: z
    .array(
      z.looseObject({
        role: z.string().optional(),
        accuracy: accuracyText.optional(),
      }),
    )
    .default([]),
  cell: z
    .looseObject({
      name: z.string(),
      chemistry: z.string(),
      capacity_Ah: z.number(),
      currentMax_A: z.number(),
      voltageMin_V: z.number(),
      voltageMax_V: z.number(),
    })
    .optional(),
  run: z
    .looseObject({
      startedUtc: z.string().optional(),
      timeFactor: z.number().default(1),
      setpoints: z.string().optional(),
      thinned: z
        .looseObject({
          instruments: thinRules,
          counts: z.array(z.object({ device: z.string(), seen: z.number(), kept: z.number() })).default([]),
        })
        .optional(),
    })
    .optional(),
  phases: z
    .array(z.object({ name: z.string(), start_s: z.number(), end_s: z.number(), ended_by: z.string() }))
    .default([]),
});

/** All of it; what is not there is empty. */
export interface Sidecar {
  readonly cell: CellFacts | undefined;
  readonly accuracies: Readonly<Record<string, Accuracy>>;
  readonly startedUtc: string | undefined;
  readonly timeFactor: number;
  readonly phases: readonly { name: string; start_s: number; end_s: number; ended_by: string }[];
  readonly setpoints: readonly JournalSetpoint[];
  /** By which rules readings had been left out of the record that the file was made of, by its instruments; none: all. */
  readonly thinned: ThinRules;
  /** Readings of these instruments that had been taken, and those of them that were kept; empty: nobody has counted. */
  readonly counts: readonly { readonly device: string; readonly seen: number; readonly kept: number }[];
  /** Files that it was read from. */
  readonly files: readonly string[];
}

const NONE: Sidecar = {
  cell: undefined,
  accuracies: {},
  startedUtc: undefined,
  timeFactor: 1,
  phases: [],
  setpoints: [],
  thinned: {},
  counts: [],
  files: [],
};

/** Reads `<name>.metadata.json` beside `<name>.bdf.csv`; nothing where there is none. @throws FileError where it is no such file */
export function readSidecar(file: string): Sidecar {
  const path = file.replace(/\.bdf(\.csv)?$|\.[^./]+$/, '.metadata.json');
  if (path === file || !existsSync(path)) return NONE;
  let said: z.output<typeof schema>;
  try {
    said = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new FileError(path, 0, `cannot be understood: ${messageOf(error)}, expected what an export writes`);
  }
  const { cell, run, phases, columns } = said;
  const accuracies: Record<string, Accuracy> = {};
  for (const { role, accuracy } of columns)
    if (role !== undefined && accuracy !== undefined) accuracies[role] = accuracy;
  const setpointsPath = run?.setpoints === undefined ? undefined : join(dirname(file), run.setpoints);
  const hasSetpoints = setpointsPath !== undefined && existsSync(setpointsPath);
  return {
    cell: cell === undefined ? undefined : ({ ...cell, kind: 'cell' } as CellFacts),
    accuracies,
    startedUtc: run?.startedUtc,
    timeFactor: run?.timeFactor ?? 1,
    phases,
    setpoints: hasSetpoints ? readSetpoints(setpointsPath) : [],
    thinned: run?.thinned?.instruments ?? {},
    counts: run?.thinned?.counts ?? [],
    files: [path, ...(hasSetpoints ? [setpointsPath] : [])],
  };
}

/** What had been left out, as a result says it; of a single instrument under the name `device`. Undefined: not known. */
export function thinnedBefore(
  { thinned, counts }: Pick<Sidecar, 'thinned' | 'counts'>,
  device: string,
): RunResult['thinned'] {
  const known = counts.flatMap(count => {
    const rule = thinned[count.device];
    return rule === undefined ? [] : [{ ...count, interval_s: rule.interval_s, change: rule.change }];
  });
  if (known.length === 0) return undefined;
  return known.length === 1 ? [{ ...known[0], device }] : known;
}

const OUTCOMES: readonly SetpointOutcome[] = ['applied', 'refused', 'failed', 'asked'];

function readSetpoints(path: string): JournalSetpoint[] {
  const text = readFileSync(path, 'utf8');
  const isComma = text.slice(0, text.indexOf('\n')).includes(';');
  const rows = parse(text, { columns: true, delimiter: isComma ? ';' : ',' }) as Record<string, string>[];
  const number = (cell: string | undefined): number =>
    cell === undefined || cell === '' ? Number.NaN : Number(isComma ? cell.replace(',', '.') : cell);
  return rows.map((row, i) => {
    const outcome = OUTCOMES.find(word => word === row['outcome']);
    const t_s = number(row['t_s']);
    if (outcome === undefined || Number.isNaN(t_s) || row['role'] === undefined)
      throw new FileError(path, i + 2, 'no set point, expected t_s, role, asked, applied, source, outcome');
    return {
      t_s,
      role: row['role'],
      asked: number(row['asked']),
      applied: number(row['applied']),
      source: row['source'] ?? '',
      outcome,
    };
  });
}
