import { join } from 'node:path';
import { z } from 'zod';
import { readDataFile } from '../contract/data-file.ts';
import { DeviceError } from '../contract/errors.ts';
import { isQuantity, type Quantity } from '../contract/units.ts';
import { familiesIn, familyFileIn } from './families.ts';

/** Where the families stand that come with the program. */
const FOLDER = join(import.meta.dirname, 'thermal');

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const basis = z.enum(['sourced', 'recalled', 'default']);
/** A line as it is sent: ASCII, and the pilcrow (0xB6) that parts the fields of SimServ. `{}` is the value. */
const line = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e\xb6]+$/, 'expected printable ASCII or 0xB6');
const expression = z.string().min(1).refine(isExpression, 'expected a regular expression');
const name = z
  .custom<Quantity>(v => typeof v === 'string' && isQuantity(v), 'expected a name that ends in its unit')
  .refine(v => !v.includes('['), 'expected a single quantity');
const span = z
  .tuple([finite, finite])
  .refine(([low, high]) => low < high, 'expected [low, high] with low < high');

/** How the value stands in an answer. */
const value = {
  ask: line,
  /** The whole answer, the value in its first group: what does not look like this is no answer. */
  answer: expression,
  /** The group is a 16-bit number in hexadecimal digits, two's complement. */
  hex: z.boolean().default(false),
  /** Value of 1 of the number. */
  scale: finite.default(1),
  /** Numbers that stand for "no sensor". */
  none: z.array(finite).default([]),
  /** 1 where any of these bits is set, else 0. */
  bits: z.number().int().min(1).max(0xffff).optional(),
  /** 1 below this number, else 0. */
  below: finite.optional(),
  /** 1 for this number, else 0. */
  equal: finite.optional(),
  /** The group is a word: 1 for this one, else 0. */
  word: z.string().min(1).optional(),
  basis,
};

const familySchema = z
  .strictObject({
    /** Makes and models that it is for. */
    device: z.string().min(1),
    manual: z.string().min(1),
    triedOn: z.string().min(1),
    line: z.strictObject({
      /** As it comes from the factory, for people: `4800 7E1`, `port 8101`. */
      wire: z.string().min(1),
      terminator: z.enum(['lf', 'cr', 'crlf']),
      /** Behind each line in both directions: the low byte of the sum of its characters, two hexadecimal digits. */
      checksum: z.literal('sum').optional(),
      reply_ms: finite.refine(v => v > 0, 'expected a number > 0'),
      gap_ms: finite.min(0),
      /** Least time between a command and the question behind it, ms. */
      settle_ms: finite.min(0).default(0),
      /** It does not answer the first question after the line was opened: the identity is asked once in vain. */
      deafAtFirst: z.boolean().default(false),
      basis,
    }),
    /** What the instrument says of itself; the first group of `expect` must be what the bench file says under `is`. */
    identity: z.strictObject({ ask: line, expect: expression, is: z.enum(['model', 'serial']), basis }),
    /** What it answers to each command it takes. Absent: commands have no answer, the question behind them proves them. */
    acknowledge: expression.optional(),
    /** What it answers to what it refuses. */
    refused: expression.optional(),
    /** Meaning of the refusals, by their whole text. */
    refusals: z.record(z.string(), z.string().min(3)).default({}),
    accuracy: z.strictObject({ abs_K: finite.min(0), basis }),
    reads: z
      .array(
        z.strictObject({
          name,
          range: span.optional(),
          /** Asked only where the bench file says that there is an external sensor. */
          isExternal: z.boolean().default(false),
          ...value,
        }),
      )
      .min(1),
    sets: z
      .array(
        z.strictObject({
          name,
          /** With `{}` for the value, or the two lines for off and on. */
          say: z.union([
            line.refine(v => v.includes('{}'), 'expected {} for the value'),
            z.tuple([line, line]),
          ]),
          /** What it answers to this command, where that is not the same for all. */
          acknowledge: expression.optional(),
          decimals: z.number().int().min(0).max(3).default(2),
          range: span.optional(),
          ...value,
        }),
      )
      .min(2),
    /** Its own time-out of communication. */
    watchdog: z
      .strictObject({ range_s: span, say: line, off: line, ask: line, answer: expression, basis })
      .optional(),
    onLoss: z.enum(['off', 'hold', 'unknown']),
    notes: z.array(z.string().min(3)).default([]),
  })
  .superRefine((family, context) => {
    for (const key of ['temperatureSet_degC', 'runSet_on']) {
      if (family.sets.some(set => set.name === key)) continue;
      context.addIssue({ code: 'custom', path: ['sets'], message: `expected ${key} among them` });
    }
    const names = [...family.reads, ...family.sets].map(v => v.name);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    if (twice !== undefined) {
      const message = `expected every name once, ${twice} is there twice`;
      context.addIssue({ code: 'custom', path: ['reads'], message });
    }
  });

/** A family of chambers or circulators: what is asked, set and proved, with the basis of each fact. */
export type ThermalFamily = z.infer<typeof familySchema>;
export type ThermalSet = ThermalFamily['sets'][number];
/** Where a value stands in an answer. */
export type ThermalValue = Pick<
  ThermalSet,
  'ask' | 'answer' | 'hex' | 'scale' | 'none' | 'bits' | 'below' | 'equal' | 'word'
>;

/** Names of the families that come with the program. */
export const thermalFamilies = (): string[] => familiesIn(FOLDER);

/** The file of a family: one of the program's by its name, or the bench's own, named from the folder of the bench file. */
export const thermalFile = (family: string, baseDir: string): string => familyFileIn(FOLDER, family, baseDir);

/** Reads a family. Throws DeviceError `config` that names file and line. */
export function readThermal(family: string, baseDir: string): ThermalFamily {
  return readDataFile(thermalFile(family, baseDir), familySchema);
}

/**
 * The value that an answer holds, NaN where it says that there is no sensor; undefined where it is no answer to this
 * question.
 */
export function thermalValue(text: string, place: Omit<ThermalValue, 'ask'>): number | undefined {
  const held = new RegExp(place.answer).exec(text)?.[1];
  if (held === undefined) return undefined;
  if (place.word !== undefined) return Number(held === place.word);
  if (!(place.hex ? /^[0-9A-F]{4}$/ : /^[+-]?\d{1,6}(\.\d{1,4})?$/).test(held)) return undefined;
  const number = place.hex ? (Number.parseInt(held, 16) << 16) >> 16 : Number(held);
  if (place.bits !== undefined) return Number((number & place.bits) !== 0);
  if (place.below !== undefined) return Number(number < place.below);
  if (place.equal !== undefined) return Number(number === place.equal);
  if (place.none.includes(number)) return Number.NaN;
  // A division keeps 25.5 what it was where the scale is a power of ten.
  return place.scale < 1 ? number / Math.round(1 / place.scale) : number * place.scale;
}

/** A set value as the instrument takes it: plain digits, or 16 bits in hexadecimal. Throws `range` for what is none. */
export function thermalText(amount: number, set: Pick<ThermalSet, 'hex' | 'scale' | 'decimals'>): string {
  if (!Number.isFinite(amount)) throw new DeviceError('range', 'thermal', `${amount} is no set value`);
  if (!set.hex) return (amount / set.scale).toFixed(set.decimals);
  const number = Math.round(amount / set.scale);
  if (!(number >= -0x8000 && number <= 0x7ffe))
    throw new DeviceError('range', 'thermal', `${amount} does not fit into 16 bits`);
  return (number & 0xffff).toString(16).toUpperCase().padStart(4, '0');
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
