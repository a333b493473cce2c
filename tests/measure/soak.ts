import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { guardMarkSchema } from '../../control/guard/guard-log.ts';
import { readCheckpoint } from '../../control/run/read-checkpoint.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { instrumentsOf, writeKillBench } from '../chaos/kills/bench.ts';
import { startController } from '../chaos/wires/controller.ts';
import { openInstrumentsProcess } from '../chaos/wires/instruments.ts';

/**
 * A long run by the program with its guard, at load, on emulated instruments in a process of their own, every one polled ten
 * times a second: resident memory of both processes each 5 s with its slope behind the first fifth, what the controller still
 * holds after a whole collection at each fifth, and the ticks that were missed (a collection may cost one). `--minutes 20`;
 * `--silence 15`: on a machine so busy that a run of 3 s of silence does not last. Last line: JSON. Exit 1 where the run did not
 * last, what is held grows by more than 5 % from the first fifth to the end, or the guard by more than 1 MB a minute.
 */

const POLL_S = 0.1;
const LOOK_S = 5;
const MOST_MB_PER_MIN = 1;
const MOST_GROWTH = 0.05;
const PARTS = 5;
const ROOT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const EXAMPLE = join(ROOT, 'examples/pem-500kw');
const clock = realClock();
const { values: given } = parseArgs({
  options: { minutes: { type: 'string', default: '20' }, silence: { type: 'string' } },
});
const MINUTES = Number(given.minutes);
/** Silence that bench, watchdogs and guard bear, s, and three times what an answer may take; undefined: as in a real run, some 3 s. */
const SILENCE_S = given.silence === undefined ? undefined : Number(given.silence);

interface Look {
  readonly t_min: number;
  readonly controller_MB: number;
  readonly guard_MB: number;
}

/** Resident memory of a process, MB; NaN: it has gone. Linux only. */
function resident_MB(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Least squares, per unit of `x`. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const over = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  return x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0) / over;
}

/** What the session had counted of each instrument at its last word. */
function sampledIn(out: string): Record<string, { frames: number; badFrames: number; missedTicks: number }> {
  if (!existsSync(join(out, 'run.sqlite'))) return {};
  const db = new DatabaseSync(join(out, 'run.sqlite'), { readOnly: true });
  try {
    const row = db.prepare('SELECT state FROM checkpoints ORDER BY rowid DESC LIMIT 1').get();
    return readCheckpoint(JSON.parse(String(row?.['state']))).sampling;
  } finally {
    db.close();
  }
}

const dir = mkdtempSync(join(tmpdir(), 'cellbench-soak-'));
const instruments = await openInstrumentsProcess(instrumentsOf(EXAMPLE, 'whole', 1), clock);
const files = writeKillBench(EXAMPLE, join(dir, 'bench'), 'whole', instruments.endpoints, 10_000);
const bench = parse(readFileSync(files.bench, 'utf8')) as {
  devices: Record<
    string,
    { poll_s: number; stale_after_s: number; reply_s?: number; watchdog?: { timeout_s: number } }
  >;
  guard: { timeout_s: number };
};
for (const device of Object.values(bench.devices)) device.poll_s = POLL_S;
if (SILENCE_S !== undefined) {
  bench.guard = { timeout_s: SILENCE_S };
  for (const device of Object.values(bench.devices)) {
    device.stale_after_s = SILENCE_S;
    device.reply_s = SILENCE_S / 3;
    if (device.watchdog !== undefined) device.watchdog.timeout_s = SILENCE_S;
  }
}
writeFileSync(files.bench, stringify(bench));
const out = join(dir, 'run');
const args = ['--real', '--bench', files.bench, '--method', files.method, '--no-serve', '--out', out];
const heapFile = join(dir, 'live-heap.txt');
const controller = startController(ROOT, args, clock, {
  NODE_OPTIONS: `--expose-gc --import=${new URL('./soak/live-heap.ts', import.meta.url).href}`,
  CELLBENCH_LIVE_HEAP: heapFile,
});
/** What it held after each collection so far, MB. */
const held_MB = (): number[] =>
  existsSync(heapFile)
    ? readFileSync(heapFile, 'utf8')
        .trim()
        .split('\n')
        .map(line => Number(line) / 1e6)
    : [];
try {
  const looks: Look[] = [];
  const begin_s = clock.now_s();
  let guard = 0;
  let collected = 0;
  while (clock.now_s() - begin_s < 60 * MINUTES && controller.exit() === undefined) {
    await clock.sleep(LOOK_S);
    const part = Math.floor(((clock.now_s() - begin_s) / 60 / MINUTES) * PARTS);
    if (part > collected && controller.exit() === undefined) {
      collected = part;
      process.kill(controller.pid, 'SIGUSR2');
    }
    // The log of the instruments is ours to hold: it must not be what is measured on this machine.
    (instruments.log as unknown[]).length = 0;
    try {
      guard = guardMarkSchema.parse(JSON.parse(readFileSync(files.mark, 'utf8'))).guard;
    } catch {
      continue;
    }
    const t_min = (clock.now_s() - begin_s) / 60;
    looks.push({ t_min, controller_MB: resident_MB(controller.pid), guard_MB: resident_MB(guard) });
    const { controller_MB, guard_MB } = looks[looks.length - 1];
    if (looks.length % 12 === 0)
      console.error(
        `${t_min.toFixed(1)} min: controller ${controller_MB.toFixed(0)} MB, guard ${guard_MB.toFixed(0)} MB`,
      );
  }
  const exit = controller.exit();
  if (exit !== undefined) console.error(`ended: exit ${exit.code}: ${controller.said().slice(-500)}`);
  const sampled = sampledIn(out);
  const settled = looks.filter(({ t_min }) => t_min > MINUTES / 5);
  const grows = (what: 'controller_MB' | 'guard_MB'): number =>
    Number(
      slopeOf(
        settled.map(({ t_min }) => t_min),
        settled.map(look => look[what]),
      ).toFixed(3),
    );
  const slopes = { controller: grows('controller_MB'), guard: grows('guard_MB') };
  if (exit === undefined) await clock.sleep(1);
  const held = held_MB();
  const growth = held.length < PARTS - 1 ? Number.NaN : held[held.length - 1] / held[0] - 1;
  const line = {
    minutes: MINUTES,
    ...(SILENCE_S === undefined ? {} : { silence_s: SILENCE_S }),
    lasted: exit === undefined,
    // What did not last, or was not looked at, is not known to be flat.
    flat: exit === undefined && growth <= MOST_GROWTH && slopes.guard <= MOST_MB_PER_MIN,
    held_MB: held.map(value => Number(value.toFixed(2))),
    missed_ticks: Object.values(sampled).reduce((sum, { missedTicks }) => sum + missedTicks, 0),
    controller: {
      first_MB: settled[0]?.controller_MB,
      last_MB: settled.at(-1)?.controller_MB,
      slope_MB_per_min: slopes.controller,
    },
    guard: {
      first_MB: settled[0]?.guard_MB,
      last_MB: settled.at(-1)?.guard_MB,
      slope_MB_per_min: slopes.guard,
    },
    sampled,
  };
  console.log(JSON.stringify(line));
  process.exitCode = line.flat ? 0 : 1;
} finally {
  if (controller.exit() === undefined) {
    process.kill(controller.pid, 'SIGINT');
    await controller.gone(60);
  }
  await instruments.end();
  rmSync(dir, { recursive: true, force: true });
}
process.exit();
