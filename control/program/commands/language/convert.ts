import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { readTextFile } from '../../../../drivers/contract/text-file.ts';
import { type Conversion, convert } from '../../../../profiles/language/exchange/convert.ts';
import { FORMATS } from '../../../../profiles/language/exchange/table.ts';
import { loadBench } from '../../../bench/bench-file.ts';
import { benchNames } from '../../../bench/bench-names.ts';
import { benchOfMethods } from '../../../bench/program-channel.ts';
import { calledFile } from '../../method-of-bench.ts';
import { describeDevice } from '../../open-devices.ts';
import { numberOption, readOptions, UsageError } from '../../options.ts';
import { refuseIfThere } from '../../result/write-whole.ts';

const TO = [...FORMATS, 'cellbench'] as const;
const schema = z.strictObject({
  file: z.string(),
  to: z.enum(TO, { error: `expected ${TO.join(', ')}` }).optional(),
  out: z.string().optional(),
  bench: z.string().optional(),
  subject: z.string().optional(),
  capacity: numberOption(1e-9, 1e9, 'a number').optional(),
  accept: z.boolean().default(false),
  help: z.boolean().default(false),
});
const wall = realClock();
/** As `rehearse` has it: there is something to look at. */
const EXIT = { same: 0, differences: 1 } as const;

/** `cellbench convert FILE --to FORMAT`: a method in another language. Returns the exit code. */
export async function convertCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['accept', 'help'],
    words: ['file'],
    help: 'npx cellbench convert --help',
  });
  const { file, to, out, accept: accepts } = options;
  if (to === undefined) throw new UsageError(`expected --to ${TO.join(', ')}`);
  if (out !== undefined) refuseIfThere(out);
  const { text, encoding, differences, from } = convert(file, readTextFile(file), {
    to,
    accepts,
    ...figuresFrom(options),
    find: calledFile,
    utc_s: wall.utc_ms() / 1000,
  });
  // What is printed is the file alone, so that it can be piped on.
  const say = out === undefined ? console.error : console.log;
  if (out === undefined) process.stdout.write(Buffer.from(text, encoding));
  else writeFileSync(out, text, encoding);
  if (out !== undefined) say(`${out}: ${to}, of ${file} (${from})`);
  for (const { where, what } of differences) say(`  otherwise there: ${where}: ${what}`);
  return differences.length === 0 ? EXIT.same : EXIT.differences;
}

/** Figures of what is tested: of the bench, and what the command line says of them. */
function figuresFrom({
  bench,
  subject,
  capacity,
}: z.output<typeof schema>): Pick<Conversion, 'subject' | 'bench'> {
  const said: Readonly<Record<string, number>> = capacity === undefined ? {} : { capacity_Ah: capacity };
  if (bench === undefined && subject !== undefined)
    throw new UsageError('--subject belongs to --bench, expected both');
  if (bench === undefined) return { subject: said, bench: {} };
  const names = benchNames(benchOfMethods(loadBench(bench, describeDevice, subject)).loaded);
  return { subject: { ...names.subject, ...said }, bench: names.bench };
}
