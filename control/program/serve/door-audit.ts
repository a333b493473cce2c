import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AuditLine, Deed, DoorAudit } from '../../../dashboards/door/audit.ts';
import { FileLocked, underLock } from '../../../dashboards/door/people/file-lock.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { hashInTrail, NO_TRAIL, reviewTrail, type TrailReview } from '../../record/seal/trail.ts';
import { keepEnd, readEnd, reviewEnd } from './audit-end.ts';

/** Who did what at the door of a lab: `.cellbench/audit.jsonl`, one line each, chained. */

const lineSchema = z.strictObject({
  n: z.number().int().min(1),
  utc: z.string(),
  by: z.string().nullable(),
  how: z.string().nullable(),
  from: z.string(),
  what: z.string(),
  to: z.record(z.string(), z.string()),
  asked: z.json(),
  status: z.number(),
  outcome: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** While the disk takes nothing, so many are kept to be written later; more are counted. */
const MOST_WAITING = 1000;

/** Path of the audit file of a lab. */
export function doorAuditPath(folder: string): string {
  return join(folder, '.cellbench', 'audit.jsonl');
}

/** The audit file of a lab. */
export interface LabAudit extends DoorAudit {
  /** Whether it tells of accounts: of somebody who was added, or who came in with one. */
  readonly hadAccounts: boolean;
}

/** The audit file of a lab, begun or gone on with. @throws what the disk says */
export function openDoorAudit(folder: string, clock: Clock): LabAudit {
  return new AuditFile(doorAuditPath(folder), clock);
}

type Written = Omit<AuditLine, 'n' | 'hash'>;

class AuditFile implements LabAudit {
  readonly #path: string;
  readonly #endPath: string;
  readonly #clock: Clock;
  #end = NO_TRAIL;
  #size_bytes = -1;
  #hadAccounts = false;
  /** The end is to be kept still: the disk did not take it. */
  #isEndDue = false;
  readonly #waiting: Written[] = [];
  #lost = 0;
  #trouble: string | undefined;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#endPath = join(dirname(path), 'audit-end.json');
    this.#clock = clock;
    underLock(this.#lockPath, () => {
      this.#lookWhereItEnds();
      if (this.#end.n === 0 && readEnd(this.#endPath) === undefined) this.#keepEnd();
    });
  }

  get hadAccounts(): boolean {
    return this.#hadAccounts;
  }

  get #lockPath(): string {
    return join(dirname(this.#path), 'audit.lock');
  }

  /** Another process may have written a line, too: an admin who was added at the terminal. */
  #lookWhereItEnds(): void {
    if (sizeOf(this.#path) === this.#size_bytes) return;
    mendLastLine(this.#path);
    const review = this.#review();
    const inFile = readEnd(this.#endPath);
    const kept = typeof inFile === 'object' ? inFile : { ...this.#end, hadAccounts: this.#hadAccounts };
    this.#end = reviewEnd(review, kept).goOn;
    this.#hadAccounts ||= kept.hadAccounts || review.entries.some(tellsOfAccounts);
    this.#size_bytes = sizeOf(this.#path);
  }

  #keepEnd(): void {
    this.#isEndDue = true;
    keepEnd(this.#endPath, { ...this.#end, hadAccounts: this.#hadAccounts });
    this.#isEndDue = false;
  }

  write(deed: Deed): void {
    const utc = new Date(this.#clock.utc_ms()).toISOString();
    // As it is read again: what is not said has no place in it.
    const asked: unknown = JSON.parse(JSON.stringify(deed.asked ?? null));
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ utc, ...deed, asked });
    else this.#lost++;
    this.#flush();
  }

  trouble(): string | undefined {
    this.#flush();
    return this.#trouble;
  }

  #flush(): void {
    if (this.#waiting.length === 0 && !this.#isEndDue) return;
    try {
      underLock(this.#lockPath, () => {
        this.#lookWhereItEnds();
        this.#append();
        this.#keepEnd();
      });
    } catch (error) {
      this.#trouble = error instanceof FileLocked ? error.message : plainReason(error);
      return;
    }
    this.#trouble = undefined;
    if (this.#lost > 0) this.#tellLost();
  }

  #append(): void {
    if (this.#waiting.length === 0) return;
    let end = this.#end;
    const lines = this.#waiting.map(line => {
      end = { n: end.n + 1, hash: hashOf(end.hash, end.n + 1, line) };
      return `${JSON.stringify({ n: end.n, ...line, hash: end.hash })}\n`;
    });
    this.#size_bytes = append(this.#path, lines.join(''));
    this.#end = end;
    this.#hadAccounts ||= this.#waiting.some(tellsOfAccounts);
    this.#waiting.length = 0;
  }

  #tellLost(): void {
    const outcome = `${this.#lost} more could not be written down`;
    this.#lost = 0;
    const none = { by: null, how: null, from: '', to: {}, asked: null, status: 503 };
    this.write({ ...none, what: 'lost', outcome });
  }

  #review(): TrailReview<AuditLine> {
    const lines = textOf(this.#path).split('\n');
    // Of a last line without an end only a whole one counts.
    const last = lines.pop() ?? '';
    if (entryIn(last) !== undefined) lines.push(last);
    return reviewTrail<AuditLine>(lines, { entryIn, hashOf });
  }

  last(most: number): ReturnType<DoorAudit['last']> {
    try {
      // Before the file: a line that is written meanwhile is no cut.
      const kept = readEnd(this.#endPath);
      const review = this.#review();
      const { entries, found, end } = review;
      const atEnd = reviewEnd(review, kept).found;
      return { lines: most === 0 ? [] : entries.slice(-most).reverse(), found: [...found, ...atEnd], ...end };
    } catch (error) {
      return { lines: [], found: [`cannot be read: ${plainReason(error)}`], ...this.#end };
    }
  }
}

function tellsOfAccounts({ how, what, status }: Written): boolean {
  const isIn = how === 'session' || how === 'token' || how === 'guest';
  return isIn || ((what === 'signIn' || what === 'addAdmin') && status === 200);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A whole last line gets its end; what a power failure left of one says nothing and goes. */
function mendLastLine(path: string): void {
  const text = textOf(path);
  const whole = text.lastIndexOf('\n') + 1;
  if (whole === text.length) return;
  if (entryIn(text.slice(whole)) === undefined) truncateSync(path, Buffer.byteLength(text.slice(0, whole)));
  else append(path, '\n');
}

function hashOf(before: string, n: number, line: Omit<AuditLine, 'n' | 'hash'>): string {
  const { utc, by, how, from, what, to, asked, status, outcome } = line;
  return hashInTrail(before, n, [utc, by, how, from, what, to, asked, status, outcome]);
}

function entryIn(line: string): AuditLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** All of it, or nothing; the size of the file from then on. @throws what the disk says */
function append(path: string, text: string): number {
  const file = openSync(path, 'a', 0o600);
  const { size } = fstatSync(file);
  try {
    appendFileSync(file, text);
    fsyncSync(file);
    return fstatSync(file).size;
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  } finally {
    closeSync(file);
  }
}
