import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { readDataFile } from '../contract/data-file.ts';
import { DeviceError } from '../contract/errors.ts';
import { isCurrentOrPower, isQuantity, type Quantity } from '../contract/units.ts';
import { BYTE_ORDERS, REGISTER_TYPES, widthOf } from '../protocol/modbus-registers.ts';
import { ENDING, familiesIn } from './families.ts';
import { instrumentTimeSchema, timeSlip } from './instrument-time.ts';
import { healthSchema } from './modbus-map-health.ts';
import { overlapOf } from './modbus-map-overlap.ts';
import { stateWords } from './state-words.ts';

/** Where the families stand that come with the program. */
const FOLDER = join(import.meta.dirname, 'modbus');

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const word = z.number().int().min(0).max(0xffff);
const basis = z.enum(['sourced', 'recalled', 'default']);
/** A number, or a figure that the bench file states under `about`, or a part of it. */
const amount = z.union([finite, z.string().regex(/^(?:-?\d+(?:\.\d+)? \* )?[a-z]\w*$/)], {
  error: 'expected a number, or a figure of "about", e.g. "1.02 * flowMax"',
});
const inOrder = ([low, high]: readonly [unknown, unknown]): boolean =>
  typeof low === 'string' || typeof high === 'string' || (low as number) < (high as number);
const span = z.tuple([amount, amount]).refine(inOrder, 'expected [low, high] with low < high');
const rawSpan = z.tuple([finite, finite]).refine(inOrder, 'expected [low, high] with low < high');
const engSpan = z.tuple([amount, amount]).refine(([a, b]) => a !== b, 'expected two different values');
const span_s = z.tuple([finite.positive(), finite.positive()]).refine(inOrder, 'expected [low, high]');

const place = {
  address: word,
  type: z.enum(REGISTER_TYPES).default('uint16'),
  order: z.enum(BYTE_ORDERS).default('ABCD'),
};
const readable = { table: z.enum(['holding', 'input', 'coil', 'discrete']), ...place };
const writable = { table: z.enum(['holding', 'coil']).default('holding'), ...place };
const single = z.custom<Quantity>(v => typeof v === 'string' && isQuantity(v) && !v.includes('['), {
  error: 'expected the name of a single quantity that ends in its unit',
});
const scaling = { raw: rawSpan.default([0, 1]), eng: engSpan.default([0, 1]) };

const channel = z
  .strictObject({
    /** Ends in its unit; with `[]` it is an array of `count` channels, numbered from 1. */
    name: z
      .string()
      .refine(isQuantity, 'expected a name that ends in its unit, e.g. "outletTemperature_degC"'),
    count: z.number().int().min(1).max(10_000).optional(),
    ...readable,
    ...scaling,
    range: span,
    /** Raw values that mean "no sensor". */
    fault: z.union([z.number(), z.array(z.number()).min(1)]).optional(),
    /** 1 where any of these bits is set, else 0. */
    bits: z.number().int().min(1).max(0xffffffff).optional(),
    /** 1 where the raw value is one of these, else 0. */
    oneOf: z.array(z.number()).min(1).optional(),
    /** What people call each of its numbers, where it is a state. */
    words: stateWords.optional(),
    /** Where it is the instrument's own time of other channels; its bounds are those of its register. */
    instrumentTime: instrumentTimeSchema.optional(),
    /** Counts up and begins again at 0 when the register is full: the channel goes on counting. */
    counter: z.boolean().default(false),
    /** Read so often only, ms; between two readings the last one counts. Absent: with every poll. */
    every_ms: finite.positive().optional(),
    accuracy: z.strictObject({ reading_pct: finite.min(0), abs: amount, basis }),
    basis: basis.optional(),
  })
  .refine(c => c.name.includes('[]') === (c.count !== undefined), {
    error: 'expected "count" together with "[]" in the name, or neither',
  })
  .refine(c => c.address + (c.count ?? 1) * widthOf(c.type) <= 0x10000, {
    error: 'the registers run past address 65535',
    path: ['address'],
  })
  .refine(c => !c.counter || /^(uint(16|32)|bcd(16|32))$/.test(c.type), {
    error: 'expected a counter of type uint16, uint32, bcd16 or bcd32',
    path: ['counter'],
  });

const safeIsWithin = (set: { safe?: unknown; range: readonly unknown[] }): boolean =>
  !(Number(set.safe) < Number(set.range[0]) || Number(set.safe) > Number(set.range[1]));
const settable = z
  .strictObject({
    name: single,
    ...writable,
    ...scaling,
    range: span,
    /** Difference that a read-back may have, in the unit of the name; the rounding of the register comes to it. */
    tolerance: amount.refine(v => typeof v === 'string' || v >= 0, 'expected 0 or more').default(0),
    /** Written with function 16 although it is one register. */
    multiple: z.boolean().default(false),
    /** Where it is read back; absent: where it is written. */
    readback: z
      .strictObject({ table: z.enum(['holding', 'input', 'coil', 'discrete']), ...place })
      .optional(),
    settle_ms: finite.min(0).default(0),
    /** After a reconnect nothing but its safe value is sent before the watchdog is armed again. */
    needsWatchdog: z.boolean().default(false),
    /** Its value in the safe state, or why it is left as it is. */
    safe: amount.optional(),
    kept: z.string().min(3).optional(),
    basis: basis.optional(),
  })
  .refine(s => (s.safe === undefined) !== (s.kept === undefined), {
    error: 'expected "safe" with a value, or "kept" with the reason why it is not set in the safe state',
  })
  .refine(safeIsWithin, { error: 'expected a value within its range', path: ['safe'] })
  .refine(s => s.safe === undefined || s.safe === 0 || !isCurrentOrPower(s.name), {
    error:
      'expected 0 for a current or a power in the safe state, or "kept" with the reason why it is left as it is',
    path: ['safe'],
  });

/** A write and its read-back. `s`, `ms`, `100ms`: the time of the watchdog in that unit. */
const step = z.strictObject({
  ...writable,
  value: z.union([finite, z.enum(['s', 'ms', '100ms'])]),
  do: z.enum(['write', 'check', 'both']).default('both'),
  multiple: z.boolean().default(false),
  basis,
});

const watchdog = z
  .strictObject({
    /** Time-outs that it takes; with `fixed_s` the one it has. */
    range_s: span_s.optional(),
    resolution_s: finite.positive().default(1),
    fixed_s: finite.positive().optional(),
    steps: z.array(step).default([]),
    disarm: z.array(step).default([]),
    /** Written with each poll, one value after the other, once it is armed. */
    heartbeat: z.strictObject({ ...writable, values: z.array(finite).min(2), basis }).optional(),
  })
  .refine(w => (w.range_s === undefined) !== (w.fixed_s === undefined), 'expected "range_s" or "fixed_s"')
  .refine(w => w.steps.length > 0 || w.heartbeat !== undefined, 'expected "steps" or "heartbeat"');

/** What the bench file says of the instrument; with `read` the instrument is asked, and must say the same. */
const statement = z.strictObject({
  what: z.string().min(3),
  /** The words that the bench file may use, and the raw value of each. */
  names: z.record(z.string(), finite).optional(),
  /** A text in so many registers. */
  text: z.number().int().min(1).max(125).optional(),
  optional: z.boolean().default(false),
  read: z.strictObject(readable).optional(),
  basis,
});

/** Terminals of a rack, which the bench file names: `ai[3]`. */
const point = z.strictObject({
  what: z.string().min(3),
  count: z.number().int().min(1).max(2000),
  ...readable,
  /** Registers from one to the next. */
  step: z.number().int().min(0).default(1),
  /** All in one word: terminal n is bit n. */
  bitwise: z.boolean().default(false),
  raw: rawSpan.default([0, 1]),
  /** Values at the ends of `raw`; absent: the code of the terminal says it. */
  eng: z.tuple([finite, finite]).optional(),
  fault: z.array(z.number()).default([]),
  /** Where the module says what the terminal is set to. */
  code: z
    .strictObject({
      table: z.enum(['holding', 'input']),
      address: word,
      step: z.number().int().min(1).default(1),
      names: z.record(z.string(), z.strictObject({ code: word, eng: z.tuple([finite, finite]) })),
      basis,
    })
    .optional(),
  /** It is an output; where it is read back, if not where it is written. */
  output: z
    .strictObject({ readback: z.strictObject({ table: readable.table, address: word }).optional() })
    .optional(),
  basis,
});

export const mapSchema = z
  .strictObject({
    device: z.string().min(1),
    manual: z.string().min(1).optional(),
    triedOn: z.string().min(1).optional(),
    /** How it comes from the factory, for people: `19200 8N1`, `port 502`. */
    wire: z.string().min(1).optional(),
    unit: z.number().int().min(0).max(255),
    /** Worst time the device takes to answer, without the time on the wire, ms. */
    reply_ms: finite.refine(v => v > 0, 'expected a number > 0'),
    /** Least pause between two requests, ms. */
    gap_ms: finite.min(0).default(0),
    /** Unused registers read along when that saves a request. 0 where an undefined one is refused. */
    gapRegistersMax: z.number().int().min(0).max(100).default(8),
    /** Registers with a known content: proves the device, and tells a late answer from its own. */
    identify: z
      .strictObject({
        table: z.enum(['holding', 'input']),
        address: word,
        expect: z.array(word).min(1).max(125),
        basis: basis.optional(),
      })
      .optional(),
    /** A channel (`*`: the first) whose value must be in its range, where the device does not say what it is. */
    plausible: z.string().min(1).optional(),
    healthy: z.array(healthSchema).default([]),
    about: z.record(z.string().regex(/^[a-z]\w*$/), statement).default({}),
    points: z.record(z.string().regex(/^[a-z]+$/), point).default({}),
    channels: z.array(channel).default([]),
    settables: z.array(settable).default([]),
    watchdog: watchdog.optional(),
    onLoss: z.enum(['off', 'hold', 'unknown']).default('unknown'),
    /** What a person must know, printed in the reference. */
    notes: z.array(z.string().min(3)).default([]),
  })
  .refine(map => map.channels.length > 0 || Object.keys(map.points).length > 0, {
    error: 'expected at least 1 entries',
    path: ['channels'],
  })
  .refine(
    ({ channels, settables }) => {
      const names = [...channels, ...settables].map(c => c.name);
      return new Set(names).size === names.length;
    },
    { error: 'expected every channel name once', path: ['channels'] },
  )
  .refine(
    map =>
      map.identify !== undefined ||
      map.plausible === '*' ||
      map.channels.some(c => c.name === map.plausible) ||
      Object.values(map.about).some(a => a.read !== undefined && !a.optional),
    {
      error: 'expected "identify", a channel under "plausible", or something under "about" that is read',
      path: ['identify'],
    },
  )
  .superRefine((map, context) => {
    for (const [i, { of = [] }] of map.healthy.entries()) {
      const unknown = of.find(name => !map.channels.some(c => c.name === name));
      if (unknown === undefined) continue;
      const message = `expected the name of a channel, there is no ${unknown}`;
      context.addIssue({ code: 'custom', path: ['healthy', i, 'of'], message });
    }
    const slip = timeSlip(map.channels);
    if (slip !== undefined)
      context.addIssue({ code: 'custom', path: ['channels', slip.index], message: slip.text });
    for (const list of ['channels', 'settables'] as const) {
      const clash = overlapOf(map[list]);
      if (clash === undefined) continue;
      const { index, registers, other } = clash;
      const message = `expected registers of its own, ${registers} belong to ${other} too`;
      context.addIssue({ code: 'custom', path: [list, index, 'address'], message });
    }
  });

/** A register map, or a family of the program: what is asked, set and proved. Amounts may name figures of the bench file. */
export type ModbusMap = z.infer<typeof mapSchema>;
export type Amount = z.infer<typeof amount>;
export type WatchdogSpec = z.infer<typeof watchdog>;
export type WatchdogStep = z.infer<typeof step>;

/** Names of the families that come with the program. */
export const modbusFamilies = (): string[] => familiesIn(FOLDER);

/** The file of a family of the program. Throws DeviceError `config` that lists the known ones. */
export function modbusFamilyFile(family: string): string {
  if (modbusFamilies().includes(family)) return join(FOLDER, family + ENDING);
  throw new DeviceError(
    'config',
    family,
    `no such family; expected one of ${modbusFamilies().join(', ')} (a map of your own is named with "map")`,
  );
}

/** Reads a register map. `path` is relative to the folder of the bench file. Throws DeviceError `config`. */
export function readModbusMap(path: string, baseDir: string): ModbusMap {
  return readDataFile(isAbsolute(path) ? path : join(baseDir, path), mapSchema);
}
