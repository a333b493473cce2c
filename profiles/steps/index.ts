import type { Labelled, Op } from './define.ts';
import { followKind, followOp } from './follow.ts';
import { pointOp, sweepKind } from './point.ts';
import { depressuriseKind, pressureOp, pressuriseKind } from './pressure.ts';
import { rampKind, rampOp } from './ramp.ts';
import { setKind, setOp } from './set.ts';
import { holdKind, purgeKind, waitOp, waitUntilKind } from './wait.ts';

/** The only list of instructions that take time, by op. */
export const OPS = {
  set: setOp,
  ramp: rampOp,
  wait: waitOp,
  point: pointOp,
  follow: followOp,
  pressure: pressureOp,
} as const;

/** The only list of keys of the test language that lay out such instructions; `repeat` and `call` are the compiler's. */
export const STEP_KINDS = {
  hold: holdKind,
  ramp: rampKind,
  set: setKind,
  waitUntil: waitUntilKind,
  follow: followKind,
  sweep: sweepKind,
  pressurise: pressuriseKind,
  depressurise: depressuriseKind,
  purge: purgeKind,
} as const;

type InstructionOf<T> = T extends Op<infer I extends Labelled> ? I : never;

/** Any instruction that takes time. */
export type TimedInstruction = InstructionOf<(typeof OPS)[keyof typeof OPS]>;

/** How an instruction that takes time is run; undefined for one that takes none. */
export function opOf(instruction: { readonly op: string }): Op<TimedInstruction> | undefined {
  const ops: Readonly<Record<string, Op<TimedInstruction> | undefined>> = OPS;
  return ops[instruction.op];
}

/** True for an instruction that takes time. */
export function isTimed<I extends { readonly op: string }>(
  instruction: I,
): instruction is I & TimedInstruction {
  return instruction.op in OPS;
}
