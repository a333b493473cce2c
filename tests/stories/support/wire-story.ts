import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Acted, GuardLine, GuardMark } from '../../../control/guard/guard-log.ts';
import type { RunResult } from '../../../control/review/result.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { startWireBench, type WireBench } from '../../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../../sim/wire-protocol.ts';
import { instrumentsConfig, writeBench } from '../../chaos/wires/bench.ts';
import { ROOT, scratchFolder } from './program.ts';

/** A run by the program as a person starts it, on emulated lines of its own that answer late, with its guard. */

export const clock = realClock();
export const scratch = scratchFolder();
const EXAMPLE = join(ROOT, 'examples/pem-500kw');
/** Of the bench files here, s. */
export const TIMEOUT_S = 3;
export const WATCHDOG_S = 5;
/** How late the supply answers, ms. */
const LATE_MS = 40;

export interface Raw {
  stack: Record<string, unknown>;
  devices: Record<string, Record<string, unknown>>;
  roles: Record<string, string>;
  limits: Record<string, Record<string, number>>;
  interlocks: Record<string, unknown>[];
  safeState: { steps: Record<string, unknown>[]; proof: Record<string, unknown>[] };
}

export const LOAD = `
- set: { stack.voltage_V: 297, stack.power_W: 600000, stack.current_A: 0, stack.output_on: on }
- ramp: { stack.current_A: 1900, per_s: 1000 }
`;
const indented = (steps: string): string => steps.replaceAll('\n', '\n  ');
/** One phase that holds its load for so long; after a cut it comes back to it. */
const methodOf = (name: string, load: string, then: string, hold_s: number): string => `method: ${name}
version: 2
phases:
- name: load
  reentry:${indented(load)}
  steps:${indented(`${load}${then}`)}
  - { wait: {}, name: held, for_s: ${hold_s} }${END}`;
const END = `
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;

/** Busy for half a minute at SIGUSR2: what a program does that has lost itself. */
const BLOCK = `process.on('SIGUSR2', () => { const end = Date.now() + 30_000; while (Date.now() < end); });`;

/** A bench on lines of its own, and a run on it by the program as a person starts it. */
export interface Story {
  readonly wires: WireBench;
  readonly pid: number;
  readonly guard: number;
  readonly out: string;
  readonly bench: string;
  readonly method: string;
  readonly look: (signal: string) => Promise<number>;
  /** Time until that is so, s; fails after `most_s`. */
  readonly until: (what: string, most_s: number, is: () => Promise<boolean>) => Promise<number>;
  readonly ended: Promise<number | null>;
  mark(): GuardMark;
  log(): GuardLine[];
}

const stories: { readonly wires: WireBench; readonly pids: number[] }[] = [];
afterAll(async () => {
  for (const { wires, pids } of stories) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    await wires.end();
  }
  scratch.remove();
});

async function until(what: string, most_s: number, is: () => Promise<boolean>): Promise<number> {
  const start_s = clock.now_s();
  while (!(await is())) {
    if (clock.now_s() - start_s > most_s) throw new Error(`${what}: not within ${most_s} s`);
    await clock.sleep(0.02);
  }
  return clock.now_s() - start_s;
}

/** Why a run ended; empty where it has no result. */
function reasonIn(out: string): string {
  const path = join(out, 'result.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunResult).reason : '';
}

/** A bench on lines of its own, its supply late, and a method for it. */
export interface LineFiles {
  readonly wires: WireBench;
  readonly folder: string;
  readonly bench: string;
  readonly method: string;
  /** Processes of the story: what is left of them goes with it. */
  readonly pids: number[];
}

/** Starts the lines. `change` makes the bench of the story out of the example. */
async function lineFiles(
  name: string,
  factor: number,
  change: (raw: Raw) => void,
  methodText: string,
): Promise<LineFiles> {
  const config = instrumentsConfig(EXAMPLE, 1);
  const folder = join(scratch.path, name);
  const raw = (path: string): Raw => parse(readFileSync(path, 'utf8')) as Raw;
  const only = raw(join(EXAMPLE, 'bench.yaml'));
  change(only);
  const devices = Object.fromEntries(Object.entries(config.devices).filter(([id]) => id in only.devices));
  const settings = wireConfigSchema.parse({ ...config, timeFactor: factor, devices });
  const wires = await startWireBench(settings, clock);
  const pids: number[] = [];
  stories.push({ wires, pids });
  const { bench, method } = writeBench(EXAMPLE, folder, wires.endpoints);
  const file = raw(bench);
  change(file);
  file.devices['supply']['reply_s'] = 1;
  writeFileSync(bench, stringify(file));
  writeFileSync(method, methodText);
  await wires.carryOut({ do: 'fault', device: 'supply', fault: { delay_ms: LATE_MS } });
  return { wires, folder, bench, method, pids };
}

/** Starts it and waits until the stack carries current. */
export async function begin(
  name: string,
  factor: number,
  change: (raw: Raw) => void,
  load: string,
  then = '',
  hold_s = 600,
): Promise<Story> {
  const text = methodOf(name, load, then, hold_s);
  const { wires, folder, bench, method, pids } = await lineFiles(name, factor, change, text);
  const block = join(folder, 'block.mjs');
  writeFileSync(block, BLOCK);
  const out = join(folder, 'run');
  const args = ['--real', '--bench', bench, '--method', method, '--no-serve', '--out', out];
  const main = join(ROOT, 'control/program/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: `--import=${block}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const pid = child.pid ?? 0;
  pids.push(pid);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  const look = async (signal: string): Promise<number> =>
    Number(await wires.carryOut({ do: 'look', signal }));
  const path = join(folder, 'bench.guard.json');
  const mark = (): GuardMark => JSON.parse(readFileSync(path, 'utf8')) as GuardMark;
  await until(`${name}: under load`, 90, async () => {
    if (child.exitCode !== null) throw new Error(`${name}: ${said}${reasonIn(out)}`);
    return (await look('stack.current_A')) > 1500;
  });
  const { guard } = mark();
  pids.push(guard);
  return {
    wires,
    pid,
    guard,
    out,
    bench,
    method,
    look,
    until: (what, most_s, is) => until(`${name}: ${what}`, most_s, is),
    ended,
    mark,
    log: () =>
      readFileSync(join(out, 'guard.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as GuardLine),
  };
}

/** Nothing but the supply. */
function supplyAlone(raw: Raw): void {
  const isThere = (role: unknown): boolean => role === undefined || String(role) in raw.roles;
  raw.devices = { supply: raw.devices['supply'] };
  raw.roles = Object.fromEntries(Object.entries(raw.roles).filter(([, to]) => to.startsWith('supply.')));
  raw.limits = Object.fromEntries(Object.entries(raw.limits).filter(([role]) => role in raw.roles));
  raw.interlocks = raw.interlocks.filter(one => isThere(one['role']) && isThere(one['minus']));
  raw.safeState.steps = raw.safeState.steps.filter(step => 'device' in step);
  raw.safeState.proof = raw.safeState.proof.filter(({ role }) => isThere(role));
}

/** The lines of the supply alone, late, and a method that holds its load for so long; nothing runs there yet. */
export const aloneFiles = (name: string, hold_s: number): Promise<LineFiles> =>
  lineFiles(name, 1, supplyAlone, methodOf(name, LOAD, '', hold_s));

/** The supply alone, under load for so long. */
export const alone = (name: string, hold_s = 600): Promise<Story> =>
  begin(name, 1, supplyAlone, LOAD, '', hold_s);

export const isOff = (story: Story) => async (): Promise<boolean> =>
  (await story.look('stack.outputSet_on')) === 0;

export async function acted(story: Story): Promise<Acted> {
  await story.until('the guard is through', 40, async () => {
    const { acted } = story.mark();
    return acted !== null && (acted.proved_s !== null || acted.unproven.length > 0);
  });
  const { acted: end } = story.mark();
  if (end === null) throw new Error('the guard has not acted');
  return end;
}
