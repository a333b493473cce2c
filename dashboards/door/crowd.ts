import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../control/view.ts';
import type { Tls } from './own-address.ts';
import { AGAIN_S } from './route.ts';

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
  /** Connections of one account, or of all guests of one, and of these such on which it looks on (WebSockets). */
  readonly mostOfOne: number;
  readonly lookingOn: number;
}

export const CROWD: Crowd = {
  headers_s: 10,
  request_s: 30,
  most: 500,
  mostEach: 200,
  strangers: 150,
  strangersEach: 60,
  mostOfOne: 100,
  lookingOn: 30,
};
const IDLE_MS = 10_000;
const LATER_TEXT = JSON.stringify({ error: 'too many connections, expected another try later' });
const LATER = [
  'HTTP/1.1 503 Service Unavailable',
  'content-type: application/json; charset=utf-8',
  `content-length: ${LATER_TEXT.length}`,
  `retry-after: ${AGAIN_S}`,
  'cache-control: no-store',
  'connection: close',
  '',
  LATER_TEXT,
].join('\r\n');

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

/** A stranger is left so long to ask, also in a crowd, s. */
const PATIENCE_S = 0.25;
/** Whoever has no more connections than so many loses none to somebody else. */
const FEW = 3;
/** More than those that are kept are taken, so that it is told or one of many goes. */
const BEYOND = 50;

interface Connection {
  readonly socket: Socket;
  readonly from: string;
  readonly begun_s: number;
  /** undefined: a stranger; empty: somebody who is not counted. */
  who: string | undefined;
}

/** Takes whoever asks on a connection out of the strangers; `who`: counted together, undefined: not counted. */
export type Known = (request: IncomingMessage, who: string | undefined) => void;

/**
 * Turns away what is more than so many connections. Of strangers the oldest one goes for each one more, so that those who
 * say nothing keep nobody out who does. Where all are taken the one who has most of them loses the oldest: nobody is kept out by
 * the many connections of one. Whoever is turned away is told so, where that is possible: not under TLS.
 */
export function limitConnections(
  server: Server,
  crowd: Crowd,
  clock: Pick<Clock, 'now_s' | 'schedule'>,
): Known {
  server.maxConnections = crowd.most + BEYOND;
  const isPlain = !(server instanceof TlsServer);
  // By address and port: of TLS a request knows another socket than the one that was taken. In the order in which they came.
  const all = new Map<string, Connection>();
  const drop = (key: string, one: Connection): void => {
    all.delete(key);
    // Not into an answer that is on its way, and not behind one.
    if (isPlain && one.socket.writable && one.socket.bytesWritten === 0) {
      one.socket.end(LATER);
      one.socket.destroySoon();
    } else one.socket.destroy();
  };
  const of = (is: (one: Connection) => boolean): [string, Connection][] =>
    [...all].filter(([, one]) => is(one));
  const isStranger = ({ who }: Connection): boolean => who === undefined;

  /** Who goes so that there is room among these; undefined: nobody. */
  const oneOf = (these: [string, Connection][], strangers: number): [string, Connection] | undefined => {
    const unknown = these.filter(([, one]) => isStranger(one));
    if (unknown.length > strangers) return unknown[0];
    const each = new Map<string, [string, Connection][]>();
    for (const found of these) {
      const { who = '' } = found[1];
      if (who !== '') each.set(who, [...(each.get(who) ?? []), found]);
    }
    const [most] = [...each.values()].sort((a, b) => b.length - a.length);
    return most === undefined || most.length <= FEW ? undefined : most[0];
  };
  const makeRoom = (key: string, these: [string, Connection][], most: number, strangers: number): void => {
    if (these.length <= most) return;
    const found = oneOf(these, strangers) ?? of(one => one === all.get(key))[0];
    if (found !== undefined) drop(...found);
  };
  let isDue = false;
  const thinStrangers = (): void => {
    isDue = false;
    const now_s = clock.now_s();
    let areMore = false;
    const thin = (these: [string, Connection][], most: number): void => {
      for (const found of these.slice(0, Math.max(0, these.length - most)))
        if (now_s - found[1].begun_s >= PATIENCE_S) drop(...found);
        else areMore = true;
    };
    const unknown = of(isStranger);
    for (const from of new Set(unknown.map(([, one]) => one.from)))
      thin(
        unknown.filter(([, one]) => one.from === from),
        crowd.strangersEach,
      );
    thin(of(isStranger), crowd.strangers);
    if (areMore) thinSoon();
  };
  const thinSoon = (): void => {
    if (isDue) return;
    isDue = true;
    clock.schedule(PATIENCE_S, thinStrangers);
  };

  server.on('connection', (socket: Socket) => {
    const from = socket.remoteAddress ?? '';
    const key = endOf(socket);
    const own: Connection = { socket, from, begun_s: clock.now_s(), who: undefined };
    all.set(key, own);
    socket.once('close', () => {
      if (all.get(key) === own) all.delete(key);
    });
    makeRoom(
      key,
      of(one => one.from === from),
      crowd.mostEach,
      crowd.strangersEach,
    );
    makeRoom(key, [...all], crowd.most, crowd.strangers);
    if (of(isStranger).length > Math.min(crowd.strangers, crowd.strangersEach)) thinSoon();
  });
  return ({ socket }, who) => {
    const own = all.get(endOf(socket));
    if (own === undefined || own.who === (who ?? '')) return;
    own.who = who ?? '';
    if (who === undefined) return;
    const [oldest, ...others] = of(one => one.who === who);
    if (oldest !== undefined && others.length >= crowd.mostOfOne) drop(...oldest);
  };
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
