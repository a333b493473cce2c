import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../../drivers/contract/clock.ts';
import { whole } from '../../drivers/contract/code/threads.ts';
import { plainReason } from '../../drivers/contract/errors.ts';
import type { SinkTarget } from '../contract/sinks.ts';

/** One request to a store, and what its answer means. Nothing is read out of words: status and headers decide. */

/** What became of a request. */
export type Answer =
  /** All of it is stored. */
  | { readonly kind: 'taken' }
  /** Some line of it is refused; of the others some may be stored. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** Too much at once. */
  | { readonly kind: 'tooLarge'; readonly status: number; readonly reason: string }
  /** The secret is refused: asking again makes it no better. */
  | { readonly kind: 'shut'; readonly reason: string }
  /** Nobody knows, or not now. `after_s`: what the store asks us to wait. */
  | { readonly kind: 'later'; readonly reason: string; readonly after_s: number };

/** Sends lines; resolves with what became of them, never rejects. */
export type Post = (body: string, signal: AbortSignal) => Promise<Answer>;

/** So much of an answer is kept for people, characters. */
const MOST_REASON = 500;
const compress = promisify(gzip);

/** Requests to the write address of InfluxDB 2 (also 1.8, 3, VictoriaMetrics), ns, compressed, each with its own deadline. */
export function httpPost(target: SinkTarget, clock: Clock): Post {
  const query = new URLSearchParams({ org: target.org, bucket: target.bucket, precision: 'ns' });
  const address = `${target.url.replace(/\/+$/, '')}/api/v2/write?${query}`;
  const headers: Record<string, string> = {
    'content-type': 'text/plain; charset=utf-8',
    'content-encoding': 'gzip',
    accept: 'application/json',
  };
  if (target.token !== undefined) headers['authorization'] = `Token ${target.token}`;
  return async (text, signal) => {
    const deadline = new AbortController();
    const cancel = clock.schedule(target.timeout_s, () => deadline.abort());
    try {
      const body = await whole(() => compress(text));
      const reply = await fetch(address, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      return meaningOf(reply, await beginningOf(reply), clock.utc_ms());
    } catch (error) {
      const reason = deadline.signal.aborted ? `no answer in ${target.timeout_s} s` : causeOf(error);
      return { kind: 'later', reason, after_s: 0 };
    } finally {
      cancel();
    }
  };
}

/**
 * An acknowledgement is a 204 that carries nothing: neither a body, nor the header by which InfluxDB says an error. A page
 * (HTML) is never the store's word on a line, but that of something in between.
 */
function meaningOf(reply: Response, words: string, now_ms: number): Answer {
  const { status, headers } = reply;
  const said = headers.get('x-influxdb-error') ?? words;
  const reason = `status ${status}${said === '' ? '' : `: ${said}`}`;
  const later: Answer = { kind: 'later', reason, after_s: retryAfter_s(headers.get('retry-after'), now_ms) };
  const isPage = headers.get('content-type')?.includes('text/html') === true;
  switch (status) {
    case 204: {
      const isEmpty = words === '' && (headers.get('content-length') ?? '0') === '0';
      const isPlain = !isPage && !headers.has('x-influxdb-error') && !headers.has('x-platform-error-code');
      if (isEmpty && isPlain) return { kind: 'taken' };
      return { ...later, reason: `status 204 with an answer, which is no acknowledgement: ${said}` };
    }
    case 400:
    case 422:
      return isPage ? later : { kind: 'refused', status, reason };
    case 413:
      return { kind: 'tooLarge', status, reason };
    case 401:
    case 403:
      return { kind: 'shut', reason };
    default:
      return later;
  }
}

/** Seconds that a Retry-After asks for, as a number or as a date (RFC 9110, 10.2.3); 0 where there is none. */
function retryAfter_s(header: string | null, now_ms: number): number {
  if (header === null) return 0;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now_ms) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.max(0, seconds);
}

/** The first words of an answer, without line breaks; the rest is not read. */
async function beginningOf(reply: Response): Promise<string> {
  if (reply.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  // Leaving the loop cancels what is still to come.
  for await (const chunk of reply.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= MOST_REASON) break;
  }
  return text.slice(0, MOST_REASON).replace(/\s+/g, ' ').trim();
}

/** What a failed fetch says of its cause: the fetch itself only says that it failed. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return plainReason(cause);
}
