import type { Json } from '../../../steps/step.ts';
import type { SetTarget } from '../../bench/on-bench.ts';
import type { Instruction } from '../../layout/instruction.ts';
import type { LanguageEnv } from '../env.ts';

/** A step that takes time, as a program holds it. */
export type RunInstruction = Extract<Instruction, { op: 'run' }>;

/** How a step ended by itself. */
export interface ActionEnd {
  readonly kind: 'applied' | 'reached' | 'ended' | 'data' | 'confirmed' | 'measured' | 'failed' | 'missing';
  readonly reason: string;
  /** Of a step that an instrument ran by itself: the number of its last step there, from 1 as it went through them. */
  readonly cyclerStep?: number;
}

/** One look at a running step. */
export interface ActionLook {
  /** Run time, s. */
  readonly t_s: number;
  /** Method time in the step since it counts, and since the last look, s; what a gate holds up is left out. */
  readonly elapsed_s: number;
  readonly dt_s: number;
  /** A gate of it or of a block around it is shut: ramp and profile stand still. */
  readonly isGated: boolean;
  /** Its time is over: a value of now would stand for what comes after it. */
  readonly isLast: boolean;
}

/** What an action may use. */
export interface ActionParts {
  readonly instruction: RunInstruction;
  readonly label: string;
  readonly env: LanguageEnv;
  /** A key of its block as a number, worked out at its start, in the unit of the key; NaN where it is not there. */
  value(key: string): number;
  /** An expression of its block, worked out now: `follow`. */
  now(key: string): number;
  /** The key with this stem, `current` -> `current_C`; undefined where there is none. */
  keyOf(stem: string): string | undefined;
  /** A value of a key in the unit of the role that it sets. */
  onRole(key: string, value: number): readonly [role: string, value: number];
  /** Method seconds in one second. */
  readonly speed: number;
  /** What `cell.soc_pct` counts from here on. */
  setStateOfCharge(soc_pct: number): void;
  /** The names of the loops around the step with their values in this round. */
  readonly levels: Readonly<Record<string, number>>;
  readonly saved: Json | undefined;
}

/** A hold that is over: how long it lasted, s, and the run time at its end; whether the output was at rest meanwhile. */
export interface AfterHold {
  readonly held_s: number;
  readonly t_s: number;
  readonly wasAtRest: boolean;
}

/** A running step: its set points and its way. Ends by time, conditions and deadline are the engine's. */
export interface Action {
  /** Says how it ended, once it has by itself. */
  tick(look: ActionLook): ActionEnd | undefined;
  /** Its set points are applied: its time counts from here, and only readings from now on are its own. */
  readonly isSet: boolean;
  /** How long the last of them took from leaving to read-back, s. */
  readonly took_s: number;
  /** Where it only comes to its state (cccv): `until` counts from then on. */
  readonly isArrived: boolean;
  /** Whether it asks for load, where it knows better than the set points tell: not on the way into standby. */
  readonly isLoad?: boolean | undefined;
  /** A gate keeps it from driving the output: only a deadline ends it now. */
  readonly isShut?: boolean;
  /** Its current rises from nothing whenever it begins: after a rest what flowed before does not come back. */
  readonly beginsAnew?: boolean;
  /** Method time in it at which it wants to be looked at, s. */
  due_s(): number | undefined;
  /** What it has asked for is under way. */
  readonly isAwaiting: boolean;
  /** The output is put to rest, or what is measured is given up, until it may go on. `reason`: why, if not for a hold. */
  atRest?(reason?: string): void;
  /** Goes on after a hold; its set points stand as before it. */
  afterHold?(hold: AfterHold): void;
  /** Another one goes on in its place (a gate, a cut): what it has seen so far is told. */
  tellSoFar?(): void;
  /** The step is over, or left before it has ended by itself. `by`: what ended it (`time`, `exit`, `left` ...). */
  leave?(reason: string, by: string): void;
  /** All that it remembers. */
  state(): Json;
}

/** Turns a value of the method into the unit of a role. */
export function turned({ to }: SetTarget, value: number): number {
  return (value * to.num) / to.den + to.plus;
}
