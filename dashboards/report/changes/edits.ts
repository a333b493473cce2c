import type { RunResult } from '../../../control/view.ts';
import { escapeHtml, timeText } from '../../format.ts';
import { table } from '../tables.ts';

/** How the rest of the method was edited while the run was held; nothing where it never was. */
export function editsSection({ edits = [] }: Pick<RunResult, 'edits'>): string {
  if (edits.length === 0) return '';
  const rows = edits.map(
    ({ t_s, by, reason, path, from, to, changes }) =>
      `<tr><td class="n">${timeText(t_s)}</td><th scope="row">${escapeHtml(by)}</th><td>${escapeHtml(reason)}</td>` +
      `<td>${changes.length === 0 ? 'nothing differs' : changes.map(escapeHtml).join('<br>')}</td>` +
      `<td>${escapeHtml(path)}<br><small>${escapeHtml(from.slice(0, 12))} to ${escapeHtml(to.slice(0, 12))}</small></td></tr>`,
  );
  return `<h2>Edits of the method</h2>${table(['>at', 'by', 'why', 'what differs', 'file, SHA-256'], rows)}`;
}
