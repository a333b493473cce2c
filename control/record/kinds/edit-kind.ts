import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { INPUT_KINDS } from '../../contract/input-kind.ts';
import { hasTable } from '../file/has-table.ts';

/** What the journal keeps of an edit of the rest of a method, with the method itself. */

const file = z.strictObject({
  what: z.enum(INPUT_KINDS),
  path: z.string(),
  bytes: z.number().int().min(0),
  sha256: z.string(),
});

const told = {
  /** Who, and at which door; why. */
  by: z.string(),
  reason: z.string(),
  /** SHA-256 of the method file that was in force, and of the one that is now. */
  from: z.string(),
  to: z.string(),
  /** What differs in plain words: `- ` as it was, `+ ` as it is. */
  changes: z.array(z.string()).readonly(),
};
const made = {
  /** The method file and the data that it follows. */
  path: z.string(),
  inputs: z.array(file).readonly(),
};

/** As the checkpoint carries it: with it the run is taken up by its edited method. */
export const editSavedSchema = z.strictObject({ ...told, ...made, t_s: z.number() });
/** An edit of a run under way; run time, s. */
export type EditSaved = z.infer<typeof editSavedSchema>;

/** As its event has it: with the text of the method file, which may be gone later. */
export const editEvent = z.object({ ...told, ...made, text: z.string() });
export type EditEvent = z.infer<typeof editEvent>;

/** The edits of a recorded run, the oldest first; times are run times, s. */
export function recordedEdits(db: DatabaseSync): readonly (EditEvent & { readonly t_s: number })[] {
  if (!hasTable(db, 'events')) return [];
  const rows = db.prepare("SELECT t_s, data FROM events WHERE kind = 'edit' ORDER BY rowid").all();
  return (rows as unknown as { t_s: number; data: string }[]).flatMap(({ t_s, data }) => {
    const found = editEvent.safeParse(JSON.parse(data)).data;
    return found === undefined ? [] : [{ t_s, ...found }];
  });
}

/** All files that a run was made from: those of its begin, and what its edits brought, each once. */
export function withEdits<I extends { readonly path: string; readonly sha256: string }>(
  begun: readonly I[],
  edits: readonly { readonly inputs: readonly I[] }[],
): readonly I[] {
  const all = new Map<string, I>();
  for (const one of [...begun, ...edits.flatMap(({ inputs }) => inputs)])
    if (!all.has(`${one.sha256} ${one.path}`)) all.set(`${one.sha256} ${one.path}`, one);
  return [...all.values()];
}
