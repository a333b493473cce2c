import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AuditLine, Deed, DoorAudit } from '../../../dashboards/door/audit.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { hashInTrail, NO_TRAIL, reviewTrail, type TrailReview } from '../../record/seal/trail.ts';

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

/** The audit file of a lab, begun or gone on with. @throws what the disk says */
export function openDoorAudit(folder: string, clock: Clock): DoorAudit {
  return new AuditFile(doorAuditPath(folder), clock);
}

class AuditFile implements DoorAudit {
  readonly #path: string;
  readonly #clock: Clock;
  #end = NO_TRAIL;
  #size_bytes = 0;
  readonly #waiting: Omit<AuditLine, 'n' | 'hash'>[] = [];
  #lost = 0;
  #trouble: string | undefined;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#dropCutOffLine();
    this.#lookWhereItEnds();
  }

  /** Another process may have written a line, too: an admin who was added at the terminal. */
  #lookWhereItEnds(): void {
    const size_bytes = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size_bytes === this.#size_bytes) return;
    this.#end = this.#review().end;
    this.#size_bytes = size_bytes;
  }

  /** What a power failure left of a line says nothing. */
  #dropCutOffLine(): void {
    const text = textOf(this.#path);
    const whole = text.lastIndexOf('\n') + 1;
    if (whole < text.length) truncateSync(this.#path, Buffer.byteLength(text.slice(0, whole)));
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
    if (this.#waiting.length === 0) return;
    try {
      this.#lookWhereItEnds();
      let end = this.#end;
      const lines = this.#waiting.map(line => {
        end = { n: end.n + 1, hash: hashOf(end.hash, end.n + 1, line) };
        return `${JSON.stringify({ n: end.n, ...line, hash: end.hash })}\n`;
      });
      this.#size_bytes = append(this.#path, lines.join(''));
      this.#end = end;
    } catch (error) {
      this.#trouble = plainReason(error);
      return;
    }
    this.#waiting.length = 0;
    this.#trouble = undefined;
    if (this.#lost > 0) this.#tellLost();
  }

  #tellLost(): void {
    const outcome = `${this.#lost} more could not be written down`;
    this.#lost = 0;
    const none = { by: null, how: null, from: '', to: {}, asked: null, status: 503 };
    this.write({ ...none, what: 'lost', outcome });
  }

  #review(): TrailReview<AuditLine> {
    const lines = textOf(this.#path).split('\n');
    lines.pop();
    return reviewTrail<AuditLine>(lines, { entryIn, hashOf });
  }

  last(most: number): ReturnType<DoorAudit['last']> {
    const { entries, found, end } = this.#review();
    return { lines: most === 0 ? [] : entries.slice(-most).reverse(), found, ...end };
  }
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
