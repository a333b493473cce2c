import type { Core } from '../core.ts';
import type { Mark } from '../counts/totals.ts';
import { Lane } from '../lane.ts';
import type { LaneEvents, LaneLook, LaneResult, LaneState } from '../lane-types.ts';
import { phaseOf, takeUp } from './take-up.ts';

/** What is done between a cut and going on, JSON. */
export interface ReentryState {
  readonly lane: LaneState;
  /** The counts as they stood at the cut. */
  readonly since: readonly number[];
}

/** The way of a method through its program; after a cut first through the `reentry` of the phase that it was cut off in. */
export class Way {
  readonly main: Lane;
  readonly #core: Core;
  readonly #events: LaneEvents;
  #reentry: { readonly lane: Lane; readonly since: Mark } | undefined;

  constructor(core: Core, events: LaneEvents) {
    this.#core = core;
    this.#events = events;
    this.main = new Lane(core, events, [0, core.program.end]);
  }

  /** The one that moves now. */
  get lane(): Lane {
    return this.#reentry?.lane ?? this.main;
  }

  /** After a cut: goes on, or begins what is to be done before. */
  goOn(): void {
    const since = this.#reentry?.since ?? this.#core.totals.mark();
    this.#reentry = undefined;
    const phase = phaseOf(this.main);
    const found = this.#core.program.reentries.find(one => one.phase === phase);
    if (found === undefined) takeUp(this.#core, this.main, since);
    else this.#reentry = { lane: new Lane(this.#core, this.#events, [found.begin, found.end]), since };
  }

  /** One look; behind a reentry the main way goes on in the same one. */
  look(look: LaneLook): LaneResult {
    const reentry = this.#reentry;
    if (reentry === undefined) return this.main.look(look);
    const found = reentry.lane.look(look);
    if (found.is !== 'through' || this.#events.isOver()) return found;
    this.#reentry = undefined;
    takeUp(this.#core, this.main, reentry.since);
    return this.main.look({ ...look, dt_s: 0 });
  }

  /** The run ends here: the steps under way, also those that a reentry was to lead back to, say what they have seen. */
  tellLast(reason: string): void {
    const lanes = this.#reentry === undefined ? [this.main] : [this.main, this.#reentry.lane];
    for (const lane of lanes) tellLast(lane, reason);
  }

  /** What it remembers of a reentry. */
  state(): ReentryState | null {
    const reentry = this.#reentry;
    return reentry === undefined ? null : { lane: reentry.lane.state(), since: [...reentry.since] };
  }

  /** Goes on from there; `main`: the way itself. */
  restore(main: LaneState, saved: ReentryState | null): void {
    this.main.restore(main);
    const phase = phaseOf(this.main);
    const found = this.#core.program.reentries.find(one => one.phase === phase);
    if (saved === null || found === undefined) return;
    const lane = new Lane(this.#core, this.#events, [found.begin, found.end]);
    lane.restore(saved.lane);
    this.#reentry = { lane, since: Float64Array.from(saved.since) };
  }
}

function tellLast({ step, lanes }: Lane, reason: string): void {
  step?.action.leave?.(reason, 'left');
  for (const lane of lanes) tellLast(lane, reason);
}
