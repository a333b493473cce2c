import type { Program, Seconds } from '../layout/instruction.ts';

/**
 * A method that an instrument runs by itself, as its own program: nothing is set here, the steps of the method follow what
 * the instrument says that it does.
 */

/** The program on the instrument, by its own steps: counted from 1 in the order in which it goes through them. */
export interface FollowedProgram {
  /** The next steps of it belong to a step of the method; the number of the last of them. The first call starts the program. */
  claim(steps: number): number;
  /** Steps that it has ended, as far as its rows tell. */
  readonly ended: number;
  /** How long its step of this number took by its own clock, s; NaN: not known. */
  took_s(step: number): number;
  /** Why it will end no further step; empty while it may. */
  readonly failure: string;
}

/** Kind of the steps of a method that only follow. */
export const FOLLOWED = 'onCycler';

/** Steps that become steps of the instrument; a `cccv` is two there. */
const STEPS: Readonly<Record<string, number>> = { cc: 1, cv: 1, cccv: 2, rest: 1, wait: 1 };

/** The same program, driven by the instrument: electrical steps and rests set nothing and end when it says so. */
export function followed(program: Program): Program {
  return {
    ...program,
    instructions: program.instructions.map(instruction => {
      if (instruction.op !== 'run' || !Object.hasOwn(STEPS, instruction.kind)) return instruction;
      const { kind, ends } = instruction;
      return {
        ...instruction,
        name: instruction.name ?? (instruction.id === undefined ? kind : undefined),
        kind: FOLLOWED,
        own: {
          steps: STEPS[kind],
          isByCondition: ends.until !== undefined,
          ...withinOf(ends.within_s),
        },
        sets: {},
        ends: { exits: [], otherwise: 'stop' },
      };
    }) as Program['instructions'],
  };
}

/** The deadline of a step, worked out as it begins. */
function withinOf(within_s: Seconds | undefined): Readonly<Record<string, unknown>> {
  if (within_s === undefined) return {};
  if (typeof within_s === 'number') return { within: within_s, factor: 1 };
  return { within: within_s.expression, factor: within_s.factor };
}
