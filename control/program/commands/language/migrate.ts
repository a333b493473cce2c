import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { readTextFile } from '../../../../drivers/contract/text-file.ts';
import { readWithCalls } from '../../../../profiles/language/file/calls.ts';
import type { ModeNumbers } from '../../../../profiles/language/migrate/channel.ts';
import { migrate } from '../../../../profiles/language/migrate/migrate.ts';
import { loadBench } from '../../../bench/bench-file.ts';
import { calledFile, parseMethodFor } from '../../method-of-bench.ts';
import { describeDevice } from '../../open-devices.ts';
import { readOptions } from '../../options.ts';
import { refuseIfThere } from '../../result/write-whole.ts';

const schema = z.strictObject({
  file: z.string(),
  out: z.string().optional(),
  bench: z.string().optional(),
  subject: z.string().optional(),
  help: z.boolean().default(false),
});
/** As `convert` has it. */
const EXIT = { same: 0, differences: 1 } as const;

/** `cellbench migrate FILE`: a method of version 1 written in version 2. Returns the exit code. */
export async function migrateCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['file'],
    help: 'npx cellbench migrate --help',
  });
  const { file, out } = options;
  if (out !== undefined) refuseIfThere(out);
  const bench =
    options.bench === undefined ? undefined : loadBench(options.bench, describeDevice, options.subject);
  const { text, warnings } = migrate(file, readTextFile(file), modesOf(bench?.bench.output?.modes));
  // What comes out is a method, or nothing does: as far as can be seen without, or with, its bench.
  const name = `${out ?? file} (in version 2)`;
  if (bench === undefined) readWithCalls(name, text, calledFile);
  else parseMethodFor(name, text, bench);
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  const say = out === undefined ? console.error : console.log;
  if (out !== undefined) say(`${out}: version 2 of ${file}`);
  for (const warning of warnings) say(`  look at ${file}:${warning.line}: ${warning.text}`);
  return warnings.length === 0 ? EXIT.same : EXIT.differences;
}

type Modes = Partial<Record<'rest' | 'cc' | 'cv' | 'cp' | 'cr', number>>;

function modesOf(modes: Modes = {}): ModeNumbers {
  return new Map(
    (Object.entries(modes) as [keyof Modes, number][]).map(([mode, number]) => [number, mode] as const),
  );
}
