import { join } from 'node:path';
import { z } from 'zod';
import { readDataFile } from '../contract/data-file.ts';
import { isQuantity, type Quantity } from '../contract/units.ts';
import { switchOf } from '../protocol/scpi.ts';
import { questionWithoutMark, writingQuestion } from '../protocol/writing-question.ts';
import { familiesIn, familyFileIn } from './families.ts';
import { instrumentTimeSchema, timeSlip } from './instrument-time.ts';
import { stateWords } from './state-words.ts';

/** Where the families stand that come with the program. */
const FOLDER = join(import.meta.dirname, 'scpi');

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const basis = z.enum(['sourced', 'recalled', 'default']);
/** A line as it is sent. `{}` is the value, `{s}` or `{ms}` a time, `{output}` and `{address}` options of the bench file. */
const line = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e]+$/, 'expected printable ASCII');
/** Low and high. */
export const span = z
  .tuple([finite, finite])
  .refine(([low, high]) => low < high, 'expected [low, high] with low < high');
const name = z
  .custom<Quantity>(v => typeof v === 'string' && isQuantity(v), 'expected a name that ends in its unit')
  .refine(v => !v.includes('['), 'expected a single quantity');
/** -1: the instrument counts what leaves the cell (a load), we what goes into it. */
const sign = z.union([z.literal(1), z.literal(-1)]).default(1);
/** A rating of the type plate: of a supply `voltage`, `current` or `power`, of a declared driver one of its options. */
const rated = z.string().regex(/^[a-z]\w*$/, 'expected a rating');
const RATINGS = ['voltage', 'current', 'power'];
/** A read-back that may differ by more proves nothing. */
const TOLERANCE_MOST_pct = 5;
const accuracy = z.strictObject({ reading_pct: finite.min(0), rating_pct: finite.min(0), basis });

/** A command and how its effect is proved. `answer`: what `ask` must give (a number or ON, OFF counts by value). */
const step = z
  .strictObject({ say: line.optional(), ask: line.optional(), answer: line.optional(), basis })
  .refine(s => (s.ask === undefined) === (s.answer === undefined), 'expected "ask" together with "answer"')
  .refine(s => s.say !== undefined || s.ask !== undefined, 'expected "say" or "ask"');

/** Where a value stands in an answer. Without `field` the answer is that one value: `4,9` is none. */
const placeInAnswer = {
  /** Which value of a list, 0 the first. */
  field: z.number().int().min(0).optional(),
  /** How many values the list has; absent: up to the last one that is read of it. */
  fields: z.number().int().min(1).optional(),
};

export const readSchema = z.strictObject({
  name,
  ask: line,
  ...placeInAnswer,
  /** The range is in parts of this rating; absent: in the unit of the name. */
  rated: rated.optional(),
  range: span,
  sign,
  /** The answer is a status word: 1 if any of these bits is set. */
  bits: z.number().int().min(1).optional(),
  /** The answer that counts as 1, where it is neither a number nor ON or OFF. */
  word: z.string().min(1).optional(),
  /** The answer is one of these words, or the number before it, which it counts as: states of the instrument. */
  words: stateWords.optional(),
  /** Reads an answer that is none of these (in a driver's own code); undefined: it is no answer to this question. */
  value: z
    .custom<(text: string) => number | undefined>(v => typeof v === 'function', 'expected a function')
    .optional(),
  /** Where it is the instrument's own time of other readings. */
  instrumentTime: instrumentTimeSchema.optional(),
  /** Asked so often only, ms; between two answers the last one counts. Absent: with every poll. */
  every_ms: finite.positive().optional(),
  /** Where it is not that of the whole instrument. */
  accuracy: accuracy.optional(),
  basis,
});

export const setSchema = z.strictObject({
  name,
  /** With `{}` for the value, or the two lines for off and on. */
  say: z.union([
    line.refine(v => v.includes('{}'), 'expected {} for the value'),
    z
      .tuple([line, line])
      .refine(
        ([off, on]) => lastWord(off) !== 1 && lastWord(on) !== 0,
        'expected the line for off first, then that for on',
      ),
  ]),
  ask: line,
  ...placeInAnswer,
  rated: rated.optional(),
  range: span,
  sign,
  decimals: z.number().int().min(0).max(6).default(3),
  /** Difference that a read-back may have: parts of the rating in per cent, else of 1. */
  tolerance_pct: finite.min(0).max(TOLERANCE_MOST_pct).default(0),
  settle_ms: finite.min(0).default(0),
  /** As the output: after a reconnect nothing but its safe value is sent before the watchdog is armed again. */
  needsWatchdog: z.boolean().default(false),
  basis,
});

/** What every instrument that speaks lines says of itself, beside what is read and set. */
export const speechShape = {
  line: z.strictObject({
    /** The usual one, for people. */
    port: z.number().int().min(1).max(65535).optional(),
    terminator: z.enum(['lf', 'cr', 'crlf']),
    reply_ms: finite.refine(v => v > 0, 'expected a number > 0'),
    gap_ms: finite.min(0),
    /** Which checksum it takes behind a line and then puts behind its own, where the bench file asks for it. */
    checksum: z.enum(['dollar']).optional(),
    basis,
  }),
  /** The answer is a list: maker and model (match these expressions), serial number, firmware. */
  identity: z.strictObject({
    ask: line,
    maker: z.string().refine(isExpression, 'expected a regular expression'),
    /** Absent: the bench file says which model. */
    model: z.string().refine(isExpression, 'expected a regular expression').optional(),
    basis,
  }),
  /** Calls the unit on a line with several, before each exchange; answered as every command (`acknowledge`). */
  call: line.optional(),
  /** Questions for the ratings, which must be those of the bench file. */
  ratings: z.record(rated, line).default({}),
  control: z.array(step).default([]),
  release: z.array(step).default([]),
  /** How the error queue is read after each command. Absent: reading it does more than that, or there is none. */
  errors: z.strictObject({ ask: line, basis }).optional(),
  /** What the instrument answers to each command it takes. Absent: commands have no answer. */
  acknowledge: z.string().min(1).optional(),
  accuracy,
  watchdog: z
    .strictObject({
      range_s: span,
      resolution_s: finite.positive(),
      steps: z
        .array(step)
        .min(1)
        .refine(
          steps => steps.at(-1)?.ask !== undefined,
          'expected "ask" and "answer" of the last step: what is not read back is not armed',
        ),
      disarm: z.array(step),
      /** Answers that say, while it is armed, that it is not: asked with the questions of `steps` again and again. */
      lost: z.array(z.strictObject({ ask: line, answer: line, basis })).default([]),
    })
    .optional(),
  onLoss: z.enum(['off', 'hold', 'unknown']),
};

/** The first name that stands twice; undefined: none. */
export function nameTwice(all: readonly { readonly name: string }[]): string | undefined {
  return all[secondOf(all.map(v => v.name))]?.name;
}

const familySchema = z
  .strictObject({
    /** Makes and models that it is for. */
    supply: z.string().min(1),
    manual: z.string().min(1),
    triedOn: z.string().min(1),
    ...speechShape,
    reads: z.array(readSchema).min(1),
    sets: z.array(setSchema).min(1),
    safe: z.array(z.tuple([name, finite])).min(1),
  })
  .refine(family => family.call === undefined || family.acknowledge !== undefined, {
    error: 'expected "acknowledge": an unanswered call reaches nobody for certain',
    path: ['call'],
  })
  .superRefine((family, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const twice = nameTwice([...family.reads, ...family.sets]);
    if (twice !== undefined) issue(['reads'], `expected every name once, ${twice} is there twice`);
    const slip = timeSlip(family.reads);
    if (slip !== undefined) issue(['reads', slip.index, 'instrumentTime'], slip.text);
    const asked = writingQuestion(family) ?? questionWithoutMark(family);
    if (asked !== undefined) issue(asked.path, asked.text);
    for (const said of ['say', 'ask'] as const) {
      const i = secondOf(family.sets.map(set => `${set[said]} ${said === 'ask' ? (set.field ?? '') : ''}`));
      if (i >= 0) issue(['sets', i, said], 'expected another line than that of a settable before it');
    }
    for (const list of ['reads', 'sets'] as const) {
      for (const [i, { rated }] of family[list].entries()) {
        if (rated === undefined || RATINGS.includes(rated)) continue;
        issue([list, i, 'rated'], `expected one of ${RATINGS.join(', ')}`);
      }
    }
    for (const [i, [key]] of family.safe.entries()) {
      if (family.sets.some(s => s.name === key)) continue;
      issue(['safe', i], `expected something of "sets", not ${key}`);
    }
    const output = family.sets.find(s => s.name === 'outputSet_on');
    if (output === undefined || family.safe[0]?.[0] !== 'outputSet_on' || family.safe[0][1] !== 0)
      issue(['safe'], 'expected [outputSet_on, 0] first, and it in "sets"');
  });

/** A family of supplies or loads: what is asked, set and proved, with the basis of each fact. */
export type ScpiFamily = z.infer<typeof familySchema>;
/** What a driver of lines is made from, whether a family or a declared driver says it. */
export type Speech = Omit<ScpiFamily, 'manual' | 'triedOn'>;
export type ScpiRead = ScpiFamily['reads'][number];
export type ScpiSet = ScpiFamily['sets'][number];
export type ScpiStep = z.infer<typeof step>;

/** Names of the families that come with the program. */
export const scpiFamilies = (): string[] => familiesIn(FOLDER);

/** The file of a family: one of the program's by its name, or the bench's own, named from the folder of the bench file. */
export const familyFile = (family: string, baseDir: string): string => familyFileIn(FOLDER, family, baseDir);

/** Reads a family. Throws DeviceError `config` that names file and line. */
export function readFamily(family: string, baseDir: string): ScpiFamily {
  return readDataFile(familyFile(family, baseDir), familySchema);
}

/** Where the first that stands before already is; -1: none. */
const secondOf = (all: readonly string[]): number => all.findIndex((one, i) => all.indexOf(one) < i);

/** The state at the end of a line: `OUTP ON` -> 1; undefined: none. */
const lastWord = (text: string): 0 | 1 | undefined => switchOf(text.split(/[\s,]+/).at(-1) ?? '');

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
