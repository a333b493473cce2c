import { z } from 'zod';
import { REACTIONS } from '../../../profiles/steps/recovery.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import { PRIORITIES } from '../../contract/alarm.ts';
import { accepted, finite, role } from '../../contract/fields.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import type { ConditionNames } from './condition.ts';
import type { Probe } from './probe.ts';
import { recoverSchema } from './recover.ts';
import type { Seen } from './words.ts';

/** What every kind of interlock has to say of itself. A new kind is one such entry and one line in `index.ts`. */

/** Keys that every interlock has. */
export const common = {
  id: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'expected a short name of a-z, 0-9 and -')
    .meta({ description: 'short name, in every alarm' }),
  reaction: z.enum(REACTIONS).meta({
    description:
      'warn, hold the run until a person resumes it, suspend it and recover, stop it in order, or trip into the safe state',
  }),
  recover: recoverSchema.exactOptional(),
  role: role.meta({ description: 'what it looks at; [] for all members of an array role' }),
  delay_s: finite.min(0).default(0).meta({ description: 'exceeded without a break for so long, s' }),
  /** always | running (any state but Idle, Complete, Stopped, Aborted) | the tag of the steps in which it is armed. */
  armed: z
    .string()
    .default('always')
    .meta({ description: 'always, running, or the tag of the steps in which it is armed (load)' }),
  basis: z
    .enum(['sourced', 'recalled', 'default'])
    .meta({ description: 'where the figure is from: a source, memory, or our default' }),
  priority: z.enum(PRIORITIES).exactOptional().meta({
    description:
      'how urgent its alarm is; without it by the reaction: trip, stop high, hold medium, warn low',
  }),
  accepted,
};

type Range = readonly [low: number, high: number];

/** What an instrument can show, or takes, of a role. */
export interface Shown {
  readonly device: string;
  readonly range: Range;
}

/** What a kind asks of the bench while a line of the bench file is checked. `key`: the key of that line at fault. */
export interface BenchLook {
  /** What shows this role. @throws FileError where nothing measures it, or where it is many values and must not be */
  shown(key: string, role: string, isSingle: boolean): Shown;
  /** What sets this role. @throws FileError where nothing does */
  settable(key: string, role: string): Shown;
  /** @throws FileError unless the figure can be shown */
  within(key: string, figure: number, shown: Shown, role: string): void;
  /** Roles that the twin beside the bench predicts. */
  readonly predicted: readonly string[];
  /** What conditions may name. */
  readonly names: ConditionNames;
  /** The error of one key, to be thrown. */
  error(key: string, text: string): Error;
  /** The same, of the character `at` of its text. */
  errorInside(key: string, at: number, text: string): Error;
}

/** What a probe is made of. */
export interface ProbeParts {
  /** Where a role is measured. @throws DeviceError `config` */
  measured(role: string): MeasuredRole;
  /** The same for a role of one value. @throws DeviceError `config` for an array */
  single(role: string): MeasuredRole;
  seenOf(device: string): Seen;
  /** Last value of a settable role that was read back; NaN before the first. */
  applied(role: string): number;
  /** What conditions may name. */
  readonly names: ConditionNames;
}

/** How an interlock stands in the table of the nearest approaches. */
export interface RehearsedLimit {
  /** What is compared with the limit, in words. */
  readonly role: string;
  readonly trips: '>' | '<';
  readonly limit: number;
  /** Its cause counts as gone only at this figure or on its good side; left out: at the limit. */
  readonly rearm?: number | undefined;
  readonly unit: string;
  /** A level of one instrument, so that its declared uncertainty counts; offsets cancel in changes and differences. */
  readonly isLevel: boolean;
  /** `role` is a whole condition in its words, and the figure how far beyond it is, or 1 where it is true. */
  readonly isCondition?: true;
  /** Which member of an array role is nearest: the one of the largest nearness. Left out: a row does not tell. */
  readonly nearness?: (value: number, mean: number, role: string) => number;
}

/** A shortened run over wires: the plant runs `factor` times faster; polled every `poll_s` real seconds. */
export interface Lapse {
  readonly factor: number;
  readonly poll_s: number;
}

/** One kind of interlock. */
export interface InterlockKind<S extends z.ZodObject, Spec = z.infer<S>> {
  /** Its keys in the bench file; `kind` is the literal that names it. */
  readonly schema: S;
  /** Can the instruments show what it is to judge? @throws FileError */
  check(spec: Spec, look: BenchLook): void;
  /** Roles that it judges, its main one first. `names`: those of its bench. */
  judged(spec: Spec, names: ConditionNames): readonly string[];
  /** Settable roles whose applied value it judges against. */
  applied?(spec: Spec): readonly string[];
  /** Opens its probe; `from`: what `Probe.state` once said. */
  probe(spec: Spec, parts: ProbeParts, from: Json | undefined): Probe;
  rehearsed(spec: Spec): RehearsedLimit;
  /** What changes in a shortened run beside the delay; left out: nothing. */
  lapse?(spec: Spec, lapse: Lapse): Partial<Spec>;
}

/** Limit and rearm can be shown, and rearm lies on the good side. @throws FileError */
export function checkFigures(
  spec: { readonly role: string; readonly limit: number; readonly rearm?: number | undefined },
  trips: '>' | '<',
  shown: Shown,
  look: BenchLook,
): void {
  const { limit, rearm } = spec;
  look.within('limit', limit, shown, spec.role);
  if (rearm === undefined) return;
  if (trips === '>' ? rearm > limit : rearm < limit) {
    throw look.error(
      'rearm',
      `${rearm} lies beyond the limit, expected ${trips === '>' ? '<=' : '>='} ${limit}`,
    );
  }
  look.within('rearm', rearm, shown, spec.role);
}
