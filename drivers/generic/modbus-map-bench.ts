import type { Accuracy, ChannelSpec, DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Quantity } from '../contract/units.ts';
import { type ByteOrder, type RegisterType, rawRangeOf, widthOf } from '../protocol/modbus-registers.ts';
import { type DeclaredTime, withTimes } from './instrument-time.ts';
import type { Amount, ModbusMap, WatchdogSpec } from './modbus-map-file.ts';
import type { MapHealth } from './modbus-map-health.ts';
import { overlapOf } from './modbus-map-overlap.ts';
import { type BenchPoint, takePoint } from './modbus-map-points.ts';

/** What a bench file says beside the map. */
export interface BenchWords {
  readonly unit?: number;
  /** Order of the bytes of all longer values, where it is a setting of the unit. */
  readonly order?: ByteOrder;
  readonly about?: Readonly<Record<string, string | number>>;
  readonly points?: readonly BenchPoint[];
}

/** A place in one of the four tables. */
export interface Register {
  readonly table: 'holding' | 'input' | 'coil' | 'discrete';
  readonly address: number;
  readonly type: RegisterType;
  readonly order: ByteOrder;
}

interface Scaled extends Register {
  readonly raw: readonly [number, number];
  readonly eng: readonly [number, number];
  readonly range: readonly [number, number];
}

/** A channel, or an array of them, with all numbers known. */
export interface MapChannel extends Scaled {
  readonly name: string;
  readonly count?: number;
  readonly fault: readonly number[];
  readonly bits?: number;
  readonly oneOf?: readonly number[];
  readonly counter: boolean;
  readonly every_ms?: number;
  readonly accuracy: Accuracy;
  /** What people call each of its numbers. */
  readonly words?: Readonly<Record<string, string>>;
  readonly instrumentTime?: DeclaredTime;
}

/** A settable with all numbers known. */
export interface MapSettable extends Scaled {
  readonly name: Quantity;
  readonly tolerance: number;
  readonly multiple: boolean;
  readonly readback: Register;
  readonly settle_ms: number;
  readonly needsWatchdog: boolean;
  readonly safe?: number;
}

/** What the instrument must say at connect. */
export interface MapCheck {
  /** For messages: `gas (about.gas)`. */
  readonly what: string;
  readonly register: Register;
  /** Registers of a text; absent: a number. */
  readonly text?: number;
  readonly expected: number | string;
  /** As the bench file says it. */
  readonly said: string;
}

/** A map with everything that the bench file says of it. */
export interface BenchMap {
  readonly device: string;
  readonly unit: number;
  readonly reply_ms: number;
  readonly gap_ms: number;
  readonly gapRegistersMax: number;
  readonly identify?: ModbusMap['identify'];
  readonly plausible?: MapChannel;
  readonly healthy: readonly MapHealth[];
  readonly channels: readonly MapChannel[];
  readonly settables: readonly MapSettable[];
  readonly checks: readonly MapCheck[];
  readonly watchdog?: WatchdogSpec;
  readonly onLoss: 'off' | 'hold' | 'unknown';
}

/** Puts the bench's own numbers and terminals into a map. Throws DeviceError `config` that says what is missing. */
export function benchMap(written: ModbusMap, words: BenchWords, where: string): BenchMap {
  const map = words.order === undefined ? written : inOrderOf(written, words.order);
  const fail = (text: string): never => {
    throw new DeviceError('config', where, text);
  };
  const about = words.about ?? {};
  const stated = new Map<string, number>();
  const checks: MapCheck[] = [];
  for (const key of Object.keys(about)) {
    if (Object.hasOwn(map.about, key)) continue;
    fail(`about.${key}: not known here, expected one of ${Object.keys(map.about).join(', ') || 'none'}`);
  }
  for (const [key, { what, names, text, optional, read }] of Object.entries(map.about)) {
    const said = about[key];
    if (said === undefined) {
      if (!optional)
        fail(
          `about.${key} is missing: ${what}${names === undefined ? '' : `, one of ${Object.keys(names).join(', ')}`}`,
        );
      continue;
    }
    let expected: number | string = said;
    if (names !== undefined) {
      if (!Object.hasOwn(names, String(said)))
        fail(`about.${key}: "${said}", expected one of ${Object.keys(names).join(', ')}`);
      expected = names[String(said)];
    } else if (text === undefined && typeof said !== 'number')
      fail(`about.${key}: "${said}", expected a number`);
    const figure = Number(said);
    if (Number.isFinite(figure)) stated.set(key, figure);
    if (read !== undefined) {
      checks.push({
        what: `${what} (about.${key})`,
        register: read,
        text,
        expected: text === undefined ? expected : String(said),
        said: String(said),
      });
    }
  }
  const known = (value: Amount): number => {
    if (typeof value === 'number') return value;
    const [factor, key] = value.includes(' * ') ? value.split(' * ') : ['1', value];
    return Number(factor) * (stated.get(key) ?? fail(`about.${key} is missing: a number`));
  };
  const both = ([a, b]: readonly [Amount, Amount]): [number, number] => [known(a), known(b)];
  const ordered = (name: string, range: [number, number]): [number, number] =>
    range[0] < range[1] ? range : fail(`${name}: range ${range.join('..')}, expected low < high`);

  const channels: MapChannel[] = map.channels.map(({ fault, accuracy, basis: _, ...channel }) => ({
    ...channel,
    eng: both(channel.eng),
    range: ordered(channel.name, both(channel.range)),
    fault: fault === undefined ? [] : typeof fault === 'number' ? [fault] : fault,
    accuracy: { ...accuracy, abs: Math.abs(known(accuracy.abs)) },
  }));
  const settables: MapSettable[] = map.settables.map(({ basis: _, kept: _kept, safe, ...settable }) => ({
    ...settable,
    eng: both(settable.eng),
    range: ordered(settable.name, both(settable.range)),
    tolerance: known(settable.tolerance),
    readback: settable.readback ?? settable,
    ...(safe === undefined ? {} : { safe: known(safe) }),
  }));
  for (const own of words.points ?? []) takePoint(map, own, { channels, settables, checks }, where);
  checkNames(channels, settables, fail);
  for (const list of [channels, settables]) {
    const clash = overlapOf(list);
    if (clash !== undefined)
      fail(
        `${list[clash.index].name}: ${clash.registers} belong to ${clash.other} too, expected registers of its own`,
      );
  }
  for (const settable of settables) checkSettable(settable, fail);
  const plausible = map.plausible === '*' ? channels[0] : channels.find(c => c.name === map.plausible);
  const { device, reply_ms, gap_ms, gapRegistersMax, identify, healthy, watchdog, onLoss } = map;
  const unit = words.unit ?? map.unit;
  return {
    device,
    unit,
    reply_ms,
    gap_ms,
    gapRegistersMax,
    identify,
    plausible,
    healthy,
    channels,
    settables,
    checks,
    watchdog,
    onLoss,
  };
}

/** The map with all longer values in another order. */
function inOrderOf(map: ModbusMap, order: ByteOrder): ModbusMap {
  const turned = <T extends { readonly type: RegisterType; readonly order: ByteOrder }>(place: T): T =>
    widthOf(place.type) === 1 ? place : { ...place, order };
  return {
    ...map,
    channels: map.channels.map(turned),
    settables: map.settables.map(s => ({
      ...turned(s),
      ...(s.readback === undefined ? {} : { readback: turned(s.readback) }),
    })),
    points: Object.fromEntries(Object.entries(map.points).map(([key, p]) => [key, turned(p)])),
    about: Object.fromEntries(
      Object.entries(map.about).map(([key, a]) => [
        key,
        a.read === undefined ? a : { ...a, read: turned(a.read) },
      ]),
    ),
  };
}

function checkNames(
  channels: readonly MapChannel[],
  settables: readonly MapSettable[],
  fail: (text: string) => never,
): void {
  const names = [...channels, ...settables].map(c => c.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail(`${twice} is there twice, expected every name once`);
  if (channels.length === 0) fail('expected at least one channel: name a terminal under "points"');
}

/** What goes out must fit its register. */
function checkSettable(
  { name, table, type, raw, eng, range, safe }: MapSettable,
  fail: (text: string) => never,
): void {
  const [low, high] = table === 'coil' ? [0, 1] : rawRangeOf(type);
  for (const value of safe === undefined ? range : [...range, safe]) {
    const sent = raw[0] + ((value - eng[0]) * (raw[1] - raw[0])) / (eng[1] - eng[0]);
    if (!(sent >= low && sent <= high))
      fail(`${name}: ${value} does not fit its register (${type} ${low}..${high})`);
    if (!(value >= range[0] && value <= range[1]))
      fail(`${name}: safe ${value} is outside ${range.join('..')}`);
  }
}

/** The channels of a map in the order of the frame; `cell[].voltage_V` becomes `cell[1].voltage_V` and so on. */
export function channelsOf({ channels }: Pick<BenchMap, 'channels'>): ChannelSpec[] {
  const all = channels.flatMap(({ name, count, range, accuracy, words, counter }) =>
    Array.from({ length: count ?? 1 }, (_, i) => ({
      name: name.replace('[]', `[${i + 1}]`) as Quantity,
      range,
      accuracy,
      ...(words === undefined ? {} : { words }),
      ...(counter ? { counts: true as const } : {}),
    })),
  );
  return withTimes(all, channels);
}

/** Rounding of a register, in the unit of the settable. */
function stepOf({ table, type, raw, eng, range }: MapSettable): number {
  if (table === 'coil' || type === 'float64') return 0;
  if (type === 'float32') return 1.2e-7 * Math.max(Math.abs(range[0]), Math.abs(range[1]));
  return Math.abs((0.5001 * (eng[1] - eng[0])) / (raw[1] - raw[0]));
}

/** What the device is to the rest of the program. */
export function describeMap(map: BenchMap): DeviceDescription {
  return {
    driver: 'generic/modbus-map',
    channels: channelsOf(map),
    settables: map.settables.map(s => ({
      name: s.name,
      range: s.range,
      tolerance: Math.max(s.tolerance, stepOf(s)),
    })),
    onLoss: map.onLoss,
    ...(map.watchdog === undefined ? {} : { watchdog: true }),
    safeList: map.settables.flatMap(({ name, safe }) => (safe === undefined ? [] : [[name, safe] as const])),
  };
}
