import type { InterlockSpec } from '../../bench/bench.ts';
import { type RoleTable, settableOf } from '../../contract/role-table.ts';
import type { NearLimit } from '../../contract/shown.ts';
import { namesOfTable } from '../../kinds/interlocks/condition.ts';
import { kindOf, mainRole } from '../../kinds/interlocks/index.ts';
import type { ProcessImage } from '../../tick/image.ts';
import type { Guarded } from '../../watch/guarded.ts';
import { gravestFirst } from '../../watch/panel.ts';
import { memberIn } from '../limit-watch.ts';
import { Approach } from './approach.ts';

/** A value is taken each so often, s. */
const EACH_S = 2;
/** What would take longer than this to its limit is not told as a time, s. */
const SOON_S = 600;

/** What of a session knows its limits. */
interface Limits {
  readonly interlocks: { readonly all: readonly Guarded[] };
  readonly image: ProcessImage;
  readonly gate: { applied(role: string): number };
  readonly parts: { readonly roles: RoleTable };
}

/** What is kept of one limit while it counts. */
interface Course {
  readonly guarded: Guarded;
  readonly approach: Approach;
  /** What sets the very role that is judged, and its value when it was looked at last; undefined: nothing does. */
  readonly setBy: string | undefined;
  set: number;
  /** Sum and count of the figures since it was armed: where it is when all is well. */
  sum: number;
  count: number;
}

/** How near the limits are that count now, and how soon they will be reached. No allocation while it looks. */
export class NearLimits {
  readonly #of: Limits;
  readonly #courses: readonly Course[];
  #looked_s = Number.NEGATIVE_INFINITY;
  /** A rehearsal hurries through its night: nothing is kept before somebody looks. */
  #isAsked: boolean;

  constructor(of: Limits, waitsForFirst = false) {
    this.#of = of;
    this.#isAsked = !waitsForFirst;
    this.#courses = of.interlocks.all.map(guarded => ({
      guarded,
      approach: new Approach(),
      setBy: settableOf(mainRole(guarded.spec, namesOfTable(of.parts.roles)), of.parts.roles)?.role,
      set: Number.NaN,
      sum: 0,
      count: 0,
    }));
  }

  /** After a tick, s of the session's clock. */
  look(now_s: number): void {
    if (!this.#isAsked || now_s - this.#looked_s < EACH_S) return;
    this.#looked_s = now_s;
    for (let i = 0; i < this.#courses.length; i++) {
      const course = this.#courses[i];
      const { guarded, approach } = course;
      this.#lookAtSet(course);
      const figure = guarded.isArmed ? guarded.probe.figure() : Number.NaN;
      if (Number.isFinite(figure)) {
        approach.take(now_s, figure);
        course.sum += figure;
        course.count++;
      } else {
        approach.clear();
        if (guarded.isArmed) continue;
        course.sum = 0;
        course.count = 0;
      }
    }
  }

  /** Those that have fired, the gravest first; then by time to the limit; then by the way to it. At most so many. */
  nearest(most: number): readonly NearLimit[] {
    this.#isAsked = true;
    const byGravity = gravestFirst(this.#courses.map(({ guarded }) => guarded));
    const told = this.#courses.flatMap(course => {
      const { guarded } = course;
      this.#lookAtSet(course);
      const figure = guarded.isArmed ? guarded.probe.figure() : Number.NEGATIVE_INFINITY;
      const isSwitch = kindOf(guarded.spec).rehearsed(guarded.spec).unit === 'on';
      // Nothing to judge yet; and a switch is not near its limit: it is there or not.
      const isBeyond = guarded.active || figure === Infinity;
      if (!isBeyond && (figure === Number.NEGATIVE_INFINITY || isSwitch)) return [];
      return [{ near: this.#near(course, figure), gravity: byGravity.indexOf(guarded) }];
    });
    told.sort((a, b) => rankOf(a.near) - rankOf(b.near) || within(a.near, b.near) || a.gravity - b.gravity);
    return told.slice(0, most).map(({ near }) => near);
  }

  /** Where a value goes that is set by itself is known: to what is set, and no farther. */
  #lookAtSet(course: Course): void {
    if (course.setBy === undefined) return;
    const set = this.#of.gate.applied(course.setBy);
    if (!Object.is(set, course.set)) course.approach.clear();
    course.set = set;
  }

  #near({ guarded, approach, sum, count }: Course, figure: number): NearLimit {
    const { spec, active } = guarded;
    const { role, trips, limit, rearm, unit } = kindOf(spec).rehearsed(spec);
    const sign = trips === '<' ? -1 : 1;
    const value = Number.isFinite(figure) ? sign * figure : null;
    const margin = value === null ? null : sign * (limit - value);
    const s = margin === null || active ? Number.NaN : margin / approach.perSecond();
    const normal = sign * limit > 0 ? 0 : count === 0 ? Number.NaN : sign * (sum / count);
    const way = value === null ? Number.NaN : (value - normal) / (limit - normal);
    return {
      id: spec.id,
      reaction: spec.reaction,
      role,
      of: lookedAt(spec),
      unit,
      trips,
      limit,
      rearm: rearm === undefined || rearm === limit ? null : rearm,
      is: figure === Infinity ? 'unusable' : active ? 'fired' : 'near',
      value,
      member: value === null ? null : this.#memberOf(guarded),
      margin,
      toLimit_s: s >= 0 && s < SOON_S ? s : null,
      way_frac: Number.isFinite(way) && sign * (limit - normal) > 0 ? way : null,
    };
  }

  #memberOf({ spec }: Guarded): string | null {
    const { image, parts } = this.#of;
    const role = parts.roles.measured.get(mainRole(spec, namesOfTable(parts.roles)));
    const frame = role === undefined ? undefined : image.frame(role.device);
    return role === undefined || frame === undefined ? null : memberIn(spec, role, frame.values);
  }
}

/** What an interlock looks at, by the keys of its kind. */
function lookedAt(spec: InterlockSpec): NearLimit['of'] {
  switch (spec.kind) {
    case 'difference':
      return { kind: spec.kind, role: spec.role, other: spec.minus };
    case 'follows':
      return { kind: spec.kind, role: spec.role, other: spec.set };
    case 'curve':
      return { kind: spec.kind, role: spec.role, other: spec.over };
    case 'expression':
      return { kind: spec.kind, role: '' };
    default:
      return { kind: spec.kind, role: spec.role };
  }
}

function rankOf({ is, toLimit_s }: NearLimit): number {
  if (is !== 'near') return 0;
  return toLimit_s === null ? 2 : 1;
}

/** Among those of one rank, the nearest first. */
function within(a: NearLimit, b: NearLimit): number {
  if (a.toLimit_s !== null && b.toLimit_s !== null && a.is === 'near') return a.toLimit_s - b.toLimit_s;
  return a.is === 'near' ? (b.way_frac ?? -1) - (a.way_frac ?? -1) : 0;
}
