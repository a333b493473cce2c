import { z } from 'zod';
import type { Json, StepNote } from '../../../steps/step.ts';
import type { MethodState } from '../method-state.ts';
import { askingState } from './saved.ts';
import type { LoopCounts } from './software-loop.ts';

/** How well software held a potential: told by its step, or out of what it remembered where nobody is left to tell it. */

const holds = z.strictObject({
  role: z.string(),
  target_V: z.number(),
  within_V: z.number(),
  step: z.string(),
});

const quality = z.strictObject({
  readings: z.number(),
  free: z.number(),
  bad: z.number(),
  squares_V2: z.number(),
  recent_V2: z.number(),
  beyond_V: z.number(),
  held_s: z.number(),
  saturated_s: z.number(),
  now_V: z.number().default(0),
  away_s: z.number().default(0),
  awayTurns: z.number().default(0),
});

/** What a step that holds a potential by software remembers. */
export const halfCellState = z.strictObject({
  asking: askingState,
  set_s: z.number().nullable(),
  current_A: z.number(),
  used_s: z.number(),
  good_s: z.number(),
  asked_s: z.number(),
  side: z.number(),
  cameFrom: z.number().default(0),
  isArrived: z.boolean(),
  still: z.strictObject({ value_V: z.number(), from_A: z.number(), again: z.number() }).exactOptional(),
  seen: z
    .strictObject({ value_V: z.number(), at_A: z.number(), doubted_V: z.number().nullable() })
    .exactOptional(),
  quality,
  /** What it holds; absent in what older programs wrote. */
  holds: holds.exactOptional(),
});

/** A potential that is held, the side that it came from (0: never read), and what was counted of it. */
export interface Held {
  readonly holds: Readonly<z.infer<typeof holds>>;
  readonly cameFrom: number;
  readonly quality: LoopCounts;
}

/** One that was told: what stands in the record, and its words. */
export interface HeldTold {
  readonly note: Extract<StepNote, { readonly kind: 'controlled' }>;
  readonly text: string;
}

/** How well it was held so far. */
export function howHeld({ holds: { role, target_V, within_V, step }, cameFrom, quality }: Held): HeldTold {
  const { readings, free, bad, squares_V2, beyond_V, held_s, saturated_s, now_V } = quality;
  const data = {
    role,
    target: target_V,
    readings,
    bad,
    rms: free === 0 ? null : Math.sqrt(squares_V2 / free),
    beyond: readings === 0 ? null : beyond_V,
    every_s: readings === 0 || held_s === 0 ? null : held_s / readings,
    saturated_s,
    within: within_V,
    step,
  };
  const how =
    cameFrom === 0
      ? 'it was never read'
      : data.rms === null
        ? `${readings > 0 ? 'came to it with the current at its bound only' : 'never came to it'} (${mV(target_V + now_V)} at its end, the current at its bound for ${saturated_s.toFixed(0)} s)`
        : `rms deviation ${mV(data.rms)}, at most ${mV(beyond_V)} beyond, a new current each ${(data.every_s ?? Number.NaN).toFixed(2)} s`;
  return {
    note: { kind: 'controlled', data },
    text: `${step}: ${role} at ${mV(target_V)} by software: ${how}`,
  };
}

/** A lane as it is remembered, as far as it is looked at here. */
interface SavedLane {
  readonly step: { readonly action: Json } | null;
  readonly lanes: readonly SavedLane[];
}

/**
 * What the steps under way have not told yet, of a run that was cut off and that nobody goes on with: out of what it
 * remembered last. Empty: none held a potential, or its end has told all.
 */
export function heldInCut(state: Pick<MethodState, 'lane' | 'reentry' | 'isOver'>): readonly HeldTold[] {
  if (state.isOver) return [];
  return [state.lane, ...(state.reentry === null ? [] : [state.reentry.lane])].flatMap(heldIn);
}

function heldIn({ step, lanes }: SavedLane): HeldTold[] {
  const found = step === null ? undefined : halfCellState.safeParse(step.action).data;
  const own = found?.holds === undefined ? [] : [howHeld({ ...found, holds: found.holds })];
  return [...own, ...lanes.flatMap(heldIn)];
}

/** A potential as people read it. */
export function mV(value_V: number): string {
  return `${(value_V * 1000).toFixed(1)} mV`;
}
