import { heldInCut } from '../../../profiles/language/run/actions/how-held.ts';
import type { RunSource } from '../../exchange/recorded-run.ts';
import type { JournalEvent } from '../../record/events.ts';
import { eventsOf, type RecordedEvent } from '../../record/recorded-events.ts';
import type { RunSaved } from '../../run/checkpoint.ts';
import { readCheckpoint } from '../../run/read-checkpoint.ts';

/**
 * How well software held the potentials of a run that was cut off and that nobody goes on with: what its steps would have
 * told at any other end, out of what the run remembered last. `end_s`: where its record ends.
 */
export function heldEvents(
  { db }: Pick<RunSource, 'db'>,
  events: readonly RecordedEvent[],
  end_s: number,
): JournalEvent[] {
  const saved = lastRemembered(db);
  if (saved === undefined) return [];
  const told = eventsOf(events, 'controlled');
  return heldInCut(saved.method).flatMap(({ note, text }): JournalEvent[] => {
    const { role, step } = note.data;
    // Told by its step itself, after what was remembered last.
    const isTold = told.some(
      ({ t_s, data }) => data.role === role && data.step === step && t_s > saved.looked_s,
    );
    return isTold ? [] : [{ t_s: end_s, ...note, text }];
  });
}

/** Undefined: nothing, or by another cellbench. */
function lastRemembered(db: RunSource['db']): RunSaved | undefined {
  const row = db.prepare('SELECT state FROM checkpoints ORDER BY rowid DESC LIMIT 1').get() as
    | { state: string }
    | undefined;
  try {
    return row === undefined ? undefined : (readCheckpoint(JSON.parse(row.state)).run ?? undefined);
  } catch {
    return undefined;
  }
}
