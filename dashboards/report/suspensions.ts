import { type RunResult, suspensionsText } from '../../control/view.ts';
import { durationText, escapeHtml, timeText } from '../format.ts';
import { table } from './tables.ts';

/** When the run stood still by itself and recovered; nothing where it never did. */
export function suspensionsSection({ suspensions = [] }: Pick<RunResult, 'suspensions'>): string {
  if (suspensions.length === 0) return '';
  const rows = suspensions.map(
    s =>
      `<tr><td class="n">${timeText(s.from_s)}</td><th scope="row">${escapeHtml(s.id)}</th>` +
      `<td class="n">${s.nth} of at most ${s.at_most}</td><td class="n">${durationText(s.lasted_s)}</td>` +
      `<td>${s.how === 'recovered' ? 'back, went on by itself' : 'the run ended meanwhile'}</td>` +
      `<td>${escapeHtml([s.phase, s.step].filter(text => text !== '').join(', '))}</td></tr>`,
  );
  const heads = ['>from', 'by', '>time', '>lasted', 'end', 'where'];
  return `<h2>Suspensions</h2><p>${escapeHtml(suspensionsText(suspensions))}.</p>${table(heads, rows)}`;
}
