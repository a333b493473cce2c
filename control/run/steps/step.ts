import type { StepEndKind } from '../../../profiles/steps/step.ts';
import type { Journal } from '../../record/journal.ts';
import type { Gate, GateAnswer } from '../../tick/gate.ts';
import type { ProcessImage } from '../../tick/image.ts';
import type { Tick } from '../pipelines/tick.ts';

/** How a step ended. `stop` and `trip` end the run; the reason is recorded either way. */
export interface StepEnd {
  readonly kind: StepEndKind;
  readonly reason: string;
  readonly leadsTo: 'next' | 'skipSweep' | 'stop' | 'trip';
}

/** One running instruction. Called once per control tick until it says how it ended. */
export interface Step {
  tick(tick: Tick): StepEnd | undefined;
  /** Tags beside the instruction's own, for as long as they hold (a load profile is not always at load). */
  tags?(): readonly string[];
  /** Ends whatever the step has running (subscriptions); called once when the step is left, however. */
  leave?(): void;
}

/** What steps may use. */
export interface StepEnv {
  readonly gate: Gate;
  readonly image: ProcessImage;
  readonly journal: Journal;
  /** Offered power of a named load source as a part of rated, at s seconds of profile time. */
  readonly source: (name: string) => ((profile_s: number) => number) | undefined;
  /** By how much the method was shortened (1 otherwise): profile seconds per run second. */
  readonly timeFactor: number;
}

export const ended = (kind: StepEndKind, reason: string): StepEnd => ({ kind, reason, leadsTo: 'next' });

/** A refused or failed set point is not a thing to go on from. */
export function setFailed(role: string, answer: GateAnswer): StepEnd | undefined {
  if (answer.outcome === 'refused')
    return { kind: 'refused', reason: `${role} refused: ${answer.reason}`, leadsTo: 'stop' };
  if (answer.outcome === 'failed')
    return { kind: 'failed', reason: `${role} not applied: ${answer.reason}`, leadsTo: 'trip' };
  return undefined;
}
