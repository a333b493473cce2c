import type { StartRow } from '../../control/view.ts';
import { escapeHtml } from '../format.ts';
import { table } from './tables.ts';

/** What was looked at before anything was switched on. */
export function startSection(rows: readonly StartRow[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(({ check, what, expected, seen, outcome, reason }) => {
    const tone = { ok: 'good', failed: 'bad', accepted: 'bad', 'not applicable': 'none' }[outcome];
    return (
      `<tr><td>${check}</td><th scope="row">${escapeHtml(what)}</th><td>${escapeHtml(seen)}</td>` +
      `<td>${escapeHtml(expected)}</td><td><span class="${tone}">${outcome}</span>` +
      `${reason === '' ? '' : `: ${escapeHtml(reason)}`}</td></tr>`
    );
  });
  return `<h2>Before the start</h2>${table(['check', 'of', 'seen', 'expected', 'outcome'], lines)}`;
}
