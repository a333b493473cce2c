import type { Clock } from '../../../view.ts';

const MINUTE_S = 60;
/** So many names are counted at once; beyond them the oldest is forgotten. */
const MOST_NAMES = 1000;

/** Counts what somebody asks for: so many in each minute. */
export class PerMinute {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #counts = new Map<string, { readonly begun_s: number; count: number }>();

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Counts one more; false: it is one too many. */
  take(name: string): boolean {
    const now_s = this.#clock.now_s();
    const known = this.#counts.get(name);
    if (known !== undefined && now_s - known.begun_s < MINUTE_S) return ++known.count <= this.#most;
    this.#counts.delete(name);
    this.#counts.set(name, { begun_s: now_s, count: 1 });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST_NAMES && oldest !== undefined) this.#counts.delete(oldest);
    return true;
  }
}

/** Sessions at once: of all, of those who may only look together, and of each account of theirs and of the others. */
export const SESSIONS = { all: 40, lookers: 16, ofLooker: 2, ofOther: 4 } as const;

/** A session that somebody has signed in with. */
export interface SignedIn {
  readonly name: string;
  /** Whether the account may no more than look. */
  readonly looks: boolean;
}

/**
 * Whether one more may come in beside those that are open, the oldest first: of one account the oldest of its own goes, which is
 * named by its place; those who only look leave room for those who may stop a run.
 */
export function roomFor(open: readonly SignedIn[], coming: SignedIn): 'free' | 'full' | number {
  const isOwn = ({ name }: SignedIn): boolean => name === coming.name;
  const most = coming.looks ? SESSIONS.ofLooker : SESSIONS.ofOther;
  if (open.filter(isOwn).length >= most) return open.findIndex(isOwn);
  const lookers = open.filter(({ looks }) => looks).length;
  return coming.looks && lookers >= SESSIONS.lookers ? 'full' : 'free';
}
