import type { MethodState } from '../../profiles/language/run/method-state.ts';
import type { Json } from '../../profiles/steps/step.ts';
import type { Left } from '../contract/phase-plan.ts';
import type { PhaseResult } from '../contract/phase-result.ts';
import type { RunState } from '../contract/run-state.ts';
import type { EditSaved } from '../record/kinds/edit-kind.ts';
import type { Recording } from '../record/recording.ts';
import type { BeatState } from '../tick/beat.ts';
import type { GateState } from '../tick/gate-line.ts';
import type { ImageState } from '../tick/image.ts';
import type { SamplingState } from '../tick/sampling.ts';
import type { Still } from './resume/still.ts';
import type { BenchSession } from './session.ts';
import type { SuspensionState } from './suspend/suspension.ts';
import type { WindDownState } from './wind-down.ts';

/** Raised whenever a field changes its meaning. */
export const CHECKPOINT_VERSION = 4;

/** What a run remembers, JSON. */
export interface RunSaved {
  readonly origin_s: number;
  readonly phase: string;
  readonly phaseStart_s: number;
  readonly step: string;
  /** By what the method went to its end before its last step; absent: it has not. */
  readonly finishedBy?: string;
  readonly phases: readonly PhaseResult[];
  readonly isAfterHold: boolean;
  /** The last control tick in Execute, and the last look of the run at its step, which may lie behind it, run time. */
  readonly beat_s: number;
  readonly looked_s: number;
  /** By when the bench must be ready for the start, s of the session's clock. */
  readonly readyBy_s: number;
  /** Why the procedure was left; null: it goes on. */
  readonly left: Left | null;
  /** What of it is suspended, and how often it was; absent: never. */
  readonly suspension?: SuspensionState;
  /** Taken up after a cut, it will stand still as it did before; absent: it goes on, or stands still already. */
  readonly still?: Still;
  /** How its method was edited, the oldest first; absent: never. */
  readonly edits?: readonly EditSaved[];
  /** How far its method is. */
  readonly method: MethodState;
}

/** Everything that a bench would need to go on where it stood, JSON; times in s of the session's clock. */
export interface Checkpoint {
  readonly version: typeof CHECKPOINT_VERSION;
  readonly t_s: number;
  readonly state: RunState;
  readonly reason: string;
  /** When what is done again and again is due next, by name. */
  readonly beats: Readonly<Record<string, BeatState>>;
  /** Outputs that an orderly stop is bringing down; null: none. */
  readonly windDown: WindDownState | null;
  readonly image: ImageState;
  readonly interlocks: Json;
  /** Absent in what was written before there was a list of alarms. */
  readonly alarms?: Json;
  readonly derived: Json;
  readonly gate: GateState;
  readonly sampling: SamplingState;
  readonly run: RunSaved | null;
}

/** Writes down what a session remembers; at once where it is held: whoever edits the run then reads it from the file. */
export function writeDown(
  sink: Pick<Recording, 'checkpoint' | 'flush'>,
  t_s: number,
  saved: Checkpoint,
): void {
  sink.checkpoint(t_s, saved);
  if (saved.state === 'Held') void sink.flush();
}

/** What a session remembers; `own`: what only it can tell. */
export function checkpointOf(
  session: BenchSession,
  own: Pick<Checkpoint, 'beats' | 'windDown' | 'derived'>,
): Checkpoint {
  const { parts, state, reason, image, interlocks, alarms, gate, sampling, run } = session;
  return {
    version: CHECKPOINT_VERSION,
    t_s: parts.clock.now_s(),
    state,
    reason,
    ...own,
    image: image.state(),
    interlocks: interlocks.state(),
    alarms: alarms.state(),
    gate: gate.state(),
    sampling: sampling.state(),
    run: run?.save() ?? null,
  };
}
