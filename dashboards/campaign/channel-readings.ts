import { Agent, request as requestOf } from 'node:http';
import type { ChannelShown } from '../../control/view.ts';
import { LOOPBACK } from '../own-hosts.ts';

/** What each run under way says of its channel, asked of its own page: while somebody looks, and no more often than each second. */

const EACH_S = 1;
const ANSWER_MS = 2000;
/** Far more than a channel has to say. */
const MOST_BYTES = 100_000;

/** By run; without those that do not answer. */
export type Readings = Readonly<Record<string, ChannelShown>>;

/** Asks all runs at once; everybody who looks meanwhile gets the same answer. */
export class ChannelReadings {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 100 });
  #last: Promise<Readings> = Promise.resolve({});
  #asked_s = Number.NEGATIVE_INFINITY;

  /** `pages`: of the runs under way, by run. */
  of(pages: ReadonlyMap<string, string>, now_s: number): Promise<Readings> {
    if (now_s - this.#asked_s < EACH_S) return this.#last;
    this.#asked_s = now_s;
    this.#last = this.#ask(pages);
    return this.#last;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(pages: ReadonlyMap<string, string>): Promise<Readings> {
    const found = await Promise.all(
      [...pages].map(async ([id, page]) => [id, await this.#one(page)] as const),
    );
    return Object.fromEntries(found.flatMap(([id, shown]) => (shown === undefined ? [] : [[id, shown]])));
  }

  /** Undefined: no answer, or none that is whole. */
  #one(page: string): Promise<ChannelShown | undefined> {
    if (!URL.canParse(page)) return Promise.resolve(undefined);
    const { hostname, port } = new URL(page);
    if (hostname !== LOOPBACK) return Promise.resolve(undefined);
    return new Promise(resolve => {
      const of = { host: LOOPBACK, port, path: '/api/channel', agent: this.#agent, timeout: ANSWER_MS };
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
