import type { StepEnd } from '../../../steps/step.ts';
import type { AfterHold } from '../actions/action.ts';
import { Asking, type AskingState, type Progress, stands } from '../asking.ts';
import type { Core } from '../core.ts';
import type { Lane } from '../lane.ts';
import { type Stage, stagesInto } from '../output.ts';
import type { Exceeded } from '../watch.ts';

/** What a hold remembers, JSON. */
export interface HoldState {
  readonly is: 'none' | 'held' | 'returning';
  /** Run time at which it began, s. */
  readonly since_s: number;
  /** Set points that it has taken away, with what they stood at. */
  readonly back: readonly (readonly [role: string, value: number])[];
  readonly asking: AskingState | null;
}

const NAME = 'hold';

/**
 * What a hold does. Method time stands still, nothing begins or ends, limits go on. A stack keeps its set points. A cell is
 * put to rest, whatever drives it: its current must not go on while nobody looks at what would end it. Afterwards the output
 * comes back to where it stood before anything else goes on.
 */
export class Hold {
  #is: HoldState['is'] = 'none';
  #since_s = 0;
  readonly #back = new Map<string, number>();
  #asking: Asking | undefined;

  /** The method stands still: held, or on its way back. */
  get isOn(): boolean {
    return this.#is !== 'none';
  }

  /** Nobody has let it go on yet. */
  get isHeld(): boolean {
    return this.#is === 'held';
  }

  /** Its set points are on their way back. */
  get isReturning(): boolean {
    return this.#is === 'returning';
  }

  /** One look in a hold, the first one begins it. */
  keep(core: Core, lane: Lane, t_s: number): void {
    if (this.#is === 'none') this.#since_s = t_s;
    this.#is = 'held';
    this.#asking = undefined;
    const { env } = core;
    const { output } = env;
    if (output?.subject !== 'cell') return;
    const { output: role } = output.roles;
    if (wanted(core, role) === 1 && !this.#back.has(role)) {
      core.totals.close(env);
      core.changed(t_s);
      env.keepEdge();
      atRest(lane);
    } else if (!this.#back.has(role)) return;
    for (const stage of stagesInto(output, 'rest', {}, { isOn: true }))
      if (!this.#stands(core, stage)) return;
  }

  /** Asks for what does not stand yet; what is taken away with it is remembered. */
  #stands(core: Core, stage: Stage): boolean {
    const { env } = core;
    for (const [role, value] of stage) {
      const stood = wanted(core, role);
      if (stood === value) continue;
      if (!Number.isNaN(stood)) this.#back.set(role, stood);
      env.ask(role, value, NAME, true);
    }
    return stage.every(([role, value]) => stands(env, role, value) || env.applied(role) === value);
  }

  /** It is let go: one look. `done`: everything stands as before the hold. */
  comeBack(core: Core, t_s: number): Progress {
    if (this.#is === 'held') {
      this.#is = 'returning';
      this.#asking = this.#askingBack();
    }
    return this.#asking?.tick(core.env, t_s) ?? 'done';
  }

  #askingBack(saved?: AskingState): Asking {
    const stages = [...this.#back].map((one): Stage => [one]);
    return new Asking(stages, NAME, false, saved);
  }

  /** It is over, at run time `t_s`. */
  end(core: Core, t_s: number): AfterHold {
    const wasAtRest = this.#back.size > 0;
    const held_s = this.#is === 'none' ? 0 : t_s - this.#since_s;
    if (wasAtRest) {
      core.totals.close(core.env);
      core.changed(t_s);
      core.env.keepEdge();
    }
    this.#is = 'none';
    this.#back.clear();
    this.#asking = undefined;
    return { held_s, t_s, wasAtRest };
  }

  /** What it remembers. */
  state(): HoldState {
    return {
      is: this.#is,
      since_s: this.#since_s,
      back: [...this.#back],
      asking: this.#asking?.state() ?? null,
    };
  }

  /** Goes on from there. */
  restore({ is, since_s, back, asking }: HoldState): void {
    this.#is = is;
    this.#since_s = since_s;
    for (const [role, value] of back) this.#back.set(role, value);
    if (asking !== null) this.#asking = this.#askingBack(asking);
  }
}

/** What the newest request for it leads to; NaN before the first. */
function wanted({ env }: Core, role: string): number {
  const { outcome, asked } = env.answer(role);
  return outcome === 'pending' ? asked : env.applied(role);
}

function atRest({ step, lanes }: Lane): void {
  step?.action.atRest?.();
  for (const lane of lanes) atRest(lane);
}

/** Limits of the blocks and steps under way act in a hold as ever, but for those that would only hold. */
export function judge({ frames, step, lanes }: Lane, act: (found: Exceeded) => void): void {
  for (const { watch, count, column } of step === undefined ? frames : [...frames, step]) {
    const found = watch.exceeded(count, column, true);
    if (found !== undefined) act(found);
  }
  for (const lane of lanes) judge(lane, act);
}

/** What ends a run whose set points did not come back after a hold. */
export function notBack(lane: Lane, missing: string): { readonly label: string; readonly end: StepEnd } {
  const reason = `not applied in time after the hold: ${missing}`;
  return { label: lane.innermost()?.label ?? '', end: { kind: 'timeout', reason, leadsTo: 'trip' } };
}
