import type { ISessionContext, OPCUAServerOptions, ServerSession } from 'node-opcua';
import type { Outcome } from '../../../../dashboards/door/answers/carry-out.ts';
import type { DoorLine } from './door-line.ts';
import { roomFor, type SignedIn } from './limits.ts';
import type { CameAs } from './line.ts';

/** Who is at the OPC UA view: the accounts of the door, as they are at the moment of each call. */

/** Looks after who has come in. */
export class People {
  readonly #door: DoorLine;
  readonly #hasAccounts: boolean;
  readonly #came = new WeakMap<object, CameAs>();
  /** Those that somebody has signed in with and that are open, the oldest first. */
  readonly #open = new Set<ServerSession>();
  /** Ends a session. */
  end: (session: ServerSession) => void = () => {};

  constructor(door: DoorLine) {
    this.#door = door;
    this.#hasAccounts = door.state.hasAccounts;
  }

  /** How a server is to be approached: with accounts nobody without a name, and nothing that can be read on the way. */
  options(opcua: typeof import('node-opcua')): OPCUAServerOptions {
    const { SecurityPolicy, MessageSecurityMode } = opcua;
    const { Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss, None } = SecurityPolicy;
    const policies = [Aes256_Sha256_RsaPss, Basic256Sha256, Aes128_Sha256_RsaOaep];
    const check = (session: ServerSession, name: string, password: string): Promise<boolean> =>
      this.#isRight(session, name, password);
    return {
      allowAnonymous: !this.#hasAccounts,
      securityPolicies: this.#hasAccounts ? policies : [...policies, None],
      securityModes: this.#hasAccounts
        ? [MessageSecurityMode.SignAndEncrypt]
        : [MessageSecurityMode.SignAndEncrypt, MessageSecurityMode.None],
      userManager: {
        isValidUserAsync(this: ServerSession, name, password, answer) {
          check(this, name, password).then(
            isRight => answer(null, isRight),
            () => answer(null, false),
          );
        },
      },
    };
  }

  async #isRight(session: ServerSession, name: string, password: string): Promise<boolean> {
    if (!this.#hasAccounts || name.length > 100 || password.length > 1000) return false;
    const sinceUtc = await this.#door.calls.signIn(name, password);
    if (sinceUtc === null || !this.#makeRoom(session, name)) return false;
    this.#came.set(session, { name, sinceUtc });
    this.#open.add(session);
    return true;
  }

  /** False: there is none. */
  #makeRoom(session: ServerSession, name: string): boolean {
    const { accounts } = this.#door.state;
    const others = [...this.#open].filter(other => other !== session);
    const signedIn = (own: string): SignedIn => ({
      name: own,
      looks: accounts?.find(account => account.name === own)?.role === 'viewer',
    });
    const room = roomFor(
      others.map(other => signedIn(this.#came.get(other)?.name ?? '')),
      signedIn(name),
    );
    if (typeof room === 'number') this.end(others[room]);
    return room !== 'full';
  }

  /** A session is over. */
  left(session: ServerSession): void {
    this.#open.delete(session);
  }

  /** With whom a session came in; null: with nobody, as there are no accounts, or it has not said. */
  came({ session }: Pick<ISessionContext, 'session'>): CameAs | null {
    return session === undefined ? null : (this.#came.get(session) ?? null);
  }

  /** Name of who calls; empty: nobody. */
  nameOf(context: ISessionContext): string {
    return this.#hasAccounts ? (this.came(context)?.name ?? '') : 'local';
  }

  /** The accounts cannot be read now: nobody looks at anything, and who was in before may stop a run. */
  get isShut(): boolean {
    return this.#door.state.accounts === null;
  }

  /** Whether a session may stay; one that has not said who it is yet may not read, but say it. */
  mayStay(session: object): boolean {
    const came = this.#came.get(session);
    const { accounts } = this.#door.state;
    if (came === undefined || accounts === null) return true;
    return accounts.some(({ name, sinceUtc }) => name === came.name && sinceUtc === came.sinceUtc);
  }
}

/** Name of the status with which a call is answered that the door has refused. */
export function statusOf(outcome: Outcome): StatusName {
  if (outcome.isDone) return 'Good';
  switch (outcome.status) {
    case 400:
      return 'BadInvalidArgument';
    case 401:
    case 403:
      return 'BadUserAccessDenied';
    case 404:
      return 'BadNotFound';
    case 409:
      return 'BadInvalidState';
    case 429:
      return 'BadTooManyOperations';
    case 500:
      return 'BadInternalError';
    case 504:
      return 'BadTimeout';
    default:
      return 'BadResourceUnavailable';
  }
}

/** Statuses of a call (OPC UA part 4, 7.39). */
export type StatusName =
  | 'Good'
  | 'BadInvalidArgument'
  | 'BadUserAccessDenied'
  | 'BadNotFound'
  | 'BadInvalidState'
  | 'BadTooManyOperations'
  | 'BadInternalError'
  | 'BadTimeout'
  | 'BadResourceUnavailable';
