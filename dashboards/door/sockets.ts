import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Cancel } from '../../control/view.ts';
import { passSocket, refuseSocket } from '../pass-on.ts';
import type { Known } from './crowd.ts';
import type { LiveFeed } from './live-feed.ts';
import type { OwnAddress } from './own-address.ts';
import { countedAs, isAtLeast, type Who } from './people/roles.ts';
import type { Door } from './route.ts';
import { askedOfPage, targetOf } from './run-pages.ts';
import { API } from './table.ts';
import { type Cookies, cameWith } from './visits.ts';

/** WebSockets at the door: what goes on in the lab, and the live pages of its runs. */

const MOST_SOCKETS = 200;
/** Of these some are kept for whoever may do more than look. */
const KEPT_FREE = 50;
/** Whoever may not look on: nobody is known, or there are too many. */
const REFUSED = { nobody: 401, elsewhere: 403, missing: 404, crowd: 503 } as const;
/** So often it is looked whether whoever looks on still may, s. */
const RECHECK_S = 5;

/** What they are taken with. */
export interface SocketParts {
  readonly door: Door;
  readonly cookies: Cookies;
  readonly address: OwnAddress;
  readonly feed: LiveFeed;
  /** As `limitConnections` gives it. */
  readonly known: Known;
  /** So many of one account, or of all guests of one. */
  readonly most: number;
}

/** Takes the WebSockets of a server; what is open ends with the returned function. */
export function takeSockets(
  server: Server,
  { door, cookies, address, feed, known, most }: SocketParts,
): () => void {
  const sockets = new Map<Duplex, { readonly request: IncomingMessage; readonly as: string }>();
  // Whatever a browser says here is not listened to.
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });

  const take = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const { url = '' } = request;
    const asked = askedOfPage(url);
    const to = asked === undefined ? undefined : targetOf(door.lab.livePage(asked.id), asked.path, request);
    const status = statusOf(request, url === `${API}/live` || to !== undefined);
    if (status !== 101) {
      refuseSocket(socket, status);
      return;
    }
    const who = mayLook(request);
    const as = who === null ? undefined : countedAs(who);
    known(request, as);
    sockets.set(socket, { request, as: as ?? '' });
    socket.once('close', () => sockets.delete(socket));
    if (to !== undefined) passSocket(to, socket, head);
    else webSockets.handleUpgrade(request, socket, head, opened => feed.add(opened));
  };
  const statusOf = (request: IncomingMessage, isThere: boolean): number => {
    if (address.foreignReason('GET', request.headers) !== undefined) return REFUSED.elsewhere;
    const who = mayLook(request);
    if (who === null) return REFUSED.nobody;
    if (sockets.size >= MOST_SOCKETS - (isAtLeast(who.role, 'operator') ? 0 : KEPT_FREE))
      return REFUSED.crowd;
    const own = countedAs(who);
    const others = [...sockets.values()].filter(({ as }) => as === own);
    if (own !== undefined && others.length >= most) return REFUSED.crowd;
    return isThere ? 101 : REFUSED.missing;
  };
  const mayLook = ({ headers }: IncomingMessage): Who | null => {
    try {
      return cameWith(door, cookies, headers).who;
    } catch {
      // The accounts cannot be read: nobody comes in.
      return null;
    }
  };
  const recheck = (): void => {
    for (const [socket, { request }] of sockets) {
      const who = mayLook(request);
      if (who === null) socket.destroy();
      else door.control.seen(who.name);
    }
  };

  server.on('upgrade', take);
  const cancel: Cancel = door.clock.every(RECHECK_S, recheck);
  return () => {
    cancel();
    server.off('upgrade', take);
    for (const socket of sockets.keys()) socket.destroy();
    webSockets.close();
  };
}
