import type { Json } from '../../steps/step.ts';
import type { ResolvedExpression } from '../bench/on-bench.ts';
import { Window } from '../evaluate/window.ts';
import { hangsOnTime } from '../expression/tree.ts';
import { isRole, stemOf } from '../file/keys.ts';
import type { StepFigure } from '../layout/figures.ts';
import type { Value } from '../layout/instruction.ts';
import {
  type Action,
  type ActionEnd,
  type ActionParts,
  type AfterHold,
  type RunInstruction,
  turned,
} from './actions/action.ts';
import { CurrentBound } from './actions/current-bound.ts';
import { failing } from './actions/electrical.ts';
import { ACTIONS } from './actions/index.ts';
import { type Core, UnknownValue } from './core.ts';
import type { Mark } from './counts/totals.ts';
import type { Begun } from './frame.ts';
import type { Column, Count } from './live-expression.ts';
import { drivesOutput } from './step-end.ts';
import { Watch, type WatchEnd, type WatchState } from './watch.ts';

/** A step that is under way: what it does, what ends it, what it has counted. */

/** What an open step remembers, JSON. */
export interface OpenStepState {
  readonly start_s: number;
  readonly isCounting: boolean;
  readonly mark: readonly number[];
  readonly watch: WatchState;
  readonly action: Json;
  /** Arrival of the reading in which its end was first seen, s; absent: it is not seen. */
  readonly met_s?: number;
}

/** The mean of a role over the last part of a step. */
interface Average {
  readonly figure: StepFigure & { readonly from: { readonly role: string; readonly isArray: boolean } };
  readonly window: Window;
  readonly row: Float64Array;
}

/** A step that is under way. */
export class OpenStep {
  readonly instruction: RunInstruction;
  readonly label: string;
  /** Run time at which it began, s. */
  readonly start_s: number;
  readonly mark: Mark;
  readonly watch: Watch;
  readonly action: Action;
  readonly average_s: number;
  readonly drivesOutput: boolean;
  /** Allowed error of its duration; Infinity: any. */
  readonly exact_s: number;
  /** What its expressions count and follow; made once, not for each look. */
  readonly count: Count;
  readonly column: Column;
  readonly #core: Core;
  readonly #averages: readonly Average[];
  readonly #now = new Float64Array(1);
  /** Where something else than a current drives the output. */
  readonly #bound: CurrentBound | undefined;
  #isCounting: boolean;
  #isAway = false;
  readonly #current: string;
  /** A voltage is held until its current has fallen: seen in two readings, unless the condition says for how long. */
  readonly #endsByCurrent: boolean;
  /** Arrival of the reading in which its end was first seen, s. */
  #met_s: number | undefined;
  /** How long ago the set points that it begins with have left, where it has none of its own, s. */
  readonly #lead_s: number;

  constructor(
    core: Core,
    instruction: RunInstruction,
    at: Begun,
    /** Without `action`: it is taken up after a cut, its set points are asked for anew. */
    saved?: Omit<OpenStepState, 'action'> & Partial<Pick<OpenStepState, 'action'>>,
  ) {
    this.#core = core;
    this.instruction = instruction;
    this.label = labelOf(instruction);
    this.drivesOutput = drivesOutput(instruction);
    this.#lead_s = at.lead_s;
    this.start_s = saved?.start_s ?? at.start_s;
    this.mark = saved === undefined ? core.totals.mark() : Float64Array.from(saved.mark);
    this.#current = `${core.env.output?.subject ?? 'cell'}.current_A`;
    this.#endsByCurrent = fallsToEnd(instruction, this.#current);
    this.#met_s = saved?.met_s;
    const count = at.count(this.mark);
    this.count = count;
    this.column = (data, name) => core.column(data, name, this.watch.elapsed_s);
    this.watch = new Watch(core, instruction.ends, instruction.limits, count, saved?.watch);
    this.average_s = instruction.average_s === undefined ? 0 : core.secondsOf(instruction.average_s, count);
    this.exact_s = instruction.exact_s === undefined ? Infinity : core.secondsOf(instruction.exact_s, count);
    this.#isCounting = saved?.action !== undefined && saved.isCounting;
    this.action = this.#open(count, at.levels, saved?.action);
    this.#bound = CurrentBound.of(core.env, instruction);
    this.#averages = core.program.figures.flatMap((figure): Average[] => {
      const { from } = figure;
      if (figure.id !== instruction.id || this.average_s === 0 || from === 'returned' || !('role' in from))
        return [];
      const window = new Window('average');
      return [{ figure: { ...figure, from }, window, row: new Float64Array(2) }];
    });
  }

  /** Its set points are applied: its time counts. */
  get isCounting(): boolean {
    return this.#isCounting;
  }

  /** One look, `dt_s` of method time after the last. */
  look(look: {
    readonly t_s: number;
    readonly dt_s: number;
    readonly isGated: boolean;
  }): ActionEnd | WatchEnd | undefined {
    const { watch, action, count, column } = this;
    const isGated = look.isGated || watch.isShut(count, column);
    watch.age_s += look.dt_s;
    const dt_s = isGated ? 0 : look.dt_s;
    if (this.#isCounting && !this.#isAway) watch.elapsed_s += dt_s;
    const isLast = this.#isCounting && watch.left_s(isGated) <= 1e-6;
    const end = action.tick({ t_s: look.t_s, elapsed_s: watch.elapsed_s, dt_s, isGated, isLast });
    if (end !== undefined) return end;
    const reason = this.#bound?.look(this.#core.env, this.start_s);
    if (reason !== undefined) return { kind: 'failed', reason };
    if (this.#isAwayNow(look.t_s)) return watch.overdue();
    if (!this.#isCounting && action.isSet) this.#begin(look.t_s);
    this.#takeAverages();
    if (!this.#isCounting && watch.left_s(isGated) > 0) return undefined;
    const found = watch.look(count, column, action.isArrived && this.#isCounting);
    if (found?.kind !== 'until' || !this.#endsByCurrent) {
      this.#met_s = undefined;
      return found;
    }
    // A lead that is off for one reading shows a current that has fallen, too.
    const arrived_s = this.#core.env.arrived_s(this.#current);
    this.#met_s ??= arrived_s;
    return arrived_s > this.#met_s ? found : undefined;
  }

  /** A gate has taken its set points away, or they are on their way back: no claim is made over that. */
  #isAwayNow(t_s: number): boolean {
    const { action } = this;
    const isAway = action.isShut === true || (this.#isAway && !action.isSet);
    if (isAway === this.#isAway) return isAway;
    this.#isAway = isAway;
    this.#core.totals.close(this.#core.env);
    this.#core.env.keepEdge();
    this.#core.changed(t_s);
    if (!isAway) this.watch.afterHold(this.average_s);
    if (!isAway) for (const { window } of this.#averages) window.reset();
    return isAway;
  }

  /** From set point leaving to set point leaving a step is as long as it should be. */
  #begin(t_s: number): void {
    this.#isCounting = true;
    const { kind } = this.instruction;
    const lead_s = kind === 'wait' ? this.#lead_s : this.action.took_s;
    this.watch.elapsed_s += lead_s * this.#core.speed;
    this.#core.env.keepEdge();
    this.#core.onCounting(kind, this.action.took_s);
    if (kind !== 'wait') this.#core.changed(t_s);
  }

  /** Goes on after a hold. */
  afterHold(hold: AfterHold): void {
    this.action.afterHold?.(hold);
    this.watch.afterHold(this.average_s);
    for (const { window } of this.#averages) window.reset();
  }

  #takeAverages(): void {
    if (this.#averages.length === 0 || !this.#isCounting) return;
    this.#now[0] = this.#core.running_s;
    for (const { figure, window, row } of this.#averages) {
      row[0] = this.#core.env.value(figure.from.role);
      row[1] = this.average_s;
      window.take(row, 0, this.#now);
    }
  }

  /** Keeps what was asked of it under its id. */
  keepFigures(): void {
    const { id } = this.instruction;
    if (id === undefined) return;
    const { elapsed_s } = this.watch;
    const own = id.slice(id.indexOf('#') + 1);
    if (elapsed_s < this.average_s)
      this.#core.noMeans.set(
        id,
        `${own} ended after ${Number(elapsed_s.toPrecision(4))} s, before its average_ of ${Number(this.average_s.toPrecision(4))} s was full`,
      );
    else this.#core.noMeans.delete(id);
    for (const { figure, row } of this.#averages) {
      const { to } = figure.from as { readonly to: { num: number; den: number; plus: number } };
      this.#core.keep(id, figure.name, (row[0] * to.num) / to.den + to.plus);
    }
    keepCounts(this.#core, id, this.mark);
  }

  /** Method time until it wants to be looked at, s. */
  left_s(): number {
    const due_s = this.action.due_s();
    const byAction_s = due_s === undefined ? Infinity : due_s - this.watch.elapsed_s;
    return Math.min(byAction_s, this.watch.left_s(!this.#isCounting));
  }

  /** All that it remembers. */
  state(): OpenStepState {
    return {
      start_s: this.start_s,
      isCounting: this.#isCounting,
      mark: [...this.mark],
      watch: this.watch.state(),
      action: this.action.state(),
      ...(this.#met_s === undefined ? {} : { met_s: this.#met_s }),
    };
  }

  #open(count: Count, levels: Readonly<Record<string, number>>, saved: Json | undefined): Action {
    const core = this.#core;
    const { instruction, label } = this;
    const { own, sets, kind } = instruction;
    const make = ACTIONS[kind];
    if (make === undefined) return failing(`"${kind}" cannot be run yet`);
    const raw = (key: string): unknown => {
      if (key in own) return own[key];
      const [block, ...rest] = key.split('.');
      const inside = own[block] as Readonly<Record<string, unknown>> | undefined;
      return inside?.[rest.join('.')];
    };
    const parts: ActionParts = {
      instruction,
      label,
      env: core.env,
      value: key => {
        const found = raw(key);
        return found === undefined ? Number.NaN : core.valueOf(found as Value, count);
      },
      now: key => {
        const found = raw(key);
        if (typeof found === 'number') return found;
        return core.once(found as ResolvedExpression, count, this.watch.elapsed_s);
      },
      keyOf: stem => Object.keys(own).find(key => !isRole(key) && (stemOf(key) === stem || key === stem)),
      onRole: (key, value) => [sets[key].role, turned(sets[key], value)],
      speed: core.speed,
      setStateOfCharge: pct => {
        core.soc = { pct, mark: core.totals.mark() };
      },
      levels,
      saved,
    };
    try {
      return make(parts);
    } catch (error) {
      if (error instanceof UnknownValue) return failing(`${instruction.where}: ${error.message}`);
      throw error;
    }
  }
}

/** What people call a step. */
export function labelOf({ name, id, kind }: RunInstruction): string {
  return name ?? (id === undefined ? kind : `${id.slice(id.indexOf('#') + 1)} (${kind})`);
}

/** Keeps what a step or block under an id has counted. */
export function keepCounts(core: Core, id: string, mark: Mark): void {
  for (const { id: of, name, from } of core.program.figures) {
    if (of !== id || from === 'returned' || !('counted' in from)) continue;
    const value = core.totals.since(mark, from.counted, core.env.cells_count);
    core.keep(id, name, (value * from.to.num) / from.to.den + from.to.plus);
  }
}

/** True of a `cccv` that ends by its current, and not by one that has held for a time. */
function fallsToEnd({ kind, ends: { until } }: RunInstruction, current: string): boolean {
  if (kind !== 'cccv' || until === undefined || hangsOnTime(until.tree)) return false;
  return until.slots.some(slot => slot.from === 'role' && slot.role === current);
}
