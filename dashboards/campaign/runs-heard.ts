import { Agent, request as requestOf } from 'node:http';
import type { ChannelShown, Clock } from '../../control/view.ts';
import { ofRun } from '../of-run.ts';
import { LOOPBACK } from '../own-hosts.ts';

/**
 * What each run under way says of its channel, asked of its own page, and which of them say nothing: while somebody looks, and no
 * more often than each second.
 */

const EACH_S = 1;
const ANSWER_MS = 1500;
/** So long a look waits for answers: one that hangs keeps nobody else's back, s. */
const WAIT_S = 0.5;
/** One that has not answered for so long does not answer: longer than any work of a run takes at a stretch, s. */
const SILENT_S = 2.5;
/** One that nobody has looked at for so long is forgotten, s. */
const FORGOTTEN_S = 600;
/** Far more than a channel has to say. */
const MOST_BYTES = 100_000;

/** What was heard of runs, by run. */
export interface Heard {
  /** Without those that do not answer. */
  readonly readings: Readonly<Record<string, ChannelShown>>;
  /** Those whose process does not answer: when it did so last, or was asked first, UTC. */
  readonly silent: Readonly<Record<string, string>>;
}

interface Run {
  shown: ChannelShown | undefined;
  /** Since when it was last heard of: ms since 1970 UTC. */
  heard_ms: number;
  /** Of the first question that no answer has come to; undefined: it has answered. */
  unanswered_s: number | undefined;
  /** Whether one of them was given up. */
  hasFailed: boolean;
  asked_s: number;
  looked_s: number;
  asking: Promise<void> | undefined;
}

/** Asks all runs at once; everybody who looks meanwhile gets the same answer. */
export class RunsHeard {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 100 });
  readonly #clock: Clock;
  readonly #runs = new Map<string, Run>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `pages`: of runs under way, by run. Takes some tenths of a second at the most. */
  async look(pages: ReadonlyMap<string, string>): Promise<Heard> {
    this.#forget();
    const asking = [...pages].flatMap(([id, page]) => this.#ask(id, page) ?? []);
    if (asking.length > 0) await Promise.race([Promise.all(asking), this.#clock.sleep(WAIT_S)]);
    return this.#of(pages.keys());
  }

  /** Likewise of one, once it is known whether it answers: that takes some seconds where it does not. */
  async sure(id: string, page: string): Promise<Heard> {
    const until_s = this.#clock.now_s() + SILENT_S + 2 * WAIT_S;
    for (;;) {
      const heard = await this.look(new Map([[id, page]]));
      const isKnown = this.#runs.get(id)?.unanswered_s === undefined || Object.hasOwn(heard.silent, id);
      if (isKnown || this.#clock.now_s() > until_s) return heard;
      await this.#clock.sleep(WAIT_S / 5);
    }
  }

  /** When it answered last, as far as it is known not to answer now. */
  silentSince(id: string): string | undefined {
    return this.#of([id]).silent[id];
  }

  close(): void {
    this.#agent.destroy();
  }

  #of(ids: Iterable<string>): Heard {
    const now_s = this.#clock.now_s();
    const readings: Record<string, ChannelShown> = {};
    const silent: Record<string, string> = {};
    for (const id of ids) {
      const run = this.#runs.get(id);
      if (run === undefined) continue;
      const { shown, unanswered_s, hasFailed, heard_ms } = run;
      if (unanswered_s !== undefined && hasFailed && now_s - unanswered_s >= SILENT_S)
        silent[id] = new Date(heard_ms).toISOString();
      else if (shown !== undefined) readings[id] = shown;
    }
    return { readings, silent };
  }

  /** What is waited for; undefined: it was asked just now. */
  #ask(id: string, page: string): Promise<void> | undefined {
    const now_s = this.#clock.now_s();
    let run = this.#runs.get(id);
    if (run === undefined) {
      run = {
        ...{ shown: undefined, heard_ms: this.#clock.utc_ms(), unanswered_s: undefined, hasFailed: false },
        ...{ asked_s: Number.NEGATIVE_INFINITY, looked_s: now_s, asking: undefined },
      };
      this.#runs.set(id, run);
    }
    run.looked_s = now_s;
    if (run.asking !== undefined) return run.asking;
    if (now_s - run.asked_s < EACH_S) return undefined;
    run.asked_s = now_s;
    run.unanswered_s ??= now_s;
    run.asking = this.#heard(run, page);
    return run.asking;
  }

  async #heard(run: Run, page: string): Promise<void> {
    const shown = await this.#one(page);
    run.asking = undefined;
    if (shown === undefined) {
      run.hasFailed = true;
      run.shown = undefined;
      return;
    }
    run.shown = shown;
    run.heard_ms = this.#clock.utc_ms();
    run.unanswered_s = undefined;
    run.hasFailed = false;
  }

  #forget(): void {
    const now_s = this.#clock.now_s();
    for (const [id, { looked_s }] of this.#runs) if (now_s - looked_s > FORGOTTEN_S) this.#runs.delete(id);
  }

  /** Undefined: no answer, or none that is whole. */
  #one(page: string): Promise<ChannelShown | undefined> {
    if (!URL.canParse(page)) return Promise.resolve(undefined);
    const { hostname, port } = new URL(page);
    if (hostname !== LOOPBACK) return Promise.resolve(undefined);
    return new Promise(resolve => {
      const of = {
        ...{ host: LOOPBACK, port, path: '/api/channel', headers: ofRun(page) },
        ...{ agent: this.#agent, timeout: ANSWER_MS },
      };
      const asking = requestOf(of, reply => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (piece: string) => {
          text += piece;
          if (text.length > MOST_BYTES) asking.destroy();
        });
        reply.on('end', () => resolve(reply.statusCode === 200 ? parsed(text) : undefined));
        reply.on('error', () => resolve(undefined));
      });
      asking.on('timeout', () => asking.destroy());
      asking.on('error', () => resolve(undefined));
      asking.on('close', () => resolve(undefined));
      asking.end();
    });
  }
}

/** Our own program on this machine has written it; what is cut off is none. */
function parsed(text: string): ChannelShown | undefined {
  try {
    return JSON.parse(text) as ChannelShown;
  } catch {
    return undefined;
  }
}
