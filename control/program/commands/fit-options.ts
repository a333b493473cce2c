import { z } from 'zod';
import { bytesOf, decodeText } from '../../../drivers/contract/text-file.ts';
import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import { type FitData, readFitData } from '../../../sim/fit/fit-data.ts';
import type { FitChoices } from '../../../sim/fit/fit-plant.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';

/** The command line of `fit`, for plants and for circuits. */

function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` }).optional();
}

const schema = z.strictObject({
  plant: z.string(),
  data: z.string(),
  bench: z.string().optional(),
  subject: z.string().optional(),
  cells: numberOption(1, 1000, 'a whole number').optional(),
  area: numberOption(1e-3, 1e6, 'a number').optional(),
  nominal: numberOption(1e-6, 1e6, 'a number').optional(),
  set: z.string().optional(),
  parameters: z.string().optional(),
  circuit: z.string().optional(),
  at: z.string().optional(),
  settle: numberOption(0, 1e7, 'a number').optional(),
  time: choice(['s', 'ms', 'min', 'h']),
  repeats: choice(['refuse', 'first', 'last', 'mean']),
  current: choice(['charge', 'discharge']),
  unit: choice(['Ohm', 'mOhm', 'Ohm_cm2', 'mOhm_cm2']),
  of: choice(['stack', 'cell']),
  im: choice(['plus', 'minus']),
  kk: choice(['refuse', 'accept']),
  out: z.string().optional(),
  report: z.string().optional(),
  help: z.boolean().default(false),
});

/** What `fit` was asked. */
export type FitOptions = z.output<typeof schema>;

/** Reads the words behind `fit`. @throws UsageError */
export function readFitOptions(args: readonly string[]): FitOptions {
  return readOptions(args, {
    schema,
    flags: ['help'],
    words: ['plant', 'data'],
    help: 'npm start -- fit --help',
  });
}

/** The data file as the options say it is. @throws FileError */
export function dataOf(options: FitOptions): FitData {
  return readFitData(options.data, decodeText(options.data, bytesOf(options.data)).text, {
    time: options.time,
    repeats: options.repeats,
  });
}

/** What the options say of the data beside the file. */
export function choicesOf({ time, current, unit, of, im, kk }: FitOptions): FitChoices {
  return { isTimeSaid: time !== undefined, current, unit, of, im, kk };
}

/** Turns what is wrong with a request into what the command line says of it. */
export function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FitError) throw new UsageError(error.message);
    throw error;
  }
}
