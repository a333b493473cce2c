import { z } from 'zod';
import { recordPath } from '../../exchange/recorded-run.ts';
import { openReadOnly } from '../../record/read-only.ts';
import { readEvents } from '../../record/recorded-events.ts';
import type { Command } from '../../view.ts';
import { readOptions, UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { runsIn } from '../runs/run-list.ts';
import { askRun, openRuns } from '../steer/door.ts';
import { alarmLines } from './alarm-list.ts';
import { timeSpan_s } from './time-span.ts';

const WORDS = ['acknowledge', 'shelve', 'unshelve'] as const;
const RUNS = 'runs';

const name = z.string().regex(/\S/, 'expected a name');
const schema = z.strictObject({
  first: z.string().optional(),
  second: z.string().optional(),
  for: z.string().optional(),
  by: name.optional(),
  reason: z.string().regex(/\S/, 'expected the reason as a text').optional(),
  run: z.string().min(1).optional(),
  help: z.boolean().default(false),
});
type Options = z.output<typeof schema>;

/** `cellbench alarms ...`: the alarms of a run, and what people say to them. Returns the exit code. */
export async function alarmsCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['first', 'second'],
    help: 'cellbench alarms --help',
  });
  const word = WORDS.find(one => one === options.first);
  if (word === undefined) {
    list(options);
    return EXIT.completed;
  }
  const command = commandOf(word, options);
  const { accepted, text } = await askRun(options.run ?? onlyRun(), command);
  if (!accepted) throw new UsageError(text);
  console.log(text);
  return EXIT.completed;
}

/** The one run under way. @throws UsageError where none or several are: nobody's alarm is acknowledged by mistake */
function onlyRun(): string {
  const open = openRuns(RUNS);
  if (open.length === 1) return open[0];
  const found =
    open.length === 0 ? 'no run is under way' : `${open.length} are under way: ${open.join(', ')}`;
  throw new UsageError(`${RUNS}: ${found}, expected --run with the folder of one whose page is up`);
}

function list({ first, second, ...others }: Options): void {
  const given = (['for', 'by', 'reason', 'run'] as const).find(key => others[key] !== undefined);
  if (second !== undefined || given !== undefined)
    throw new UsageError(
      `${first ?? ''} ${second ?? `--${given}`}: expected alarms [RUN], or one of ${WORDS.join(', ')} with an alarm`.trim(),
    );
  const run = first ?? runsIn(RUNS).at(-1)?.dir;
  if (run === undefined) throw new UsageError(`${RUNS}: no runs, expected the folder of a run`);
  const db = openReadOnly(recordPath(run));
  try {
    console.log([`${run}:`, ...alarmLines(readEvents(db))].join('\n'));
  } finally {
    db.close();
  }
}

function commandOf(command: (typeof WORDS)[number], options: Options): Command {
  const { second: alarm, by, reason } = options;
  if (by === undefined)
    throw new UsageError(`${command} without --by, expected --by NAME: it stands in the record`);
  const isShelve = command === 'shelve';
  if (!isShelve && (options.for !== undefined || reason !== undefined))
    throw new UsageError(`${command} takes no --for and no --reason, only shelve does`);
  if (alarm === undefined && command !== 'acknowledge')
    throw new UsageError(`${command} without an alarm, expected its name`);
  if (!isShelve) return { command, by, ...(alarm === undefined ? {} : { alarm }) };
  const for_s = options.for === undefined ? undefined : timeSpan_s(options.for);
  if (for_s === undefined || for_s <= 0)
    throw new UsageError(`--for ${options.for ?? 'is missing'}: expected a time like 30min, 90s or 2h`);
  if (reason === undefined)
    throw new UsageError('shelve without --reason, expected why: it stands in the record');
  return { command, by, reason, for_s, ...(alarm === undefined ? {} : { alarm }) };
}
