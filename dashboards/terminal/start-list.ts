import type { StartRow } from '../../control/view.ts';
import { table } from './table.ts';

/** The list before a start, for the terminal: what has failed stands out, what cannot be said here has its reason. */
export function startListLines(rows: readonly StartRow[]): string[] {
  const lines = rows.map(({ check, what, expected, seen, outcome, reason }) => [
    outcome === 'failed' ? 'FAILED' : outcome,
    check,
    what,
    seen,
    expected,
    reason,
  ]);
  const count = (outcome: StartRow['outcome']): number => rows.filter(row => row.outcome === outcome).length;
  const failed = count('failed');
  const accepted = count('accepted');
  const sum = [
    `${count('ok')} ok`,
    `${failed} failed`,
    ...(accepted === 0 ? [] : [`${accepted} accepted`]),
    `${count('not applicable')} not applicable`,
  ].join(', ');
  return [
    `Before the start: ${sum}`,
    ...table(['', 'check', 'of', 'seen', 'expected', 'because'], lines, []),
  ];
}
