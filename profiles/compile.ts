import type { Place } from '../drivers/contract/explain.ts';
import { type CompileState, compileSteps, newState } from './compile-steps.ts';
import { FINALLY, type MethodFile, type Step } from './method.ts';
import { METHODS } from './methods/registry.ts';
import type { Instruction, Procedure } from './procedure.ts';
import type { Subject } from './recorded-run.ts';
import { isTimed, opOf } from './steps/index.ts';

/**
 * Lays a method file out as the flat list of instructions that the sequencer runs. Pure.
 *
 * `planned_s` is an estimate: holds in full, waits for conditions with the time that these must hold and a quarter
 * of their bound, ramps and pressure steps with their nominal duration.
 * Steps in which the stack carries at least `MINIMUM_LOAD_FRAC` of its nominal current get the tag `load`.
 * A follow step does not: in hot standby it carries no current, and an interlock for a loaded stack would trip.
 * A profile that never goes to standby may write `tags: [load]` itself.
 * @throws MethodError naming the step
 */
export function compileMethod(file: MethodFile, subject: Subject): Procedure {
  return compileWithPlaces(file, subject).procedure;
}

/** As `compileMethod`, with the place in the file that each instruction comes from (same index). */
export function compileWithPlaces(
  file: MethodFile,
  subject: Subject,
): { readonly procedure: Procedure; readonly places: readonly Place[] } {
  const state = newState(subject);
  for (const [i, phase] of file.phases.entries()) {
    addPhase(state, phase.name, phase.steps, ['phases', i, 'steps']);
  }
  addPhase(state, FINALLY, file.finally, [FINALLY]);
  const planned_s = state.instructions.reduce((sum, i) => sum + (i.op === 'phase' ? i.planned_s : 0), 0);
  const procedure = {
    method: file.method,
    version: file.version,
    instructions: state.instructions,
    planned_s,
    ...rolesOf(state.instructions),
  };
  return { procedure, places: state.places };
}

function addPhase(
  state: CompileState,
  name: string,
  steps: readonly Step[],
  place: (string | number)[],
): void {
  const calls = steps.flatMap(step => (step.call === undefined ? [] : [step.call]));
  const only = calls.length === 1 ? calls[0] : undefined;
  const mark = state.instructions.length;
  const before_s = state.planned_s;
  const head = { op: 'phase', name, label: name, tags: [] } as const;
  state.places[mark] = place;
  state.instructions.push({ ...head, method: 'steps', planned_s: 0 });
  compileSteps(state, steps, place);
  const parameters = only === undefined ? undefined : METHODS[only.method].check(only.with);
  state.instructions[mark] = {
    ...head,
    method: only?.method ?? 'steps',
    planned_s: state.planned_s - before_s,
    ...(parameters === undefined ? {} : { parameters }),
  };
}

/**
 * The same procedure k times faster: every duration divided, every rate multiplied by k. For a plant that
 * runs k times faster than life. Time-outs of ramps, pressure steps and waits that end the run stay at least GUARD_S (they guard against a
 * line that hangs, and lines do not get faster). Levels, limits and bands stay as they are.
 */
export function shortenProcedure(procedure: Procedure, k: number): Procedure {
  if (!Number.isFinite(k) || k <= 0) throw new RangeError(`shorten by ${k}: expected a factor > 0`);
  // A method of the language runs by its own clock, which goes k times faster.
  const instructions = procedure.instructions.map(i => shorten(i, k));
  return { ...procedure, instructions, planned_s: procedure.planned_s / k };
}

/** Shortest time-out of a guarded step, s. */
const GUARD_S = 10;

function shorten(instruction: Instruction, k: number): Instruction {
  if (instruction.op === 'phase') return { ...instruction, planned_s: instruction.planned_s / k };
  if (instruction.op === 'language' || !isTimed(instruction)) return instruction;
  const guard = (timeout_s: number): number => Math.max(timeout_s / k, Math.min(timeout_s, GUARD_S));
  return opOf(instruction)?.shorten(instruction, k, guard) ?? instruction;
}

/** Every role that some instruction sets, and every role that some instruction reads. */
function rolesOf(instructions: readonly Instruction[]): Pick<Procedure, 'sets' | 'reads'> {
  const timed = instructions.filter(isTimed);
  const sets = timed.flatMap(
    i =>
      opOf(i)
        ?.sets(i)
        .map(set => set.role) ?? [],
  );
  const reads = timed.flatMap(i => opOf(i)?.reads(i) ?? []);
  return { sets: [...new Set(sets)].sort(), reads: [...new Set(reads)].sort() };
}
