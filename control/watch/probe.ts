import type { Frame } from '../../drivers/contract/frame.ts';
import type { Band } from './fence.ts';
import type { Seen } from './words.ts';

/** One interlock's view of the frames: is the limit exceeded now? Holds the little history a rate needs. */
export interface Probe {
  readonly devices: readonly Seen[];
  /** Set where the probe has no history: as long as the channels stay inside, `take` need not be called. */
  readonly band?: Band;
  /** Takes a frame of one of its devices. `active`: already fired, so hysteresis applies. */
  take(frame: Frame, active: boolean): boolean;
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
}
