import type { Instruction, Program } from '../layout/instruction.ts';
import { EVALUATIONS } from './index.ts';

/** Which parts of a method keep their rows whatever the method says of thinning: figures come from rows. */

/** True of a built-in method whose figures need every row that the bench keeps. */
export function needsRows(method: string): boolean {
  const evaluation = EVALUATIONS[method];
  return evaluation !== undefined && evaluation.bearsThinning !== true && evaluation.figures.length > 0;
}

/**
 * What is told of rules that thin nothing: those at the step itself that calls or evaluates a method whose figures need its
 * rows. A line each, with the line of the step.
 */
export function idleRules({ instructions }: Program): readonly string[] {
  return instructions.flatMap(instruction => {
    if (instruction.op !== 'enter' || instruction.record?.every_s === undefined) return [];
    if (instruction.ownRecord?.every_s !== undefined) return [];
    const method = instruction.evaluate ?? instruction.called;
    if (method === undefined || !needsRows(method)) return [];
    return [
      `WARNING: ${instruction.where}: record: thins nothing in ${method}, its figures need every row that the bench keeps`,
    ];
  });
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
