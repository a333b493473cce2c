import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../drivers/contract/clock.ts';

/**
 * How fast the night is rehearsed: the whole process of `npm start -- --no-serve`, from its start to its exit, with
 * every frame in the journal, the figures computed and the report written. Last line: JSON.
 * `speed_factor` = simulated seconds per wall second, median of three runs; `peak_rss_MB` = the largest of them.
 */

const RUNS = 3;
const main = new URL('../../control/program/main.ts', import.meta.url).pathname;

interface Measured {
  readonly wall_s: number;
  readonly simulated_s: number;
  readonly rows: number;
  readonly peak_rss_MB: number;
}

/** High-water mark of the process's memory, kB; only grows, so the last look before the end counts. Linux only. */
function highWater_kB(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function measure(clock = realClock()): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-measure-'));
  try {
    const start_s = clock.now_s();
    const args = ['--disable-warning=ExperimentalWarning', main, '--no-serve', '--out', dir];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    let peak_kB = 0;
    const cancel = clock.every(0.02, () => {
      peak_kB = Math.max(peak_kB, highWater_kB(child.pid));
    });
    const code = await new Promise<number | null>(resolve => child.on('exit', resolve));
    cancel();
    const wall_s = clock.now_s() - start_s;
    if (code !== 0) throw new Error(`the rehearsal ended with exit code ${code}`);
    const result = JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')) as {
      simulated_s: number;
      rows: number;
    };
    return { wall_s, simulated_s: result.simulated_s, rows: result.rows, peak_rss_MB: peak_kB / 1024 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const runs: Measured[] = [];
for (let i = 0; i < RUNS; i++) {
  const run = await measure();
  runs.push(run);
  console.log(
    `run ${i + 1}: ${run.simulated_s.toFixed(0)} s in ${run.wall_s.toFixed(2)} s (x ${(run.simulated_s / run.wall_s).toFixed(0)}), ${run.rows} rows, peak ${run.peak_rss_MB.toFixed(0)} MB`,
  );
}
const middle = [...runs].sort((a, b) => a.wall_s - b.wall_s)[Math.floor(RUNS / 2)];
console.log(
  JSON.stringify({
    speed_factor: Math.round(middle.simulated_s / middle.wall_s),
    wall_s: Number(middle.wall_s.toFixed(2)),
    rows: middle.rows,
    peak_rss_MB: Math.round(Math.max(...runs.map(r => r.peak_rss_MB))),
  }),
);
