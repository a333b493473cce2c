import { rolesOf } from '../../../control/program/commands/devices/emulate.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { parseExplained } from '../../../drivers/contract/explain.ts';
import type { Frame } from '../../../drivers/contract/frame.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { openRig, type PlantChoice } from '../../../sim/open-rig.ts';
import { startWireBench, type WireBench } from '../../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../../sim/wire-protocol.ts';
import type { Subject } from './subjects.ts';
import { openTap, type Tap } from './tap.ts';

/** A driver with its emulator on a real line, and a tap between them. */
export interface OnAWire {
  readonly subject: Subject;
  readonly clock: Clock;
  readonly tap: Tap;
  readonly device: Device;
  /** Signal of the plant behind each channel and settable that has one. */
  readonly roles: Readonly<Record<string, string>>;
  /** What the sensors of these roles show all the time, by signal. */
  readonly steady: ReadonlyMap<string, number>;
  /** The emulator and its plant; another one after `restart`. */
  bench(): WireBench;
  /** Opens a further device of the same driver at the same place; `own` overrides options. */
  open(own?: Readonly<Record<string, unknown>>, more?: { reply_s?: number; readOnly?: boolean }): Device;
  /** The instrument goes off and on at the mains: nothing of what was set is left. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

const ID = 'device';
const PLANTS: Readonly<Record<Subject['plant'], PlantChoice>> = {
  stack: {
    plant: 'pem',
    set: 'nrel-like',
    parameters: {},
    subject: { cells: 5, activeArea_cm2: 100, currentNominal_A: 100 },
  },
  cell: {
    plant: 'ecm',
    set: 'chen2020',
    parameters: {},
    subject: { cells: 1, activeArea_cm2: 100, currentNominal_A: 10 },
  },
};

/** Puts up emulator, tap and device (closed). */
export async function onAWire(
  subject: Subject,
  more: { reply_s?: number; clock?: Clock } = {},
): Promise<OnAWire> {
  const { driver, line, options, baseDir } = subject;
  const clock = more.clock ?? realClock();
  const entry = findDriver(driver);
  const doors = line === 'pty' ? { path: '/dev/null', baud: 115200 } : { host: '127.0.0.1', port: 1 };
  const plant = PLANTS[subject.plant];
  const rig = openRig(plant, 1);
  const described = entry.describe(optionsOf(doors), baseDir);
  const names = [...described.channels, ...described.settables].map(({ name }) => name);
  const roles = withSpare(rolesOf(names, subject.plant, plant, 1), described.channels, rig);
  const isArray = (signal: string): boolean => rig.sensorRange(signal).count > 1;

  function optionsOf(at: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>> = {}) {
    const ways = [at, { endpoint: `opc.tcp://127.0.0.1:${at['port'] ?? 1}` }];
    const fits = (way: Readonly<Record<string, unknown>>): boolean =>
      entry.options.safeParse({ ...options, ...way }).success;
    const way = 'endpoint' in at ? at : (ways.find(fits) ?? at);
    return parseExplained(entry.options, { ...options, ...way, ...own }) as unknown;
  }

  const start = async (port?: number): Promise<WireBench> => {
    const started = await startWireBench(
      wireConfigSchema.parse({
        plant,
        seed: 1,
        devices: {
          [ID]: {
            driver,
            options: { ...(line === 'pty' ? doors : {}), ...options },
            roles,
            baseDir,
            ...(port === undefined ? {} : { at: { port } }),
          },
        },
      }),
      clock,
    );
    // Every reading stands still, each at a value of its own: whatever else comes is wrong.
    for (const [signal, value] of steady) await started.carryOut({ do: 'force', signal, value });
    return started;
  };
  const steady = new Map(
    Object.entries(roles)
      .filter(([name, signal]) => (rig.sensorIndex(signal) >= 0 || isArray(signal)) && name !== 'output_on')
      .map(([name, signal], i) => {
        const channel = described.channels.find(
          one => one.name === name || one.name.startsWith(beginning(name)),
        );
        return [signal, amid(channel?.range ?? [0, 1], i)] as const;
      }),
  );

  let bench = await start();
  const address = (): Readonly<Record<string, string | number>> => ({
    ...(line === 'pty' ? { baud: 115200 } : {}),
    ...bench.endpoints[ID],
  });
  const tap = await openTap(address());
  const open: OnAWire['open'] = (own = {}, env = {}) =>
    entry.open(ID, optionsOf({ ...(line === 'pty' ? { baud: 115200 } : {}), ...tap.address }, own), {
      clock,
      baseDir,
      ...(more.reply_s === undefined ? {} : { reply_s: more.reply_s }),
      ...env,
    });
  const device = open();
  return {
    subject,
    clock,
    tap,
    device,
    roles,
    steady,
    bench: () => bench,
    open,
    async restart() {
      // An instrument with two ports keeps the one that the tap does not stand before.
      const { modbusTcpPort, port } = bench.endpoints[ID];
      await bench.end();
      bench = await start(modbusTcpPort === undefined ? undefined : Number(port));
      await tap.turnTo(address());
    },
    async end() {
      await device.close();
      await tap.end();
      await bench.end();
    },
  };
}

/** Of an array the text before its place: `cell[].voltage_V` -> `cell[`. */
const beginning = (name: string): string => name.split(']')[0];

/** Inside a channel's range, for each place another value; whole where it can be. */
function amid([low, high]: readonly [number, number], i: number): number {
  if (high - low <= 1) return low;
  const value = low + (high - low) * (0.3 + 0.013 * (i % 20));
  return high - low > 100 ? Math.round(value) : value;
}

/** A channel that nothing of the plant stands behind gets a sensor of the same unit that nobody uses. */
function withSpare(
  roles: Readonly<Record<string, string>>,
  channels: readonly { readonly name: string }[],
  rig: ReturnType<typeof openRig>,
): Record<string, string> {
  const all: Record<string, string> = { ...roles };
  const used = new Set(Object.values(roles));
  for (const { name } of channels) {
    if (name in all || name.includes('[') || name.endsWith('_on')) continue;
    const unit = unitOf(name);
    const spare = rig.sensors.find(
      one => !used.has(one) && rig.sensorIndex(one) >= 0 && unitOf(one.split('.').at(-1) ?? '') === unit,
    );
    if (spare === undefined) continue;
    used.add(spare);
    all[name] = spare;
  }
  return all;
}

/** The worst quality of a frame. */
export const worstOf = (frame: Frame): number => Math.max(...frame.quality);
/** The best quality of a frame. */
export const bestOf = (frame: Frame): number => Math.min(...frame.quality);

/** The first frame that is good all over, or as good as `right`; undefined after `limit_s`. */
export async function untilGood(
  { device, clock }: Pick<OnAWire, 'device' | 'clock'>,
  limit_s: number,
  right?: Frame,
): Promise<Frame | undefined> {
  const end_s = clock.now_s() + limit_s;
  do {
    const frame = await device.read();
    if (frame.quality.every((quality, i) => quality <= (right?.quality[i] ?? QUALITY.good))) return frame;
    await clock.sleep(0.02);
  } while (clock.now_s() < end_s);
  return undefined;
}

/** Channels of `frame` that may be used and differ from what stands there all the time, in words. */
export function wrongIn(frame: Frame, right: Frame, { channels }: Device): string[] {
  return channels.flatMap(({ name, accuracy }, i) => {
    const [value, expected] = [frame.values[i], right.values[i]];
    // A clock goes on.
    if (frame.quality[i] > QUALITY.uncertain || Number.isNaN(expected) || name === 'uptime_s') return [];
    // How often a watchdog has acted grows where it was silent.
    if (name === 'watchdogActed_count' && value > expected && value < expected + 100 && value % 1 === 0)
      return [];
    const allowed = 2 * (accuracy.abs + (accuracy.reading_pct / 100) * Math.abs(expected)) + 1e-9;
    return Math.abs(value - expected) <= allowed ? [] : [`${name} ${value}, expected ${expected}`];
  });
}
