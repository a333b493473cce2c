import { z } from 'zod';
import type { Json } from '../../profiles/steps/step.ts';
import type { RunState } from '../contract/run-state.ts';
import type { Seen } from '../kinds/interlocks/words.ts';
import { type Guarded, type Remembered, textOf } from './guarded.ts';

/** The interlocks' memory as JSON: only what is not as it was in the beginning. NaN is null. */

const time = z.number().nullable();
const lockSchema = z.strictObject({
  /** kept_s, left_s, since_s. */
  window: z.tuple([z.number(), time, time]),
  active: z.boolean(),
  latched: z.boolean(),
  acknowledged: z.boolean(),
  firedAt_s: time,
  unusable_s: time.default(null),
  peak: time.default(null),
  text: z.string(),
  probe: z.json().optional(),
});

const memorySchema = z.strictObject({
  version: z.literal(1),
  state: z.string(),
  tags: z.array(z.string()),
  /** Device -> time of its last frame. */
  seen: z.record(z.string(), z.number()),
  locks: z.record(z.string(), lockSchema),
  /** Limits that a person has changed. */
  limits: z.record(z.string(), z.number()).default({}),
});

/** Everything that the interlocks know, by device and by id. */
export interface Memory {
  readonly state: RunState;
  readonly tags: readonly string[];
  readonly seen: Readonly<Record<string, number>>;
  readonly locks: Readonly<Record<string, Remembered>>;
  /** Limits that a person has changed, by id. */
  readonly limits: Readonly<Record<string, number>>;
}

const orNull = (v: number): number | null => (Number.isNaN(v) ? null : v);
const orNaN = (v: number | null): number => v ?? Number.NaN;

/** Writes the memory down. */
export function memoryOf(of: {
  readonly state: RunState;
  readonly tags: readonly string[];
  readonly seen: readonly Seen[];
  readonly all: readonly Guarded[];
}): Json {
  const locks: Record<string, Json> = {};
  for (const guarded of of.all) {
    const { spec, probe, window, active, latched, acknowledged, firedAt_s, unusable_s, peak } = guarded;
    const history = probe.state?.();
    const isFresh =
      Number.isNaN(firedAt_s) &&
      Number.isNaN(unusable_s) &&
      window.kept_s === 0 &&
      Number.isNaN(window.since_s);
    if (isFresh && history === undefined) continue;
    locks[spec.id] = {
      window: [window.kept_s, orNull(window.left_s), orNull(window.since_s)],
      active,
      latched,
      acknowledged,
      firedAt_s: orNull(firedAt_s),
      unusable_s: orNull(unusable_s),
      peak: Number.isFinite(peak) ? peak : null,
      text: textOf(guarded),
      ...(history === undefined ? {} : { probe: history }),
    };
  }
  const changed = of.all.flatMap(({ spec, bench }) =>
    spec !== bench && spec.kind === 'threshold' ? [[spec.id, spec.limit] as const] : [],
  );
  return {
    version: 1,
    ...(changed.length === 0 ? {} : { limits: Object.fromEntries(changed) }),
    state: of.state,
    tags: [...of.tags],
    seen: Object.fromEntries(of.seen.map(({ device, last_s }) => [device, last_s])),
    locks,
  };
}

/** Reads the memory. @throws ZodError for anything else than what `memoryOf` wrote */
export function recall(from: Json): Memory {
  const { state, tags, seen, locks, limits } = memorySchema.parse(from);
  return {
    state: state as RunState,
    tags,
    seen,
    limits,
    locks: Object.fromEntries(
      Object.entries(locks).map(
        ([
          id,
          {
            window: [kept_s, left_s, since_s],
            probe,
            ...lock
          },
        ]) => [
          id,
          {
            ...lock,
            window: { kept_s, left_s: orNaN(left_s), since_s: orNaN(since_s) },
            firedAt_s: orNaN(lock.firedAt_s),
            unusable_s: orNaN(lock.unusable_s),
            peak: lock.peak ?? Number.NEGATIVE_INFINITY,
            probe: probe as Json | undefined,
          },
        ],
      ),
    ),
  };
}
