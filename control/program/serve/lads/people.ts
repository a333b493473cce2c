import type { ISessionContext, OPCUAServerOptions, ServerSession } from 'node-opcua';
import type { Outcome } from '../../../../dashboards/door/answers/carry-out.ts';
import { LOCAL, type Who } from '../../../../dashboards/door/people/roles.ts';
import type { Door, Visit } from '../../../../dashboards/door/route.ts';
import { PerMinute } from './limits.ts';

/** Who is at the OPC UA view: the accounts of the door, with their roles, as they are at the moment of each call. */

const SIGN_INS = 5;

/** With whom a session came in, and since when the password was in force by which it did. */
interface CameAs {
  readonly name: string;
  readonly sinceUtc: string;
}

/** Looks after who has come in. */
export class People {
  readonly #door: Door;
  readonly #hasAccounts: boolean;
  readonly #came = new WeakMap<object, CameAs>();
  readonly #signIns: PerMinute;

  /** `door`: whose accounts count. */
  constructor(door: Door) {
    this.#door = door;
    this.#hasAccounts = door.accounts.areThere;
    this.#signIns = new PerMinute(door.clock, SIGN_INS);
  }

  /** How a server is to be approached: with accounts nobody without a name, and nothing that can be read on the way. */
  options(opcua: typeof import('node-opcua')): OPCUAServerOptions {
    const { SecurityPolicy, MessageSecurityMode } = opcua;
    const { Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss, None } = SecurityPolicy;
    const policies = [Aes256_Sha256_RsaPss, Basic256Sha256, Aes128_Sha256_RsaOaep];
    const check = (session: object, name: string, password: string): Promise<boolean> =>
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

  async #isRight(session: object, name: string, password: string): Promise<boolean> {
    const { accounts, passwords, audit } = this.#door;
    if (!this.#hasAccounts || name.length > 100 || password.length > 1000) return false;
    const tell = (status: number, outcome: string): void =>
      audit.write({
        ...{ by: accounts.of(name)?.name ?? null, how: null, from: FROM, what: 'signIn' },
        ...{ to: {}, asked: null, status, outcome },
      });
    if (!this.#signIns.take(name.toLowerCase())) {
      tell(429, 'too many sign-ins');
      return false;
    }
    const account = accounts.of(name);
    const isRight = await passwords.isRight(password, account?.password);
    if (!isRight || account === undefined) {
      tell(401, 'no account with this name and password');
      return false;
    }
    tell(200, 'done');
    this.#came.set(session, { name: account.name, sinceUtc: account.sinceUtc });
    return true;
  }

  /** Who it is now; null: nobody, or not any more. */
  of(session: object | undefined): Who | null {
    const { accounts } = this.#door;
    if (!accounts.areThere) return LOCAL;
    const came = session === undefined ? undefined : this.#came.get(session);
    const account = came === undefined ? undefined : accounts.of(came.name);
    if (came === undefined || account === undefined || account.sinceUtc !== came.sinceUtc) return null;
    return { name: account.name, role: account.role, by: 'session', csrf: null, guestUntilUtc: null };
  }

  /** Whether a session may go on reading; one that has not said who it is yet may not read, but say it. */
  mayStay(session: object): boolean {
    const isKnown = this.#came.has(session) || !this.#hasAccounts;
    if (!isKnown) return true;
    try {
      const who = this.of(session);
      if (who !== null) this.#door.control.seen(who.name);
      return who !== null;
    } catch {
      // The accounts cannot be read: nobody comes in, and nobody looks on.
      return false;
    }
  }

  /** What the door keeps of who calls. */
  visit(context: ISessionContext): Visit {
    const session = context.session as object | undefined;
    const common = { from: FROM, origin: '', sessionKey: undefined, setSession: () => {} };
    try {
      return { ...common, who: this.of(session), isByLastGood: false };
    } catch {
      const who = this.#door.accounts.asOfLastGood(() => this.of(session));
      return { ...common, who, isByLastGood: true };
    }
  }
}

const FROM = 'opc.tcp';

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
  | 'BadResourceUnavailable';
