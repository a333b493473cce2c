import type { Clock } from '../../../../drivers/contract/clock.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import type { CarriedCourse } from '../../../campaign/carried-course.ts';
import type { CampaignState } from '../../../campaign/state.ts';
import { openingAt } from '../../../campaign/windows.ts';
import { type Results, writeMorning } from './morning-file.ts';

/** Makes the morning report beside a campaign: at each run's end, and each day at the time that its file names. */

const LONGEST_LOOK_S = 3600;
const MINUTE_MS = 60_000;

/** One for each campaign that is carried out. */
export class MorningBeside {
  readonly #make: () => void;
  readonly #clock: Clock;
  readonly #state: () => CampaignState;
  readonly #end = new AbortController();
  readonly #results: Results = new Map();
  #isAsked = false;
  #wake = new AbortController();

  constructor(parts: {
    readonly dir: string;
    readonly clock: Clock;
    readonly state: () => CampaignState;
    readonly course: () => CarriedCourse;
    readonly say: (text: string) => void;
  }) {
    const { dir, clock, state, course, say } = parts;
    this.#clock = clock;
    this.#state = state;
    this.#make = () => {
      try {
        writeMorning(dir, state(), course(), clock.utc_ms(), this.#results);
      } catch (error) {
        // A report that cannot be made is no reason to end anything.
        say(`The morning report cannot be made: ${messageOf(error)}`);
      }
    };
  }

  /** Begins to look at the clock. */
  start(): void {
    void this.#lead();
  }

  /** A state was kept: a run that has ended, or a bench that is held, is in the report soon. */
  kept({ last }: CampaignState): void {
    if (!last.some(({ kind }) => kind === 'ended' || kind === 'benchHeld')) return;
    this.#isAsked = true;
    this.#wake.abort();
  }

  /** The last one. */
  finish(): void {
    this.#end.abort();
    this.#wake.abort();
    this.#make();
  }

  async #lead(): Promise<void> {
    let next_ms = this.#next_ms();
    while (!this.#end.signal.aborted) {
      const isDue = this.#clock.utc_ms() >= next_ms;
      if (isDue || this.#isAsked) this.#make();
      this.#isAsked = false;
      if (isDue) next_ms = this.#next_ms();
      this.#wake = new AbortController();
      const left_s = (next_ms - this.#clock.utc_ms()) / 1000;
      await this.#clock.sleep(Math.max(0, Math.min(LONGEST_LOOK_S, left_s)), this.#wake.signal);
    }
  }

  /** When `report_at` comes next, ms of UTC; infinite: it is not asked for. */
  #next_ms(): number {
    const { report_at, zone } = this.#state().campaign;
    if (report_at === undefined) return Number.POSITIVE_INFINITY;
    const now_ms = this.#clock.utc_ms();
    const to = report_at === '00:00' ? '00:01' : '00:00';
    const today = openingAt({ from: report_at, to }, zone, now_ms);
    if (today.from_ms > now_ms) return today.from_ms;
    return openingAt({ from: report_at, to }, zone, today.to_ms + MINUTE_MS).from_ms;
  }
}
