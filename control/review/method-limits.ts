import { ownLimits } from '../../profiles/language/layout/own-limits.ts';
import { sourcesOf } from '../../profiles/language/run/beside/limit-over-derived.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import type { Replay } from '../record/replay.ts';
import type { MethodLimit, Moment } from './result.ts';
import type { Timeline } from './timeline.ts';

/**
 * The limits that a method itself sets, and what its record says of them. `timeFactor`: by how much it ran faster than
 * life. Undefined where the method is known by its name only.
 */
export function reviewMethodLimits(
  { program }: Procedure,
  { events }: Pick<Replay, 'events'>,
  timeline: Timeline,
  timeFactor: number,
): readonly MethodLimit[] | undefined {
  if (program === undefined) return undefined;
  const exceeded = eventsOf(events, 'limit');
  const steps = eventsOf(events, 'step');
  return ownLimits(program).map((own): MethodLimit => {
    const { kind, by, where, condition, reaction, place, within_s, pc } = own;
    const ran = pc === undefined ? [] : steps.filter(({ data }) => data.pc === pc);
    const fired =
      kind === 'limit'
        ? exceeded.filter(({ data }) => data.condition === condition && data.place === place)
        : ran.filter(({ data }) => data.ended === 'timeout');
    const longest = ran.reduce((most, { t_s, data }) => Math.max(most, t_s - data.start_s), 0);
    return {
      kind,
      by,
      where,
      condition,
      reaction,
      within_s: within_s ?? null,
      longest_s: ran.length === 0 ? null : longest * timeFactor,
      fired: fired.length,
      at: fired.length === 0 ? null : momentOf(fired[0], kind, timeline),
    };
  });
}

/** A deadline that has passed is told with the end of its step, what led up to it is that step. */
function momentOf(event: RecordedEvent, kind: MethodLimit['kind'], timeline: Timeline): Moment {
  return kind === 'limit' ? timeline.of(event) : timeline.at(event.t_s);
}

/** A limit of the method by its place, and the roles of the bench that it looks at. */
export interface LimitRule {
  readonly place: string;
  readonly condition: string;
  readonly by: string;
  /** With [] where they are arrays. */
  readonly roles: readonly string[];
}

/** Every limit of a method with its roles; none where it is known by its name only. */
export function limitRules({ program }: Procedure): readonly LimitRule[] {
  if (program === undefined) return [];
  const { derived } = program;
  return ownLimits(program).flatMap(({ kind, place, condition, by, when }): LimitRule[] => {
    if (kind !== 'limit' || when === undefined) return [];
    const roles = sourcesOf(when, derived).flatMap(slot =>
      slot.from === 'role' ? [slot.isArray ? `${slot.role}[]` : slot.role] : [],
    );
    return [{ place, condition, by, roles: [...new Set(roles)] }];
  });
}
