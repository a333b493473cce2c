import type { StartRow } from '../../contract/start-check.ts';
import { openLead, permissives, polarity, pressureZero } from './at-rest.ts';
import type { StartFacts } from './facts.ts';
import { identities, ranges, watchdogs } from './instruments.ts';
import { clockRows, diskRow, guardRow } from './surroundings.ts';

/** The one list that is gone through before anything is switched on. A check that the bench file accepts may fail. */
export function startList(facts: StartFacts): StartRow[] {
  const rows = [
    ...identities(facts),
    ...ranges(facts),
    ...watchdogs(facts),
    guardRow(facts),
    ...polarity(facts),
    ...openLead(facts),
    ...pressureZero(facts),
    ...permissives(facts),
    diskRow(facts),
    ...clockRows(facts),
  ];
  const accepted: Readonly<Record<string, string | undefined>> = facts.bench.preStart.mayFail;
  return rows.map(row => {
    const reason = accepted[row.check];
    return row.outcome === 'failed' && reason !== undefined ? { ...row, outcome: 'accepted', reason } : row;
  });
}
