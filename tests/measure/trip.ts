import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import modbusSerial from 'modbus-serial';
import { type LoadedBench, loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice, emulate } from '../../control/program/open-devices.ts';
import { type Clock, realClock } from '../../drivers/contract/clock.ts';
import type { Emulators, TripTimes } from '../../sim/wire-client.ts';
import { addressOf } from '../support/wire-address.ts';
import { channelsOf, emulateFull, fullBench } from './full-bench.ts';
import { keepOnly, OVER_V, POLL_MS, SIGNAL, tripChain } from './trip-chain.ts';

/**
 * How long a trip takes over the wire: from the value crossing its limit in the supply's emulator (another process)
 * to `output off` arriving there, and from the reply that shows it to `output off` arriving. Both times are taken in the
 * emulator, on one clock. Ours: the whole chain (driver, interlocks, gate, safe state, journal on disk) on the supply's
 * line, as the floor: a minimal loop on modbus-serial alone (frames of RTU over TCP, too), same emulator, same polling period, same run, in turns.
 * `all_devices`: the same chain with the other three devices polled beside it ten times a second, and the safe state over
 * all four. The other three live in an emulator process of their own: an OPC UA server in the supply's keeps it from
 * seeing our frame, up to 20 ms long, and the stopwatch with it. `--n 60` for a short run. Last line: JSON.
 *
 * `--interlocks 200 --channels 300 --guard`: in turns with these a bench made so big, `full`, with a guard process that is fed and
 * watched; `ratio_*_full` is its reaction to that of the plain bench with all devices of the same run.
 */

const { values: given } = parseArgs({
  options: {
    n: { type: 'string', default: '300' },
    interlocks: { type: 'string' },
    channels: { type: 'string' },
    guard: { type: 'boolean', default: false },
  },
});
const TRIPS = Number(given.n);
const BLOCKS = 6;
/** Trips of the bare loop before anything counts: the stopwatch's own code is then as warm for the first as for the last. */
const WARM_UP = 10;
const EXAMPLE = 'examples/pem-500kw';
const SUPPLY = 'supply';

async function main(): Promise<void> {
  const clock = realClock();
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-trip-'));
  const file = loadBench(join(EXAMPLE, 'bench.yaml'), describeDevice);
  const isFull = given.guard || given.interlocks !== undefined || given.channels !== undefined;
  const size = {
    interlocks: Number(given.interlocks ?? file.bench.interlocks.length),
    channels: Number(given.channels ?? channelsOf(file)),
  };
  const big = isFull ? fullBench(EXAMPLE, join(dir, 'bench'), SUPPLY, size) : file;
  const { emulators, loaded: own } = await emulate(file, 1, 1);
  const others = await emulateFull(big);
  /** A bench with its supply in a process of its own, where the stopwatch is. */
  const placed = (loaded: LoadedBench): LoadedBench => {
    const at: LoadedBench['bench']['devices'] = {
      ...others.loaded.bench.devices,
      [SUPPLY]: own.bench.devices[SUPPLY],
    };
    const devices = Object.fromEntries(Object.keys(loaded.bench.devices).map(id => [id, at[id]]));
    return { ...loaded, bench: { ...loaded.bench, devices } };
  };
  const alone: TripTimes[] = [];
  const all: TripTimes[] = [];
  const floor: TripTimes[] = [];
  const full: TripTimes[] = [];
  const count = Math.ceil(TRIPS / BLOCKS);
  const plain = placed(file);
  const chain = (loaded: LoadedBench, name: string, isGuarded: boolean): Promise<TripTimes[]> =>
    tripChain(clock, { emulators, loaded, dir: join(dir, name), count, isGuarded });
  try {
    await tripFloor(clock, emulators, WARM_UP);
    for (let block = 0; block < BLOCKS; block++) {
      alone.push(...(await chain(keepOnly(plain, SUPPLY), `a${block}`, false)));
      floor.push(...(await tripFloor(clock, emulators, count)));
      all.push(...(await chain(plain, `b${block}`, false)));
      if (isFull) full.push(...(await chain(placed(big), `c${block}`, given.guard)));
      console.log(
        `${alone.length} of ${TRIPS} trips: reaction p50 ${show(alone)} ms, with all devices ${show(all)} ms, ` +
          `${isFull ? `full ${show(full)} ms, ` : ''}floor ${show(floor)} ms`,
      );
    }
  } finally {
    await Promise.all([emulators.stop(), others.emulators.stop()]);
    rmSync(dir, { recursive: true, force: true });
  }
  const reaction = figures(alone.map(t => t.reaction_ms));
  const floorReaction = figures(floor.map(t => t.reaction_ms));
  const allReaction = figures(all.map(t => t.reaction_ms));
  const fullReaction = figures(full.map(t => t.reaction_ms));
  console.log(
    JSON.stringify({
      poll_ms: POLL_MS,
      n: alone.length,
      total: figures(alone.map(t => t.total_ms)),
      reaction,
      floor: floorReaction,
      floor_total: figures(floor.map(t => t.total_ms)),
      ratio_p99: ratio(reaction.p99_ms, floorReaction.p99_ms),
      ratio_p99_all: ratio(allReaction.p99_ms, floorReaction.p99_ms),
      all_devices: { total: figures(all.map(t => t.total_ms)), reaction: allReaction },
      ...(isFull
        ? {
            full: {
              interlocks: big.bench.interlocks.length,
              channels: channelsOf(big),
              guard: given.guard,
              n: full.length,
              total: figures(full.map(t => t.total_ms)),
              reaction: fullReaction,
            },
            ratio_p50_full: ratio(fullReaction.p50_ms, allReaction.p50_ms),
            ratio_p99_full: ratio(fullReaction.p99_ms, allReaction.p99_ms),
            ratio_max_full: ratio(fullReaction.max_ms, allReaction.max_ms),
          }
        : {}),
    }),
  );
}

function ratio(of: number, to: number): number {
  return Number((of / to).toFixed(2));
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
function figures(values: readonly number[]): Record<'p50_ms' | 'p90_ms' | 'p99_ms' | 'max_ms', number> {
  return {
    p50_ms: Number(quantile(values, 0.5).toFixed(3)),
    p90_ms: Number(quantile(values, 0.9).toFixed(3)),
    p99_ms: Number(quantile(values, 0.99).toFixed(3)),
    max_ms: Number(quantile(values, 1).toFixed(3)),
  };
}

function show(times: readonly TripTimes[]): string {
  return quantile(
    times.map(t => t.reaction_ms),
    0.5,
  ).toFixed(3);
}

await main();
