import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { bareSteps } from './bare-plant.ts';
import { REHEARSED, type Rehearsed } from './rehearsed-methods.ts';

/**
 * How fast methods are rehearsed: `npm run measure:rehearsal -- [--only night,cycling,beside] [--runs 3]`. Each is the
 * whole process of `cellbench rehearse`, from its start to its exit, with every frame in the journal, the figures computed
 * and the report written; beside it, in the same run, the twin alone for as many steps. CPU seconds are those of all
 * threads (Linux): other work on the machine hardly shows in them. `simulated_per_cpu` is simulated seconds in a CPU
 * second, `over_twin` the CPU time over that of the twin alone, both medians; `speed_factor` is in wall time. Last line:
 * JSON, a row a method.
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(REHEARSED).join(',') },
    runs: { type: 'string', default: '3' },
  },
});
const main = new URL('../../control/program/main.ts', import.meta.url).pathname;
const SEED = 1;
/** The kernel counts a process's time in hundredths of a second, whatever its own clock is. */
const TICKS_PER_S = 100;

interface Measured {
  readonly wall_s: number;
  readonly cpu_s: number;
  readonly bareCpu_s: number;
  readonly simulated_s: number;
  readonly rows: number;
  readonly peak_rss_MB: number;
}

/** CPU time of all threads and high-water mark of the memory; both only grow, so the last look before the end counts. */
function used(pid: number | undefined): { readonly cpu_s: number; readonly peak_kB: number } {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // After the name in brackets, which may have spaces in it: state is the 3rd figure, user and system the 14th and 15th.
    const figures = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { cpu_s: (Number(figures[11]) + Number(figures[12])) / TICKS_PER_S, peak_kB: Number(peak ?? 0) };
  } catch {
    return { cpu_s: 0, peak_kB: 0 };
  }
}

async function measure({ bench, text, example }: Rehearsed, clock = realClock()): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-measure-'));
  try {
    const method = example ?? join(dir, 'method.yaml');
    if (text !== undefined) writeFileSync(method, text);
    const out = join(dir, 'run');
    const start_s = clock.now_s();
    const args = ['--disable-warning=ExperimentalWarning', main, 'rehearse', bench, method, '--out', out];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    let [cpu_s, peak_kB] = [0, 0];
    const cancel = clock.every(0.02, () => {
      const now = used(child.pid);
      cpu_s = Math.max(cpu_s, now.cpu_s);
      peak_kB = Math.max(peak_kB, now.peak_kB);
    });
    const code = await new Promise<number | null>(resolve => child.on('exit', resolve));
    cancel();
    const wall_s = clock.now_s() - start_s;
    // 1: there is something to look at; the run itself is through.
    if (code !== 0 && code !== 1) throw new Error(`the rehearsal ended with exit code ${code}`);
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
      readonly simulated_s: number;
      readonly rows: number;
    };
    const { simulated_s, rows } = result;
    const bareCpu_s = bareSteps(loadBench(bench, describeDevice), SEED, Math.round(simulated_s)).cpu_s;
    return { wall_s, cpu_s, bareCpu_s, simulated_s, rows, peak_rss_MB: peak_kB / 1024 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)];
}

const found: Record<string, Readonly<Record<string, number>>> = {};
for (const name of values.only.split(',')) {
  const rehearsed = REHEARSED[name];
  if (rehearsed === undefined)
    throw new Error(`"${name}" is none of them, expected ${Object.keys(REHEARSED).join(', ')}`);
  const runs: Measured[] = [];
  for (let i = 0; i < Math.max(1, Number(values.runs)); i++) {
    const run = await measure(rehearsed);
    runs.push(run);
    console.log(
      `${name} ${i + 1}: ${run.simulated_s.toFixed(0)} s in ${run.cpu_s.toFixed(2)} CPU s (the twin alone ${run.bareCpu_s.toFixed(2)}), ${run.wall_s.toFixed(2)} s of wall time, ${run.rows} rows, peak ${run.peak_rss_MB.toFixed(0)} MB`,
    );
  }
  found[name] = {
    simulated_per_cpu: Math.round(median(runs.map(run => run.simulated_s / run.cpu_s))),
    over_twin: Number(median(runs.map(run => run.cpu_s / run.bareCpu_s)).toFixed(2)),
    cpu_s: Number(median(runs.map(run => run.cpu_s)).toFixed(2)),
    speed_factor: Math.round(median(runs.map(run => run.simulated_s / run.wall_s))),
    rows: runs[0].rows,
    peak_rss_MB: Math.round(Math.max(...runs.map(run => run.peak_rss_MB))),
  };
}
console.log(JSON.stringify(found));
