import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import modbusSerial from 'modbus-serial';
import { type LoadedBench, loadBench } from '../../control/bench/bench-file.ts';
import { lapseBench } from '../../control/bench/time-lapse.ts';
import { describeDevice, emulate, openInstruments } from '../../control/program/open-devices.ts';
import { practiseTrips } from '../../control/program/trip-practice.ts';
import { Journal } from '../../control/record/journal.ts';
import { Recording } from '../../control/record/recording.ts';
import { acknowledge, clear, reset } from '../../control/run/lead-out.ts';
import { BenchSession } from '../../control/run/session.ts';
import type { SessionParts } from '../../control/run/session-parts.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import { type Clock, realClock } from '../../drivers/contract/clock.ts';
import type { Emulators, TripTimes } from '../../sim/wire-client.ts';
import { addressOf } from '../support/wire-address.ts';

/**
 * How long a trip takes over the wire: from the value crossing its limit in the supply's emulator (another process)
 * to `output off` arriving there, and from the reply that shows it to `output off` arriving. Both times are taken in the
 * emulator, on one clock. Ours: the whole chain (driver, interlocks, gate, safe state, journal on disk) on the supply's
 * line, as the floor: a minimal loop on modbus-serial alone (frames of RTU over TCP, too), same emulator, same polling period, same run, in turns.
 * `all_devices`: the same chain with the other three devices polled beside it ten times a second, and the safe state over
 * all four. The other three live in an emulator process of their own: an OPC UA server in the supply's keeps it from
 * seeing our frame, up to 20 ms long, and the stopwatch with it. `--n 60` for a short run. Last line: JSON.
 */

const POLL_MS = 10;
const TRIPS = numberAfter('--n') ?? 300;
const BLOCKS = 6;
/** Trips of the bare loop before anything counts: the stopwatch's own code is then as warm for the first as for the last. */
const WARM_UP = 10;
const SIGNAL = 'stack.voltage_V';
const OVER_V = 320;

/** The number that stands after a word of the command line. */
function numberAfter(word: string): number | undefined {
  const at = process.argv.indexOf(word);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
}

async function main(): Promise<void> {
  const clock = realClock();
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-trip-'));
  const file = loadBench('examples/pem-500kw/bench.yaml', describeDevice);
  const { emulators, loaded: own } = await emulate(file, 1, 1);
  const others = await emulate(file, 1, 1);
  const devices = { ...others.loaded.bench.devices, supply: own.bench.devices['supply'] };
  const loaded: LoadedBench = { ...own, bench: { ...own.bench, devices } };
  try {
    const alone: TripTimes[] = [];
    const all: TripTimes[] = [];
    const floor: TripTimes[] = [];
    const count = Math.ceil(TRIPS / BLOCKS);
    const supplyOnly = keepOnly(loaded, 'supply');
    await tripFloor(clock, emulators, WARM_UP);
    for (let block = 0; block < BLOCKS; block++) {
      alone.push(...(await tripChain(clock, emulators, supplyOnly, join(dir, `a${block}.sqlite`), count)));
      floor.push(...(await tripFloor(clock, emulators, count)));
      all.push(...(await tripChain(clock, emulators, loaded, join(dir, `b${block}.sqlite`), count)));
      console.log(
        `${alone.length} of ${TRIPS} trips: reaction p50 ${show(alone)} ms, with all devices ${show(all)} ms, floor ${show(floor)} ms`,
      );
    }
    const reaction = figures(alone.map(t => t.reaction_ms));
    const floorReaction = figures(floor.map(t => t.reaction_ms));
    console.log(
      JSON.stringify({
        poll_ms: POLL_MS,
        n: alone.length,
        total: figures(alone.map(t => t.total_ms)),
        reaction,
        floor: floorReaction,
        floor_total: figures(floor.map(t => t.total_ms)),
        ratio_p99: Number((reaction.p99_ms / floorReaction.p99_ms).toFixed(2)),
        ratio_p99_all: Number(
          (figures(all.map(t => t.reaction_ms)).p99_ms / floorReaction.p99_ms).toFixed(2),
        ),
        all_devices: {
          total: figures(all.map(t => t.total_ms)),
          reaction: figures(all.map(t => t.reaction_ms)),
        },
      }),
    );
  } finally {
    await Promise.all([emulators.stop(), others.emulators.stop()]);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The bench with one device, and what of roles, interlocks and safe state belongs to it. */
function keepOnly(loaded: LoadedBench, id: string): LoadedBench {
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
      interlocks: bench.interlocks.filter(i => i.role in roles),
      safeState: {
        steps: steps.filter(step => 'device' in step && step.device === id),
        proof: proof.filter(p => p.role in roles),
      },
    },
  };
}

/** Trips through the whole chain of control, on real drivers; the supply at POLL_MS, other devices as in a wire run. */
async function tripChain(
  clock: Clock,
  emulators: Emulators,
  loaded: LoadedBench,
  journalPath: string,
  count: number,
): Promise<TripTimes[]> {
  const bench = lapseBench(loaded.bench, 1);
  const supplyId = bench.roles[SIGNAL].split('.')[0];
  bench.devices[supplyId] = { ...bench.devices[supplyId], poll_s: POLL_MS / 1000 };
  const devices = openInstruments({ ...loaded, bench }, clock);
  const roles = compileRoles(bench, loaded.descriptions);
  const tables = [...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => c.name) }));
  const journal = await Journal.open(journalPath, tables, {});
  const recording = new Recording();
  recording.add(journal);
  const parts: SessionParts = {
    bench,
    entryOf: device => device,
    roles,
    devices,
    clock,
    recording,
    control_s: 0.1,
    flush_s: 1,
    checkpoint_s: 10,
    checkpointsSteps: true,
  };
  // As the program does before it connects.
  await practiseTrips(parts);
  const session = await BenchSession.open(parts);
  /** A person acknowledges, clears, resets, and switches on again, as soon as nothing stands against it. */
  const rearm = async (): Promise<void> => {
    for (let attempt = 0; attempt < 100; attempt++) {
      await clock.sleep(0.1);
      acknowledge(session, undefined, 'test');
      clear(session);
      reset(session);
      if (session.state !== 'Idle' || session.interlocks.blocking().length > 0) continue;
      if ((await session.gate.ask('stack.outputSet_on', 1, 'measure')).outcome === 'applied') return;
    }
    throw new Error(`the output does not go on: ${session.state}, ${session.reason}`);
  };
  try {
    const times: TripTimes[] = [];
    while (times.length < count) {
      await rearm();
      times.push(await emulators.tripWatch({ signal: SIGNAL, value: OVER_V }));
    }
    while (session.safeState.isUnderWay) await clock.sleep(0.05);
    return times;
  } finally {
    await session.close();
    await journal.close();
  }
}

/** The least that a program on modbus-serial must do: poll, compare, write the coil. */
async function tripFloor(clock: Clock, emulators: Emulators, count: number): Promise<TripTimes[]> {
  const { host, port } = addressOf(emulators, 'supply');
  const client = new modbusSerial.default();
  await client.connectTelnet(host, { port });
  client.setID(0);
  client.setTimeout(1000);
  const limit = Math.round((305 / 360) * 0xcccc);
  let isBusy = false;
  let isTripped = false;
  const loop = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    const { data } = await client.readHoldingRegisters(507, 3);
    if (data[0] > limit && !isTripped) {
      isTripped = true;
      await client.writeCoil(405, false);
    }
    isBusy = false;
  };
  await client.writeCoil(402, true);
  const cancel = clock.every(POLL_MS / 1000, () => void loop());
  try {
    const times: TripTimes[] = [];
    for (let i = 0; i < count; i++) {
      await clock.sleep(0.1);
      isTripped = false;
      times.push(await emulators.tripWatch({ signal: SIGNAL, value: OVER_V }));
    }
    return times;
  } finally {
    cancel();
    await clock.sleep(0.05);
    await new Promise<void>(resolve => client.close(() => resolve()));
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

/** With few trips the 99th percentile is the worst of all, and says as much of the machine; hence the 90th. */
function figures(values: readonly number[]): { p50_ms: number; p90_ms: number; p99_ms: number } {
  return {
    p50_ms: Number(quantile(values, 0.5).toFixed(3)),
    p90_ms: Number(quantile(values, 0.9).toFixed(3)),
    p99_ms: Number(quantile(values, 0.99).toFixed(3)),
  };
}

function show(times: readonly TripTimes[]): string {
  return quantile(
    times.map(t => t.reaction_ms),
    0.5,
  ).toFixed(3);
}

await main();
