import type { RecoverySet } from '../../../steps/recovery.ts';
import type { StepEnd } from '../../../steps/step.ts';
import type { AfterHold } from '../actions/action.ts';
import { Asking, type AskingState, type Progress, stands } from '../asking.ts';
import type { Core } from '../core.ts';
import type { HoldPoint } from '../env.ts';
import type { Lane } from '../lane.ts';
import { type Stage, stagesInto } from '../output.ts';
import type { Exceeded } from '../watch.ts';
import { beginsAnew, isOpen, leadsFrom } from './load-way.ts';
import { isLoad, onWay, smaller } from './recover.ts';
import { WayBack, type WayBackState } from './way-back.ts';

/** What a hold remembers, JSON. */
export interface HoldState extends WayBackState {
  readonly is: 'none' | 'held' | 'returning';
  /** Run time at which it began, s. */
  readonly since_s: number;
  /** Of the one that is on its way back. */
  readonly asking: AskingState | null;
  /** How many are back. */
  readonly returned?: number;
  /** What is driven meanwhile. */
  readonly taken?: readonly string[];
  /** Where what they set stood as they were taken, where something else held it. */
  readonly flows?: readonly (readonly [role: string, value: number])[];
  /** It is to rest, and its output is not off yet. */
  readonly isLeaving?: boolean;
}

const NAME = 'hold';

/**
 * What a hold does. Method time stands still, nothing begins or ends, limits go on. A stack keeps its set points, or
 * goes down to those that its bench declares for a hold. A cell is put to rest, whatever drives it: its current must not go on
 * while nobody looks at what would end it. In a suspension what its recovery says is set instead. Afterwards everything comes back to where it stood before anything else goes on.
 */
export class Hold {
  #is: HoldState['is'] = 'none';
  #since_s = 0;
  readonly #back = new WayBack();
  /** What is driven meanwhile. */
  readonly #taken = new Set<string>();
  /** Where what they set stood as they were taken, where something else held it. */
  readonly #flows = new Map<string, number>();
  #returned = 0;
  /** It is to rest, and its output is not off yet. */
  #isLeaving = false;
  #asking: Asking | undefined;

  /** The method stands still: held, or on its way back. */
  get isOn(): boolean {
    return this.#is !== 'none';
  }

  /** Nobody has let it go on yet. */
  get isHeld(): boolean {
    return this.#is === 'held';
  }

  /** One of its set points is on its way back and wants to be looked at when it has arrived; one at a rate goes on with the beats. */
  get isAwaiting(): boolean {
    return this.#is === 'returning' && this.#asking !== undefined;
  }

  /** One look in a hold, the first one begins it. `sets`: of a suspension, else the points of the bench; true: everything stands as it should. */
  keep(core: Core, lane: Lane, t_s: number, dt_s: number, sets = this.#points(core)): boolean {
    if (this.#is === 'none') this.#since_s = t_s;
    // What is back already is taken away anew, if it is.
    if (this.#is === 'returning') this.#back.forget(core.env, this.#returned);
    this.#is = 'held';
    this.#asking = undefined;
    this.#returned = 0;
    const isAtRest = this.#rests(core, lane, t_s);
    if (sets.length === 0) return isAtRest;
    return this.#goesTo(core, lane, sets, t_s, dt_s) && isAtRest;
  }

  /** Points that the bench declares for a hold; what stands nearer to zero stays: a hold only takes away. */
  #points(core: Core): readonly RecoverySet[] {
    const points = core.env.holdPoints ?? [];
    const isBeyond = ({ role, to }: HoldPoint): boolean => {
      const stood = this.#back.stood(role) ?? wanted(core, role);
      return Math.abs(stood) > Math.abs(to) && stood * to >= 0;
    };
    return points.filter(isBeyond).map(({ role, to, ramp_per_s }) => ({
      role,
      to,
      ...(ramp_per_s === undefined ? {} : { per_s: ramp_per_s }),
    }));
  }

  #rests(core: Core, lane: Lane, t_s: number): boolean {
    const { env } = core;
    const { output } = env;
    if (output?.subject !== 'cell') return true;
    const { output: role } = output.roles;
    if (wanted(core, role) === 1 && !this.#back.has(role)) {
      edge(core, t_s);
      atRest(lane);
      this.#fromNothing(core, lane);
      this.#isLeaving = true;
    } else if (!this.#back.has(role)) return true;
    const isAtRest = stagesInto(output, 'rest', {}, { isOn: true }).every(stage => this.#stands(core, stage));
    // The output is off: until now it has flowed as before.
    if (this.#isLeaving && env.applied(role) === 0) {
      edge(core, t_s);
      this.#isLeaving = false;
    }
    return isAtRest;
  }

  /** With which current the output comes back on: none, where it may only rise. */
  #fromNothing(core: Core, lane: Lane): void {
    const { env } = core;
    const current = env.output?.roles.current;
    if (current === undefined) return;
    const isAnew = beginsAnew(lane);
    const stood = wanted(core, current);
    if (!isAnew && (env.limits(current)?.ramp_per_s === undefined || Number.isNaN(stood))) return;
    this.#back.fromNothing(current, isAnew);
    this.#back.takes(current, stood);
  }

  /** Everything that is set meanwhile, all at once: what fails or is slow does not keep the others waiting. */
  #goesTo(core: Core, lane: Lane, sets: readonly RecoverySet[], t_s: number, dt_s: number): boolean {
    const { env } = core;
    let areThere = true;
    for (const { role, to, per_s } of sets) {
      const stood = wanted(core, role);
      const isLoadRole = isLoad(env, role);
      // A load that was never set stays so.
      if (isLoadRole && Number.isNaN(stood)) continue;
      const isNew = !this.#taken.has(role);
      if (isNew) {
        this.#taken.add(role);
        this.#back.takes(role, stood);
        if (per_s !== undefined) this.#back.goesAt(role, per_s);
        if (isLoadRole) {
          edge(core, t_s);
          atRest(lane);
        }
      }
      const goal = isLoadRole ? smaller(this.#back.stood(role) ?? stood, to) : to;
      // From where it is: what the step has asked for may be on its way up still, and stands still now.
      const from = isNew ? leadsFrom(env, role) : stood;
      const isBelow = isNew && isLoadRole && Math.abs(from) <= Math.abs(goal);
      const next = onWay(from, per_s === undefined || isBelow ? { to: goal } : { to: goal, per_s }, dt_s);
      const isOthers = isNew && env.answer(role).outcome === 'pending';
      // What something else holds: its set point need not come down to where it flows by the rate of the bench.
      if (isNew && Math.abs(from) < Math.abs(env.applied(role))) this.#flows.set(role, from);
      const flows = this.#flows.get(role);
      const way = { isOfHold: true, ...(flows === undefined ? {} : { stands: flows }) };
      if (isOthers || stood !== next) env.ask(role, next, NAME, way);
      if (!stands(env, role, goal) && env.applied(role) !== goal) areThere = false;
    }
    return areThere;
  }

  /** Asks for what does not stand yet; what is taken away with it is remembered. */
  #stands(core: Core, stage: Stage): boolean {
    const { env } = core;
    for (const [role, value] of stage) {
      const stood = wanted(core, role);
      if (stood === value) continue;
      this.#back.takes(role, stood);
      env.ask(role, value, NAME, { isOfHold: true });
    }
    return stage.every(([role, value]) => stands(env, role, value) || env.applied(role) === value);
  }

  /** It is let go: one look. `done`: everything stands as before the hold. */
  comeBack(core: Core, t_s: number, dt_s: number): Progress {
    if (this.#is === 'held') {
      this.#is = 'returning';
      this.#returned = 0;
      this.#taken.clear();
      this.#flows.clear();
    }
    const items = this.#back.items(core.env);
    while (this.#returned < items.length) {
      const { role, to, per_s } = items[this.#returned];
      if (per_s !== undefined && this.#asking === undefined) {
        const from = wanted(core, role);
        const next = onWay(from, { to, per_s }, dt_s);
        if (next !== to && !this.#isLet(core, role, per_s, t_s)) {
          if (next !== from) core.env.ask(role, next, NAME);
          return 'waits';
        }
      }
      this.#asking ??= new Asking([[[role, to]]], NAME);
      const progress = this.#asking.tick(core.env, t_s);
      if (progress !== 'done') return progress;
      this.#asking = undefined;
      this.#returned++;
    }
    return 'done';
  }

  /** The rest of its way up raises nothing; not told of an output that has just come on. */
  #isLet({ env }: Core, role: string, per_s: number, t_s: number): boolean {
    return !this.#back.has(env.output?.roles.output ?? '') && isOpen(env, role, per_s, t_s);
  }

  /** It is over, at run time `t_s`. */
  end(core: Core, t_s: number): AfterHold {
    const wasAtRest = this.#back.hasLoad(core.env);
    const held_s = this.#is === 'none' ? 0 : t_s - this.#since_s;
    if (!this.#back.isEmpty) edge(core, t_s);
    this.#is = 'none';
    this.#back.clear();
    this.#returned = 0;
    this.#isLeaving = false;
    this.#asking = undefined;
    return { held_s, t_s, wasAtRest };
  }

  /** What it remembers. */
  state(): HoldState {
    return {
      is: this.#is,
      since_s: this.#since_s,
      ...this.#back.state(),
      asking: this.#asking?.state() ?? null,
      returned: this.#returned,
      taken: [...this.#taken],
      flows: [...this.#flows],
      ...(this.#isLeaving ? { isLeaving: true } : {}),
    };
  }

  /** Goes on from there. */
  restore(saved: HoldState, core: Core): void {
    const { is, since_s, asking, returned = 0, taken = [], flows = [], isLeaving = false } = saved;
    this.#is = is;
    this.#since_s = since_s;
    this.#isLeaving = isLeaving;
    this.#back.restore(saved);
    for (const role of taken) this.#taken.add(role);
    for (const [role, value] of flows) this.#flows.set(role, value);
    this.#returned = returned;
    if (asking === null) return;
    const { role, to } = this.#back.items(core.env)[returned];
    this.#asking = new Asking([[[role, to]]], NAME, false, asking);
  }
}

/** What the newest request for it leads to; NaN before the first. */
function wanted({ env }: Core, role: string): number {
  const { outcome, asked } = env.answer(role);
  return outcome === 'pending' ? asked : env.applied(role);
}

/** The load changes here: what is counted and read before is not of what comes. */
function edge(core: Core, t_s: number): void {
  core.totals.close(core.env);
  core.changed(t_s);
  core.env.keepEdge();
}

function atRest({ step, lanes }: Lane): void {
  step?.action.atRest?.();
  for (const lane of lanes) atRest(lane);
}

/** Limits of the blocks and steps under way act in a hold as ever, but for those that would only hold; not so in a suspension. */
export function judge({ frames, step, lanes }: Lane, act: (found: Exceeded) => void, isHeld: boolean): void {
  for (const { watch, count, column } of step === undefined ? frames : [...frames, step]) {
    const found = watch.exceeded(count, column, isHeld);
    if (found !== undefined) act(found);
  }
  for (const lane of lanes) judge(lane, act, isHeld);
}

/** What ends a run whose set points did not come back after a hold. */
export function notBack(lane: Lane, missing: string): { readonly label: string; readonly end: StepEnd } {
  const reason = `not applied in time after the hold: ${missing}`;
  return { label: lane.innermost()?.label ?? '', end: { kind: 'timeout', reason, leadsTo: 'trip' } };
}
