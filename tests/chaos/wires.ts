import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { type BenchFiles, instrumentsConfig, writeBench } from './wires/bench.ts';
import { type Plan, runEnding } from './wires/ending.ts';
import { type Instruments, openInstrumentsProcess } from './wires/instruments.ts';
import { KINDS } from './wires/kinds.ts';
import type { Seen } from './wires/seen.ts';

/**
 * Endings on wires: the program as a person starts it, against emulated instruments in a process that outlives it,
 * ended in every way that a night may end. Progress on stderr; last line of stdout
 * `{ "n": endings, "violations": endings with something wrong, "kinds": { what was wrong: how often } }`.
 *
 *   --n N        endings, cycled over all kinds (60)
 *   --seed S     moments and times (1)
 *   --only KIND  this kind only (or all that begin so)
 *   --replay I   only these endings of that seed (`7`, `7,17-20`), folders of bad ones kept
 *   --jobs J     so many benches beside each other (2)
 *   --keep       keep the folders of bad endings (as with --replay)
 */

const ROOT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const clock = realClock();

interface Tally {
  n: number;
  violations: number;
  skipped: number;
  readonly kinds: Record<string, number>;
}

function plans(
  n: number,
  seed: number,
  only: string | undefined,
): { readonly number: number; readonly plan: Plan }[] {
  const kinds = only === undefined ? KINDS : KINDS.filter(kind => kind.name.startsWith(only));
  if (kinds.length === 0)
    throw new Error(`--only ${only}: no such kind, expected one of ${KINDS.map(k => k.name).join(', ')}`);
  const random = seededRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const kind = kinds[i % kinds.length];
    const moment = kind.moments[Math.floor(random.uniform() * kind.moments.length)];
    return { number: i + 1, plan: { kind, moment, seed: Math.floor(random.uniform() * 2 ** 31) } };
  });
}

/** The instruments, started anew after a bad ending: nobody inherits another's mess. */
class Laboratory {
  #open: { readonly instruments: Instruments; readonly files: BenchFiles } | undefined;
  readonly #scratch: string;
  #count = 0;

  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  async open(): Promise<{ readonly instruments: Instruments; readonly files: BenchFiles }> {
    if (this.#open !== undefined) return this.#open;
    const example = join(ROOT, 'examples/pem-500kw');
    const instruments = await openInstrumentsProcess(instrumentsConfig(example, 1), clock);
    const files = writeBench(example, join(this.#scratch, `bench-${++this.#count}`), instruments.endpoints);
    this.#open = { instruments, files };
    return this.#open;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.instruments.end();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      n: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      replay: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      keep: { type: 'boolean', default: false },
    },
  });
  try {
    // Endings are tried, not a busy machine: instruments and programs inherit this.
    setPriority(-10);
  } catch {
    // Not ours to ask for; a machine that is busy is then part of the trial.
  }
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-chaos-wires-'));
  const all = plans(Number(values.n), Number(values.seed), values.only);
  const ranges = (values.replay ?? `1-${all.length}`).split(',').map(range => range.split('-').map(Number));
  const todo = all.filter(({ number }) =>
    ranges.some(([first, last = first]) => number >= first && number <= last),
  );
  if (todo.length === 0) throw new Error(`nothing to do: --n ${values.n}, --replay ${values.replay}`);
  const keeps = values.keep || values.replay !== undefined;
  const tally: Tally = { n: 0, violations: 0, skipped: 0, kinds: {} };
  const work = async (place: number): Promise<void> => {
    const lab = new Laboratory(join(scratch, `place-${place}`));
    try {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        await endOne(next.number, next.plan, { scratch, keeps, lab, tally });
      }
    } finally {
      await lab.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, (_, i) => work(i + 1)));
  } finally {
    if (!keeps) rmSync(scratch, { recursive: true, force: true });
  }
  console.log(JSON.stringify(tally));
  return tally.violations > 0 ? 1 : 0;
}

async function endOne(
  number: number,
  plan: Plan,
  at: { readonly scratch: string; readonly keeps: boolean; readonly lab: Laboratory; readonly tally: Tally },
): Promise<void> {
  const start_s = clock.now_s();
  const folder = join(at.scratch, `${number}-${plan.kind.name}`);
  mkdirSync(folder, { recursive: true });
  const wrong = await tryOne(plan, folder, at.lab);
  note(at.tally, wrong);
  const what = wrong === undefined ? 'skipped' : wrong.length === 0 ? 'ok' : 'BAD';
  const took = `${(clock.now_s() - start_s).toFixed(0)} s`;
  const lines = [`${number} ${plan.kind.name} at ${plan.moment}: ${what} (${took})`];
  for (const text of wrong ?? []) lines.push(`    ${text}`);
  if (what === 'BAD' && at.keeps) lines.push(`    in ${folder}`);
  console.error(lines.join('\n'));
  if (what !== 'BAD') return;
  if (!at.keeps) rmSync(folder, { recursive: true, force: true });
  await at.lab.close();
}

/** Instruments that stood still for longer than this, s, between two looks at the stack did not answer in time. */
const STALL_S = 0.15;
const TRIES = 3;

/** What a machine without breath brings about by itself: a run that ends early, or for an answer that did not come. */
const FOR_WANT_OF_BREATH = /^(early|next-start):|no answer within/;

/**
 * An ending that never came about because the machine left the instruments without breath says nothing of the program:
 * it is tried again, and said so. What else was found at an ending stands.
 */
async function tryOne(plan: Plan, folder: string, lab: Laboratory): Promise<readonly string[] | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const open = await lab.open();
      const from = open.instruments.log.length;
      const at = attempt === 1 ? folder : join(folder, `again-${attempt}`);
      const wrong = await runEnding(plan, { root: ROOT, clock, ...open, folder: at });
      const stall_s = longestStall_s(open.instruments.log.slice(from));
      const neverCame = wrong?.every(text => FOR_WANT_OF_BREATH.test(text)) === true && wrong.length > 0;
      if (!neverCame || stall_s < STALL_S || attempt === TRIES) return wrong;
      console.error(
        `${plan.kind.name}: again, the machine stood still for ${stall_s.toFixed(2)} s: ${wrong[0]}`,
      );
    } catch (error) {
      return [`harness: ${messageOf(error)}`];
    }
    await lab.close();
  }
}

function longestStall_s(log: readonly Seen[]): number {
  const looks_s = log.flatMap(seen => (seen.what === 'stack' ? [seen.t_s] : []));
  return Math.max(0, ...looks_s.slice(1).map((t_s, i) => t_s - looks_s[i]));
}

function note(tally: Tally, wrong: readonly string[] | undefined): void {
  if (wrong === undefined) {
    tally.skipped++;
    return;
  }
  tally.n++;
  if (wrong.length > 0) tally.violations++;
  for (const text of wrong) {
    const kind = text.slice(0, text.indexOf(':'));
    tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
  }
}

process.exitCode = await main();
