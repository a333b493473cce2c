import { z } from 'zod';
import { DeviceError } from '../contract/errors.ts';
import { isQuantity, type Quantity } from '../contract/units.ts';
import type { MapChannel, MapCheck, MapSettable, Register } from './modbus-map-bench.ts';
import type { ModbusMap } from './modbus-map-file.ts';

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const pair = z.tuple([finite, finite]);

/** What the bench file says of its own terminals of a rack. */
export const pointSchema = z.strictObject({
  name: z
    .custom<Quantity>(v => typeof v === 'string' && isQuantity(v), 'expected a name that ends in its unit')
    .meta({ description: 'name of the channel or settable, with its unit' }),
  at: z
    .string()
    .regex(/^[a-z]+\[\d+\]$/, 'expected a terminal as docs/reference/modbus.md numbers it, e.g. ai[0]')
    .meta({ description: 'terminal, e.g. ai[0]' }),
  code: z.string().optional().meta({ description: 'what the terminal is set to, as the module must say' }),
  eng: pair.optional().meta({ description: 'values at the lower and upper end of the signal' }),
  range: pair.meta({ description: 'values outside are bad, or are refused where it is set' }),
  accuracy: z
    .strictObject({
      reading_pct: finite.min(0).meta({ description: 'of the reading' }),
      abs: finite.min(0).meta({ description: 'in the unit of the name' }),
      basis: z
        .enum(['sourced', 'recalled', 'default'])
        .meta({ description: 'read in the manual, known, or chosen' }),
    })
    .optional()
    .meta({ description: 'declared accuracy (k = 2) of a channel' }),
  every_ms: finite.positive().optional().meta({ description: 'read so often only' }),
  safe: finite.optional().meta({ description: 'value in the safe state, of an output' }),
  kept: z
    .string()
    .min(3)
    .optional()
    .meta({ description: 'why an output is left as it is in the safe state' }),
});
export type BenchPoint = z.infer<typeof pointSchema>;

/** Makes a channel or a settable of a terminal. Throws DeviceError `config` that says what does not fit. */
export function takePoint(
  map: ModbusMap,
  own: BenchPoint,
  into: { channels: MapChannel[]; settables: MapSettable[]; checks: MapCheck[] },
  where: string,
): void {
  const wrong = (text: string): DeviceError => new DeviceError('config', where, `${own.name}: ${text}`);
  const [, kind, number] = /^([a-z]+)\[(\d+)\]$/.exec(own.at) ?? [];
  const point = Object.hasOwn(map.points, kind) ? map.points[kind] : undefined;
  const n = Number(number);
  if (point === undefined || n >= point.count) {
    const known = Object.entries(map.points).map(([key, { count }]) => `${key}[0..${count - 1}]`);
    throw wrong(`there is no terminal ${own.at}, expected one of ${known.join(', ') || 'none'}`);
  }
  const label = own.code;
  const code = label === undefined ? undefined : point.code?.names[label];
  if (point.code !== undefined && code === undefined) {
    throw wrong(
      `code ${label === undefined ? 'is missing' : `"${label}"`}, expected one of ${Object.keys(point.code.names).join(', ')}`,
    );
  }
  if (point.code === undefined && label !== undefined) throw wrong(`${own.at} has no code`);
  if (point.code !== undefined && code !== undefined) {
    const { table, address, step } = point.code;
    const register: Register = { table, address: address + n * step, type: 'uint16', order: 'ABCD' };
    into.checks.push({ what: `code of ${own.at}`, register, expected: code.code, said: label ?? '' });
  }
  const [low, high] = own.range;
  if (!(low < high)) throw wrong(`range ${low}..${high}, expected low < high`);
  const { table, type, order, raw, fault, output } = point;
  const eng = own.eng ?? code?.eng ?? point.eng ?? raw;
  if (eng[0] === eng[1]) throw wrong(`eng ${eng.join('..')}, expected two different values`);
  const place = { table, address: point.address + n * point.step, type, order };
  const base = { ...place, raw, eng, range: own.range };
  if (output === undefined) {
    if (own.accuracy === undefined) throw wrong(`accuracy is missing`);
    if (own.safe !== undefined || own.kept !== undefined) throw wrong(`${own.at} is no output`);
    into.channels.push({
      ...base,
      name: own.name,
      fault,
      counter: false,
      every_ms: own.every_ms,
      accuracy: own.accuracy,
      ...(point.bitwise ? { bits: 2 ** n } : {}),
    });
    return;
  }
  if ((own.safe === undefined) === (own.kept === undefined)) {
    throw wrong(
      `expected "safe" with a value, or "kept" with the reason why it is not set in the safe state`,
    );
  }
  const back = output.readback;
  into.settables.push({
    ...base,
    name: own.name,
    tolerance: 0,
    multiple: false,
    readback:
      back === undefined ? place : { ...place, table: back.table, address: back.address + n * point.step },
    settle_ms: 0,
    needsWatchdog: map.watchdog !== undefined,
    ...(own.safe === undefined ? {} : { safe: own.safe }),
  });
}
