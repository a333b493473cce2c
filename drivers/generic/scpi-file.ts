import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { readDataFile } from '../contract/data-file.ts';
import { DeviceError } from '../contract/errors.ts';
import { isQuantity, type Quantity } from '../contract/units.ts';

/** Where the families stand that come with the program. */
const FOLDER = join(import.meta.dirname, 'scpi');
const ENDING = '.yaml';

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const basis = z.enum(['sourced', 'recalled', 'default']);
/** A line as it is sent. `{}` is the value, `{s}` or `{ms}` a time, `{output}` and `{address}` options of the bench file. */
const line = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e]+$/, 'expected printable ASCII');
const span = z
  .tuple([finite, finite])
  .refine(([low, high]) => low < high, 'expected [low, high] with low < high');
const name = z
  .custom<Quantity>(v => typeof v === 'string' && isQuantity(v), 'expected a name that ends in its unit')
  .refine(v => !v.includes('['), 'expected a single quantity');
const rated = z.enum(['voltage', 'current', 'power']);

/** A command and how its effect is proved. `answer`: what `ask` must give (a number or ON, OFF counts by value). */
const step = z
  .strictObject({ say: line.optional(), ask: line.optional(), answer: line.optional(), basis })
  .refine(s => (s.ask === undefined) === (s.answer === undefined), 'expected "ask" together with "answer"')
  .refine(s => s.say !== undefined || s.ask !== undefined, 'expected "say" or "ask"');

const read = z.strictObject({
  name,
  ask: line,
  /** Which value of a list, 0 the first. */
  field: z.number().int().min(0).default(0),
  /** The range is in parts of this rating; absent: in the unit of the name. */
  rated: rated.optional(),
  range: span,
  /** The answer is a status word: 1 if any of these bits is set. */
  bits: z.number().int().min(1).optional(),
  /** The answer that counts as 1, where it is neither a number nor ON or OFF. */
  word: z.string().min(1).optional(),
  basis,
});

const set = z.strictObject({
  name,
  /** With `{}` for the value, or the two lines for off and on. */
  say: z.union([line.refine(v => v.includes('{}'), 'expected {} for the value'), z.tuple([line, line])]),
  ask: line,
  field: z.number().int().min(0).default(0),
  rated: rated.optional(),
  range: span,
  decimals: z.number().int().min(0).max(6).default(3),
  /** Difference that a read-back may have: parts of the rating in per cent, else of 1. */
  tolerance_pct: finite.min(0).default(0),
  settle_ms: finite.min(0).default(0),
  basis,
});

const familySchema = z
  .strictObject({
    /** Makes and models that it is for. */
    supply: z.string().min(1),
    manual: z.string().min(1),
    triedOn: z.string().min(1),
    line: z.strictObject({
      /** The usual one, for people. */
      port: z.number().int().min(1).max(65535).optional(),
      terminator: z.enum(['lf', 'cr', 'crlf']),
      reply_ms: finite.refine(v => v > 0, 'expected a number > 0'),
      gap_ms: finite.min(0),
      basis,
    }),
    /** The answer is a list: maker (matches this expression), model (the bench file says which), serial number, firmware. */
    identity: z.strictObject({
      ask: line,
      maker: z.string().refine(isExpression, 'expected a regular expression'),
      basis,
    }),
    /** Calls the unit on a line with several, before each exchange; answered as every command (`acknowledge`). */
    call: line.optional(),
    /** Questions for the ratings, which must be those of the bench file. */
    ratings: z.partialRecord(rated, line).default({}),
    control: z.array(step).default([]),
    release: z.array(step).default([]),
    /** How the error queue is read after each command. Absent: reading it does more than that, or there is none. */
    errors: z.strictObject({ ask: line, basis }).optional(),
    /** What the instrument answers to each command it takes. Absent: commands have no answer. */
    acknowledge: z.string().min(1).optional(),
    accuracy: z.strictObject({ reading_pct: finite.min(0), rating_pct: finite.min(0), basis }),
    reads: z.array(read).min(1),
    sets: z.array(set).min(1),
    watchdog: z
      .strictObject({
        range_s: span,
        resolution_s: finite.positive(),
        steps: z.array(step).min(1),
        disarm: z.array(step),
      })
      .optional(),
    onLoss: z.enum(['off', 'hold', 'unknown']),
    safe: z.array(z.tuple([name, finite])).min(1),
  })
  .refine(family => family.call === undefined || family.acknowledge !== undefined, {
    error: 'expected "acknowledge": an unanswered call reaches nobody for certain',
    path: ['call'],
  })
  .superRefine((family, context) => {
    const names = [...family.reads, ...family.sets].map(v => v.name);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    if (twice !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['reads'],
        message: `expected every name once, ${twice} is there twice`,
      });
    }
    for (const [i, [key]] of family.safe.entries()) {
      if (family.sets.some(s => s.name === key)) continue;
      context.addIssue({
        code: 'custom',
        path: ['safe', i],
        message: `expected something of "sets", not ${key}`,
      });
    }
    const output = family.sets.find(s => s.name === 'outputSet_on');
    if (output === undefined || family.safe[0]?.[0] !== 'outputSet_on' || family.safe[0][1] !== 0) {
      context.addIssue({
        code: 'custom',
        path: ['safe'],
        message: 'expected [outputSet_on, 0] first, and it in "sets"',
      });
    }
  });

/** A family of supplies or loads: what is asked, set and proved, with the basis of each fact. */
export type ScpiFamily = z.infer<typeof familySchema>;
export type ScpiRead = ScpiFamily['reads'][number];
export type ScpiSet = ScpiFamily['sets'][number];
export type ScpiStep = z.infer<typeof step>;

/** Names of the families that come with the program. */
export function scpiFamilies(): string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith(ENDING))
    .map(file => file.slice(0, -ENDING.length))
    .sort();
}

/** The file of a family: one of the program's by its name, or the bench's own, named from the folder of the bench file. */
export function familyFile(family: string, baseDir: string): string {
  if (!family.endsWith(ENDING)) {
    if (scpiFamilies().includes(family)) return join(FOLDER, family + ENDING);
    const known = scpiFamilies().join(', ');
    throw new DeviceError('config', family, `no such family; expected one of ${known}, or a file *${ENDING}`);
  }
  return isAbsolute(family) ? family : join(baseDir, family);
}

/** Reads a family. Throws DeviceError `config` that names file and line. */
export function readFamily(family: string, baseDir: string): ScpiFamily {
  return readDataFile(familyFile(family, baseDir), familySchema);
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
