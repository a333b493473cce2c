import { type Beat, beat } from '../tick/beat.ts';
import type { SessionParts } from './session-parts.ts';

/** The set values that the instruments hold are looked at in turn, one each so many s. */
const AUDIT_S = 1;

/** What a session does again and again, by name. */
export type BeatName = 'control' | 'checkpoint' | 'audit' | 'flush';

/** The beats of a session under way. */
export interface SessionBeats {
  /** When each is due next, s of the clock. */
  next_s(): Partial<Record<BeatName, number>>;
  cancel(): void;
}

/** Starts what a session does again and again; `saved`: when each was due, so that it keeps its place in time. */
export function startBeats(
  parts: SessionParts,
  saved: Partial<Record<BeatName, number>> | undefined,
  works: Readonly<Record<BeatName, () => void>>,
): SessionBeats {
  const { clock, control_s, checkpoint_s, flush_s } = parts;
  const now_s = clock.now_s();
  const begin = (name: BeatName, period_s: number): Beat =>
    beat(clock, saved?.[name] ?? now_s + period_s, period_s, works[name]);
  const beats: Record<BeatName, Beat> = {
    control: begin('control', control_s),
    checkpoint: begin('checkpoint', checkpoint_s),
    audit: begin('audit', AUDIT_S),
    flush: begin('flush', flush_s),
  };
  return {
    next_s: () => ({
      control: beats.control.next_s,
      checkpoint: beats.checkpoint.next_s,
      audit: beats.audit.next_s,
      flush: beats.flush.next_s,
    }),
    cancel() {
      for (const { cancel } of Object.values(beats)) cancel();
    },
  };
}
