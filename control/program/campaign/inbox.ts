import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { INBOX } from '../../campaign/campaign-file.ts';
import { type Edit, editSchema } from '../../campaign/edits.ts';
import { writeDurably } from './folder.ts';

/**
 * Edits on their way to the supervisor of a campaign: a file each in the folder `inbox`, the answer beside it. What was put
 * there while it was being started again is not lost.
 */

const ASKED = '.json';
const ANSWERED = '.answer.json';
const answerSchema = z.strictObject({ refusal: z.string().nullable() });
/** A supervisor looks once a second; one that keeps a state on a slow disk takes longer. */
const ANSWER_S = 20;

const folderOf = (dir: string): string => join(dir, INBOX);

/** What waits there, in the order in which it was put. What is no edit is cleared away. */
export function editsIn(dir: string): Edit[] {
  const folder = folderOf(dir);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter(
    name => name.endsWith(ASKED) && !name.endsWith(ANSWERED) && !name.startsWith('.'),
  );
  return names.sort().flatMap(name => {
    const edit = readJson(join(folder, name), editSchema);
    if (edit !== undefined && `${edit.id}${ASKED}` === name) return [edit];
    rmSync(join(folder, name), { force: true });
    return [];
  });
}

/** Says what became of it; then it is out of the inbox. */
export function answerEdit(dir: string, { id }: Edit, refusal: string | undefined): void {
  const folder = folderOf(dir);
  writeDurably(folder, `${id}${ANSWERED}`, JSON.stringify({ refusal: refusal ?? null }));
  rmSync(join(folder, `${id}${ASKED}`), { force: true });
}

/** A name for an edit: later ones come later. */
export function editId(clock: Clock): string {
  return `${new Date(clock.utc_ms()).toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}`;
}

/**
 * Puts an edit into the inbox and waits for the answer, as long as `isSomebody` is there to answer; undefined: nobody has
 * answered, it waits there.
 */
export async function askFor(
  dir: string,
  edit: Edit,
  clock: Clock,
  isSomebody: () => boolean,
): Promise<{ readonly refusal: string | undefined } | undefined> {
  const folder = folderOf(dir);
  mkdirSync(folder, { recursive: true });
  writeDurably(folder, `${edit.id}${ASKED}`, JSON.stringify(edit));
  const answer = join(folder, `${edit.id}${ANSWERED}`);
  const until_s = clock.now_s() + ANSWER_S;
  while (!existsSync(answer)) {
    if (clock.now_s() > until_s || !isSomebody()) break;
    await clock.sleep(0.1);
  }
  // Whoever is gone by now may have answered before.
  if (!existsSync(answer)) return undefined;
  const said = readJson(answer, answerSchema);
  rmSync(answer, { force: true });
  return { refusal: said?.refusal ?? undefined };
}

/** Takes an edit back that nobody has answered. */
export function withdraw(dir: string, { id }: Edit): void {
  rmSync(join(folderOf(dir), `${id}${ASKED}`), { force: true });
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(readTextFile(path))).data;
  } catch {
    return undefined;
  }
}
