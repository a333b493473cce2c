import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { readDataFile } from '../contract/data-file.ts';
import type { ChannelSpec } from '../contract/device.ts';
import { isQuantity, type Quantity } from '../contract/units.ts';
import { REGISTER_TYPES, widthOf } from '../protocol/modbus-registers.ts';

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const word = z.number().int().min(0).max(0xffff);
const table = z.enum(['holding', 'input']);
const pair = z
  .tuple([finite, finite])
  .refine(([low, high]) => low < high, 'expected [low, high] with low < high');

const channel = z
  .strictObject({
    /** Ends in its unit; with `[]` it is an array of `count` channels, numbered from 1. */
    name: z
      .string()
      .refine(isQuantity, 'expected a name that ends in its unit, e.g. "outletTemperature_degC"'),
    count: z.number().int().min(1).max(10_000).optional(),
    table,
    address: word,
    type: z.enum(REGISTER_TYPES),
    /** Order of the two registers of a 32-bit value. */
    words: z.enum(['big', 'little']).default('big'),
    raw: pair,
    eng: z.tuple([finite, finite]).refine(([low, high]) => low !== high, 'expected two different values'),
    range: pair,
    /** Raw value that means "no sensor". */
    fault: z.number().optional(),
    accuracy: z.strictObject({
      reading_pct: finite.min(0),
      abs: finite.min(0),
      basis: z.enum(['sourced', 'recalled', 'default']),
    }),
  })
  .refine(c => c.name.includes('[]') === (c.count !== undefined), {
    error: 'expected "count" together with "[]" in the name, or neither',
  })
  .refine(c => c.address + (c.count ?? 1) * widthOf(c.type) <= 0x10000, {
    error: 'the registers run past address 65535',
    path: ['address'],
  });

const mapSchema = z
  .strictObject({
    device: z.string().min(1),
    unit: z.number().int().min(0).max(247),
    /** Worst time the device takes to answer, without the time on the wire, ms. */
    reply_ms: finite.refine(v => v > 0, 'expected a number > 0'),
    /** Least pause between two requests, ms. */
    gap_ms: finite.min(0).default(0),
    /** Registers with a known content: proves the device, and tells a late answer from its own. */
    identify: z.strictObject({ table, address: word, expect: z.array(word).min(1).max(125) }),
    channels: z.array(channel).min(1),
  })
  .refine(map => new Set(map.channels.map(c => c.name)).size === map.channels.length, {
    error: 'expected every channel name once',
    path: ['channels'],
  })
  .superRefine((map, context) => {
    const clash = overlap(map.channels);
    if (clash === undefined) return;
    const { index, registers, other } = clash;
    const message = `expected registers of its own, ${registers} belong to ${other} too`;
    context.addIssue({ code: 'custom', path: ['channels', index, 'address'], message });
  });

/** The first channel that reads a register of a channel before it in the same table. */
function overlap(
  channels: readonly z.output<typeof channel>[],
): { readonly index: number; readonly registers: string; readonly other: string } | undefined {
  const spans = channels.map(({ name, table, address, count, type }) => ({
    name,
    table,
    first: address,
    last: address + (count ?? 1) * widthOf(type) - 1,
  }));
  for (const [index, span] of spans.entries()) {
    const other = spans
      .slice(0, index)
      .find(o => o.table === span.table && o.first <= span.last && span.first <= o.last);
    if (other === undefined) continue;
    const [from, to] = [Math.max(span.first, other.first), Math.min(span.last, other.last)];
    return { index, registers: from === to ? `${from}` : `${from}..${to}`, other: other.name };
  }
  return undefined;
}

export type ModbusMap = z.infer<typeof mapSchema>;
export type MapChannel = ModbusMap['channels'][number];

/** Reads a register map. `path` is relative to the folder of the bench file. Throws DeviceError `config`. */
export function readModbusMap(path: string, baseDir: string): ModbusMap {
  return readDataFile(isAbsolute(path) ? path : join(baseDir, path), mapSchema);
}

/** The channels of a map in the order of the frame; `cell[].voltage_V` becomes `cell[1].voltage_V` and so on. */
export function channelsOf(map: ModbusMap): ChannelSpec[] {
  return map.channels.flatMap(({ name, count, range, accuracy }) =>
    Array.from({ length: count ?? 1 }, (_, i) => ({
      name: name.replace('[]', `[${i + 1}]`) as Quantity,
      range,
      accuracy,
    })),
  );
}
