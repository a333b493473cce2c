import { z } from 'zod';
import { askingState } from '../../profiles/language/run/actions/saved.ts';
import type { LaneState } from '../../profiles/language/run/lane-types.ts';
import { RUN_STATES } from '../contract/run-state.ts';
import { causeSchema } from '../record/event-words.ts';
import { editSavedSchema } from '../record/kinds/edit-kind.ts';
import { CHECKPOINT_VERSION, type Checkpoint } from './checkpoint.ts';

/** A checkpoint as JSON holds it, from whatever a file says. */

const orNull = z.number().nullable();
const byName = <S extends z.ZodType>(value: S): z.ZodRecord<z.ZodString, S> => z.record(z.string(), value);

const frame = z.strictObject({
  device: z.string(),
  t_s: z.number(),
  values: z.array(orNull),
  quality: z.array(z.number()),
  reason: z.string().exactOptional(),
});

const line = z.strictObject({
  applied: orNull,
  lastHeld: orNull,
  asked: orNull,
  outcome: z.enum(['none', 'pending', 'applied', 'refused', 'failed', 'overtaken']),
  reason: z.string(),
  took_s: z.number().exactOptional(),
  source: z.string(),
  target: z
    .strictObject({
      asked: z.number(),
      source: z.string(),
      isOfHold: z.boolean(),
      stands: z.number().exactOptional(),
      ramp_per_s: z.number().exactOptional(),
    })
    .nullable(),
});

const gate = z.strictObject({
  latch: z.string(),
  isPaused: z.boolean(),
  lines: byName(line),
  strangers: byName(z.string()),
  held: z.strictObject({ next: z.number(), suspect: z.string().nullable() }),
});

const expression = z.strictObject({ held_s: z.array(z.tuple([orNull, orNull])), from: z.array(orNull) });

const watch = z.strictObject({
  elapsed_s: z.number(),
  age_s: z.number(),
  for_s: orNull.exactOptional(),
  within_s: orNull.exactOptional(),
  wasMet: z.boolean(),
  least_s: z.number(),
  told: z.array(z.boolean()).default([]),
  expressions: z.array(expression.nullable()),
});

const lane: z.ZodType<LaneState> = z.lazy(() =>
  z.strictObject({
    pc: z.number().int().min(0),
    frames: z.array(
      z.strictObject({
        at: z.number().int().min(0),
        start_s: z.number(),
        round: z.number(),
        rounds: z.number(),
        lists: z.array(z.strictObject({ name: z.string(), values: z.array(z.number()) })),
        mark: z.array(z.number()),
        roundMark: z.array(z.number()),
        watch,
        hasSkipped: z.literal(true).exactOptional(),
      }),
    ),
    lanes: z.array(lane),
    step: z
      .strictObject({
        start_s: z.number(),
        isCounting: z.boolean(),
        mark: z.array(z.number()),
        watch,
        // Each kind of step reads its own.
        action: z.json(),
        met_s: z.number().exactOptional(),
      })
      .nullable(),
  }),
);

const methodRun = z.strictObject({
  language: z.literal(2),
  main: z.string().exactOptional(),
  running_s: z.number(),
  held_s: z.number(),
  changed_s: orNull,
  at_s: z.number(),
  lane,
  reentry: z.strictObject({ lane, since: z.array(z.number()) }).nullable(),
  names: z.array(z.tuple([z.string(), orNull])),
  texts: z.array(z.tuple([z.string(), z.string()])),
  lists: z.array(z.tuple([z.string(), z.array(z.number())])),
  figures: z.array(z.tuple([z.string(), orNull])),
  totals: z.strictObject({
    now: z.array(z.number()),
    open_s: z.number(),
    counters: z
      .array(z.strictObject({ shown_Ah: orNull, since_Ah: z.number(), isBelieved: z.boolean() }))
      .exactOptional(),
  }),
  soc: z.strictObject({ pct: z.number(), mark: z.array(z.number()) }).nullable(),
  lets: z
    .array(z.strictObject({ where: z.string().nullable(), as: z.string(), nth: z.number().int() }))
    .exactOptional(),
  phase: z.string(),
  lastEnd: z.string(),
  derived: z.array(expression),
  watch,
  exact: z
    .strictObject({
      step: z.string(),
      asked_s: z.number(),
      allowed_s: z.number(),
      late_s: z.number(),
      took_s: z.number(),
    })
    .nullable(),
  asked: z.array(z.string()),
  tags: z.array(z.string()),
  hold: z.strictObject({
    is: z.enum(['none', 'held', 'returning']),
    since_s: z.number(),
    back: z.array(z.tuple([z.string(), z.number()])),
    asking: askingState.nullable(),
    rates: z.array(z.tuple([z.string(), z.number()])).exactOptional(),
    returned: z.number().int().min(0).exactOptional(),
    taken: z.array(z.string()).exactOptional(),
    flows: z.array(z.tuple([z.string(), z.number()])).exactOptional(),
    isLeaving: z.boolean().exactOptional(),
    nothing: z.array(z.string()).exactOptional(),
    anew: z.array(z.string()).exactOptional(),
  }),
  isOver: z.boolean(),
  isCut: z.boolean(),
  isCutTold: z.literal(true).exactOptional(),
});

const recovery = z.strictObject({
  sets: z.array(z.strictObject({ role: z.string(), to: z.number(), per_s: z.number().exactOptional() })),
  for_s: z.number(),
  within_s: z.number(),
  at_most: z.number().int(),
});

const suspension = z.strictObject({
  counts: byName(z.number().int()),
  open: z.array(
    z.strictObject({
      of: z.enum(['interlock', 'limit']),
      id: z.string(),
      recovery,
      text: z.string(),
      nth: z.number().int(),
      since_s: z.number(),
      back_s: orNull,
      isReady: z.boolean(),
    }),
  ),
});

const run = z.strictObject({
  origin_s: z.number(),
  phase: z.string(),
  phaseStart_s: z.number(),
  step: z.string(),
  finishedBy: z.string().exactOptional(),
  phases: z.array(
    z.strictObject({ name: z.string(), start_s: z.number(), end_s: z.number(), ended_by: z.string() }),
  ),
  isAfterHold: z.boolean(),
  beat_s: z.number(),
  looked_s: z.number(),
  readyBy_s: z.number(),
  left: z
    .strictObject({ cause: causeSchema, reason: z.string(), t_s: z.number().exactOptional() })
    .nullable(),
  suspension: suspension.exactOptional(),
  still: z.strictObject({ is: z.enum(['held', 'suspended']), reason: z.string() }).exactOptional(),
  edits: z.array(editSavedSchema).exactOptional(),
  method: methodRun,
});

const schema: z.ZodType<Checkpoint> = z.strictObject({
  version: z.literal(CHECKPOINT_VERSION),
  t_s: z.number(),
  state: z.enum(RUN_STATES),
  reason: z.string(),
  beats: byName(z.strictObject({ armed_s: z.number(), next_s: z.number() })),
  windDown: z.array(z.strictObject({ role: z.string(), until_s: z.number() })).nullable(),
  image: z.array(frame),
  // Interlocks, alarms and derived roles read their own.
  interlocks: z.json(),
  alarms: z.json().exactOptional(),
  derived: z.json(),
  gate,
  sampling: byName(z.strictObject({ frames: z.number(), badFrames: z.number(), missedTicks: z.number() })),
  run: run.nullable(),
});

const versioned = z.looseObject({ version: z.unknown() });

/**
 * Reads a checkpoint out of JSON. @throws Error, one line: it is of another version, or its first place that is not as
 * expected.
 */
export function readCheckpoint(json: unknown): Checkpoint {
  const found = versioned.safeParse(json).data?.version;
  if (found !== CHECKPOINT_VERSION) {
    const what = found === undefined ? 'no version' : `version ${JSON.stringify(found)}`;
    throw new Error(
      `checkpoint: ${what}, expected ${CHECKPOINT_VERSION}: it was written by another cellbench and cannot be taken up`,
    );
  }
  const { data, error } = schema.safeParse(json);
  if (data !== undefined) return data;
  const [{ path, message }] = error.issues;
  throw new Error(`checkpoint: ${path.join('.')}: ${message}`);
}
