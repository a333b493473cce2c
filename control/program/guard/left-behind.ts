import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isAlive } from '../../../drivers/contract/code/alive.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { actedText, type GuardMark, guardMarkSchema } from '../../guard/guard-log.ts';
import type { BenchSession } from '../../run/session.ts';

/** What an earlier run on the instruments left behind without an orderly end, and who has looked at the bench since. */

/** Where the mark of a bench lies: beside its file, from the guard's start until the controller's orderly end. */
export function markOf({
  path,
  baseDir,
  subject,
}: Pick<LoadedBench, 'path' | 'baseDir' | 'subject'>): string {
  const of = subject === undefined ? '' : `.${subject}`;
  return join(baseDir, `${basename(path).replace(/\.ya?ml$/i, '')}${of}.guard.json`);
}

/** Written whole or not at all. */
export function writeMark(path: string, mark: GuardMark): void {
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, `${JSON.stringify(mark, null, 2)}\n`, { flush: true });
  renameSync(part, path);
}

/** The bench has ended as it should, or a person has taken note. */
export function removeMark(path: string): void {
  rmSync(path, { force: true });
}

/**
 * What a person must know before a bench is started again, said once it was acknowledged; undefined: the last run ended as
 * it should. @throws FileError where nobody has acknowledged it, or it cannot be read
 */
export function leftBehind(path: string, acknowledgedBy: string | undefined): string | undefined {
  if (!existsSync(path)) return undefined;
  const text = `${markText(path)} Look at the bench`;
  if (acknowledgedBy !== undefined) return `${text}: ${acknowledgedBy} has.`;
  throw new FileError(path, 0, `${text}, then start with --acknowledge "YOUR NAME".`);
}

/** What is said to whoever acknowledges what is not there: scripts may always give the word. `isReal`: on the instruments. */
export function nothingLeft(isReal: boolean): string {
  const why = isReal
    ? 'the last run of this bench ended as it should'
    : 'only a run with --real leaves instruments behind';
  return `--acknowledge: nothing to acknowledge, ${why}`;
}

/** It stands in the record of the next run, too. */
export function noteLeft(session: BenchSession, text: string): void {
  session.note({ kind: 'guard', data: { what: 'acknowledged', timeout_s: null } }, text);
}

/** How the run ended that has left a mark, as far as its guard has written it. */
export function markText(path: string): string {
  let mark: GuardMark | undefined;
  try {
    mark = guardMarkSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // Told below.
  }
  if (mark === undefined)
    return 'is no mark of a guard, expected what cellbench wrote: nobody knows how the last run ended.';
  const { acted, guard, dir } = mark;
  if (acted === null) return `${withoutWord(mark)}.`;
  const goesOn = isAlive(guard) ? ` Its guard (process ${guard}) is still at it.` : '';
  return `the guard acted at ${acted.utc} in the run ${dir}: ${actedText(acted)}.${goesOn}`;
}

/** The guard has not acted: who of the two is there. */
function withoutWord({ controller, guard, dir, startedUtc }: GuardMark): string {
  const run = `of the run ${dir}, begun ${startedUtc}`;
  const nobody = 'nobody is known to have driven the safe state';
  if (isAlive(controller))
    return `controller (process ${controller}) ${run}, goes on${isAlive(guard) ? '' : ` without its guard (${guard}), which is gone`}: it is there, and holds the bench`;
  if (isAlive(guard))
    return `controller (process ${controller}) ${run}, ended without a word, and its guard (${guard}) is there and has not acted yet: ${nobody} so far`;
  return `controller (process ${controller}) and guard (${guard}) ${run}, ended without a word: ${nobody}; what instruments without a watchdog of their own do is not known`;
}
