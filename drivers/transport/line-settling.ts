import type { Clock } from '../contract/clock.ts';

/** An answer later than so many of the worst reply times, and than this, s, is not waited for by probes (default). */
const LATE_REPLIES = 12;
const LATE_s = 2.5;
/** A nameless answer may come so long after its question, s, and so many of the worst reply times (default). */
const SETTLE_LEAST_s = 1;
const SETTLE_REPLIES = 2;
/** More are not remembered. */
const OWED_MAX = 16;
const PROBES_MAX = 8;

/**
 * Answers that may still come of questions that were given up. Where an answer does not say what it answers, and a gateway may
 * let one overtake another, nothing in its bytes tells a late one from the one that is waited for; only this does: that no
 * other one can come. So while one is owed, nothing is asked whose answer could be mistaken.
 */
export interface Settling {
  /** It got no answer in time; it was sent then. `isPoll`: the answer to a probe comes behind its own. */
  givenUp(sent_s: number, isPoll?: boolean): void;
  /** An earlier line to the same instrument ended then: what it had asked may be answered on this one. */
  before(ended_s: number): void;
  /** An answer came for what was sent then; where others are owed it may have been one of theirs. */
  answered(sent_s: number): void;
  /** Bytes came that nobody waited for. */
  stray(): void;
  /** From then on none is owed. */
  readonly until_s: number;
  /**
   * Probes without an answer (which of several the first answer was for, it does not say), and what went out between them:
   * so many more must be answered before a reply is certain, where answers keep their order.
   */
  readonly probesOwed: number;
}

/** For a line whose worst reply takes `reply_s`; `isNeeded`: its answers are nameless. */
export function settling(clock: Clock, reply_s: number, isNeeded: boolean): Settling {
  const settle_s = Math.max(SETTLE_LEAST_s, SETTLE_REPLIES * reply_s);
  /** When they were sent, oldest first. */
  const owed: number[] = [];
  const probes: number[] = [];
  const late_s = Math.max(LATE_s, LATE_REPLIES * reply_s);
  let lastStray_s = Number.NEGATIVE_INFINITY;
  /** Longer than for the newest of them, where nobody could listen at the end. */
  let more_s = 0;
  const add = (sent_s: number): void => {
    owed.push(sent_s);
    if (owed.length > OWED_MAX) owed.shift();
    more_s = 0;
  };
  return {
    givenUp(sent_s, isPoll = false) {
      if (!isNeeded) return;
      add(sent_s);
      if (!isPoll) probes.push(clock.now_s());
      if (probes.length > PROBES_MAX) probes.shift();
    },
    before(ended_s) {
      if (isNeeded && clock.now_s() - ended_s < settle_s) add(ended_s);
    },
    answered(sent_s) {
      if (owed.length > 0 && owed.shift() !== undefined) add(sent_s);
    },
    stray() {
      // One answer may come in pieces: what comes within the time of an answer is taken for one, never for two.
      if (clock.now_s() - lastStray_s < reply_s) return;
      lastStray_s = clock.now_s();
      owed.shift();
    },
    get probesOwed() {
      return probes.filter(at_s => clock.now_s() - at_s < late_s).length;
    },
    get until_s() {
      if (owed.length === 0) return Number.NEGATIVE_INFINITY;
      const until_s = Math.max(...owed) + settle_s + more_s;
      const over_s = clock.now_s() - until_s;
      if (over_s < 0) return until_s;
      if (over_s < reply_s / 2) {
        owed.length = 0;
        return Number.NEGATIVE_INFINITY;
      }
      // Nobody looked when it was due, our process may have stood still: what came meanwhile has yet to be heard.
      more_s += over_s + reply_s;
      return until_s + over_s + reply_s;
    },
  };
}
