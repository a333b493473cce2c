import type { Clock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { CampaignEvent, CampaignState } from '../state.ts';
import { alarmNotices, type Notice, type Notification, noticeOf, type RunAlarm } from './notices.ts';
import { nextFor, type Outbox, withFailure, withNotices, without } from './outbox.ts';

/**
 * Tells people what happens in a campaign, beside its supervisor: nothing of the campaign waits for it, and nothing that a
 * server, a receiver or the disk does here reaches a run. Each target has its own way, so that a dead one holds up no other.
 */

/** What it works with. */
export interface NotifierParts {
  readonly clock: Clock;
  readonly state: () => CampaignState;
  /** Sends one to a target, by its number; rejects where it was not taken, within a time of its own. */
  readonly send: (target: number, notification: Notification) => Promise<void>;
  /** Keeps the outbox, whole, before it returns; throws where it cannot. */
  readonly keep: (outbox: Outbox) => void;
  /** Told once each time a way is lost or there again. */
  readonly say: (text: string) => void;
}

const FIRST_PAUSE_S = 10;
const LONGEST_PAUSE_S = 600;
/** Nothing is due: then it is looked again at the latest. */
const LONGEST_LOOK_S = 3600;

/** One for each campaign that is carried out; it goes on from the outbox that was kept. */
export class Notifier {
  readonly #parts: NotifierParts;
  #outbox: Outbox;
  /** The disk takes nothing: what is told since is in the memory alone. */
  #isUnkept = false;
  #wake = new AbortController();
  /** It is to end: what cannot be sent stays. */
  #isEnding = false;
  #waitsForQuiet = false;
  #isOver = false;
  #work: Promise<unknown> | undefined;

  constructor(outbox: Outbox, parts: NotifierParts) {
    this.#outbox = outbox;
    this.#parts = parts;
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  /** Begins to send. */
  start(): void {
    const { notify } = this.#parts.state().campaign;
    this.#work = Promise.all(notify.map((_, i) => this.#lead(i)));
  }

  /** Takes up events of the campaign; those that it had already count once. Never throws. */
  tell(events: readonly CampaignEvent[]): void {
    const fresh = events.filter(({ n }) => n > this.#outbox.readTo);
    const readTo = fresh.at(-1)?.n;
    if (readTo === undefined) return;
    const state = this.#parts.state();
    this.#put(
      { ...this.#outbox, readTo },
      fresh.flatMap(event => noticeOf(event, state) ?? []),
    );
  }

  /** Takes up the alarms of a run since the last look. Never throws. */
  tellAlarms(id: string, alarms: readonly RunAlarm[]): void {
    const row = alarms.at(-1)?.row;
    if (row === undefined) return;
    const alarmsTo = { ...this.#outbox.alarmsTo, [id]: row };
    const notices = alarmNotices(this.#parts.state(), id, alarms, this.#parts.clock.utc_ms());
    this.#put({ ...this.#outbox, alarmsTo }, notices);
  }

  /**
   * The campaign is over or stopped: sends what can be sent, then ends. A target that does not answer keeps its messages for
   * the next start. `waitsForQuiet`: stays for what quiet hours hold back, too, until `giveUp` is aborted.
   */
  async finish(grace_s: number, waitsForQuiet: boolean, giveUp: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    this.#isEnding = true;
    this.#waitsForQuiet = waitsForQuiet;
    if (waitsForQuiet) this.#hurry();
    this.#stir();
    const work = this.#work ?? Promise.resolve();
    let isDone = false;
    void work.then(() => {
      isDone = true;
      this.#stir();
    });
    let grace_end_s = clock.now_s() + grace_s;
    while (!isDone && !giveUp.aborted) {
      const waiting_ms = waitsForQuiet ? this.#waiting_ms() : undefined;
      const left_s = Math.max(0, ((waiting_ms ?? 0) - clock.utc_ms()) / 1000);
      // The grace begins when the last one may be sent.
      if (waiting_ms !== undefined) grace_end_s = clock.now_s() + left_s + grace_s;
      if (clock.now_s() >= grace_end_s) break;
      await clock.sleep(Math.max(0.2, Math.min(LONGEST_LOOK_S, left_s)), giveUp);
    }
    this.#isOver = true;
    this.#stir();
  }

  /** Nobody is there any more who could wait whether somebody looks: the next ones are told now. */
  #hurry(): void {
    const now_ms = this.#parts.clock.utc_ms();
    const messages = this.#outbox.messages.map(one => ({ ...one, from_ms: Math.min(one.from_ms, now_ms) }));
    this.#keep({ ...this.#outbox, messages });
  }

  /** When the next one may be sent that quiet hours hold back; undefined: there is none. */
  #waiting_ms(): number | undefined {
    const state = this.#parts.state();
    const now_ms = this.#parts.clock.utc_ms();
    const nexts = state.campaign.notify.map((_, i) => nextFor(this.#outbox, state, i, now_ms));
    const times = nexts.flatMap(next =>
      next.is === 'wait' && next.until_ms < Infinity ? [next.until_ms] : [],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #put(outbox: Outbox, notices: readonly Notice[]): void {
    const { campaign, begunUtc } = this.#parts.state();
    const before = this.#outbox.messages.length;
    this.#keep(withNotices(outbox, campaign, begunUtc, notices));
    if (this.#outbox.messages.length > before) this.#stir();
  }

  #keep(outbox: Outbox): void {
    this.#outbox = outbox;
    try {
      this.#parts.keep(outbox);
      this.#isUnkept = false;
    } catch (error) {
      if (!this.#isUnkept) this.#parts.say(`Messages cannot be kept on disk: ${messageOf(error)}`);
      this.#isUnkept = true;
    }
  }

  #stir(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async #lead(i: number): Promise<void> {
    const { clock, state, send, say } = this.#parts;
    let failures = 0;
    while (!this.#isOver) {
      const now_ms = clock.utc_ms();
      const next = nextFor(this.#outbox, state(), i, now_ms);
      if (next.is === 'wait') {
        if (this.#isEnding && (!this.#waitsForQuiet || next.until_ms === Number.POSITIVE_INFINITY)) return;
        const pause_s = Math.min(LONGEST_LOOK_S, (next.until_ms - now_ms) / 1000);
        await clock.sleep(Math.max(0.001, pause_s), this.#wake.signal);
        continue;
      }
      const { notification } = next.message;
      if (next.is === 'needless') {
        this.#keep(without(this.#outbox, notification.id));
        continue;
      }
      try {
        await send(i, notification);
        if (failures > 0) say(`Messages go out again (${i + 1}. of notify)`);
        failures = 0;
        this.#keep(without(this.#outbox, notification.id));
      } catch (error) {
        const reason = messageOf(error);
        if (failures++ === 0)
          say(`A message does not go out (${i + 1}. of notify), it is tried again: ${reason}`);
        this.#keep(withFailure(this.#outbox, notification.id, reason));
        await this.#pause(Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (failures - 1)));
      }
    }
  }

  /** News are no reason to try a dead server again sooner; the end is. */
  async #pause(pause_s: number): Promise<void> {
    const { clock } = this.#parts;
    const wasEnding = this.#isEnding;
    const until_s = clock.now_s() + pause_s;
    for (;;) {
      const left_s = until_s - clock.now_s();
      if (left_s <= 0 || this.#isOver || this.#isEnding !== wasEnding) return;
      await clock.sleep(left_s, this.#wake.signal);
    }
  }
}
