import type { RunResult } from '../../control/view.ts';
import { escapeHtml, grouped } from '../format.ts';
import { table } from './tables.ts';

/** Right under the verdict: what of a damaged record is left out; empty for a whole one. */
export function damageNote({ damaged = [] }: RunResult): string {
  if (damaged.length === 0) return '';
  const cell = (value: number | null): string =>
    `<td class="n">${value === null ? '' : grouped(String(value))}</td>`;
  const rows = damaged.map(
    ({ source, from, to, from_s, to_s, reason }) =>
      `<tr><th scope="row">${escapeHtml(source)}</th>${[from, to, from_s, to_s].map(cell).join('')}` +
      `<td>${escapeHtml(reason)}</td></tr>`,
  );
  return (
    '<div class="verdict bad"><b>The record is damaged, marked</b><p>These rows are left out; all figures, tables and ' +
    'pictures are of what is left, and what is left out is a gap in them. Limits and alarms are those that were seen ' +
    'when all was there.</p>' +
    `${table(['table', '>from row', '>to row', '>after s', '>before s', 'why'], rows)}</div>`
  );
}
