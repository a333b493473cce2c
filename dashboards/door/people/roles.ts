/** What somebody may do: each role may all that those before it may. */
export const ROLES = ['viewer', 'operator', 'engineer', 'admin'] as const;
/** viewer reads; operator starts, holds, stops; engineer changes methods, limits, real runs; admin keeps the accounts. */
export type Role = (typeof ROLES)[number];

/** Whether a role may what another one may. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** The one of two roles that may less. */
export function lesser(a: Role, b: Role): Role {
  return isAtLeast(a, b) ? b : a;
}

/** Who asks. */
export interface Who {
  readonly name: string;
  readonly role: Role;
  /**
   * session: a person who has signed in; token: a program of theirs; guest: whoever has a link; local: whoever is on this
   * machine, where the lab has no accounts.
   */
  readonly by: 'session' | 'token' | 'guest' | 'local';
  /** What a page of this session sends along with each change; null: nothing is asked for. */
  readonly csrf: string | null;
  /** End of a guest's link, UTC; null: no guest. */
  readonly guestUntilUtc: string | null;
}

/** Who asks where a lab has no accounts. */
export const LOCAL: Who = { name: 'local', role: 'admin', by: 'local', csrf: null, guestUntilUtc: null };

/** By what a visitor is counted where one may take too much; undefined: whoever is on this machine is not. */
export function countedAs({ name, by }: Pick<Who, 'name' | 'by'>): string | undefined {
  return by === 'local' ? undefined : `${by} ${name}`;
}
/** Names that no account may have. */
export const KEPT_NAMES: readonly string[] = ['local', 'guest', 'nobody'];
