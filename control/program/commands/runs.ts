import { z } from 'zod';
import { figure } from '../../../dashboards/terminal/progress.ts';
import { table } from '../../../dashboards/terminal/table.ts';
import type { Kpi } from '../../review/result.ts';
import { clockText } from '../../words.ts';
import { readOptions } from '../options.ts';
import { leftBehind, leftText } from '../runs/left-behind.ts';
import { type ListedRun, runsIn } from '../runs/run-list.ts';

const schema = z.strictObject({
  folder: z.string().default('runs'),
  figures: z.string().optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** What a person looks at first; those that a run has. */
const MAIN_FIGURES = [
  'specific-energy',
  'voltage-drift',
  'h2-in-o2-max',
  'capacity-last',
  'capacity-fade',
  'coulombic-efficiency',
];

/** `cellbench runs [FOLDER]`: what was run, and how it went. Returns the exit code. */
export async function runsCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    words: ['folder'],
    help: 'npm start -- runs --help',
  });
  const runs = runsIn(options.folder);
  const ids = options.figures?.split(',').map(id => id.trim()) ?? MAIN_FIGURES;
  if (options.json) {
    console.log(JSON.stringify(runs.map(run => asJson(run))));
    return 0;
  }
  for (const left of leftBehind(options.folder)) console.error(leftText(left));
  if (runs.length === 0) {
    console.log(`${options.folder}: no runs`);
    return 0;
  }
  const shown = ids.filter(id => runs.some(run => wholeRun(run).some(kpi => kpi.id === id)));
  const heads = [
    'run',
    'started UTC',
    'mode',
    'method',
    'verdict',
    'criteria',
    'duration',
    'size',
    'exports',
    ...shown,
  ];
  const rows = runs.map(run => [
    run.name,
    run.startedUtc.slice(0, 16).replace('T', ' '),
    run.mode,
    run.method,
    run.verdict,
    run.criteria === 'none' ? '' : run.criteria,
    run.duration_s === null ? '' : clockText(run.duration_s),
    sizeText(run.bytes),
    run.exports.map(name => name.replace(/^export-/, '')).join(' '),
    ...shown.map(id => figureOf(run, id)),
  ]);
  console.log(table(heads, rows, [6, 7, ...shown.map((_, i) => i + 9)]).join('\n'));
  return 0;
}

function wholeRun({ result }: ListedRun): readonly Kpi[] {
  return result?.kpis.filter(kpi => kpi.phase === undefined) ?? [];
}

function figureOf(run: ListedRun, id: string): string {
  const kpi = wholeRun(run).find(one => one.id === id);
  return kpi === undefined ? '' : kpi.value === null ? '-' : `${figure(kpi)} ${kpi.unit}`;
}

/** The same for programs: figures of the whole run by name. */
function asJson(run: ListedRun): object {
  const { result: _result, isOpen, ...rest } = run;
  const figures = Object.fromEntries(
    wholeRun(run).map(({ id, value, u95, unit }) => [
      id,
      { value, unit, ...(u95 === undefined ? {} : { u95 }) },
    ]),
  );
  return { ...rest, open: isOpen, figures };
}

/** Bytes as people read them. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}
