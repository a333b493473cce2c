import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  request as requestOf,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { ofRun } from './of-run.ts';
import { LOOPBACK } from './own-hosts.ts';

/**
 * Passes what is asked of the page of a run on to the process that carries the run out, and its answer back, each as it
 * stands. Sockets are joined, so that a slow reader is felt at the run, which passes it over; nothing is kept in between.
 */

/** Where it goes: to a page on this machine, nowhere else; undefined: `page` is none. */
export function toPage(
  page: string | undefined,
  path: string,
  { method, headers }: { readonly method?: string | undefined; readonly headers: OutgoingHttpHeaders },
): RequestOptions | undefined {
  if (page === undefined || !URL.canParse(page)) return undefined;
  const { hostname, port } = new URL(page);
  if (hostname !== LOOPBACK) return undefined;
  return {
    ...{ host: LOOPBACK, port, path, headers: { ...headers, ...ofRun(page) } },
    ...(method === undefined ? {} : { method }),
  };
}

/** So long it is waited for an answer to begin, ms: longer than it takes to look through the record of a long run. */
export const ANSWER_MS = 30_000;

/** A request, and its answer back; `failed` answers where none has begun within `answer_ms`. */
export function passRequest(
  to: RequestOptions,
  request: IncomingMessage,
  reply: ServerResponse,
  failed: () => void,
  answer_ms = ANSWER_MS,
): void {
  const late = AbortSignal.timeout(answer_ms);
  const giveUp = (): void => void passed.destroy(new Error('no answer'));
  const passed = requestOf(to, from => {
    late.removeEventListener('abort', giveUp);
    reply.writeHead(from.statusCode ?? 502, from.headers);
    from.pipe(reply);
  });
  late.addEventListener('abort', giveUp, { once: true });
  passed.on('error', () => {
    late.removeEventListener('abort', giveUp);
    if (reply.headersSent) reply.destroy();
    else failed();
  });
  reply.once('close', () => {
    late.removeEventListener('abort', giveUp);
    passed.destroy();
  });
  request.pipe(passed);
}

/** A WebSocket that a browser asks for, joined with one of the page. */
export function passSocket(to: RequestOptions, socket: Duplex, head: Buffer): void {
  const passed = requestOf(to);
  passed.on('error', () => socket.destroy());
  passed.on('response', from => {
    from.resume();
    refuseSocket(socket, from.statusCode ?? 502);
  });
  passed.on('upgrade', (from, other: Duplex, first: Buffer) => {
    const lines = Object.entries(from.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
    socket.write(first);
    other.write(head);
    for (const [a, b] of [
      [other, socket],
      [socket, other],
    ] as const) {
      a.on('error', () => b.destroy());
      a.once('close', () => b.destroy());
      a.pipe(b);
    }
  });
  socket.once('close', () => passed.destroy());
  passed.end();
}

/** Says no to who asks for a WebSocket. */
export function refuseSocket(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
