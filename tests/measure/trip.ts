import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import modbusSerial from 'modbus-serial';
import { loadBench } from '../../control/bench-file.ts';
import { Gate } from '../../control/gate.ts';
import { ProcessImage } from '../../control/image.ts';
import { Interlocks } from '../../control/interlocks.ts';
import { Journal } from '../../control/journal.ts';
import { describeDevice, emulate, openInstruments } from '../../control/open-devices.ts';
import { compileRoles } from '../../control/roles.ts';
import { SafeState } from '../../control/safe-state.ts';
import { Sampling } from '../../control/sampling.ts';
import { lapseBench } from '../../control/time-lapse.ts';
import { type Clock, realClock } from '../../drivers/contract/clock.ts';
import type { Emulators, TripTimes } from '../../sim/wire-client.ts';

/**
 * How long a trip takes over the wire: from the value crossing its limit in the supply's emulator (another process)
 * to `output off` arriving there, and from the reply that shows it to `output off` arriving. Both times are taken in the
 * emulator, on one clock. Ours: the whole chain (driver, interlocks, gate, safe state over all four devices, journal
 * on disk). Floor: a minimal loop on modbus-serial alone, same emulator, same polling period, same run, in turns.
 * Last line: JSON.
 */

const POLL_MS = 10;
const TRIPS = 300;
const BLOCKS = 6;
const SIGNAL = 'stack.voltage_V';
const OVER_V = 320;

async function main(): Promise<void> {
  const clock = realClock();
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-trip-'));
  const file = loadBench('examples/pem-500kw/bench.yaml', describeDevice);
  const { emulators, loaded, idOf } = await emulate(file, 1, 1);
  try {
    const ours: TripTimes[] = [];
    const floor: TripTimes[] = [];
    for (let block = 0; block < BLOCKS; block++) {
      ours.push(
        ...(await tripChain(
          clock,
          emulators,
          loaded,
          join(dir, `run-${block}.sqlite`),
          idOf.supply,
          TRIPS / BLOCKS,
        )),
      );
      floor.push(...(await tripFloor(clock, emulators, TRIPS / BLOCKS)));
      console.log(
        `${ours.length} of ${TRIPS} trips, reaction p50 ${show(ours, 0.5)} ms (floor ${show(floor, 0.5)} ms)`,
      );
    }
    const reaction = figures(ours.map(t => t.reaction_ms));
    const floorReaction = figures(floor.map(t => t.reaction_ms));
    console.log(
      JSON.stringify({
        poll_ms: POLL_MS,
        n: ours.length,
        total: figures(ours.map(t => t.total_ms)),
        reaction,
        floor: floorReaction,
        floor_total: figures(floor.map(t => t.total_ms)),
        ratio_p99: Number((reaction.p99_ms / floorReaction.p99_ms).toFixed(2)),
      }),
    );
  } finally {
    await emulators.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Trips through the whole chain of control, on real drivers. */
async function tripChain(
  clock: Clock,
  emulators: Emulators,
  loaded: ReturnType<typeof loadBench>,
  journalPath: string,
  supplyId: string,
  count: number,
): Promise<TripTimes[]> {
  const bench = lapseBench(loaded.bench, 1, { poll_s: 0.1, stale_after_s: 1, watchdog_s: 5 });
  const supplyEntry = bench.devices[supplyId];
  const fast = {
    ...bench,
    devices: { ...bench.devices, [supplyId]: { ...supplyEntry, poll_s: POLL_MS / 1000 } },
  };
  const devices = openInstruments({ ...loaded, bench: fast }, clock);
  const roles = compileRoles(fast, loaded.descriptions);
  const tables = [...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => c.name) }));
  const journal = await Journal.open(journalPath, tables, {});
  const image = new ProcessImage(roles, () => clock.now_s());
  const gate = new Gate({ roles, devices, clock, journal, period_s: 0.1 });
  const safeState = new SafeState({ bench: fast, devices, gate, image, journal, clock });
  let secured: Promise<unknown> | undefined;
  const interlocks = new Interlocks(fast.interlocks, roles, {
    raised: raised => {
      if (raised.reaction !== 'trip' || secured !== undefined) return;
      gate.shut(raised.text);
      secured = safeState.enter().then(() => safeState.finishVent());
    },
    cleared: () => {},
  });
  const poll_s = (id: string): number => fast.devices[id].poll_s;
  const sampling = new Sampling({ devices: devices.values(), poll_s, clock, interlocks, image, journal });
  const timers = [
    clock.every(0.1, () => interlocks.tick(clock.now_s())),
    clock.every(1, () => void journal.flush()),
  ];
  try {
    await Promise.all([...devices.values()].map(d => d.connect()));
    sampling.start();
    const times: TripTimes[] = [];
    for (let i = 0; i < count; i++) {
      await clock.sleep(0.1);
      interlocks.acknowledge(undefined);
      gate.reopen();
      secured = undefined;
      const on = await gate.ask('stack.outputSet_on', 1, 'measure');
      if (on.outcome !== 'applied') throw new Error(`the output does not go on: ${JSON.stringify(on)}`);
      times.push(await emulators.tripWatch({ signal: SIGNAL, value: OVER_V }));
      await secured;
    }
    return times;
  } finally {
    for (const cancel of timers) cancel();
    sampling.stop();
    await Promise.all([...devices.values()].map(d => d.close()));
    await journal.close();
  }
}

/** The least that a program on modbus-serial must do: poll, compare, write the coil. */
async function tripFloor(clock: Clock, emulators: Emulators, count: number): Promise<TripTimes[]> {
  const { host, port } = emulators.endpoints.supply;
  const client = new modbusSerial.default();
  await client.connectTCP(host, { port });
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

function figures(values: readonly number[]): { p50_ms: number; p99_ms: number } {
  return {
    p50_ms: Number(quantile(values, 0.5).toFixed(3)),
    p99_ms: Number(quantile(values, 0.99).toFixed(3)),
  };
}

function show(times: readonly TripTimes[], part: number): string {
  return quantile(
    times.map(t => t.reaction_ms),
    part,
  ).toFixed(3);
}

await main();
