import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type CampaignState, campaignStateSchema } from '../../campaign/state.ts';

/**
 * What a campaign keeps in its folder: `state.json`, whole at any moment, and `events.jsonl`, what was decided, when, why
 * and by whom, a line each. The state goes first and has the lines of its last change with it, so that after a kill or a
 * power cut between the two none is lost and none stands twice.
 */

interface Numbered {
  readonly n: number;
}

export const STATE_FILE = 'state.json';
export const EVENTS_FILE = 'events.jsonl';
export const AUDIT_FILE = 'audit.jsonl';

/** Writes a file that is there whole or not at all, also after a power cut. */
export function writeDurably(dir: string, name: string, text: string): void {
  const draft = join(dir, `.${name}.part`);
  writeFileSync(draft, text, { flush: true });
  renameSync(draft, join(dir, name));
  const folder = openSync(dir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Keeps a state and tells what its change told. Throws what the disk says: nothing may follow from it then. */
export function keepState(dir: string, state: CampaignState): void {
  writeDurably(dir, STATE_FILE, `${JSON.stringify(state)}\n`);
  tell(dir, EVENTS_FILE, state.last);
  tell(dir, AUDIT_FILE, state.audited.last);
}

/** The state of a campaign; undefined: none has begun there. @throws FileError where it cannot be read */
export function readState(dir: string): CampaignState | undefined {
  const path = join(dir, STATE_FILE);
  if (!existsSync(path)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(readTextFile(path));
  } catch {
    throw new FileError(path, 0, 'is not what cellbench wrote, expected the state of a campaign');
  }
  const { data, error } = campaignStateSchema.safeParse(json);
  if (data !== undefined) return data;
  const [{ path: place, message }] = error.issues;
  throw new FileError(
    path,
    0,
    `${place.join('.')}: ${message}, expected the state of a campaign as cellbench wrote it`,
  );
}

/** After a kill: what the last change told and the log has not is written there. */
export function mendEvents(dir: string, { last, audited }: CampaignState): void {
  mend(dir, EVENTS_FILE, last);
  mend(dir, AUDIT_FILE, audited.last);
}

function mend(dir: string, name: string, last: readonly Numbered[]): void {
  const path = join(dir, name);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  const line = whole.trimEnd().split('\n').at(-1) ?? '';
  // Behind a line that somebody has broken nothing is known to be missing; `verify` names it.
  const known = numberOf(line) ?? Number.POSITIVE_INFINITY;
  tell(
    dir,
    name,
    last.filter(({ n }) => n > known),
  );
}

const numberedSchema = z.object({ n: z.number() });

/** Number of a line; 0: there is none yet, undefined: it is none of ours any more. */
export function numberOf(line: string): number | undefined {
  if (line === '') return 0;
  try {
    return numberedSchema.safeParse(JSON.parse(line)).data?.n;
  } catch {
    return undefined;
  }
}

function tell(dir: string, name: string, events: readonly Numbered[]): void {
  if (events.length === 0) return;
  const lines = events.map(event => `${JSON.stringify(event)}\n`).join('');
  appendFileSync(join(dir, name), lines, { flush: true });
}
