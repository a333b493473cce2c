import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { AskedThrough } from '../asked-through.ts';
import { LOCAL, type Who } from './people/roles.ts';
import type { Door } from './route.ts';

/** Who is at the door. */

/** What a request comes with. */
export interface Came {
  readonly who: Who | null;
  readonly sessionKey: string | undefined;
  /** The accounts cannot be read now: by the file as it was. Absent: by the file as it is. */
  readonly isByLastGood?: true;
}

/** Names and forms of the cookies of a door; with the port in it, as browsers keep one jar for all ports of a machine. */
export class Cookies {
  readonly #isSecure: boolean;
  readonly #port: () => number;

  constructor(scheme: 'http' | 'https', port: () => number) {
    this.#isSecure = scheme === 'https';
    this.#port = port;
  }

  #name(what: 'session' | 'guest'): string {
    return `${this.#isSecure ? '__Host-' : ''}cellbench-${what}-${this.#port()}`;
  }

  /** The keys that stand in the header. */
  in(header: string | undefined): {
    readonly session: string | undefined;
    readonly guest: string | undefined;
  } {
    const all = parseCookie(header ?? '');
    return { session: all[this.#name('session')], guest: all[this.#name('guest')] };
  }

  /** The header that sets one; null: takes it away. `maxAge_s` absent: until the browser is closed. */
  set(what: 'session' | 'guest', value: string | null, maxAge_s?: number): string {
    const age = value === null ? { maxAge: 0 } : maxAge_s === undefined ? {} : { maxAge: maxAge_s };
    return stringifySetCookie({
      name: this.#name(what),
      value: value ?? '',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.#isSecure,
      path: '/',
      ...age,
    });
  }
}

/** Who comes with these headers; a token comes before a session, that before a guest's link. */
export function cameWith(door: Door, cookies: Cookies, headers: IncomingHttpHeaders): Came {
  const { accounts, sessions, clock } = door;
  const keys = cookies.in(headers.cookie);
  if (!accounts.areThere) return { who: LOCAL, sessionKey: keys.session };
  const came = (who: Who | undefined): Came => ({ who: who ?? null, sessionKey: keys.session });
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = /^Bearer ([\w-]{1,200})$/i.exec(authorization)?.[1];
    return came(token === undefined ? undefined : accounts.ofToken(token, clock.utc_ms()));
  }
  const own = keys.session === undefined ? undefined : sessions.of(keys.session);
  if (own !== undefined || keys.guest === undefined) return came(own);
  return came(accounts.ofGuestLink(keys.guest, clock.utc_ms()));
}

/** What somebody asks through: a page, which a browser names with every change, or a program of theirs. */
export function throughOf(who: Who | null, { origin }: IncomingHttpHeaders): AskedThrough {
  if (who?.by === 'token') return 'API';
  // Without accounts nothing else tells them apart.
  return who?.by === 'local' && origin === undefined ? 'API' : 'page';
}
