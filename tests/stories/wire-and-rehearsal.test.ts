import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../control/bench/bench.ts';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { openRecord } from '../../control/record/record.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { RunResult } from '../../control/view.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { asStackRun } from '../../profiles/recorded-run.ts';
import { curvesOf } from '../../profiles/stack/curve.ts';
import { openRows } from '../support/plain-rows.ts';

/** The same short method rehearsed and on the wires, both by the program as a person starts it. */

const METHOD = `
method: short-curve
version: 2
phases:
- name: purge
  steps:
  - call: purge
    with: { pressure_barg: 1, purge_min: 10 }
- name: warm-up
  steps:
  - call: warm-up
    with: { temperature_degC: 60, flow_L_per_min: 200, rate_K_per_min: 1.5 }
- name: stabilise
  steps:
  - call: stabilise
    with: { temperature_degC: 60, load_pct: 50, window_min: 5, most_h: 0.25 }
- name: curve
  steps:
  - call: polarisation
    with: { dwell_s: 240, average_s: 120, loads_pct: [ 10, 30, 50, 75, 100 ] }
- name: cool-down
  steps:
  - call: cool-down
    with: { temperature_degC: 30, target_degC: 40 }
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;

const BENCH = 'examples/pem-500kw/bench.yaml';
const main = new URL('../../control/program/main.ts', import.meta.url).pathname;

interface Finished {
  readonly code: number | null;
  readonly wall_s: number;
  readonly stderr: string;
}

function start(args: readonly string[]): { pid: number; ended: Promise<Finished> } {
  const clock = realClock();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += String(chunk);
  });
  const ended = new Promise<Finished>(resolve => {
    child.on('exit', code => resolve({ code, wall_s: clock.now_s(), stderr }));
  });
  return { pid: child.pid ?? 0, ended };
}

/** A shortened run of the method on emulated wires, recorded in `out`. */
function onWires(method: string, out: string): string[] {
  return ['--no-serve', '--method', method, '--wire', '--minutes', '1.5', '--out', out];
}

/** Resolves when the run recorded in `dir` is in this phase, however long its start takes here; fails after 90 s. */
async function inPhase(dir: string, phase: string): Promise<void> {
  const clock = realClock();
  const until_s = clock.now_s() + 90;
  const isThere = (): boolean => {
    if (!existsSync(join(dir, 'run.sqlite'))) return false;
    try {
      using db = new DatabaseSync(join(dir, 'run.sqlite'), { readOnly: true });
      return db.prepare("SELECT 1 FROM events WHERE kind = 'phase' AND text = ?").get(phase) !== undefined;
    } catch {
      // It is only just being made.
      return false;
    }
  };
  while (!isThere()) {
    if (clock.now_s() > until_s) throw new Error(`${dir}: never in phase ${phase}`);
    await clock.sleep(0.2);
  }
}

function curveIn(dir: string) {
  const { bench, descriptions } = loadBench(BENCH, describeDevice);
  const record = openRecord(join(dir, 'run.sqlite'), compileRoles(bench, descriptions), subjectOf(bench));
  const run = asStackRun(record);
  const points = run === undefined ? [] : (curvesOf(run)[0]?.points ?? []);
  record.close();
  return points;
}

/** Process ids of the children of a process (Linux). */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

describe.concurrent('a short night on wires', { timeout: 240_000 }, () => {
  it('completes, has frames of all four devices, and its U-I points agree with the rehearsal', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'cellbench-wire-night-'));
    const method = join(dir, 'method.yaml');
    writeFileSync(method, METHOD);
    const rehearsed = await start(['--no-serve', '--method', method, '--out', join(dir, 'r')]).ended;
    expect(rehearsed).toMatchObject({ code: 0, stderr: '' });
    const wired = await start(onWires(method, join(dir, 'w'))).ended;
    const result = JSON.parse(readFileSync(join(dir, 'w', 'result.json'), 'utf8')) as RunResult;
    expect(result).toMatchObject({ mode: 'wire', verdict: 'completed', reason: '' });
    expect(wired).toMatchObject({ code: 0, stderr: '' });

    expect(result.timeFactor).toBeGreaterThan(20);
    const db = openRows(join(dir, 'w', 'run.sqlite'));
    for (const device of ['supply', 'rack', 'gas', 'plc']) {
      const { n, bad } = db
        .prepare(`SELECT count(*) AS n, sum(reason IS NOT NULL) AS bad FROM "frames_${device}"`)
        .get() as { n: number; bad: number };
      // Polled ten times a second; a loaded machine may cost some, but they are missing openly.
      expect(n).toBeGreaterThan(0.7 * 10 * result.simulated_s);
      expect(bad).toBeLessThan(0.02 * n);
    }
    db.close();

    const [expected, measured] = [curveIn(join(dir, 'r')), curveIn(join(dir, 'w'))];
    expect(expected).toHaveLength(9);
    expect(measured).toHaveLength(9);
    const apart = expected.map((point, i) => {
      const other = measured[i];
      expect(other.leg).toBe(point.leg);
      expect(other.current_A).toBeCloseTo(point.current_A, -1);
      const apart_V = Math.abs(other.cellVoltage_V - point.cellVoltage_V);
      expect(apart_V).toBeLessThan(Math.max(point.u95_V, other.u95_V));
      return apart_V;
    });
    console.log(
      `U-I points, wire against rehearsal: at most ${(Math.max(...apart) * 1000).toFixed(2)} mV apart (declared +-${(expected[0].u95_V * 1000).toFixed(1)} mV)`,
    );
    rmSync(dir, { recursive: true });
  });

  it('the emulator process killed in the middle: exit code 4, the reason in the result, nothing hangs, nothing left running', async () => {
    const clock = realClock();
    const dir = mkdtempSync(join(tmpdir(), 'cellbench-wire-kill-'));
    const method = join(dir, 'method.yaml');
    writeFileSync(method, METHOD);
    const { pid, ended } = start(onWires(method, join(dir, 'w')));
    await inPhase(join(dir, 'w'), 'warm-up');
    await clock.sleep(1);
    const [emulators] = childrenOf(pid);
    // No process of their own behind the serial lines: what is killed here is all there is.
    expect(childrenOf(emulators)).toEqual([]);
    process.kill(emulators, 'SIGKILL');
    const killed_s = clock.now_s();
    const { code, stderr } = await ended;
    // Named after 31 s (the vent is given 15 s without a reading, then every line its chance), and 30 s of record beyond.
    expect(clock.now_s() - killed_s).toBeLessThan(100);
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
    const result = JSON.parse(readFileSync(join(dir, 'w', 'result.json'), 'utf8')) as RunResult;
    expect(result.verdict).toContain('safe state NOT fully proved');
    expect(result.reason).toMatch(/supply|rack|gas|plc/);
    expect(result.reason).toContain('emergency stop');
    const means = result.unproven.map(({ otherwise }) => otherwise).join('\n');
    expect(means).toContain('open the DC contactor with the emergency stop');
    expect(means).toContain('open the anode vent by hand');
    expect(means).toContain('open the hand vent of the cathode slowly');
    rmSync(dir, { recursive: true });
  });
});
