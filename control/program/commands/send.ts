import { dirname } from 'node:path';
import { z } from 'zod';
import { realClock } from '../../../drivers/contract/clock.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../../drivers/contract/yaml-file.ts';
import { type SinkStatus, type SinkTarget, sinksSchema } from '../../contract/sinks.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import { openReadOnly } from '../../record/read-only.ts';
import { runTagsOf } from '../../send/journal-lines.ts';
import { sinkKey } from '../../send/sender.ts';
import { Sending } from '../../send/sending.ts';
import { SendingFile } from '../../send/sending-file.ts';
import { targetsFor } from '../../send/targets.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { sendingFileOf, sendingLines } from '../sinks.ts';

const schema = z.strictObject({
  run: z.string(),
  bench: z.string().optional(),
  sink: z.string().optional(),
  minutes: numberOption(0.01, 1e6, 'a number').optional(),
  again: z.boolean().default(false),
  help: z.boolean().default(false),
});

const sinksOnly = z.looseObject({ sinks: sinksSchema.default({}) });
const SAID_S = 5;
const LETTERS_SAID = 10;

/** `cellbench send RUN`: sends what is left of a run to its sinks. Returns the exit code. */
export async function sendCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['again', 'help'],
    words: ['run'],
    help: 'npx cellbench send --help',
  });
  const journal = recordPath(options.run);
  const targets = chosen(targetsIn(journal, options.bench), options.sink, journal);
  const file = sendingFileOf(journal);
  prepare(file, targets, options.again);
  const sending = new Sending({ journal, file, targets });
  const clock = realClock();
  const stop = clock.every(SAID_S, () => console.error(progressOf(sending.sinks)));
  const sinks = await sending.hold().then(() => sending.end((options.minutes ?? 1e6) * 60));
  stop();
  for (const { name, sent, dead } of sinks) console.log(`${name}: ${sent} rows are sent, ${dead} refused`);
  for (const line of sendingLines(sinks, dirname(journal))) console.log(line);
  sayLetters(file);
  return sinks.every(sink => sink.state === 'done' && sink.dead === 0) ? EXIT.completed : EXIT.notProved;
}

/** The sinks of the bench file, else of the copy of it that the run was made with. */
function targetsIn(journal: string, bench: string | undefined): SinkTarget[] {
  const { mode } = runTagsOf(journal);
  const path = bench ?? `${journal} (its bench file)`;
  const text = bench === undefined ? benchFileOf(journal) : readTextFile(bench);
  const yaml = parseYamlFile(path, text, sinksOnly);
  const baseDir = bench === undefined ? '.' : dirname(bench);
  return targetsFor(mode, yaml.value.sinks, { baseDir, env: process.env, error: yaml.error });
}

function benchFileOf(journal: string): string {
  const db = openReadOnly(journal);
  try {
    return String(db.prepare("SELECT value FROM meta WHERE key = 'benchFile'").get()?.['value'] ?? '{}');
  } finally {
    db.close();
  }
}

function chosen(targets: readonly SinkTarget[], sink: string | undefined, journal: string): SinkTarget[] {
  const found = targets.filter(target => sink === undefined || target.name === sink);
  if (found.length > 0) return found;
  const names = targets.map(target => target.name).join(', ');
  const expected = names === '' ? 'a bench file with sinks (--bench FILE)' : `one of ${names}`;
  throw new UsageError(
    `${journal}: no sink${sink === undefined ? '' : ` "${sink}"`} for this run, expected ${expected}`,
  );
}

/** Makes the file of cursors, or says that it cannot be made; `again` forgets what it holds of these sinks. */
function prepare(file: string, targets: readonly SinkTarget[], again: boolean): void {
  try {
    const kept = new SendingFile(file);
    if (again) for (const target of targets) kept.forget(sinkKey(target));
    kept.close();
  } catch (error) {
    throw new FileError(file, 0, `cannot be written: ${plainReason(error)}, expected room for the cursors`);
  }
}

function progressOf(sinks: readonly SinkStatus[]): string {
  return sinks
    .map(({ name, state, sent, lag_rows, reason }) => {
      const why = reason === '' ? '' : `, ${reason}`;
      return `${name}: ${state}${why}; ${sent} rows are sent, ${lag_rows} to go`;
    })
    .join('\n');
}

function sayLetters(path: string): void {
  const file = new SendingFile(path);
  for (const { source, row, reason } of file.letters(LETTERS_SAID))
    console.log(`  refused: row ${row} of ${source}: ${reason}`);
  file.close();
}
