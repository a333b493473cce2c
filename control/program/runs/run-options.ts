import { z } from 'zod';
import { readOptions } from '../options.ts';
import { damagedOption } from './damaged-option.ts';

/** The command lines of what is done with one recorded run. */

const help = z.boolean().default(false);
const RUN = z.strictObject({ run: z.string(), help });
const RECORD = RUN.extend({ damaged: damagedOption });
const COPY = RECORD.extend({ to: z.string().optional() });

function ofRun<Shape extends z.ZodRawShape>(
  command: string,
  args: readonly string[],
  schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  return readOptions(args, {
    schema,
    flags: ['help'],
    words: ['run'],
    help: `npm start -- ${command} --help`,
  });
}

/** `COMMAND RUN`. @throws UsageError */
export function runOptions(command: string, args: readonly string[]): z.output<typeof RUN> {
  return ofRun(command, args, RUN);
}

/** `COMMAND RUN [--damaged mark]`. @throws UsageError */
export function recordOptions(command: string, args: readonly string[]): z.output<typeof RECORD> {
  return ofRun(command, args, RECORD);
}

/** `COMMAND RUN [--to FILE] [--damaged mark]`. @throws UsageError */
export function copyOptions(command: string, args: readonly string[]): z.output<typeof COPY> {
  return ofRun(command, args, COPY);
}
