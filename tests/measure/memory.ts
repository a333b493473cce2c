import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realClock } from '../../drivers/contract/clock.ts';

/**
 * How much memory the ways out of a 1000 h run of a PEM stack take: the largest resident memory of the whole process, MB,
 * for its rehearsal (with figures and report), for its `report` out of the record, for `compare` with itself, `verify` and
 * `export` in each form, and beside that
 * seconds and MB on the disk. Last line: JSON. `--run DIR` takes a run that is there, `--forms csv,hdf5` only these.
 */

const FORMS = ['csv', 'parquet', 'esdf', 'hdf5', 'rocrate', 'rde'];
const MB = 1 << 20;
const root = new URL('../..', import.meta.url).pathname;
const clock = realClock();
const { values: given } = parseArgs({
  options: { run: { type: 'string' }, forms: { type: 'string', default: FORMS.join() } },
});

interface Measured {
  readonly peak_MB: number;
  readonly took_s: number;
}

/** High-water mark of a process's memory, kB; only grows, so the last look before the end counts. Linux only. */
function highWater_kB(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function measured(config: string, ...args: string[]): Promise<Measured> {
  const start_s = clock.now_s();
  const main = join(root, 'control/program/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, XDG_CONFIG_HOME: config },
  });
  let peak_kB = 0;
  const cancel = clock.every(0.02, () => {
    peak_kB = Math.max(peak_kB, highWater_kB(child.pid));
  });
  const code = await new Promise<number | null>(resolve => child.on('exit', resolve));
  cancel();
  if (code !== 0 && code !== 1) throw new Error(`${args.join(' ')}: exit code ${code}`);
  return { peak_MB: Math.round(peak_kB / 1024), took_s: Math.round(clock.now_s() - start_s) };
}

function bytesIn(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

const dir = mkdtempSync(join(tmpdir(), 'cellbench-memory-'));
try {
  const line: Record<string, number> = {};
  const run = given.run ?? join(dir, 'run');
  if (given.run === undefined) {
    const example = join(root, 'examples/durability-pem');
    const files = [join(example, 'bench.yaml'), join(example, 'durability.yaml')];
    line['rehearsal_MB'] = (await measured(dir, 'rehearse', ...files, '--out', run)).peak_MB;
  }
  const report = await measured(dir, 'report', run, '--to', join(dir, 'report.html'));
  line['report_MB'] = report.peak_MB;
  line['compare_MB'] = (await measured(dir, 'compare', run, run)).peak_MB;
  line['verify_MB'] = (await measured(dir, 'verify', run)).peak_MB;
  for (const form of given.forms.split(',')) {
    const out = join(dir, form);
    const { peak_MB, took_s } = await measured(dir, 'export', run, '--to', form, '--out', out);
    const disk_MB = Math.round(bytesIn(out) / MB);
    console.log(`export --to ${form}: ${peak_MB} MB of memory, ${took_s} s, ${disk_MB} MB on the disk`);
    line[`export_${form}_MB`] = peak_MB;
    rmSync(out, { recursive: true });
  }
  console.log(JSON.stringify(line));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
