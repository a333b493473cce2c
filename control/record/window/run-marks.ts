import type { DatabaseSync } from 'node:sqlite';
import { REACTIONS } from '../../../profiles/steps/recovery.ts';
import { asEvent, type EventRow } from '../recorded-events.ts';
import type { RunMark } from './trend-window.ts';

/** More of a kind would make a picture black: of more, one is given for each so many-th part of the stretch. */
const MOST_MARKS = 300;

type AlarmMark = Extract<RunMark, { kind: 'alarm' }>;

/**
 * What is drawn into the trends of a stretch of a record, in the order of time: phases that begin in it or are under way at
 * its begin, and alarms that come in it. Of too many alarms the gravest of each part stands for all that came in it, with
 * their count; of too many phases the first of each part.
 */
export function runMarks(db: DatabaseSync, from_s: number, to_s: number): RunMark[] {
  const before = db
    .prepare(
      "SELECT t_s, kind, text, data FROM events WHERE kind = 'phase' AND t_s < ? ORDER BY rowid DESC LIMIT 1",
    )
    .all(from_s) as unknown as EventRow[];
  const inside = db.prepare(
    'SELECT t_s, kind, text, data FROM events WHERE kind = ? AND t_s >= ? AND t_s <= ? ORDER BY rowid',
  );
  const marks = (kind: RunMark['kind']): RunMark[] =>
    (inside.all(kind, from_s, to_s) as unknown as EventRow[]).flatMap(row => markOf(row) ?? []);
  const phases = thinned(marks('phase'), first => first);
  const alarms = thinned(
    marks('alarm').filter(mark => mark.kind === 'alarm'),
    gravest,
  );
  return [
    ...before.flatMap(row => markOf(row) ?? []),
    ...[...phases, ...alarms].sort((a, b) => a.t_s - b.t_s),
  ];
}

/** One mark for each part of the stretch in which there are any, where there are too many. */
function thinned<T extends RunMark>(marks: readonly T[], stand: (mark: T, next: T) => T): readonly T[] {
  if (marks.length <= MOST_MARKS) return marks;
  const begin_s = marks[0].t_s;
  const part_s = ((marks.at(-1)?.t_s ?? begin_s) - begin_s) / MOST_MARKS;
  const parts = new Map<number, T>();
  for (const mark of marks) {
    const part = part_s > 0 ? Math.min(MOST_MARKS - 1, Math.floor((mark.t_s - begin_s) / part_s)) : 0;
    const other = parts.get(part);
    parts.set(part, other === undefined ? mark : stand(other, mark));
  }
  return [...parts.values()];
}

/** The graver of two, with the count of both. */
function gravest(one: AlarmMark, other: AlarmMark): AlarmMark {
  const isGraver = REACTIONS.indexOf(other.reaction) > REACTIONS.indexOf(one.reaction);
  return { ...(isGraver ? other : one), count: (one.count ?? 1) + (other.count ?? 1) };
}

function markOf(row: EventRow): RunMark | undefined {
  const event = asEvent(row);
  if (event.kind === 'phase') return { t_s: event.t_s, kind: 'phase', name: event.data.name };
  if (event.kind !== 'alarm') return undefined;
  return { t_s: event.t_s, kind: 'alarm', name: event.data.id, reaction: event.data.reaction };
}
