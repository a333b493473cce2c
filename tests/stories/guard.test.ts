import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Acted, GuardLine, GuardMark } from '../../control/guard/guard-log.ts';
import type { RunResult } from '../../control/review/result.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { startWireBench, type WireBench } from '../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../sim/wire-protocol.ts';
import { instrumentsConfig, writeBench } from '../chaos/wires/bench.ts';
import { cellbench, ROOT, scratchFolder } from './support/program.ts';

/**
 * Two processes that watch each other, on emulated lines that answer late: whichever is killed, stopped or stands still,
 * the output goes off; and the pressure is let off by whoever is left.
 */

const clock = realClock();
const scratch = scratchFolder();
const EXAMPLE = join(ROOT, 'examples/pem-500kw');
/** Of the bench files here, s. */
const TIMEOUT_S = 3;
const WATCHDOG_S = 5;
/** How late the supply answers, ms. */
const LATE_MS = 40;

interface Raw {
  stack: Record<string, unknown>;
  devices: Record<string, Record<string, unknown>>;
  roles: Record<string, string>;
  limits: Record<string, Record<string, number>>;
  interlocks: Record<string, unknown>[];
  safeState: { steps: Record<string, unknown>[]; proof: Record<string, unknown>[] };
}

const LOAD = `
- set: { stack.voltage_V: 297, stack.power_W: 600000, stack.current_A: 0, stack.output_on: on }
- ramp: { stack.current_A: 1900, per_s: 1000 }
`;
const END = `
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;

/** Busy for half a minute at SIGUSR2: what a program does that has lost itself. */
const BLOCK = `process.on('SIGUSR2', () => { const end = Date.now() + 30_000; while (Date.now() < end); });`;

/** A bench on lines of its own, and a run on it by the program as a person starts it. */
interface Story {
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

/** Starts it and waits until the stack carries current. `change` makes the bench of the story out of the example. */
async function begin(
  name: string,
  factor: number,
  change: (raw: Raw) => void,
  load: string,
  then = '',
): Promise<Story> {
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
  writeFileSync(
    method,
    `method: ${name}\nversion: 2\nsteps:${load}${then}\n- { wait: {}, for_s: 600 }${END}`,
  );
  const block = join(folder, 'block.mjs');
  writeFileSync(block, BLOCK);
  await wires.carryOut({ do: 'fault', device: 'supply', fault: { delay_ms: LATE_MS } });
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

const alone = (name: string): Promise<Story> => begin(name, 1, supplyAlone, LOAD);

const isOff = (story: Story) => async (): Promise<boolean> => (await story.look('stack.outputSet_on')) === 0;

async function acted(story: Story): Promise<Acted> {
  await story.until('the guard is through', 40, async () => {
    const { acted } = story.mark();
    return acted !== null && (acted.proved_s !== null || acted.unproven.length > 0);
  });
  const { acted: end } = story.mark();
  if (end === null) throw new Error('the guard has not acted');
  return end;
}

describe('a run at pressure', () => {
  it('is stopped at 30 barg (SIGSTOP): the guard ends it, switches off, and lets the pressure off by its ramp', async () => {
    const vent_bar_per_min = 600;
    const story = await begin(
      'stop',
      150,
      raw => {
        // The gases of a plant that is so much faster, and not purged, are not what is looked at here.
        raw.interlocks = raw.interlocks.filter(({ id }) => /^(stack|cathode|supply|plc)-/.test(String(id)));
        raw.limits['cathode.pressureSet_barg']['ramp_per_s'] = 15;
        raw.safeState.steps = raw.safeState.steps.map(step =>
          'vent' in step
            ? { ...step, rate_bar_per_min: vent_bar_per_min, accepted: 'the plant is as much faster' }
            : step,
        );
      },
      LOAD.replace(
        '- set: {',
        `- set: { h2.outletValve_on: on, anode.ventValve_on: on, water.pump_on: on }\n- set: {`,
      ),
      '- set: { cathode.pressure_barg: 30 }',
    );
    await story.until('30 barg', 60, async () => (await story.look('cathode.pressure_barg')) > 29.5);
    process.kill(story.pid, 'SIGSTOP');
    const off_s = await story.until('off', 15, isOff(story));
    expect(off_s).toBeGreaterThan(TIMEOUT_S - 0.5);
    // Before the supply's own watchdog.
    expect(off_s).toBeLessThan(WATCHDOG_S);
    const from_barg = await story.look('cathode.pressure_barg');
    expect(from_barg).toBeGreaterThan(20);
    const start_s = clock.now_s();
    const took_s = await story.until(
      'vented',
      30,
      async () => (await story.look('cathode.pressure_barg')) < 0.5,
    );
    // By the ramp, not by opening a valve.
    expect(took_s).toBeGreaterThan((0.8 * (from_barg * 60)) / vent_bar_per_min - 1);
    expect(await acted(story)).toMatchObject({ because: 'silence', unproven: [], watchdog_s: WATCHDOG_S });
    expect(clock.now_s() - start_s).toBeLessThan(30);
    expect(await story.ended).toBe(null);
    expect(
      story
        .log()
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(/controlled vent from [\d.]+ barg.*[\s\S]*vented to/);
  }, 120_000);
});

// Two at a time: each is three processes.
describe('a run under load', () => {
  it.concurrent('is killed (SIGKILL): the guard acts at once, and what it did stands in the result', async () => {
    const story = await alone('kill');
    process.kill(story.pid, 'SIGKILL');
    expect(await story.until('off', 15, isOff(story))).toBeLessThan(TIMEOUT_S);
    const end = await acted(story);
    expect(end).toMatchObject({ because: 'gone', unproven: [] });
    expect(end.off_s).toBeLessThan(TIMEOUT_S);
    expect(await cellbench('conclude', story.out)).toMatchObject({ code: 0 });
    const result = JSON.parse(readFileSync(join(story.out, 'result.json'), 'utf8')) as RunResult;
    expect(result).toMatchObject({ verdict: 'cut off', cause: { by: 'guard', id: 'gone' }, unproven: [] });
    expect(result.reason).toMatch(
      /its guard ended it, had the output off [\d.]+ s after the last beat \(by the guard\)/,
    );
  }, 120_000);

  it.concurrent('is killed with its guard: the watchdog of the supply is what is left, and the next start asks', async () => {
    const story = await alone('both');
    process.kill(story.guard, 'SIGKILL');
    process.kill(story.pid, 'SIGKILL');
    const off_s = await story.until('off', 15, isOff(story));
    expect(off_s).toBeGreaterThan(WATCHDOG_S - 1.5);
    expect(off_s).toBeLessThan(WATCHDOG_S + 1.5);
    const args = ['--real', '--bench', story.bench, '--method', story.method, '--no-serve', '--out'];
    const next = await cellbench(...args, join(scratch.path, 'both-next'));
    expect(next.code).toBe(2);
    expect(next.stderr).toMatch(/bench\.guard\.json: controller .* ended without a word: .*--acknowledge/);
  }, 120_000);
});

describe('a run or its guard under load', () => {
  it.concurrent('blocks its event loop: the guard ends it and switches off before the watchdog of the supply', async () => {
    const story = await alone('block');
    process.kill(story.pid, 'SIGUSR2');
    expect(await story.until('off', 15, isOff(story))).toBeLessThan(WATCHDOG_S);
    expect(await acted(story)).toMatchObject({ because: 'silence', unproven: [] });
    expect(await story.ended).toBe(null);
  }, 120_000);

  it.concurrent('loses its guard: it goes into its safe state, and says so', async () => {
    const story = await alone('guard');
    process.kill(story.guard, 'SIGKILL');
    expect(await story.until('off', 15, isOff(story))).toBeLessThan(TIMEOUT_S);
    expect(await story.ended).toBe(4);
    const result = JSON.parse(readFileSync(join(story.out, 'result.json'), 'utf8')) as RunResult;
    expect(result).toMatchObject({ cause: { by: 'guard', id: 'lost' }, unproven: [] });
    expect(existsSync(join(story.out, 'guard.jsonl'))).toBe(false);
  }, 120_000);
});
