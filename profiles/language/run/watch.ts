import { GRAVITY, type Recovery } from '../../steps/recovery.ts';
import type { StepEnd } from '../../steps/step.ts';
import type { ExpressionState } from '../evaluate/evaluator.ts';
import type { Ends, Goal, Limit, RecoverRule } from '../layout/instruction.ts';
import { DUST_S } from './beside/dust.ts';
import { deadlineOf, lastingOf, withoutTimes } from './beside/watched-times.ts';
import type { Core } from './core.ts';
import { withRecovery } from './hold/recover.ts';
import type { Column, Count, LiveExpression } from './live-expression.ts';

/** How a step or block ended, beside by itself. */
export interface WatchEnd {
  readonly kind: 'exit' | 'until' | 'time' | 'deadline';
  /** Undefined: to what follows. */
  readonly to: Goal | undefined;
  readonly reason: string;
  /** What it waited for held already when it began, and all the time since. */
  readonly wasMet?: boolean;
  /** The method says `finish`. */
  readonly isFinish?: true | undefined;
}

/** A limit of a step or block that is exceeded. */
export interface Exceeded {
  readonly then: Limit['then'];
  readonly text: string;
  /** Its line, for people. */
  readonly where: string;
  /** Roles in it that cannot be used now (bad or stale), which counts as exceeded. */
  readonly unusable: readonly string[];
  /** Others that only warn, exceeded in the same look. */
  readonly warned?: readonly Exceeded[];
  /** Of one that suspends; absent: it cannot be told, which trips. */
  readonly recovery?: Recovery;
}

/** Behind the condition of a limit, which of its readings cannot be used; nothing where all can. */
export function besideUnusable({ unusable }: Exceeded): string {
  if (unusable.length === 0) return '';
  return ` (not usable: ${unusable.join(', ')}, which counts as exceeded)`;
}

/** The end of a run by a limit. */
export function endByLimit(found: Exceeded, then: 'stop' | 'trip'): { label: string; end: StepEnd } {
  const reason = `limit: ${found.text}${besideUnusable(found)}`;
  return { label: found.where, end: { kind: 'condition', reason, leadsTo: then } };
}

/** `isTold`: it is exceeded, and that was told. */
interface OpenLimit {
  readonly when: LiveExpression;
  readonly then: Limit['then'];
  readonly where: string;
  isTold: boolean;
  readonly recover?: RecoverRule | undefined;
  /** Of a suspension: it has come back only once this is true. */
  readonly back?: LiveExpression | undefined;
}

/** What a watch remembers, JSON. */
export interface WatchState {
  readonly elapsed_s: number;
  readonly age_s: number;
  /** Null: none; absent: it was edited, and is worked out anew. */
  readonly for_s?: number | null;
  readonly within_s?: number | null;
  readonly wasMet: boolean;
  readonly least_s: number;
  /** Which limits have been told of and are exceeded still. */
  readonly told: readonly boolean[];
  /** Null: it is new in an edited method. */
  readonly expressions: readonly (ExpressionState | null)[];
}

/** Everything that ends a step or block beside itself: exits, until, time, deadline; its gate; its limits. */
export class Watch {
  /** Method time in it, s: without what a gate has held up, and with it. */
  elapsed_s = 0;
  age_s = 0;
  readonly #core: Core;
  readonly #ends: Ends;
  readonly #until: LiveExpression | undefined;
  readonly #exits: readonly { readonly when: LiveExpression; readonly to: Goal; readonly isFinish?: true }[];
  readonly #gate: LiveExpression | undefined;
  readonly #limits: readonly OpenLimit[];
  readonly #bare: LiveExpression | undefined;
  readonly #bareGate: LiveExpression | undefined;
  readonly #for_s: number;
  readonly #within_s: number;
  #wasMet: boolean;
  #isGateShut = false;
  #wasOpen = false;
  /** It does not end by its time before this, s. */
  #least_s = 0;

  /** Begins now. @throws UnknownValue of a time that is not known */
  constructor(core: Core, ends: Ends, limits: readonly Limit[], count: Count, saved?: WatchState) {
    this.#core = core;
    this.#ends = ends;
    this.#until = ends.until === undefined ? undefined : core.live(ends.until);
    this.#exits = ends.exits.map(exit => ({ ...exit, when: core.live(exit.when) }));
    this.#gate = ends.gate === undefined ? undefined : core.live(ends.gate);
    this.#limits = limits.map(({ when, then, where, recover }) => ({
      when: core.limit(when),
      then,
      where,
      isTold: false,
      recover,
      back: recover?.back === undefined ? undefined : core.live(recover.back),
    }));
    this.#bare = ends.until === undefined ? undefined : core.live(withoutTimes(ends.until));
    this.#bareGate = ends.gate === undefined ? undefined : core.live(withoutTimes(ends.gate));
    for (const live of [...this.#all(), ...(this.#bareGate === undefined ? [] : [this.#bareGate])])
      live.restart();
    this.#for_s = saved?.for_s === undefined ? lastingOf(core, ends, count) : (saved.for_s ?? Infinity);
    this.#within_s =
      saved?.within_s === undefined ? deadlineOf(core, ends, count) : (saved.within_s ?? Infinity);
    if (saved === undefined) {
      this.#wasMet = this.#bare?.look(core.table.raw, core.running_s, count, () => Number.NaN) === 1;
      return;
    }
    this.#wasMet = saved.wasMet;
    // Before the cut it may have been.
    this.#wasOpen = true;
    this.elapsed_s = saved.elapsed_s;
    this.age_s = saved.age_s;
    this.#least_s = saved.least_s;
    this.#limits.forEach((limit, i) => {
      limit.isTold = saved.told[i] ?? false;
    });
    this.#all().forEach((live, i) => {
      const state = saved.expressions[i];
      if (state) live.restore(state, this.#timeOf(i));
    });
  }

  /** Claims keep the running time, the limits behind them that of what is judged. */
  #timeOf(i: number): number {
    return i < this.#claims().length ? this.#core.running_s : this.#core.judged_s;
  }

  #all(): LiveExpression[] {
    return [
      ...this.#claims(),
      ...this.#limits.map(({ when }) => when),
      ...this.#limits.flatMap(({ back }) => back ?? []),
    ];
  }

  /** What must be seen to hold before something may go on. */
  #claims(): LiveExpression[] {
    return [
      ...(this.#until === undefined ? [] : [this.#until]),
      ...this.#exits.map(({ when }) => when),
      ...(this.#gate === undefined ? [] : [this.#gate]),
    ];
  }

  /**
   * After a hold: nothing is claimed over it. `mean_s`: the mean at its end is of so long, and lies behind it. Limits have
   * gone on meanwhile.
   */
  afterHold(mean_s = 0): void {
    for (const live of this.#claims()) live.forget();
    if (mean_s > 0) this.#least_s = this.elapsed_s + mean_s;
  }

  /** How long it lasts at the most, s of the method; Infinity: no `for_`. */
  get for_s(): number {
    return this.#for_s;
  }

  /** True while its gate is shut: only true opens it. One look. */
  isShut(count: Count, column: Column): boolean {
    const gate = this.#gate;
    if (gate === undefined) return false;
    const { table, running_s } = this.#core;
    const is = gate.look(table.fresh, running_s, count, column);
    const raw = this.#bareGate?.look(table.raw, running_s, count, column);
    // What opens it must have been read in the step; an open one is not shut by set points that nothing has shown yet.
    const staysOpen = Number.isNaN(is) && raw === 1 && this.#wasOpen && !this.#isGateShut;
    this.#isGateShut = is !== 1 && !staysOpen;
    this.#wasOpen ||= !this.#isGateShut;
    return this.#isGateShut;
  }

  /**
   * The gravest limit that is exceeded now, and with it all that warn. One that only warns or holds is told once, until it has
   * come back; another one that holds waits for the next look. `isHeld`: nothing is held again.
   */
  exceeded(count: Count, column: Column, isHeld = false): Exceeded | undefined {
    const { table, judged_s } = this.#core;
    let found: OpenLimit | undefined;
    let warned: OpenLimit[] | undefined;
    // Every limit sees every look: they keep their own time.
    for (const limit of this.#limits) {
      const { when, then, back } = limit;
      const isExceeded = when.look(table.raw, judged_s, count, column) === 1;
      const isBack = back === undefined || back.look(table.raw, judged_s, count, column) === 1;
      if (!isExceeded && isBack) limit.isTold = false;
      const isQuiet = (limit.isTold && GRAVITY[then] <= GRAVITY.suspend) || (isHeld && then === 'hold');
      if (!isExceeded || isQuiet) continue;
      if (then === 'warn') {
        warned ??= [];
        warned.push(limit);
      }
      if (found === undefined || GRAVITY[then] > GRAVITY[found.then]) found = limit;
    }
    if (found === undefined) return undefined;
    const others = warned?.filter(limit => limit !== found) ?? [];
    if (others.length === 0) return this.#tell(found, count);
    return { ...this.#tell(found, count), warned: others.map(limit => this.#tell(limit, count)) };
  }

  #tell(limit: OpenLimit, count: Count): Exceeded {
    limit.isTold = true;
    const { then, when, where, recover } = limit;
    const found = { then, where, text: when.text, unusable: when.unusable(this.#core.env) };
    return recover === undefined ? found : withRecovery(this.#core, found, recover, count);
  }

  /** Adds the places of its limits that have led into a suspension and are not back yet. */
  addSuspended(into: Set<string>): void {
    for (const { then, where, isTold } of this.#limits) if (isTold && then === 'suspend') into.add(where);
  }

  /** One look; `isArrived`: until counts. */
  look(count: Count, column: Column, isArrived: boolean): WatchEnd | undefined {
    const { table, running_s } = this.#core;
    let end: WatchEnd | undefined;
    for (const { when, to, isFinish } of this.#exits) {
      if (when.look(table.fresh, running_s, count, column) === 1)
        end ??= { kind: 'exit', to, reason: when.text, isFinish };
    }
    const until = this.#until;
    if (until !== undefined) {
      const isMet = until.look(table.fresh, running_s, count, column) === 1;
      if (this.#wasMet) this.#wasMet = this.#bare?.look(table.raw, running_s, count, column) === 1;
      if (isMet && isArrived)
        end ??= {
          kind: 'until',
          to: undefined,
          reason: until.text,
          ...(this.#wasMet ? { wasMet: true } : {}),
        };
    }
    if (end !== undefined) return end;
    if (this.elapsed_s >= Math.max(this.#for_s, this.#least_s) - DUST_S)
      return { kind: 'time', to: undefined, reason: 'time' };
    return this.overdue();
  }

  /** Its deadline has passed; says whether its gate was ever open. */
  overdue(): WatchEnd | undefined {
    if (this.age_s < this.#within_s - DUST_S) return undefined;
    const until = this.#until === undefined ? '' : ` without ${this.#until.text}`;
    const gate = this.#isGateShut
      ? `, its gate was ${this.#wasOpen ? 'not' : 'never'} open: ${this.#gate?.text}`
      : '';
    const without = `${until}${gate}`;
    const reason = `deadline of ${Number(this.#within_s.toPrecision(6))} s passed${without}`;
    return { kind: 'deadline', to: this.#ends.otherwise, reason, isFinish: this.#ends.otherwiseIsFinish };
  }

  /** Method time until it ends by a time or a deadline, s. */
  left_s(isShut = false): number {
    const byTime_s = isShut ? Infinity : Math.max(this.#for_s, this.#least_s) - this.elapsed_s;
    return Math.min(byTime_s, this.#within_s - this.age_s);
  }

  /** After an edit: what the same limits have seen so far is not seen anew. */
  takeOver(before: Watch): void {
    const free = new Set(before.#limits);
    for (const { when, then, back } of this.#limits) {
      const same = [...free].find(one => one.then === then && one.when.isAs(when));
      if (same === undefined) continue;
      free.delete(same);
      when.takeOver(same.when);
      if (back !== undefined && same.back?.isAs(back)) back.takeOver(same.back);
    }
  }

  /** What it remembers. */
  state(): WatchState {
    const orNull = (value: number): number | null => (value === Infinity ? null : value);
    return {
      elapsed_s: this.elapsed_s,
      age_s: this.age_s,
      for_s: orNull(this.#for_s),
      within_s: orNull(this.#within_s),
      wasMet: this.#wasMet,
      least_s: this.#least_s,
      told: this.#limits.map(({ isTold }) => isTold),
      expressions: this.#all().map((live, i) => live.state(this.#timeOf(i))),
    };
  }
}
