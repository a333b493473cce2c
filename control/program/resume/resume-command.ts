import { z } from 'zod';
import { realClock } from '../../../drivers/contract/clock.ts';
import { walDamageText } from '../../record/damage/wal.ts';
import { alone, type RunPlace } from '../channels/run-place.ts';
import { readCommandLine } from '../command-line.ts';
import { runIn } from '../commands/run.ts';
import { numberOption, readOptions } from '../options.ts';
import { cutNightOf } from './cut-night.ts';
import { type CutRun, gap_s } from './cut-run.ts';

const schema = z.strictObject({
  run: z.string(),
  acknowledge: z.string().trim().min(1, 'expected a name').optional(),
  port: numberOption(0, 65535, 'a whole number').default(8080),
  serve: z.boolean().default(true),
  stay: z.boolean().default(true),
});

/**
 * `cellbench resume RUN`: goes on with a run on the instruments that was cut off with its program. Says what was running,
 * drives and proves the safe state, and goes on by the rules of its steps in the same record. Returns the exit code.
 * @throws FileError where it cannot be gone on with
 */
export async function resumeCommand(args: readonly string[], place: RunPlace = alone()): Promise<number> {
  const { run, acknowledge, port, serve, stay } = readOptions(args, {
    schema,
    flags: ['serve', 'stay'],
    words: ['run'],
    help: 'npm start -- resume --help',
  });
  const { cut, night } = cutNightOf(run);
  const { saved, end_ms } = cut;
  const where = saved.phase === '' ? saved.step : `${saved.phase}, ${saved.step}`;
  place.screen.say(
    `${cut.dir}: cut off at ${new Date(end_ms).toISOString()} in ${where || 'its start'}, ${gap_s(end_ms, realClock()).toFixed(0)} s ago. First the safe state, then it goes on.`,
  );
  if (cut.wal !== undefined)
    place.screen.say(`${walDamageText(cut.wal)}. The time above is that of the last that can be read.`);
  for (const line of keptLines(cut)) place.screen.say(line);
  const options = {
    ...readCommandLine([]),
    ...cut.given,
    real: true,
    port,
    serve,
    stay,
    ...(cut.operator === undefined ? {} : { operator: cut.operator }),
    ...(acknowledge === undefined ? {} : { acknowledge }),
  };
  return runIn(cut.dir, night, 'bench', options, place, cut);
}

/** What of a person's word goes on: a hold, limits that were made stricter. */
function keptLines({ saved: { still }, limits }: CutRun): readonly string[] {
  const said = limits.map(({ id, to, by, reason }) => `Limit of ${id} stays ${to} (${by}: ${reason}).`);
  if (still === undefined) return said;
  const how =
    still.is === 'held'
      ? 'It stays held, in the safe state, until a person says resume'
      : 'It stays suspended, in the safe state, until what led to it is back';
  return [...said, `${how}: ${still.reason}.`];
}
