import type { StepEnd } from '../../../steps/step.ts';
import type { Resume } from '../../layout/instruction.ts';
import type { Core } from '../core.ts';
import type { GapCharge, Mark } from '../counts/totals.ts';
import type { Frame } from '../frame.ts';
import type { Lane } from '../lane.ts';
import type { MethodEvents } from '../method-events.ts';
import { OpenStep } from '../open-step.ts';
import type { Tags } from './load-state.ts';
import type { Way } from './reentry.ts';

/**
 * A run that was cut off and is taken up: the bench has been in its safe state meanwhile. Each step that was under way goes
 * on with the time and charge that are left, or begins again; a block that says `again` begins again as a whole.
 */

/** How one step is taken up. */
export interface TakenUp {
  readonly step: string;
  readonly how: Resume;
}

/** What a run was cut off in, and how it will be taken up; `never` of one of them: not at all. */
export function toTakeUp(lane: Lane, outer: readonly Frame[] = []): readonly TakenUp[] {
  const around = [...outer, ...lane.frames];
  const inner = lane.lanes.flatMap(one => toTakeUp(one, around));
  return lane.step === undefined
    ? inner
    : [{ step: lane.step.label, how: howOf(lane.step, around) }, ...inner];
}

function howOf({ instruction }: OpenStep, around: readonly Frame[]): Resume {
  const blocks = around.map(frame => frame.instruction.resume);
  if (instruction.resume === 'never' || blocks.includes('never')) return 'never';
  if (blocks.includes('again')) return 'again';
  return instruction.resume ?? instruction.afterCut;
}

/** The innermost phase around the place at which a run was cut off, by its place in the program; undefined: there is none. */
export function phaseOf(lane: Lane): number | undefined {
  const own = lane.frames.findLast(
    ({ instruction }) => instruction.op === 'enter' && instruction.block === 'phase',
  );
  return own?.at;
}

/**
 * Goes on where it was cut off. `since`: the counts as they stood then; what was counted since is none of any step or
 * block.
 */
export function takeUp(core: Core, lane: Lane, since: Mark): void {
  const passed = core.totals.mark().map((now, i) => now - since[i]);
  tellSoFar(lane);
  takeUpLane(core, lane, passed);
}

/** What was seen before the cut is told, the steps begin anew. */
function tellSoFar({ step, lanes }: Lane): void {
  step?.action.tellSoFar?.();
  for (const lane of lanes) tellSoFar(lane);
}

function takeUpLane(core: Core, lane: Lane, passed: Mark): void {
  const again = lane.frames.findIndex(({ instruction }) => instruction.resume === 'again');
  if (again >= 0) {
    lane.pc = lane.frames[again].at;
    lane.frames.splice(again);
    lane.lanes = [];
    lane.step = undefined;
  }
  for (const frame of lane.frames) {
    forward(frame.mark, passed);
    if (frame.roundMark !== frame.mark) forward(frame.roundMark, passed);
  }
  for (const inner of lane.lanes) takeUpLane(core, inner, passed);
  const { step } = lane;
  if (step === undefined) return;
  if ((step.instruction.resume ?? step.instruction.afterCut) === 'again') {
    lane.step = undefined;
    return;
  }
  forward(step.mark, passed);
  const { action: _, ...saved } = step.state();
  lane.step = new OpenStep(core, step.instruction, lane.begun(), saved);
}

/** Counts from as much later as was counted meanwhile. */
function forward(mark: Mark, passed: Mark): void {
  for (let i = 0; i < mark.length; i++) mark[i] += passed[i];
}

/** The end of a run of which a step is never taken up; undefined: all are. */
export function notTakenUp(
  steps: readonly TakenUp[],
): { readonly label: string; readonly end: StepEnd } | undefined {
  const never = steps.find(({ how }) => how === 'never');
  if (never === undefined) return undefined;
  const reason = 'cut off, and never taken up (resume: never)';
  return { label: never.step, end: { kind: 'condition', reason, leadsTo: 'stop' } };
}

/** What a cut remembers until it is taken up, JSON. */
export interface CutState {
  /** Cut off, and not yet taken up. */
  readonly isCut: boolean;
  /** How it will be taken up has been told; absent: not yet, or nothing was cut. */
  readonly isCutTold?: true;
}

/**
 * A run that was cut off, until it is taken up. While a person holds it, or its suspension waits, the bench stays in the
 * safe state that it was brought into: nothing of its steps is asked for or judged.
 */
export class CutOff {
  isOpen = false;
  #isTold = false;
  /** Run time of the last look before it, s. */
  #cut_s = 0;

  /** `isCut`: anew, else it goes on as it was saved. */
  restore(saved: CutState, at_s: number, isCut: boolean): void {
    this.isOpen = isCut || saved.isCut;
    this.#isTold = !isCut && saved.isCutTold === true;
    this.#cut_s = at_s;
  }

  /**
   * What was under way, and how it is taken up; told once. Returns the end of a step that is never taken up. What `tags` were
   * told then count no more.
   */
  tell(core: Core, way: Way, events: MethodEvents, tags: Tags): ReturnType<typeof notTakenUp> {
    const steps = toTakeUp(way.main);
    if (!this.#isTold) events.resumed(this.#cut_s, steps, this.#gap(core));
    if (!this.#isTold && tags.told.length > 0) events.tags([]);
    tags.told = [];
    this.#isTold = true;
    return notTakenUp(steps);
  }

  /** Charge that flowed meanwhile, where the instrument's own counter says so: it counts for what was under way. */
  #gap({ totals, env }: Core): GapCharge | undefined {
    return env.output === undefined ? undefined : totals.countGap(env, this.#cut_s);
  }

  state(): CutState {
    return { isCut: this.isOpen, ...(this.isOpen && this.#isTold ? { isCutTold: true } : {}) };
  }
}
