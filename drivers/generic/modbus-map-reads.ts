import { QUALITY } from '../contract/frame.ts';
import type { ReadSpec } from '../device-table.ts';
import { decodeRegisters, rawRangeOf, toEng, widthOf } from '../protocol/modbus-registers.ts';
import {
  BITS_MAX,
  type ModbusReply,
  type ModbusRequest,
  REGISTERS_MAX,
} from '../transport/modbus-request.ts';
import type { BenchMap, MapChannel, Register } from './modbus-map-bench.ts';
import { type Health, healthOf } from './modbus-map-health.ts';
import { wrongOrder } from './modbus-map-order.ts';

type Table = Register['table'];
const FUNCTION: Readonly<Record<Table, 1 | 2 | 3 | 4>> = { coil: 1, discrete: 2, holding: 3, input: 4 };
const TABLES: readonly Table[] = ['holding', 'input', 'coil', 'discrete'];

export const isBits = (table: Table): boolean => table === 'coil' || table === 'discrete';
/** Registers, coils or discrete inputs that a value takes. */
export const sizeOf = ({ table, type }: Pick<Register, 'table' | 'type'>): number =>
  isBits(table) ? 1 : widthOf(type);

/** The question for registers, coils or discrete inputs. */
export const askFor = (
  unit: number,
  { table, address }: Pick<Register, 'table' | 'address'>,
  count: number,
): ModbusRequest => ({
  fn: FUNCTION[table],
  unit,
  address,
  count,
});

/** The raw value of a reply that begins `at` registers before it. */
export const rawOf = (reply: ModbusReply, at: number, { table, type, order }: Register): number =>
  isBits(table) ? (reply[at] ?? Number.NaN) : decodeRegisters(reply, at, type, order);

/** One value of the frame and where it stands. */
interface Place {
  readonly index: number;
  readonly address: number;
  readonly channel: MapChannel;
}

/** One read request and the values it brings. */
export interface MapRead {
  readonly table: Table;
  readonly address: number;
  readonly count: number;
  readonly every_ms?: number;
  readonly places: readonly Place[];
}

/** Merges what a map reads into as few requests as the protocol, the gaps and the periods allow. */
export function readsOf(map: Pick<BenchMap, 'channels' | 'gapRegistersMax'>): MapRead[] {
  const places: Place[] = [];
  for (const channel of map.channels) {
    for (let n = 0; n < (channel.count ?? 1); n++) {
      places.push({ index: places.length, address: channel.address + n * sizeOf(channel), channel });
    }
  }
  const periods = [...new Set(places.map(p => p.channel.every_ms))];
  const reads: { table: Table; address: number; count: number; every_ms?: number; places: Place[] }[] = [];
  for (const table of TABLES) {
    for (const every_ms of periods) {
      const ordered = places
        .filter(p => p.channel.table === table && p.channel.every_ms === every_ms)
        .sort((a, b) => a.address - b.address);
      let read: (typeof reads)[number] | undefined;
      for (const place of ordered) {
        const end = place.address + sizeOf(place.channel);
        const fits =
          read !== undefined &&
          end - read.address <= (isBits(table) ? BITS_MAX : REGISTERS_MAX) &&
          place.address - (read.address + read.count) <= map.gapRegistersMax;
        if (read === undefined || !fits) {
          read = {
            table,
            address: place.address,
            count: 0,
            places: [],
            ...(every_ms === undefined ? {} : { every_ms }),
          };
          reads.push(read);
        }
        read.count = Math.max(read.count, end - read.address);
        read.places.push(place);
      }
    }
  }
  return reads;
}

const GAPS =
  'unused registers are read along, for a device that refuses them its map says gapRegistersMax: 0 (default 8)';

/** Whether registers are read that the map does not use. */
const hasGaps = ({ count, places }: MapRead): boolean =>
  places.reduce((sum, { channel }) => sum + sizeOf(channel), 0) < count;

/** All that is asked in a poll: first whether the readings count, where the map says how that is told. */
export function readSpecs(map: BenchMap): ReadSpec<ModbusRequest, ModbusReply>[] {
  const { unit, healthy } = map;
  const healths = healthy.map(one => healthOf(one, askFor(unit, one, 1)));
  const reads = readsOf(map).map(read => readSpec(unit, read, healths));
  return [...healths.map(health => health.read), ...reads];
}

/** What a read asks and where its values go; not those that do not count now. */
function readSpec(
  unit: number,
  read: MapRead,
  healths: readonly Health[],
): ReadSpec<ModbusRequest, ModbusReply> {
  const counters = read.places.map(({ channel }) => (channel.counter ? makeCounter(channel) : undefined));
  const gates = healths.map(health => ({
    counts: health.watch(),
    places: read.places.filter(({ channel }) => health.isAbout(channel.name)),
  }));
  return {
    ask: { ...askFor(unit, read, read.count), ...(hasGaps(read) ? { refusedHint: GAPS } : {}) },
    channels: read.places.map(p => p.index),
    ...(read.every_ms === undefined ? {} : { every_ms: read.every_ms }),
    into(reply, values, quality, note) {
      for (let n = 0; n < read.places.length; n++) {
        const { index, address, channel } = read.places[n];
        const raw = rawOf(reply, address - read.address, channel);
        const counter = counters[n];
        const why = wrongOrder(raw, reply, address - read.address, channel);
        if (why !== '') {
          values[index] = Number.NaN;
          note(why);
        } else if (channel.fault.includes(raw) || Number.isNaN(raw)) values[index] = Number.NaN;
        else if (channel.bits !== undefined) values[index] = (raw & channel.bits) === 0 ? 0 : 1;
        else if (channel.oneOf !== undefined) values[index] = channel.oneOf.includes(raw) ? 1 : 0;
        else if (counter === undefined) values[index] = toEng(raw, channel);
        else {
          values[index] = toEng(counter.count(raw), channel);
          if (!counter.wentBack) continue;
          quality[index] = QUALITY.uncertain;
          note(`${channel.name}: went back to ${values[index]}, it has been reset`);
        }
      }
      for (const { counts, places } of gates) {
        if (!counts()) for (const { index } of places) values[index] = Number.NaN;
      }
    },
  };
}

/** A register that begins again at 0 when it is full, and the count that goes on. */
interface Counter {
  /** True if the last count was less than the one before, and no full register explains it. */
  readonly wentBack: boolean;
  count(raw: number): number;
}

/** A fall from the last quarter into the first is a full register; any other is a counter that has been reset. */
function makeCounter({ type }: MapChannel): Counter {
  const span = rawRangeOf(type)[1] + 1;
  let last = Number.NaN;
  let turns = 0;
  let wentBack = false;
  return {
    get wentBack() {
      return wentBack;
    },
    count(raw) {
      wentBack = false;
      if (raw < last) {
        if (last >= 0.75 * span && raw < 0.25 * span) turns++;
        else {
          turns = 0;
          wentBack = true;
        }
      }
      last = raw;
      return raw + turns * span;
    },
  };
}
