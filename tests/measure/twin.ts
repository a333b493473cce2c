import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MEASURED_PLANTS } from './measured-plants.ts';

/**
 * How long a simulated campaign takes over the full path at 1 Hz, plant by plant, each in a process of its own:
 * `npm run measure:twin -- --hours 1000 [--only pem,spme]`. `overhead`: wall time of the full path over that of the
 * plant alone for as many steps, one after the other in the same process, which has the cores of the machine as a user's
 * has. `overhead_one_core`: the same of a second process that has one core for everything, the journal's thread included;
 * empty where `taskset` is missing. All other columns are of this second process (of the first where there is none).
 * `in CPU s` and `main thread` are its overhead in CPU seconds, of all threads and of the main one over the bare plant's:
 * other work on the machine does not show in them. `--realtime [--seconds 20]` measures instead how much of a core
 * 64 cells and one stack of 100 cells need at 10 Hz. Last line: JSON.
 */

/** Other simulators, one core, 1000 h: measured once on a machine like the one this was written on. */
const REFERENCES = 'PyBaMM SPMe about 835 s, NREL electrolyzer model 132 s';

interface Row {
  readonly plant: string;
  readonly verdict: string;
  readonly hours: number;
  readonly wall_s: number;
  readonly cpu_s: number;
  /** Wall time of the full path over the bare plant's for the same steps. */
  readonly overhead: number;
  readonly overhead_cpu: number;
  readonly overhead_main: number;
  readonly heap_slope_MB_per_1000h: number;
  readonly peak_rss_MB: number;
  readonly ticks_per_s: number;
  readonly bare_steps_per_s: number;
  readonly interlocks: number;
  readonly rows_per_s: number;
}

/** A plant in both processes; null where none could be held on one core. */
interface BothRows extends Row {
  readonly overhead_one_core: number | null;
}

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1000' },
    only: { type: 'string', default: Object.keys(MEASURED_PLANTS).join(',') },
    realtime: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
  },
});

const canPin = spawnSync('taskset', ['--version']).status === 0;
const core = availableParallelism() - 1;

/** Runs a script of this folder, hands its progress on and returns what its last line says. */
function measured<T>(script: string, args: readonly string[], isOnOneCore: boolean): Promise<T> {
  const path = new URL(script, import.meta.url).pathname;
  const node = ['--disable-warning=ExperimentalWarning', '--expose-gc', path, ...args];
  const [command, ...rest] = isOnOneCore
    ? ['taskset', '-c', String(core), process.execPath, ...node]
    : [process.execPath, ...node];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    process.stdout.write(chunk.replaceAll(/^\{.*\n/gm, ''));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      if (code !== 0) reject(new Error(`${script} ${args.join(' ')} ended with exit code ${code}`));
      else resolve(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as T);
    });
  });
}

/** Measures a plant with all cores and with one. */
async function measuredTwice(name: string): Promise<BothRows> {
  const free = await measured<Row>('twin-run.ts', [name, values.hours], false);
  if (!canPin) return { ...free, overhead_one_core: null };
  const pinned = await measured<Row>('twin-run.ts', [name, values.hours], true);
  return { ...pinned, overhead: free.overhead, overhead_one_core: pinned.overhead };
}

function table(rows: readonly BothRows[]): string {
  const head = [
    'plant',
    'hours',
    'wall s',
    'CPU s',
    's/1000 h',
    'target',
    'overhead',
    'one core',
    'in CPU s',
    'main thread',
    'ticks/s',
    'rows/s',
    'steps/s bare',
    'heap MB/1000 h',
    'peak MB',
  ];
  const lines = rows.map(row => [
    row.plant,
    row.hours.toFixed(0),
    row.wall_s.toFixed(1),
    row.cpu_s.toFixed(1),
    ((row.wall_s / row.hours) * 1000).toFixed(1),
    `<= ${MEASURED_PLANTS[row.plant]?.target_s}`,
    row.overhead.toFixed(2),
    row.overhead_one_core?.toFixed(2) ?? '',
    row.overhead_cpu.toFixed(2),
    row.overhead_main.toFixed(2),
    String(row.ticks_per_s),
    String(row.rows_per_s),
    String(row.bare_steps_per_s),
    row.heap_slope_MB_per_1000h.toFixed(2),
    row.peak_rss_MB.toFixed(0),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map(line => line[i].length)));
  return [head, ...lines].map(line => line.map((cell, i) => cell.padStart(widths[i])).join('  ')).join('\n');
}

if (values.realtime) {
  const row = await measured<Record<string, number>>('twin-realtime.ts', [values.seconds], canPin);
  console.log(JSON.stringify({ ...row, pinned: canPin }));
} else {
  const rows: BothRows[] = [];
  for (const name of values.only.split(',')) {
    const plant = MEASURED_PLANTS[name];
    if (plant === undefined)
      throw new Error(`--only ${name}: expected some of ${Object.keys(MEASURED_PLANTS).join(',')}`);
    if (!existsSync(plant.bench)) throw new Error(`${plant.bench} is missing`);
    rows.push(await measuredTwice(name));
  }
  console.log(`\n${table(rows)}`);
  console.log(
    `overhead: ${core + 1} cores; ${canPin ? `all else: core ${core} for all threads` : 'no run on one core (taskset is missing)'}. Every run: ${rows.map(r => r.interlocks).join(', ')} interlocks, journal on disk, record read back, figures.`,
  );
  console.log(`For comparison, models alone without any bench around them, 1000 h: ${REFERENCES}.\n`);
  console.log(JSON.stringify({ rows, cores: core + 1, pinned: canPin, references: REFERENCES }));
}
