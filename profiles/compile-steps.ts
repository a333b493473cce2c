import type { ZodType } from 'zod';
import { dotted, type Place } from '../drivers/contract/explain.ts';
import { KIND_NAMES, type Step, stepSchema } from './method.ts';
import { METHODS } from './methods/registry.ts';
import { ParameterError } from './methods/test-method.ts';
import { DEEPEST_REPEATS, planSlip, repeatDepth, takesTime } from './plan-bounds.ts';
import type { Instruction } from './procedure.ts';
import type { Subject } from './recorded-run.ts';
import type { Layout, Span, StepKind } from './steps/define.ts';
import { STEP_KINDS } from './steps/index.ts';
import { CURRENT_SET, OUTPUT_SET } from './steps/words.ts';

/** From this part of the nominal current on, the stack counts as loaded (lowest load of PEM practice: 5 %). */
export const MINIMUM_LOAD_FRAC = 0.05;
/** Calls inside calls; deeper ones call themselves. */
const DEEPEST = 8;

/** A method that cannot be laid out; `place` leads to the step in the file. */
export class MethodError extends Error {
  readonly place: Place;
  readonly what: string;
  constructor(place: Place, what: string) {
    super(`${dotted(place)}: ${what}`);
    this.name = 'MethodError';
    this.place = place;
    this.what = what;
  }
}

/** What the compiler knows while it walks the steps. */
export interface CompileState {
  readonly subject: Subject;
  readonly instructions: Instruction[];
  /** Place in the file of each instruction, same index. */
  readonly places: Place[];
  /** Lowest and highest value a set role can have now; absent = nothing has set it yet. */
  settings: Map<string, Span>;
  planned_s: number;
}

/** A compiler that has laid out nothing yet, for this device under test: no instruction, no role set, 0 s planned. */
export function newState(subject: Subject): CompileState {
  return {
    subject,
    instructions: [],
    places: [],
    settings: new Map(),
    planned_s: 0,
  };
}

/**
 * Lays out steps in order into `state`: instructions, the roles they set, and the time planned for them (s). `place` is where the steps stand in the method file; `depth` counts how deep the calls are
 * nested. Throws `MethodError` at the first step that cannot be laid out.
 */
export function compileSteps(state: CompileState, steps: readonly Step[], place: Place, depth = 0): void {
  if (depth > DEEPEST) throw new MethodError(place, `calls nested deeper than ${DEEPEST}, expected fewer`);
  for (const [i, step] of steps.entries()) {
    const at = depth === 0 ? [...place, i] : place;
    compileStep(state, step, at, depth);
    const slip = planSlip(state.planned_s);
    if (slip !== undefined) throw new MethodError(at, slip);
  }
}

function compileStep(state: CompileState, step: Step, place: Place, depth: number): void {
  if (step.repeat !== undefined) repeat(state, step.repeat, step, place, depth);
  else if (step.call !== undefined) call(state, step.call, place, depth);
  for (const key of KIND_NAMES) {
    const own = step[key];
    if (own === undefined) continue;
    const kind: StepKind<ZodType> = STEP_KINDS[key];
    kind.lay(own, layoutFor(state, step, kind.isCompound === true, place));
  }
}

/** The compiler as the kind of one step sees it. */
function layoutFor(state: CompileState, step: Step, isCompound: boolean, place: Place): Layout {
  const own = step.tags ?? [];
  return {
    subject: state.subject,
    get at() {
      return state.instructions.length;
    },
    emit(body, label, loaded = isLoaded(state)) {
      const tags = loaded && !own.includes('load') ? [...own, 'load'] : own;
      state.places[state.instructions.length] = place;
      const named = isCompound && step.name !== undefined ? `${step.name}: ${label}` : (step.name ?? label);
      state.instructions.push({ ...body, label: named, tags });
    },
    settingOf: role => state.settings.get(role),
    assign(role, value) {
      if (value === undefined) state.settings.delete(role);
      else state.settings.set(role, typeof value === 'number' ? [value, value] : value);
    },
    isLoaded: () => isLoaded(state),
    plan(duration_s) {
      state.planned_s += duration_s;
    },
    fail(text) {
      throw new MethodError(place, text);
    },
  };
}

function call(state: CompileState, call: NonNullable<Step['call']>, place: Place, depth: number): void {
  const method = Object.hasOwn(METHODS, call.method) ? METHODS[call.method] : undefined;
  if (method === undefined) {
    const text = `"${call.method}" is no test method, expected one of ${Object.keys(METHODS).join(', ')}`;
    throw new MethodError([...place, 'call', 'method'], text);
  }
  const { subject } = state;
  if (subject.kind !== 'stack') {
    const text = `${call.method} is a method for stacks, the bench has the cell "${subject.name}", expected plain steps`;
    throw new MethodError([...place, 'call', 'method'], text);
  }
  try {
    const parameters = method.check(call.with);
    const outputIsOn = (state.settings.get(OUTPUT_SET)?.[0] ?? 0) > 0;
    const steps = method.steps(parameters, { stack: subject, outputIsOn });
    compileSteps(
      state,
      steps.map(step => stepSchema.parse(step)),
      place,
      depth + 1,
    );
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new MethodError([...place, 'call', 'with', ...error.place], error.message);
  }
}

function repeat(
  state: CompileState,
  spec: NonNullable<Step['repeat']>,
  step: Step,
  place: Place,
  depth: number,
): void {
  if (!takesTime(spec.steps)) {
    const text = 'no step in this repeat takes time, expected a hold, a ramp or a wait in it';
    throw new MethodError([...place, 'repeat'], text);
  }
  if (repeatDepth([step]) > DEEPEST_REPEATS) {
    throw new MethodError(place, `repeats nested deeper than ${DEEPEST_REPEATS}, expected fewer`);
  }
  const start = state.instructions.length;
  const before_s = state.planned_s;
  const label = step.name ?? `repeat ${spec.times} times`;
  const loop = (end: number) =>
    ({ op: 'loop', times: spec.times, end, label, tags: step.tags ?? [] }) as const;
  const compileBody = (): void => {
    state.instructions.length = start;
    state.places.length = start;
    state.planned_s = before_s;
    state.places[start] = place;
    state.instructions.push(loop(0));
    const inside = [...place, 'repeat', 'steps'];
    if (depth === 0) compileSteps(state, spec.steps, inside);
    else compileSteps(state, spec.steps, place, depth);
  };
  const entry = new Map(state.settings);
  compileBody();
  // Later rounds begin where the first one ended: lay the body out again for every value it may begin with.
  // Twice is enough: the second body starts from all values that any round can leave behind.
  for (let round = 0; round < 2 && spec.times > 1; round++) {
    state.settings = span(entry, state.settings);
    compileBody();
  }
  const body_s = state.planned_s - before_s;
  state.planned_s = before_s + spec.times * body_s;
  const end = state.instructions.length;
  state.places[end] = place;
  state.instructions.push({ op: 'endLoop', start, label: 'end of repeat', tags: [] });
  state.instructions[start] = loop(end);
}

/** Every value a role may have at the start of a round: before the first, or after any. */
function span(a: CompileState['settings'], b: CompileState['settings']): CompileState['settings'] {
  const both: CompileState['settings'] = new Map(a);
  for (const [role, [low, high]] of b) {
    const other = a.get(role) ?? [low, high];
    both.set(role, [Math.min(low, other[0]), Math.max(high, other[1])]);
  }
  return both;
}

/** The set current is settled at or above the minimum load. Output off (or never switched on) is no load. */
function isLoaded(state: CompileState): boolean {
  if (state.subject.kind !== 'stack') return false;
  const output = state.settings.get(OUTPUT_SET)?.[0] ?? 0;
  const current_A = state.settings.get(CURRENT_SET)?.[0] ?? 0;
  return output > 0 && current_A >= MINIMUM_LOAD_FRAC * state.subject.currentNominal_A;
}
