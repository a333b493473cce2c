import type { MethodEvents } from '../../profiles/language/run/method-events.ts';
import type { StepEndKind } from '../../profiles/steps/step.ts';

/** What the record says of a step that has ended; `pc`: its place in the procedure. */
export interface StepData {
  readonly id?: string;
  readonly pc: number;
  readonly op: string;
  readonly start_s: number;
  readonly ended: StepEndKind;
  readonly reason: string;
  readonly wasMet?: boolean;
  /** Of a step that a cycler ran by itself: the number of its last step there, from 1 as it went through them. */
  readonly cyclerStep?: number;
  /** Longest time between two rows by the method's rule, from its begin on, s; 0: as the bench keeps them. */
  readonly every_s?: number;
}

/** It, of what the method tells. */
export function stepData(...[pc, instruction, start_s, end]: Parameters<MethodEvents['stepEnd']>): StepData {
  const { kind, reason, wasMet, cyclerStep } = end;
  const id = instruction.id === undefined ? {} : { id: instruction.id };
  return {
    ...id,
    pc,
    op: instruction.op,
    start_s,
    ended: kind,
    reason,
    ...(wasMet === true ? { wasMet } : {}),
    ...(cyclerStep === undefined ? {} : { cyclerStep }),
    ...(instruction.every_s === undefined ? {} : { every_s: instruction.every_s }),
  };
}
