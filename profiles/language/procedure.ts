import type { Instruction as Line, Procedure } from '../procedure.ts';
import type { Instruction, Program } from './layout/instruction.ts';
import { labelOf } from './run/open-step.ts';
import { STEP_KINDS } from './steps/index.ts';

const ELECTRICAL: readonly string[] = STEP_KINDS.filter(kind => kind.isElectrical === true).map(
  kind => kind.key,
);

/** A program as a procedure: a line for each instruction, at the same place. `planned_s`: how long it will take, s. */
export function procedureOf(program: Program, planned_s: number): Procedure {
  return {
    method: program.method,
    instructions: program.instructions.map((instruction, i) => lineOf(instruction, i < program.end)),
    planned_s,
    program,
  };
}

/** A procedure of which only the name is known: its parts and steps stand in the record. */
export function namedOnly(method: string): Procedure {
  return { method, instructions: [], planned_s: 0 };
}

/** `isPlanned`: a run comes to it by itself; what is done only after a cut is none of its steps. */
function lineOf(instruction: Instruction, isPlanned: boolean): Line {
  if (instruction.op === 'run' && !isPlanned) {
    return { op: 'flow', label: labelOf(instruction), tags: instruction.tags };
  }
  if (instruction.op === 'run') {
    const { kind, tags } = instruction;
    // An electrical step may carry load; a rest does not.
    const isLoad = ELECTRICAL.includes(kind) && kind !== 'rest';
    const all = isLoad && !tags.includes('load') ? [...tags, 'load'] : tags;
    return { op: 'step', kind, label: labelOf(instruction), tags: all };
  }
  if (instruction.op === 'enter' && instruction.block === 'phase') {
    const name = instruction.name ?? '';
    return { op: 'phase', name, label: name, tags: instruction.tags };
  }
  return { op: 'flow', label: '', tags: 'tags' in instruction ? instruction.tags : [] };
}
