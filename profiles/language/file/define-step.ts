import type { z } from 'zod';
import type { Stem } from './keys.ts';

/** What a kind of step is, as one entry of the list in `steps/index.ts`; schema, reference and reader come from it. */

/** The keys of the block behind a kind key. */
export interface OwnKeys {
  /** Stems with their words: each stands in any of its units, at most once. */
  readonly stems?: Readonly<Partial<Record<Stem, string>>>;
  /** Of these stems, exactly one is there. A role counts where `roles` allows one. */
  readonly oneOf?: readonly Stem[];
  /** Stems that must be there beside that one. */
  readonly needs?: readonly Stem[];
  /** Roles: any with a value, or only those of a voltage; `one`: the target is one role, `many`: as many as are set. */
  readonly roles?: 'one' | 'many' | 'voltage';
  /** Names of one's own, with a value, a list, or a range. */
  readonly names?: 'values' | 'lists';
  /** Keys without a unit. */
  readonly plain?: z.ZodRawShape;
}

/** What a key beside the kind key holds. */
export type Beside = 'steps' | 'steps or target' | 'values';

/** What stands behind the kind key of a step, in words: as written, and worked out where it is known before the run. */
export interface Spoken {
  /** Value of a stem with its unit, `-0.5 C = -2.5 A`; undefined where the step has none. */
  value(stem: Stem): string | undefined;
  /** Value of a key without a unit, `pause_every`; undefined where the step has none. */
  plain(key: string): string | undefined;
  /** The quantity that is driven, its stem or role in words with its value: `cathode pressure`, `30 barg`. */
  readonly main: Named;
  /** Roles and names of one's own with their values, in the order of the file. */
  readonly named: readonly Named[];
  /** What stands behind a kind key that holds no block: the condition in words, the name of a file. */
  readonly whole: string;
  /** The target behind `then` or `else` in words; undefined where there are steps or nothing. */
  target(key: string): string | undefined;
}

/** Something with its value, both in words. */
export interface Named {
  readonly name: string;
  readonly value: string;
}

/** A kind of step: what it is called, what it holds, how it ends. */
export interface StepKind {
  readonly key: string;
  /** What it does, in a bench engineer's words. */
  readonly doc: string;
  /** How it is written: one line for the reference. */
  readonly example: string;
  /** What stands behind the kind key: a block of keys, a condition, a list of steps, lists of steps, a name. */
  readonly own: OwnKeys | 'condition' | 'steps' | 'lanes' | 'word';
  readonly beside?: Readonly<Record<string, { readonly holds: Beside; readonly isNeeded: boolean }>>;
  /**
   * `itself`; `bound`: only by `for_` or `within_`; `deadline`: by itself, but only a `within_` bounds it; `data`: at the
   * end of its data, or as `bound` where it has none; `once`: at once, without any key for an end.
   */
  readonly ends: 'itself' | 'bound' | 'deadline' | 'data' | 'once';
  /** After a cut, unless the file says otherwise. */
  readonly resume: 'continue' | 'again' | 'never';
  /** What a step of this kind does, as a person says it to another, without its ends. */
  readonly says: (step: Spoken) => string;
  /** Drives the output of the supply, so that two of them cannot run side by side. */
  readonly isElectrical?: boolean;
}

/** A kind of step, checked by the compiler against `StepKind`. */
export function defineStep<const K extends StepKind>(kind: K): K {
  return kind;
}

/** The rate of an approach in words, behind the value: `, approached at 0.02 A/cm2 per s; time counts from arrival`. */
export function approach(rate: string | undefined): string {
  return rate === undefined ? '' : `, approached at ${rate} (time counts from arrival)`;
}
