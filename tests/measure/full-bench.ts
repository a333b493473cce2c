import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type LoadedBench, loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice, wireConfig } from '../../control/program/open-devices.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import { type Emulators, startEmulators } from '../../sim/wire-client.ts';

/**
 * The example bench, made as big as a bench gets: a second rack for the channels that are missing, and more limits than
 * anybody writes. Half of them hang on the supply, whose reading trips, the others go round all roles, cells included;
 * thresholds, rates, differences and curves in turns. All are armed and none of them trips: their limits stand at the ends of
 * the ranges. Written as files and read as any bench file is.
 */

/** How big. */
export interface FullSize {
  readonly interlocks: number;
  /** Of all instruments together. */
  readonly channels: number;
}

/** Longer than a busy machine keeps us from beating, s: how soon a guard acts is not what is measured. */
const GUARD_S = 20;

interface Raw {
  guard?: unknown;
  devices: Record<string, Record<string, unknown>>;
  roles: Record<string, string>;
  interlocks: Record<string, unknown>[];
}

/** A role that can carry a limit near the upper end of its range. */
interface Limited {
  readonly role: string;
  readonly device: string;
  readonly isArray: boolean;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** Where its limits stand: the highest that the bench takes. */
  readonly most: number;
}

/** Device of the bench beside those of the example, its role, and what of the plant it shows. */
const SECOND_RACK = 'rack2';
const SECOND_ROLE = 'reference.voltage_V[]';
const SEEN_BY_SECOND = { 'cell[].voltage_V': 'cell.voltage_V[]' };

/** Writes the bench into the folder and reads it. Throws where it is smaller than the example. */
export function fullBench(example: string, to: string, supply: string, size: FullSize): LoadedBench {
  cpSync(example, to, { recursive: true });
  const path = join(to, 'bench.yaml');
  const raw = parse(readFileSync(path, 'utf8')) as Raw;
  const own = loadBench(path, describeDevice);
  const missing = size.channels - channelsOf(own);
  if (missing < 0 || size.interlocks < raw.interlocks.length)
    throw new RangeError(
      `the example has ${channelsOf(own)} channels and ${raw.interlocks.length} interlocks, expected no fewer`,
    );
  if (missing > 0) addRack(raw, to, missing);
  raw.guard = { timeout_s: GUARD_S };
  writeFileSync(path, stringify(raw));
  const limited = limitedIn(loadBench(path, describeDevice));
  const supplys = limited.filter(({ device }) => device === supply);
  const more = size.interlocks - raw.interlocks.length;
  for (let i = 0; i < more; i++) {
    const of = i % 2 === 0 ? supplys : limited;
    raw.interlocks.push(limitOf(i, of[(i >> 1) % of.length], limited));
  }
  writeFileSync(path, stringify(raw));
  return loadBench(path, describeDevice);
}

/** Its instruments in a process of their own, and the bench pointed at them; the second rack sees cells of the same stack. */
export async function emulateFull(
  loaded: LoadedBench,
): Promise<{ readonly emulators: Emulators; readonly loaded: LoadedBench }> {
  const config = await wireConfig(loaded, 1, 1);
  const second = config.devices[SECOND_RACK];
  if (second !== undefined) config.devices[SECOND_RACK] = { ...second, roles: SEEN_BY_SECOND };
  const emulators = await startEmulators(config);
  const devices = Object.fromEntries(
    Object.entries(loaded.bench.devices).map(([id, device]) => [
      id,
      { ...device, options: { ...device.options, ...emulators.endpoints[id] } },
    ]),
  );
  return { emulators, loaded: { ...loaded, bench: { ...loaded.bench, devices } } };
}

/** Channels of all instruments together. */
export function channelsOf({ descriptions }: LoadedBench): number {
  return [...descriptions.values()].reduce((sum, { channels }) => sum + channels.length, 0);
}

/** Another rack of so many cells, on a line of its own. */
function addRack(raw: Raw, to: string, count: number): void {
  const rack = raw.devices['rack'];
  raw.devices[SECOND_RACK] = {
    ...rack,
    options: {
      ...(rack['options'] as object),
      path: '/dev/serial/by-id/usb-second-rack',
      map: 'second-rack.yaml',
    },
  };
  raw.roles[SECOND_ROLE] = `${SECOND_RACK}.cell[].voltage_V`;
  const accuracy = { reading_pct: 0, abs: 0.002, basis: 'default' };
  writeFileSync(
    join(to, 'second-rack.yaml'),
    stringify({
      device: 'second rack',
      unit: 1,
      reply_ms: 200,
      identify: { table: 'input', address: 0, expect: [52241, 136] },
      channels: [
        {
          name: 'cell[].voltage_V',
          count,
          table: 'input',
          address: 100,
          type: 'int16',
          raw: [0, 32000],
          eng: [0, 3.2],
          range: [-0.5, 3.2],
          accuracy,
        },
      ],
    }),
  );
}

function limitedIn({ bench, descriptions }: LoadedBench): Limited[] {
  const { measured } = compileRoles(bench, descriptions);
  return [...measured.values()].flatMap(({ role, device, first, count }) => {
    const [low, high] = descriptions.get(device)?.channels[first]?.range ?? [0, 0];
    const unit = unitOf(role) ?? '';
    // No limit stands above what the stack bears, none where a set point may be.
    const most = unit === 'barg' ? (bench.stack?.pressureMax_barg ?? high) - 0.5 : high - 0.1 * (high - low);
    // Of a switch both ends are usual, and power may be set to the end of its range.
    return unit === 'on' || unit === 'W' ? [] : [{ role, device, isArray: count > 1, unit, low, high, most }];
  });
}

/** A limit that is judged with every reading and never reached. */
function limitOf(i: number, of: Limited, all: readonly Limited[]): Record<string, unknown> {
  const { role, isArray, unit, low, high, most } = of;
  const rest = { id: `more-${i + 1}`, role, delay_s: 0, reaction: 'trip', basis: 'default' };
  // No two are one.
  const limit = most - 1e-5 * i * (high - low);
  const threshold = { ...rest, kind: 'threshold', trips: '>', limit };
  if (isArray) return threshold;
  const others = all.filter(one => one.role !== role && !one.isArray);
  const over = others[i % others.length];
  const same = others.filter(one => one.unit === unit);
  const kind = Math.floor(i / 2) % 4;
  if (kind === 1)
    return { ...without(rest, 'delay_s'), kind: 'rate', limit_per_min: 1e6 * (high - low), over_s: 10 };
  if (kind === 2 && same.length > 0) {
    const minus = same[i % same.length];
    return {
      ...rest,
      kind: 'difference',
      minus: minus.role,
      trips: '>',
      limit: high - minus.low - 1e-5 * (i + 1),
    };
  }
  if (kind === 3)
    return {
      ...rest,
      kind: 'curve',
      trips: '>',
      over: over.role,
      limits: [
        [over.low, limit],
        [over.high, limit],
      ],
    };
  return threshold;
}

function without(from: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));
}
