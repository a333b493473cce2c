import type { Frame } from '../../../drivers/contract/frame.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import type { Seen } from './words.ts';

/** What a limit allows the channels first .. first + count - 1 of a frame: low..high, the bounds included. */
export interface Band {
  readonly first: number;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

/** What all channels first .. first + count - 1 of a frame came to, each of them usable. */
export interface Span {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** One interlock's view of the frames: is the limit exceeded now? Holds the little history that its kind needs. */
export interface Probe {
  readonly devices: readonly Seen[];
  /** Set where the probe has no history: as long as the channels stay inside, `take` need not be called. */
  readonly band?: Band;
  /** Set where nothing counts but what these channels come to: its figure of any reading, without `take`. */
  readonly span?: { readonly first: number; readonly count: number; figure(of: Span): number };
  /** Takes a frame of one of its devices. `active`: already fired, so hysteresis applies. */
  take(frame: Frame, active: boolean, isArmed: boolean): boolean;
  /** No frame for longer than the stale limit. */
  isSilent(now_s: number): boolean;
  /** What is wrong, in words and figures, for the journal and the page. */
  describe(now_s: number): string;
  /** What the last frame shows, without limit: for the moment when the cause has gone. */
  reading(): string;
  /**
   * What the last `take` judged, in the limit's unit and signed so that more is nearer to the trip: exceeded means
   * figure > limit for `>`, rates and spreads, figure > -limit for `<`. Infinity: unusable, counts as exceeded;
   * -Infinity: nothing to judge yet.
   */
  figure(): number;
  /** Its history: opened again with it, it judges on as if nothing had been. Left out: it has none. */
  state?(): Json;
}
