import { hostname } from 'node:os';
import { isAlive } from '../../../drivers/contract/code/alive.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { RunSource } from '../../exchange/recorded-run.ts';
import { lastSession } from '../../record/file/last-session.ts';

/** @throws FileError unless the record is of a form that can be gone on with, and no living process writes it */
export function refuseWhereWritten({ path, db, meta }: RunSource): void {
  const form = Number(meta.get('format') ?? 1);
  if (form < 4)
    throw new FileError(path, 0, `form ${form} of the record, expected 4: it cannot be gone on with`);
  const last = lastSession(db);
  if (last === undefined || last.hasEnded) return;
  if (last.host !== hostname())
    throw new FileError(path, 0, `was being written on ${last.host}, expected this command there`);
  if (isAlive(last.pid))
    throw new FileError(
      path,
      0,
      `is under way: process ${last.pid} writes it, expected one that was cut off`,
    );
}
