import { dotted, type Place } from '../drivers/contract/explain.ts';
import { type Step, type StepCondition, stepSchema } from './method.ts';
import { METHODS } from './methods/registry.ts';
import { ParameterError } from './methods/test-method.ts';
import { DEEPEST_REPEATS, planSlip, repeatDepth, takesTime } from './plan-bounds.ts';
import type { Condition, Instruction } from './procedure.ts';
import type { Subject } from './recorded-run.ts';

/** From this part of the nominal current on, the stack counts as loaded (lowest load of PEM practice: 5 %). */
export const MINIMUM_LOAD_FRAC = 0.05;
const CURRENT_SET = 'stack.currentSet_A';
const OUTPUT_SET = 'stack.outputSet_on';
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
  readonly sets: Set<string>;
  readonly reads: Set<string>;
  /** Lowest and highest value a set role can have now; absent = nothing has set it yet. */
  settings: Map<string, readonly [low: number, high: number]>;
  planned_s: number;
}

/** A compiler that has laid out nothing yet, for this device under test: no instruction, no role set, 0 s planned. */
export function newState(subject: Subject): CompileState {
  return {
    subject,
    instructions: [],
    places: [],
    sets: new Set(),
    reads: new Set(),
    settings: new Map(),
    planned_s: 0,
  };
}

/**
 * Lays out steps in order into `state`: instructions, the roles they set and read, and the longest time they
 * may take (s). `place` is where the steps stand in the method file; `depth` counts how deep the calls are
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

type Body<T> = T extends unknown ? Omit<T, 'label' | 'tags'> : never;

function compileStep(state: CompileState, step: Step, place: Place, depth: number): void {
  const own = step.tags ?? [];
  const emit = (body: Body<Instruction>, label: string, loaded = isLoaded(state)): void => {
    const tags = loaded && !own.includes('load') ? [...own, 'load'] : own;
    state.places[state.instructions.length] = place;
    const isCompound = step.purge !== undefined || step.sweep !== undefined;
    const named = isCompound && step.name !== undefined ? `${step.name}: ${label}` : (step.name ?? label);
    state.instructions.push({ ...body, label: named, tags } as Instruction);
  };
  const set = (values: Readonly<Record<string, number>>): void => {
    const before = isLoaded(state);
    for (const [role, value] of Object.entries(values)) assign(state, role, value);
    emit({ op: 'set', values }, `set ${Object.keys(values).join(', ')}`, before && isLoaded(state));
  };
  const wait = (
    for_s: number,
    until: readonly StepCondition[],
    onTimeout: 'continue' | 'stop' | 'trip',
    label: string,
  ): void => {
    emit({ op: 'wait', for_s, until: until.map(c => condition(state, c)), onTimeout }, label);
    state.planned_s += until.length === 0 ? for_s : Math.min(for_s, expectedWait_s(for_s, until));
  };

  if (step.hold !== undefined) {
    const { for_s, set: first, until, onTimeout, average_s } = step.hold;
    if (first !== undefined) set(first);
    if (average_s === undefined) wait(for_s, until ?? [], onTimeout, `hold ${for_s} s`);
    else {
      const setpoint = state.settings.get(CURRENT_SET)?.[1] ?? 0;
      const point = { leg: 'single', setpoint, dwell_s: for_s, average_s } as const;
      emit({ op: 'point', ...point, stopAbove: null, minCurrentPerBar_A: 0 }, `hold ${for_s} s`);
      state.planned_s += for_s;
    }
  } else if (step.waitUntil !== undefined) {
    const { all, timeout_s, onTimeout } = step.waitUntil;
    wait(timeout_s, all, onTimeout, `wait until ${all.map(c => c.role).join(', ')}`);
  } else if (step.set !== undefined) {
    set(step.set);
  } else if (step.ramp !== undefined) {
    const rate_per_s = step.ramp.rate_per_s ?? (step.ramp.rate_per_min as number) / 60;
    ramp(state, emit, place, { ...step.ramp, rate_per_s });
  } else if (step.sweep !== undefined) {
    const { role, values, rate_per_s, dwell_s, average_s, leg, stopAbove, minCurrentPerBar_A } = step.sweep;
    const legEnd = state.instructions.length + 2 * values.length;
    if (stopAbove !== undefined) state.reads.add(stopAbove.role);
    for (const value of values) {
      ramp(state, emit, place, { role, to: value, rate_per_s });
      const point = { leg, setpoint: value, dwell_s, average_s, minCurrentPerBar_A } as const;
      emit({ op: 'point', ...point, stopAbove: stopAbove ?? null, legEnd }, `point ${leg} ${value}`);
      state.planned_s += dwell_s;
    }
  } else if (step.follow !== undefined) {
    const follow = step.follow;
    emit({ op: 'follow', follow }, `follow ${follow.source}`, false);
    for (const role of [follow.setRole, ...Object.keys(follow.onStandby), ...Object.keys(follow.onRestart)]) {
      state.sets.add(role);
      state.settings.delete(role);
    }
    // Wherever the profile left it; at low voltage the power limit allows a little more than the nominal current.
    state.settings.set(follow.setRole, [0, 1.1 * follow.currentNominal_A]);
    state.reads.add(follow.voltageRole).add(follow.powerRole);
    state.planned_s += follow.for_s;
  } else if (step.pressurise !== undefined || step.depressurise !== undefined) {
    const pressure = (step.pressurise ?? step.depressurise) as NonNullable<Step['pressurise']>;
    const verb = step.pressurise === undefined ? 'depressurise' : 'pressurise';
    const [low, high] = state.settings.get(pressure.setRole) ?? [0, pressureMax_barg(state)];
    const span_bar = Math.max(Math.abs(pressure.to_barg - low), Math.abs(pressure.to_barg - high));
    const holds = pressure.holdEvery_bar > 0 ? Math.floor(span_bar / pressure.holdEvery_bar) : 0;
    state.planned_s += (span_bar / pressure.rate_bar_per_min) * 60 + holds * pressure.hold_s;
    assign(state, pressure.setRole, pressure.to_barg);
    state.reads.add(pressure.pressureRole).add(pressure.h2InO2Role).add(pressure.currentRole);
    emit({ op: 'pressure', pressure }, `${verb} to ${pressure.to_barg} barg`);
  } else if (step.purge !== undefined) {
    const { for_s, set: open, until, extra_s, onTimeout } = step.purge;
    set(open);
    wait(for_s, [], 'continue', `purge ${for_s} s`);
    if (until !== undefined) wait(extra_s, until, onTimeout, 'purge until clean');
    const closed = Object.keys(open).filter(role => open[role] !== 0);
    set(Object.fromEntries(closed.map(role => [role, 0])));
  } else if (step.repeat !== undefined) {
    repeat(state, step.repeat, step, place, depth);
  } else if (step.call !== undefined) {
    call(state, step.call, place, depth);
  }
}

/** How long a wait for conditions will probably take: the longest time that one must hold, and a quarter of the bound. */
function expectedWait_s(for_s: number, until: readonly StepCondition[]): number {
  const held_s = until.map(c => ('stableBand' in c ? c.over_s : c.for_s));
  return Math.max(...held_s) + for_s / 4;
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

function ramp(
  state: CompileState,
  emit: (body: Body<Instruction>, label: string, loaded?: boolean) => void,
  place: Place,
  spec: { role: string; to: number; rate_per_s: number; timeout_s?: number | undefined },
): void {
  const { role, to, rate_per_s } = spec;
  const from = state.settings.get(role);
  if (from === undefined && spec.timeout_s === undefined) {
    const text = `ramp of ${role}: nothing has set it before, expected a set step first, or timeout_s`;
    throw new MethodError(place, text);
  }
  const duration_s =
    from === undefined
      ? (spec.timeout_s as number)
      : Math.max(Math.abs(to - from[0]), Math.abs(to - from[1])) / rate_per_s;
  const before = isLoaded(state);
  assign(state, role, to);
  // A quarter and a minute on top: the gate may slew more slowly, and read-backs take their time.
  const timeout_s = spec.timeout_s ?? 1.25 * duration_s + 60;
  emit({ op: 'ramp', role, to, rate_per_s, timeout_s }, `ramp ${role} to ${to}`, before && isLoaded(state));
  state.planned_s += duration_s;
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
  const tags = step.tags ?? [];
  const compileBody = (): void => {
    state.instructions.length = start;
    state.places.length = start;
    state.planned_s = before_s;
    state.places[start] = place;
    state.instructions.push({
      op: 'loop',
      times: spec.times,
      end: 0,
      label: step.name ?? `repeat ${spec.times} times`,
      tags,
    });
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
  state.instructions[start] = { ...state.instructions[start], end } as Instruction;
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

function assign(state: CompileState, role: string, value: number): void {
  state.sets.add(role);
  state.settings.set(role, [value, value]);
}

/** A cell has no gas side: a step that presses it starts from nothing. */
function pressureMax_barg({ subject }: CompileState): number {
  return subject.kind === 'stack' ? subject.pressureMax_barg : 0;
}

/** The set current is settled at or above the minimum load. Output off (or never switched on) is no load. */
function isLoaded(state: CompileState): boolean {
  if (state.subject.kind !== 'stack') return false;
  const output = state.settings.get(OUTPUT_SET)?.[0] ?? 0;
  const current_A = state.settings.get(CURRENT_SET)?.[0] ?? 0;
  return output > 0 && current_A >= MINIMUM_LOAD_FRAC * state.subject.currentNominal_A;
}

function condition(state: CompileState, written: StepCondition): Condition {
  state.reads.add(written.role);
  return 'stableBand' in written
    ? { kind: 'stable', role: written.role, band: written.stableBand, over_s: written.over_s }
    : { kind: 'compare', role: written.role, is: written.is, limit: written.limit, for_s: written.for_s };
}
