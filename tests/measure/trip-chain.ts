import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import { lapseBench } from '../../control/bench/time-lapse.ts';
import { guardOf, underGuard } from '../../control/program/guard/start-guard.ts';
import { openInstruments } from '../../control/program/open-devices.ts';
import { practiseTrips } from '../../control/program/trip-practice.ts';
import { Journal } from '../../control/record/journal.ts';
import { Recording } from '../../control/record/recording.ts';
import { acknowledge, clear, reset } from '../../control/run/lead-out.ts';
import { BenchSession } from '../../control/run/session.ts';
import type { SessionParts } from '../../control/run/session-parts.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Emulators, TripTimes } from '../../sim/wire-client.ts';

/** Trips of a session, one after the other, timed where the output goes off: in the emulator of the supply. */

/** The supply is polled so often. */
export const POLL_MS = 10;
/** What crosses its limit, and how far it goes. */
export const SIGNAL = 'stack.voltage_V';
export const OVER_V = 320;

/** So long may the safe state take before its output can go on again, s: with a busy machine its vent, too. */
const REARM_S = 60;
/** So often it is tried to connect. */
const CONNECTS = 5;

/** What is tripped, and how often. */
export interface TripSeries {
  readonly emulators: Emulators;
  readonly loaded: LoadedBench;
  /** Folder of its journal; made here. */
  readonly dir: string;
  readonly count: number;
  /** A guard process hears each control tick, and is watched, as in every run on wires. */
  readonly isGuarded: boolean;
}

/** Through the whole chain of control, on real drivers; the supply at POLL_MS, other devices as the bench file says. */
export async function tripChain(clock: Clock, series: TripSeries): Promise<TripTimes[]> {
  const { emulators, loaded, dir, count, isGuarded } = series;
  const bench = lapseBench(loaded.bench, 1);
  const supplyId = bench.roles[SIGNAL].split('.')[0];
  bench.devices[supplyId] = { ...bench.devices[supplyId], poll_s: POLL_MS / 1000 };
  const opened = { ...loaded, bench };
  mkdirSync(dir);
  await using held = new AsyncDisposableStack();
  const guard = isGuarded
    ? await guardOf(opened, { clock, dir, mark: undefined, signal: new AbortController().signal })
    : undefined;
  if (isGuarded && guard === undefined) throw new Error('the bench has no guard, expected one');
  if (guard !== undefined) held.use(guard);
  const roles = compileRoles(bench, loaded.descriptions);
  const tables = [...loaded.descriptions].map(([device, { channels }]) => ({
    device,
    channels: channels.map(c => c.name),
  }));
  const journal = await Journal.open(join(dir, 'run.sqlite'), tables, {});
  held.defer(async () => void (await journal.close()));
  const recording = new Recording();
  recording.add(journal);
  const parts = (): SessionParts => ({
    bench,
    entryOf: device => device,
    roles,
    devices: openInstruments(opened, clock),
    clock,
    recording,
    control_s: 0.1,
    flush_s: 1,
    checkpoint_s: 10,
    checkpointsSteps: true,
    ...(guard === undefined ? {} : { beat: () => guard.beat() }),
  });
  // As the program does before it connects.
  await practiseTrips(parts());
  const session = await connected(parts);
  held.defer(() => session.close());
  if (guard !== undefined) await underGuard(session, guard);
  const times: TripTimes[] = [];
  while (times.length < count) {
    await rearm(session, clock);
    times.push(await emulators.tripWatch({ signal: SIGNAL, value: OVER_V }));
  }
  while (session.safeState.isUnderWay) await clock.sleep(0.05);
  return times;
}

/** A supply hangs up on whoever is silent for 5 s: on a busy machine the others take longer to connect. */
async function connected(parts: () => SessionParts): Promise<BenchSession> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await BenchSession.open(parts());
    } catch (error) {
      if (attempt === CONNECTS) throw error;
    }
  }
}

/** A person acknowledges, clears, resets, and switches on again, as soon as nothing stands against it. */
async function rearm(session: BenchSession, clock: Clock): Promise<void> {
  const until_s = clock.now_s() + REARM_S;
  while (clock.now_s() < until_s) {
    await clock.sleep(0.1);
    acknowledge(session, undefined, 'test');
    clear(session);
    reset(session);
    if (session.state !== 'Idle' || session.interlocks.blocking().length > 0) continue;
    if ((await session.gate.ask('stack.outputSet_on', 1, 'measure')).outcome === 'applied') return;
  }
  throw new Error(`the output does not go on: ${session.state}, ${session.reason}`);
}

/** The bench with one device, and what of roles, interlocks and safe state belongs to it. */
export function keepOnly(loaded: LoadedBench, id: string): LoadedBench {
  const { bench, descriptions } = loaded;
  const roles = Object.fromEntries(Object.entries(bench.roles).filter(([, to]) => to.startsWith(`${id}.`)));
  const { steps, proof } = bench.safeState;
  return {
    ...loaded,
    descriptions: new Map([...descriptions].filter(([device]) => device === id)),
    bench: {
      ...bench,
      devices: { [id]: bench.devices[id] },
      roles,
      interlocks: bench.interlocks.filter(i => 'role' in i && i.role in roles),
      safeState: {
        steps: steps.filter(step => 'device' in step && step.device === id),
        proof: proof.filter(p => p.role in roles),
      },
    },
  };
}
