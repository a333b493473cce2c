import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ASKED_THROUGH, type AskedThrough } from '../../../dashboards/asked-through.ts';
import { ANSWER_S, staysGood, takeBefore } from '../../../dashboards/command-validity.ts';
import { OF_ANOTHER_RUN, ofRun, pageOfRun } from '../../../dashboards/of-run.ts';
import { machine_s } from '../../../drivers/contract/code/machine-time.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { isRunning, ourIdentity } from '../../../drivers/process-identity.ts';
import type { Answer, Command, Said } from '../../view.ts';

/** Where the program that carries out a run takes commands: the address of its page, on this machine only, in the run's folder. */

const FILE = 'door.json';
const doorSchema = z.strictObject({
  pid: z.number().int(),
  processStart: z.string(),
  // Nobody is asked on another machine, whoever has written it.
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/?$/),
  /** Which folder it was written in: a copy of it is no run under way. */
  folder: z.string(),
  /** Of this run: its page takes nothing that is for another one. */
  key: z.uuid(),
});
const saidForm = z.strictObject({ code: z.string(), with: z.record(z.string(), z.unknown()) });
const answerSchema = z.object({
  accepted: z.boolean().optional(),
  text: z.string().optional(),
  error: z.string().optional(),
  said: z.custom<Said>(said => saidForm.safeParse(said).success).optional(),
});

/** Writes it down until it is disposed of; `key`: what the page at `url` goes by. */
export function openDoor(dir: string, url: string, key: string): Disposable {
  const path = join(dir, FILE);
  writeFileSync(path, `${JSON.stringify({ ...ourIdentity(), url, key, folder: folderOf(dir) })}\n`);
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

/** The runs right below a folder that take commands now; none where there is no such folder. */
export function openRuns(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .map(name => join(folder, name))
    .filter(dir => openDoorOf(dir) !== undefined)
    .sort();
}

/**
 * Address of the page of a run's folder that takes commands now, with the key of the run; undefined: none does. What a process
 * that was killed has left behind counts for no other one that has its number.
 */
export function openDoorOf(dir: string): string | undefined {
  const door = doorAt(dir);
  return typeof door === 'object' && isRunning(door) ? pageOfRun(door.url, door.key) : undefined;
}

/** The same for a folder under any name, another one for each copy of it. */
function folderOf(dir: string): string {
  return String(statSync(dir, { bigint: true }).ino);
}

/** What a door says, or why it is none. */
function doorAt(dir: string): z.infer<typeof doorSchema> | string {
  let text: string;
  try {
    text = readFileSync(join(dir, FILE), 'utf8');
  } catch {
    return 'is not there';
  }
  try {
    const door = doorSchema.parse(JSON.parse(text));
    return door.folder === folderOf(dir) ? door : 'was copied from another run';
  } catch {
    return 'is no address of a run';
  }
}

/** A run whose process is there and does not answer. */
export class RunSilent extends FileError {}

/** How it is asked. */
export interface AskedHow {
  /** So long it is waited for an answer, s. */
  readonly answer_s?: number | undefined;
  readonly through?: AskedThrough;
}

/**
 * Asks the program that carries out the run of a folder; it decides, within `answer_s`. What it has not taken by then it does not
 * do later either, unless it leads to the safe state. @throws RunSilent where it does not answer, FileError where none takes commands
 */
export async function askRun(
  dir: string,
  command: Command,
  { answer_s = ANSWER_S, through = 'command line' }: AskedHow = {},
): Promise<Answer> {
  const path = join(dir, FILE);
  const no = (text: string): FileError =>
    new FileError(path, 0, `${text}, expected a run under way whose page is up (not --no-serve)`);
  const door = doorAt(dir);
  if (typeof door === 'string') throw no(door);
  if (!isRunning(door)) throw no(`process ${door.pid} is gone`);
  const { command: word } = command;
  let status: number;
  let answer: z.output<typeof answerSchema>;
  try {
    const reply = await fetch(new URL('api/command', door.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...ofRun(pageOfRun(door.url, door.key)),
        ...takeBefore(machine_s()),
        [ASKED_THROUGH]: through,
      },
      body: JSON.stringify(command),
      signal: AbortSignal.timeout(answer_s * 1000),
    });
    status = reply.status;
    answer = answerSchema.parse(await reply.json());
  } catch (error) {
    if ((error as { name?: unknown }).name !== 'TimeoutError') throw no(`${door.url} does not answer`);
    const what = staysGood(word)
      ? `${word} is asked for and is done as soon as it wakes; in danger use the hard-wired emergency stop`
      : `unless it had begun with it, ${word} is void and is not done later either; expected it asked for once more when the run answers`;
    throw new RunSilent(
      path,
      0,
      `the process of the run (${door.pid}) does not answer within ${answer_s} s; ${what}`,
    );
  }
  if (status === OF_ANOTHER_RUN) throw no('leads to another run');
  return {
    accepted: answer.accepted === true,
    text: answer.text ?? answer.error ?? `status ${status}`,
    ...(answer.said === undefined ? {} : { said: answer.said }),
  };
}
