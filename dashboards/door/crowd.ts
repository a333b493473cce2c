import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Tls } from './own-address.ts';

/** What a crowd, or one who sends a byte a minute, may take of the door. */

/** Times in s, connections counted. */
export interface Crowd {
  /** All headers of a request, and the whole of it, must have come after so long. */
  readonly headers_s: number;
  readonly request_s: number;
  /** Connections at once: of all, and of one address. */
  readonly most: number;
  readonly mostEach: number;
  /** Of those on which nobody who has come in has asked yet: of all, and of one address. */
  readonly strangers: number;
  readonly strangersEach: number;
}

export const CROWD: Crowd = {
  headers_s: 10,
  request_s: 30,
  most: 500,
  mostEach: 200,
  strangers: 150,
  strangersEach: 60,
};
const IDLE_MS = 10_000;

/** Options of the server, with TLS or without. */
export function serverOptions(crowd: Crowd, tls: Tls | undefined): object {
  const times = {
    headersTimeout: crowd.headers_s * 1000,
    requestTimeout: crowd.request_s * 1000,
    connectionsCheckingInterval: Math.min(1000, crowd.headers_s * 250),
    keepAliveTimeout: IDLE_MS,
  };
  const own = { keepAliveTimeout: IDLE_MS, requestTimeout: times.requestTimeout };
  if (tls === undefined) return { ...own, http: times };
  const https = { ...tls, ...times, minVersion: 'TLSv1.2', handshakeTimeout: times.headersTimeout };
  return { ...own, https };
}

/**
 * Turns away what is more than so many connections. Of strangers the oldest one goes for each one more, so that those who
 * say nothing keep nobody out who does. The returned function takes whoever asks out of them: somebody who has come in.
 */
export function limitConnections(server: Server, crowd: Crowd): (request: IncomingMessage) => void {
  const { most, mostEach } = crowd;
  server.maxConnections = most;
  // By address and port: of TLS a request knows another socket than the one that was taken.
  const strangers = new Map<string, Socket>();
  const each = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const from = socket.remoteAddress ?? '';
    const count = (each.get(from) ?? 0) + 1;
    each.set(from, count);
    socket.once('close', () => {
      const left = (each.get(from) ?? 1) - 1;
      if (left > 0) each.set(from, left);
      else each.delete(from);
    });
    if (count > mostEach) {
      socket.destroy();
      return;
    }
    const key = endOf(socket);
    const own = [...strangers].filter(([, one]) => one.remoteAddress === socket.remoteAddress);
    const [oldest] = own.length >= crowd.strangersEach ? own : [...strangers];
    if (oldest !== undefined && (own.length >= crowd.strangersEach || strangers.size >= crowd.strangers)) {
      strangers.delete(oldest[0]);
      oldest[1].destroy();
    }
    strangers.set(key, socket);
    socket.once('close', () => {
      if (strangers.get(key) === socket) strangers.delete(key);
    });
  });
  return ({ socket }) => void strangers.delete(endOf(socket));
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
