import type { Reaction } from '../../steps/recovery.ts';
import type { ResolvedExpression, SetTarget } from '../bench/on-bench.ts';
import type { DerivedRole } from './derived.ts';
import type { StepFigure } from './figures.ts';
import type { RecordRule } from './record-rule.ts';

/**
 * A method as a flat list, all of it JSON: what the sequencer runs. Where it stands is a number; a jump is a number. A goal
 * behind the end of a block leaves the blocks between.
 */

/** A value in the unit of its key: a number, an expression, a word. */
export type Value = number | string | boolean | ResolvedExpression;

/** One value, or the values of a list: written out, or a range. */
export type Values =
  | Value
  | readonly Value[]
  | { readonly from: Value; readonly to: Value; readonly by: Value };

/** A name of a file, behind its path, and what it is given. */
export interface Assignment {
  readonly name: string;
  readonly value: Values;
  /** What a value of it must keep to, where it is a parameter of a call. */
  readonly borders?: Borders;
}

/** The `min` and `max` of a parameter, in the unit of its name; undefined: there is none. */
export interface Borders {
  readonly min?: Value;
  readonly max?: Value;
}

/** What is done in a suspension as the method says it; what it is in figures is worked out as it begins. */
export interface RecoverRule {
  /** By the names of the method: what is set, and the fastest change in the unit of the name per second. */
  readonly sets: readonly {
    readonly target: SetTarget;
    readonly to: Value;
    readonly per_s?: { readonly value: Value; readonly factor: number };
  }[];
  /** What must be true before it counts as back; absent: that the condition of the limit is not. */
  readonly back?: ResolvedExpression;
  readonly for_s: Seconds;
  readonly within_s: Seconds;
  readonly at_most: number;
}

/** A condition beside those of the bench, and what it does. */
export interface Limit {
  readonly when: ResolvedExpression;
  readonly then: Reaction;
  /** Of one that suspends. */
  readonly recover?: RecoverRule;
  /** Its line, for people, as the one of a step: `rate.yaml:9`. */
  readonly where: string;
}

/** Where a run goes: an instruction, or out of the method. */
export type Goal = number | 'stop' | 'trip';

/** A time in s: a number, or an expression times `factor`. */
export type Seconds = number | { readonly expression: ResolvedExpression; readonly factor: number };

/** How a step or block may end beside by itself. */
export interface Ends {
  readonly until?: ResolvedExpression;
  readonly exits: readonly {
    readonly when: ResolvedExpression;
    readonly to: Goal;
    readonly isFinish?: true;
  }[];
  /** While not true, clock, ramp and profile stand still; the deadline does not. */
  readonly gate?: ResolvedExpression;
  /** Normal end. */
  readonly for_s?: Seconds;
  readonly within_s?: Seconds;
  /** After the deadline. */
  readonly otherwise: Goal;
  readonly otherwiseIsFinish?: true;
}

/** What every step and block carries. */
export interface Labelled {
  /** Place in its file, for people: `rate.yaml steps[0].steps[2]`. */
  readonly place: string;
  /** Its line, for people: `rate.yaml:9`; of a built-in method the line of its call: `rate.yaml:9 (built-in dcir:12)`. */
  readonly where: string;
  readonly id?: string;
  readonly name?: string;
  readonly tags: readonly string[];
  readonly limits: readonly Limit[];
  /** The last part that becomes a point. */
  readonly average_s?: Seconds;
  /** Allowed error of the duration. */
  readonly exact_s?: Seconds;
  /** The built-in method whose figures are worked out of it. */
  readonly evaluate?: string;
  readonly record?: RecordRule;
  /** Its figures need the rows that the bench keeps: rules around it do not thin them. */
  readonly keepsRows?: boolean;
  /** After a cut, where the file says it. */
  readonly resume?: Resume;
  /** Whether a person may skip it, or a step in it, where the file says it. */
  readonly skippable?: Skippable;
}

/** Whether a person may skip a step: yes also of a wait for a condition. */
export type Skippable = 'yes' | 'no';

/** How a step is taken up after a cut: where it was, from its beginning, not at all. */
export type Resume = 'continue' | 'again' | 'never';

export type Block = 'phase' | 'steps' | 'repeat' | 'each' | 'call';

export type Instruction =
  /** A step that takes time. `own`: the keys of its block; `sets`: the role behind a key. */
  | (Labelled & {
      readonly op: 'run';
      readonly kind: string;
      readonly own: Readonly<Record<string, unknown>>;
      readonly sets: Readonly<Record<string, SetTarget>>;
      readonly ends: Ends;
      /** How it is taken up after a cut where the file says nothing. */
      readonly afterCut: Resume;
    })
  /** `end`: its `leave`. `each`: its lists; `call`: what is called, its parameters: defaults first, then what is given. */
  | (Labelled & {
      readonly op: 'enter';
      readonly block: Block;
      readonly end: number;
      readonly ends: Ends;
      readonly times?: Value;
      readonly while?: ResolvedExpression;
      readonly lists?: readonly Assignment[];
      readonly called?: string;
      /** Of a call: the rule that the procedure has of itself. */
      readonly ownRecord?: RecordRule;
      readonly parameters?: readonly Assignment[];
      /** Of a call: what has no value when it begins. */
      readonly lets?: readonly string[];
    })
  /** End of a block: a loop goes on behind `start` while it has rounds left. `returns`: of a call. */
  | { readonly op: 'leave'; readonly start: number; readonly returns?: Readonly<Record<string, Value>> }
  /** Goes on if true, else to the goal; unknown stops the run. */
  | (Labelled & { readonly op: 'branch'; readonly when: ResolvedExpression; readonly otherwise: number })
  /** `why`: the decision that leads there, for people. */
  | {
      readonly op: 'goto';
      readonly to: Goal;
      readonly why?: { readonly place: string; readonly text: string };
      readonly isFinish?: true;
    }
  | (Labelled & {
      readonly op: 'let';
      readonly values: readonly Assignment[];
    })
  /** Lists side by side, the first leads; each ends before the next begins, all before `end`. */
  | (Labelled & {
      readonly op: 'fork';
      readonly lanes: readonly number[];
      readonly end: number;
      readonly ends: Ends;
    });

/** A method that is laid out. */
export interface Program {
  readonly method: string;
  /** Of its main file: its own names stand behind it. */
  readonly path: string;
  readonly instructions: readonly Instruction[];
  /** Of the main file, its defaults. */
  readonly parameters: readonly Assignment[];
  readonly limits: readonly Limit[];
  readonly record?: RecordRule;
  /** Roles that its files work out of others, in the order in which they are. */
  readonly derived: readonly DerivedRole[];
  /** What is asked of steps after their end. */
  readonly figures: readonly StepFigure[];
  /** Roles that are read, and roles that are set, each once, sorted. */
  readonly reads: readonly string[];
  readonly sets: readonly string[];
  /** Figures of the method itself, by their names with unit. */
  readonly returns: Readonly<Record<string, Value>>;
  /** Where `finally` begins; `end` where there is none. */
  readonly finally: number;
  /** Behind the last instruction that a run comes to by itself. */
  readonly end: number;
  /** What is done before a phase goes on after a cut, behind `end`; `phase`: its place. */
  readonly reentries: readonly { readonly phase: number; readonly begin: number; readonly end: number }[];
}
