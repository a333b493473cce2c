import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type AuditEntry, type AuditReview, NOTHING_AUDITED, reviewAudit } from '../../campaign/audit.ts';
import type { CampaignState } from '../../campaign/state.ts';
import { EXIT } from '../result/outcome.ts';
import { AUDIT_FILE, readState, STATE_FILE } from './folder.ts';

/** Who did what in a campaign that is carried out, and whether its trail is still what was written. */

/** Whether a folder is that of a campaign. */
export function isCampaignFolder(path: string): boolean {
  return existsSync(join(path, STATE_FILE)) && !existsSync(join(path, 'run.sqlite'));
}

/** Its trail, held against what its state says of it. What is on its way from one to the other is no finding. */
export function auditIn(dir: string, { audited }: CampaignState): AuditReview {
  const path = join(dir, AUDIT_FILE);
  const text = existsSync(path) ? readTextFile(path) : '';
  const lines = text.split('\n');
  // The line that is being written, or was cut off, is written again at the next start.
  lines.pop();
  const { last } = audited;
  const isOnItsWay = last.length > 0 && lastNumber(lines) === last[0].n - 1;
  return reviewAudit([...lines, ...(isOnItsWay ? last.map(entry => JSON.stringify(entry)) : [])], audited);
}

function lastNumber(lines: readonly string[]): number | undefined {
  const [entry] = reviewAudit(lines.slice(-1), NOTHING_AUDITED).entries;
  return lines.length === 0 ? 0 : entry?.n;
}

/** `cellbench verify FOLDER` of a campaign. Returns the exit code: 0 nothing was changed, 1 something was. */
export function verifyCampaign(dir: string): number {
  const state = readState(dir);
  if (state === undefined) return EXIT.refused;
  const { entries, found } = auditIn(dir, state);
  for (const finding of found) console.log(`${join(dir, AUDIT_FILE)}: ${finding}`);
  if (found.length > 0) return 1;
  console.log(`${join(dir, AUDIT_FILE)}: ${entries.length} entries, nothing was changed`);
  console.log(`chain ${state.audited.hash}`);
  console.log('The record of each run is checked for itself: cellbench verify FOLDER/RUN');
  return EXIT.completed;
}

/** A trail for the terminal: when, who, what, why, and whether it was refused. */
export function auditLines(entries: readonly AuditEntry[]): string[] {
  return entries.map(({ utc, by, what, because, change, refused, before, after }) => {
    const stamp = utc.slice(0, 19).replace('T', ' ');
    const whom = whomText(change);
    const made =
      refused === null
        ? before === after
          ? ''
          : ` [${before.slice(0, 8)} -> ${after.slice(0, 8)}]`
        : ` REFUSED: ${refused}`;
    return `${stamp}  ${by ?? 'nobody named'}: ${what}${whom}: ${because}${made}`;
  });
}

function whomText(change: AuditEntry['change']): string {
  if (change === null || typeof change !== 'object' || Array.isArray(change)) return '';
  const { run, bench, runs } = change;
  const names = Array.isArray(runs)
    ? runs.flatMap(one =>
        typeof one === 'object' && one !== null && !Array.isArray(one) ? [one['run']] : [],
      )
    : [run ?? bench];
  const text = names.filter(name => typeof name === 'string').join(', ');
  return text === '' ? '' : ` ${text}`;
}
