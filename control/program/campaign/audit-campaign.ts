import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { utcText } from '../../../dashboards/format.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type AuditEntry, type Reviewed, reviewAudit } from '../../campaign/audit.ts';
import { type CampaignEvent, type CampaignState, reviewEvents } from '../../campaign/state.ts';
import { EXIT } from '../result/outcome.ts';
import { AUDIT_FILE, EVENTS_FILE, numberOf, readState, STATE_FILE } from './folder.ts';

/** Who did what in a campaign that is carried out, and whether its trail is still what was written. */

/** Whether a folder is that of a campaign. */
export function isCampaignFolder(path: string): boolean {
  return existsSync(join(path, STATE_FILE)) && !existsSync(join(path, 'run.sqlite'));
}

/** Its trail, held against what its state says of it. What is on its way from one to the other is no finding. */
export function auditIn(dir: string, { audited }: CampaignState): Reviewed<AuditEntry> {
  return reviewAudit(linesIn(dir, AUDIT_FILE, audited.last), audited);
}

/** The same of what was told: begins, ends, decisions of rules. */
export function toldIn(dir: string, state: CampaignState): Reviewed<CampaignEvent> {
  return reviewEvents(linesIn(dir, EVENTS_FILE, state.last), state);
}

/** With what of the last change is not in the file yet. */
function linesIn(dir: string, name: string, last: readonly { readonly n: number }[]): string[] {
  const path = join(dir, name);
  const lines = (existsSync(path) ? readTextFile(path) : '').split('\n');
  // The line that is being written, or was cut off, is written again at the next start.
  lines.pop();
  const written = numberOf(lines.at(-1) ?? '');
  const isOnItsWay = last.length > 0 && written !== undefined && written >= last[0].n - 1;
  const missing = isOnItsWay ? last.filter(({ n }) => n > written) : [];
  return [...lines, ...missing.map(entry => JSON.stringify(entry))];
}

/** What was changed in both of its files, each finding with its file. */
export function changedIn(dir: string, state: CampaignState): string[] {
  const of = (name: string, { found }: Reviewed<unknown>): string[] =>
    found.map(finding => `${name}: ${finding}`);
  return [...of(AUDIT_FILE, auditIn(dir, state)), ...of(EVENTS_FILE, toldIn(dir, state))];
}

/** `cellbench verify FOLDER` of a campaign. Returns the exit code: 0 nothing was changed, 1 something was. */
export function verifyCampaign(dir: string): number {
  const state = readState(dir);
  if (state === undefined) return EXIT.refused;
  const found = changedIn(dir, state);
  for (const finding of found) console.log(join(dir, finding));
  if (found.length > 0) return 1;
  const { n, hash, audited } = state;
  console.log(`${join(dir, AUDIT_FILE)}: ${audited.n} entries, nothing was changed`);
  console.log(`chain ${audited.hash}`);
  console.log(`${join(dir, EVENTS_FILE)}: ${n} events, nothing was changed`);
  console.log(`chain ${hash}`);
  console.log('The record of each run is checked for itself: cellbench verify FOLDER/RUN');
  return EXIT.completed;
}

/** A trail for the terminal: when, who, what, why, and whether it was refused. */
export function auditLines(entries: readonly AuditEntry[]): string[] {
  return entries.map(({ utc, by, what, because, change, refused, before, after }) => {
    const stamp = utcText(utc);
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
