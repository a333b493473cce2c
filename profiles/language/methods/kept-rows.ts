import type { Instruction, Program } from '../layout/instruction.ts';
import { EVALUATIONS } from './index.ts';

/** Which parts of a method keep their rows whatever the method says of thinning: figures come from rows. */

/** True of a built-in method whose figures need every row that the bench keeps. */
export function needsRows(method: string): boolean {
  const evaluation = EVALUATIONS[method];
  return evaluation !== undefined && evaluation.bearsThinning !== true && evaluation.figures.length > 0;
}

/** A program in which rules of the method, its phases and blocks do not thin what the figures of a part need. */
export function withKeptRows(program: Program): Program {
  return { ...program, instructions: program.instructions.map(kept) };
}

function kept(instruction: Instruction): Instruction {
  if (instruction.op !== 'enter' && instruction.op !== 'fork') return instruction;
  const called = instruction.op === 'enter' ? instruction.called : undefined;
  const method = instruction.evaluate ?? called;
  return method === undefined || !needsRows(method) ? instruction : { ...instruction, keepsRows: true };
}
