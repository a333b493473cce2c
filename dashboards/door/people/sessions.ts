import type { Clock } from '../../../control/view.ts';
import type { Accounts } from './accounts.ts';
import { hashOfKey, newKey } from './keys.ts';
import type { Who } from './roles.ts';

/** Who has signed in. In memory only: whoever ends the door ends them all. */

/** A session ends after so long without a word, and after so long at all, s. */
export const SESSION_IDLE_S = 12 * 3600;
export const SESSION_S = 7 * 24 * 3600;
/** More of one account, or at all: the oldest ones end. */
const MOST_EACH = 20;
const MOST = 2000;

interface Session {
  readonly account: string;
  /** Since when the password is in force that was given: another one ends it. */
  readonly passwordSinceUtc: string;
  readonly csrf: string;
  readonly begun_s: number;
  last_s: number;
}

/** The sessions of a door, by the hash of their key. */
export class Sessions {
  readonly #clock: Clock;
  readonly #accounts: Accounts;
  readonly #open = new Map<string, Session>();

  constructor(clock: Clock, accounts: Accounts) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  /** Begins one of an account whose password was right. */
  begin(account: string): { readonly key: string; readonly csrf: string } {
    const now_s = this.#clock.now_s();
    for (const [hash, session] of this.#open) if (this.#isOver(session, now_s)) this.#open.delete(hash);
    const own = [...this.#open].filter(([, session]) => session.account === account);
    if (own.length >= MOST_EACH) this.#open.delete(own[0][0]);
    if (this.#open.size >= MOST)
      for (const hash of [...this.#open.keys()].slice(0, 1)) this.#open.delete(hash);
    const key = newKey();
    const csrf = newKey();
    const passwordSinceUtc = this.#accounts.of(account)?.sinceUtc ?? '';
    this.#open.set(hashOfKey(key), { account, passwordSinceUtc, csrf, begun_s: now_s, last_s: now_s });
    return { key, csrf };
  }

  /** Whose it is, as the account stands now; undefined: nobody's, or it is over. Counts as a word. */
  of(key: string): Who | undefined {
    const hash = hashOfKey(key);
    const session = this.#open.get(hash);
    if (session === undefined) return undefined;
    const now_s = this.#clock.now_s();
    const account = this.#accounts.of(session.account);
    if (
      account === undefined ||
      account.sinceUtc !== session.passwordSinceUtc ||
      this.#isOver(session, now_s)
    ) {
      this.#open.delete(hash);
      return undefined;
    }
    session.last_s = now_s;
    return {
      name: account.name,
      role: account.role,
      by: 'session',
      csrf: session.csrf,
      guestUntilUtc: null,
    };
  }

  /** Ends it. */
  end(key: string): void {
    this.#open.delete(hashOfKey(key));
  }

  #isOver({ begun_s, last_s }: Session, now_s: number): boolean {
    return now_s - last_s > SESSION_IDLE_S || now_s - begun_s > SESSION_S;
  }
}
