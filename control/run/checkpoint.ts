import type { Json } from '../../profiles/steps/step.ts';
import type { GateState } from '../tick/gate.ts';
import type { ImageState } from '../tick/image.ts';
import type { SamplingState } from '../tick/sampling.ts';
import type { PhaseResult, RunState } from '../view.ts';
import type { SequencerState } from './sequencer.ts';
import type { BeatName } from './session-beats.ts';

/** Raised whenever a field changes its meaning. */
export const CHECKPOINT_VERSION = 1;

/** What a run remembers, JSON. */
export interface RunSaved {
  readonly origin_s: number;
  readonly phase: string;
  readonly phaseStart_s: number;
  readonly step: string;
  readonly phases: readonly PhaseResult[];
  readonly isAfterHold: boolean;
  readonly sequencer: SequencerState;
}

/** Everything that a bench would need to go on where it stood, JSON; times in s of the session's clock. */
export interface Checkpoint {
  readonly version: typeof CHECKPOINT_VERSION;
  readonly t_s: number;
  readonly state: RunState;
  readonly reason: string;
  /** When the session's beats are due next. */
  readonly next_s: Partial<Record<BeatName, number>>;
  readonly lastTick_s: number;
  readonly image: ImageState;
  readonly interlocks: Json;
  readonly derived: Json;
  readonly gate: GateState;
  readonly sampling: SamplingState;
  readonly run: RunSaved | null;
}
