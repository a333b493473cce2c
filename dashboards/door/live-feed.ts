import type { WebSocket } from 'ws';
import type { Cancel, Clock } from '../../control/view.ts';
import type { InControl } from './in-control.ts';
import type { Lab } from './lab.ts';
import { newestFirst } from './routes/runs.ts';

/** What goes on in the lab, for whoever looks on: said when it changes. */

/** At most so often, s. */
const PERIOD_S = 0.5;
/** Looking at the lab takes at most this share of the time. */
const SHARE = 0.2;
/** Sign of life to each who looks on, so that a dead one is noticed, s. */
const PING_S = 30;
export const MOST_RUNS = 200;

/**
 * One message per change, at most two a second, the same text for all. Nothing is looked at while nobody is there. Whoever's
 * last message is still in the socket is passed over, never queued for; they get the newest state later.
 */
export class LiveFeed {
  readonly #lab: Lab;
  readonly #control: InControl;
  readonly #clock: Clock;
  /** Who looks on -> the text that each was sent last. */
  readonly #sent = new Map<WebSocket, string>();
  readonly #silent = new WeakSet<WebSocket>();
  #isLooking = false;
  #text = '';
  #looked_s = Number.NEGATIVE_INFINITY;
  #cancel: Cancel | undefined;
  readonly #cancelPings: Cancel;

  constructor(lab: Lab, control: InControl, clock: Clock) {
    this.#lab = lab;
    this.#control = control;
    this.#clock = clock;
    this.#cancelPings = clock.every(PING_S, () => this.#ping());
  }

  /** Somebody looks on from now on, until they go. */
  add(socket: WebSocket): void {
    this.#sent.set(socket, '');
    socket.on('pong', () => this.#silent.delete(socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#sent.delete(socket));
    this.changed();
  }

  /** Something is likely to have changed: it is looked at soon. */
  changed(): void {
    if (this.#sent.size === 0 || this.#isLooking) return;
    this.#cancel?.();
    const wait_s = Math.max(0, this.#looked_s + PERIOD_S - this.#clock.now_s());
    this.#cancel = this.#clock.schedule(wait_s, () => void this.#look());
  }

  /** Nobody is told any more. */
  close(): void {
    this.#cancel?.();
    this.#cancelPings();
    for (const socket of this.#sent.keys()) socket.terminate();
    this.#sent.clear();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const begin_s = this.#clock.now_s();
    try {
      const [runs, campaigns] = await Promise.all([this.#lab.runs(), this.#lab.campaigns()]);
      const control = this.#control.now();
      this.#text = JSON.stringify({ runs: newestFirst(runs).slice(0, MOST_RUNS), campaigns, control });
    } catch (error) {
      // The next look may find it again; meanwhile the last state stands, as it does in the browser.
      console.error(error);
    }
    this.#push();
    // The next message is as far behind this one however long the look has taken.
    this.#looked_s = this.#clock.now_s();
    this.#isLooking = false;
    if (this.#sent.size === 0) return;
    const took_s = this.#looked_s - begin_s;
    const wait_s = Math.max(PERIOD_S, took_s / SHARE);
    this.#cancel?.();
    this.#cancel = this.#clock.schedule(wait_s, () => void this.#look());
  }

  #push(): void {
    if (this.#text === '') return;
    for (const [socket, before] of this.#sent) {
      if (before === this.#text || socket.bufferedAmount > 0 || socket.readyState !== socket.OPEN) continue;
      socket.send(this.#text);
      this.#sent.set(socket, this.#text);
    }
  }

  #ping(): void {
    for (const socket of this.#sent.keys()) {
      if (this.#silent.has(socket)) socket.terminate();
      else {
        this.#silent.add(socket);
        socket.ping();
      }
    }
  }
}
