/** Who did what at the door, as the lab keeps it. */

/** What is to be written down. */
export interface Deed {
  /** Who: an account, `local`, a guest; null: nobody has said. */
  readonly by: string | null;
  /** session, token, guest, local; null: nobody. */
  readonly how: string | null;
  /** Address that it came from. */
  readonly from: string;
  /** Name of the route (`startRun`, `command`, `signIn`), or of what else was done. */
  readonly what: string;
  /** What it was done to, by the names in the path; empty: to nothing that has a name. */
  readonly to: Readonly<Record<string, string>>;
  /** What was asked, without anything secret. */
  readonly asked: unknown;
  /** What came of it: a status of HTTP, and a word of who decided. */
  readonly status: number;
  readonly outcome: string;
}

/** One line of the audit file; `hash` goes over the line before. */
export interface AuditLine extends Deed {
  readonly n: number;
  readonly utc: string;
  readonly hash: string;
}

/** The audit file of a lab. */
export interface DoorAudit {
  /** Writes it down for good. @throws Error where the disk does not take it */
  write(deed: Deed): void;
  /** Why the file takes nothing now; undefined: it takes it. What was not written before is tried again first. */
  trouble(): string | undefined;
  /** The newest lines, the newest first; what a look along all of it has found; what it comes to. */
  last(most: number): {
    readonly lines: readonly AuditLine[];
    readonly found: readonly string[];
    readonly n: number;
    readonly hash: string;
  };
}
