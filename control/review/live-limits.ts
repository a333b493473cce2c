import type { Frame } from '../../drivers/contract/frame.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { RunState } from '../contract/run-state.ts';
import { namesOfTable } from '../kinds/interlocks/condition.ts';
import { mainRole } from '../kinds/interlocks/index.ts';
import type { EventBody, JournalEvent } from '../record/events.ts';
import type { Sink } from '../record/recording.ts';
import type { JournalSetpoint } from '../record/setpoint-buffer.ts';
import { LimitWatch, memberIn } from './limit-watch.ts';
import { armedBy } from './timeline.ts';

/**
 * How near a run comes to its limits by all its readings, where its record keeps only some: beside the record while it is
 * written. As much work a reading as the limits themselves.
 */
export class LiveLimits implements Sink {
  readonly #interlocks: readonly InterlockSpec[];
  readonly #watch: LimitWatch;
  readonly #origin_s: number;
  /** Limits on roles of many values, the time of the reading that is nearest so far, and its member. */
  readonly #members: {
    readonly spec: InterlockSpec;
    readonly role: NonNullable<ReturnType<RoleTable['measured']['get']>>;
    readonly closest: ReturnType<LimitWatch['closestOf']>;
    at_s: number;
    member: string | null;
  }[];
  #first_s = Number.NaN;
  #state: RunState = 'Idle';
  #tags: readonly string[] = [];
  /** Changes of state and tags that no reading has come behind yet, in the order of time. */
  readonly #changes: JournalEvent[] = [];

  /** `origin_s`: begin of the run on the clock of its readings. */
  constructor(interlocks: readonly InterlockSpec[], roles: RoleTable, origin_s: number) {
    this.#interlocks = interlocks;
    this.#watch = new LimitWatch(interlocks, roles);
    this.#origin_s = origin_s;
    const names = namesOfTable(roles);
    this.#members = interlocks.flatMap(spec => {
      const role = roles.measured.get(mainRole(spec, names));
      if (role === undefined || role.count === 1) return [];
      return [{ spec, role, closest: this.#watch.closestOf(spec), at_s: Number.NaN, member: null }];
    });
    this.#watch.context(this.#state, this.#tags);
  }

  frame(frame: Frame): void {
    if (this.#changes.length > 0) this.#changeBefore(frame.t_s);
    const t_s = frame.t_s - this.#origin_s;
    if (Number.isNaN(this.#first_s)) this.#first_s = t_s;
    this.#watch.take(frame, t_s, -1);
    for (let i = 0; i < this.#members.length; i++) {
      const one = this.#members[i];
      if (one.role.device !== frame.device || one.closest.t_s === one.at_s) continue;
      one.at_s = one.closest.t_s;
      // Behind a delay it was an earlier reading, which nobody holds any more.
      one.member = one.at_s === t_s ? memberIn(one.spec, one.role, frame.values) : null;
    }
  }

  event(event: JournalEvent): void {
    if (event.kind === 'state' || event.kind === 'tags') this.#changes.push(event);
  }

  /** What changes at the very time of a reading counts from the next one on: what that one fires is judged before it is recorded. */
  #changeBefore(t_s: number): void {
    let n = 0;
    for (; n < this.#changes.length && this.#changes[n].t_s < t_s; n++) {
      const change = this.#changes[n];
      if (change.kind === 'state') this.#state = change.data.to;
      else if (change.kind === 'tags') this.#tags = change.data.tags;
    }
    if (n === 0) return;
    this.#changes.splice(0, n);
    this.#watch.context(this.#state, armedBy(this.#state, this.#tags));
  }

  setpoint({ role, applied, outcome }: JournalSetpoint): void {
    if (outcome === 'applied') this.#watch.applied(role, applied);
  }

  checkpoint(): void {}

  /** What the record is to keep of it. */
  told(): Extract<EventBody, { kind: 'limits' }> {
    const members = new Map(this.#members.map(({ spec, member }) => [spec, member]));
    const nearest = this.#interlocks.map(spec => {
      const { figure, t_s, peak, armed_s, unusable, sum, count } = this.#watch.closestOf(spec);
      const member = members.get(spec) ?? null;
      const { beyond_s, from_s } = this.#watch.unwatchedOf(spec) ?? {};
      return {
        id: spec.id,
        figure,
        t_s,
        peak,
        armed_s,
        unusable,
        sum,
        count,
        ...(member === null ? {} : { member }),
        ...(beyond_s === undefined || from_s === undefined || beyond_s === 0
          ? {}
          : { unwatched: { beyond_s, from_s } }),
      };
    });
    return { kind: 'limits', data: { from_s: this.#first_s, nearest } };
  }
}
