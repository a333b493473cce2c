import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../drivers/contract/errors.ts';
import { openRows } from '../support/plain-rows.ts';

/**
 * The same cycle of a cell rehearsed and on emulated wires, by the program as a person starts it: do charge, energy, and the
 * voltage and current at the end of the charge agree? Prints JSON, the last line in short; exit 1 where they do not.
 *
 *   npm run validate:wire-cycle -- [--minutes 6] [BENCH METHOD]
 *
 * A wire run is shortened: a poll is then some seconds of the cell, so charge and energy agree within `TOLERANCE_pct`, as far as
 * half a poll at each end of a step and the zero of the meter (not found in rests that are so short) let them, or within
 * the u95 of both where that is more: a machine that was busy has gaps in its record, and says so in its u95.
 */
const TOLERANCE_pct = 0.5;
/** Figures that are less certain are not compared: the machine was busy, the record has gaps. */
const COMPARABLE_pct = 2;
/** A reading of the cell's voltage, and the step of the current between two polls at the end of a taper. */
const TOLERANCE_V = 0.002;
const TOLERANCE_A = 0.005;

const BENCH = 'examples/source-meter/bench.yaml';
const METHOD = 'examples/source-meter/cccv.yaml';
const FIGURES = ['charge-in', 'charge-out', 'energy-in', 'energy-out', 'capacity-last'];
const main = new URL('../../control/program/main.ts', import.meta.url).pathname;

interface Ended {
  readonly figures: Readonly<Record<string, { value: number; u95: number }>>;
  readonly end_V: number;
  readonly end_A: number;
}

function program(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('exit', code =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: exit code ${code}`)),
    );
  });
}

interface Figure {
  readonly id: string;
  readonly value: number | null;
  readonly u95?: number;
}

function endedIn(folder: string): Ended {
  const { kpis } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as { kpis: Figure[] };
  const found = FIGURES.map(id => {
    // The first of a name is of the whole run.
    const figure = kpis.find(one => one.id === id);
    return [id, { value: figure?.value ?? Number.NaN, u95: figure?.u95 ?? Number.NaN }] as const;
  });
  using db = openRows(join(folder, 'run.sqlite'));
  const last = db
    .prepare(
      'SELECT t_s, "current_A" AS end_A FROM "frames_smu" WHERE "current_A" > 0.1 ORDER BY t_s DESC LIMIT 1',
    )
    .get() as { t_s: number; end_A: number };
  const { end_V } = db
    .prepare('SELECT "cell_V" AS end_V FROM "frames_logger" WHERE t_s <= ? ORDER BY t_s DESC LIMIT 1')
    .get(last.t_s) as { end_V: number };
  return { figures: Object.fromEntries(found), end_V, end_A: last.end_A };
}

async function compare(argv: readonly string[]): Promise<boolean> {
  const at = argv.indexOf('--minutes');
  const minutes = at < 0 ? '6' : argv[at + 1];
  const [bench = BENCH, method = METHOD] = argv.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  const folder = mkdtempSync(join(tmpdir(), 'cellbench-wire-cycle-'));
  const [rehearsed, wired] = [join(folder, 'rehearsed'), join(folder, 'wired')];
  try {
    await program(['--no-serve', '--bench', bench, '--method', method, '--out', rehearsed]);
    await program([
      '--no-serve',
      '--wire',
      '--minutes',
      minutes,
      '--bench',
      bench,
      '--method',
      method,
      '--out',
      wired,
    ]);
    const [a, b] = [endedIn(rehearsed), endedIn(wired)];
    const apart_pct = FIGURES.map(id => 100 * (b.figures[id].value / a.figures[id].value - 1));
    const allowed_pct = FIGURES.map(id => {
      const [one, other] = [a.figures[id], b.figures[id]];
      return Math.max(TOLERANCE_pct, (100 * Math.hypot(one.u95, other.u95)) / one.value);
    });
    const [end_V, end_A] = [b.end_V - a.end_V, b.end_A - a.end_A];
    // Written so that a figure that is missing, or too uncertain to be compared, fails it.
    const agrees =
      allowed_pct.every(allowed => allowed <= COMPARABLE_pct) &&
      apart_pct.every((apart, i) => Math.abs(apart) <= allowed_pct[i]) &&
      Math.abs(end_V) <= TOLERANCE_V &&
      Math.abs(end_A) <= TOLERANCE_A;
    console.log(JSON.stringify({ rehearsed: a, wired: b }, null, 1));
    const apart = Object.fromEntries(FIGURES.map((id, i) => [id, Number(apart_pct[i].toFixed(3))]));
    const allowed = allowed_pct.map(allowed => Number(allowed.toFixed(2)));
    const tolerances = { pct: allowed, V: TOLERANCE_V, A: TOLERANCE_A };
    console.log(JSON.stringify({ apart_pct: apart, end_V, end_A, tolerances, agrees }));
    return agrees;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

compare(process.argv.slice(2)).then(
  agrees => {
    process.exitCode = agrees ? 0 : 1;
  },
  (error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 2;
  },
);
