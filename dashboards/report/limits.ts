import type { LimitDistance, MethodLimit } from '../../control/view.ts';
import { durationText, escapeHtml, figureText, timeText, unitText } from '../format.ts';
import { drawBars } from './bars.ts';
import { table } from './tables.ts';

/** How near a run came to the limits of its bench. */

/** How near the run came to each limit, as bars and as a table. */
export function limitsSection(
  limits: readonly LimitDistance[],
  ofMethod: readonly MethodLimit[] = [],
): string {
  if (limits.length + ofMethod.length === 0) return '';
  const drawn = limits.filter(l => l.unit !== 'on' && l.closest !== null);
  const bars =
    drawn.length === 0
      ? ''
      : drawBars({
          title: 'How far each limit was used up: part of the way from the mean value to the limit',
          bars: drawn.map(l => ({
            label: l.id,
            value: isFired(l) ? Math.max(1, l.way_frac ?? 1) : Math.max(0, l.way_frac ?? 0),
            text: isFired(l) ? 'fired' : `${amount(l.distance, l.unit)} left`,
            tone: isFired(l) ? 'bad' : '',
          })),
          limit: { at: 1, label: 'limit' },
        });
  const rows = [...limits.map(limitRow), ...ofMethod.map(methodRow)];
  const heads = ['limit', 'set by', 'reaction', '>closest', '>limit', '>left', '>way used', '>when', 'where'];
  return `<h2>Limits</h2>${bars}<p class="sub">Closest: a limit just short of it would have fired; of one that fired, what it fired on or beyond it. Way used: from the mean value to the limit; the table is in its order. Armed time only. Of a limit of the method the condition stands as it is written; of its deadlines the longest time that the step took, holds with it.</p>${table(heads, rows)}`;
}

function limitRow(l: LimitDistance): string {
  const where =
    l.at === null
      ? l.armed_s > 0
        ? l.firedUnusable > 0
          ? 'a reading was not usable'
          : l.peak === null
            ? 'no usable value'
            : 'armed for less than its delay'
        : `never armed (${l.armed})`
      : [l.at.phase, l.at.step, l.member ?? ''].filter(text => text !== '').join(', ');
  const of = l.way_frac === null ? '' : `${(100 * l.way_frac).toFixed(0)} %`;
  return (
    `<tr><th scope="row">${escapeHtml(l.id)}</th><td>the bench</td><td>${l.reaction}${firedText(l)}</td>` +
    `<td class="n">${amount(l.closest, l.unit)}</td><td class="n">${limitText(l)}${changedText(l)}</td>` +
    `<td class="n">${amount(l.distance, l.unit)}</td><td class="n">${of}</td>` +
    `<td class="n">${l.at === null ? '' : timeText(l.at.t_s)}</td><td>${escapeHtml(where)}</td></tr>`
  );
}

/** A condition stands as it is written; its figures say how far beyond it was. */
function limitText({ kind, role, trips, limit, unit }: LimitDistance): string {
  return kind === 'expression' ? escapeHtml(role) : `${escapeHtml(trips)} ${amount(limit, unit)}`;
}

/** What a person made of it in the run, behind the limit of the bench. */
function changedText({ changed = [], unit }: LimitDistance): string {
  return changed
    .map(
      ({ t_s, to, by, reason }) =>
        `<br>${amount(to, unit)} from ${timeText(t_s)} on (${escapeHtml(`${by}: ${reason}`)})`,
    )
    .join('');
}

/** A value beyond it was seen; one that fired on what could not be read is told as that. */
function isFired({ fired, firedUnusable }: LimitDistance): boolean {
  return fired > firedUnusable;
}

function firedText(l: LimitDistance): string {
  if (l.fired === 0) return '';
  return ` <span class="bad">${isFired(l) ? 'fired' : 'not usable'}</span>`;
}

/** A limit that the method sets: how near it came is known of deadlines only. */
function methodRow(l: MethodLimit): string {
  const seconds = (s: number | null): string => (s === null ? '' : durationText(s));
  const { within_s, longest_s } = l;
  const left = within_s === null || longest_s === null ? null : Math.max(0, within_s - longest_s);
  const used =
    within_s === null || longest_s === null ? '' : `${((100 * longest_s) / within_s).toFixed(0)} %`;
  const name = l.kind === 'deadline' ? 'deadline' : l.condition;
  const limit = l.kind === 'deadline' ? l.condition : '';
  const reaction = l.reaction === 'next' ? 'goes on elsewhere' : l.reaction;
  const where = l.at === null ? '' : [l.at.phase, l.at.step].filter(text => text !== '').join(', ');
  return (
    `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(`${l.by} (${l.where})`)}</td>` +
    `<td>${reaction}${l.fired > 0 ? ' <span class="bad">fired</span>' : ''}</td>` +
    `<td class="n">${seconds(longest_s)}</td><td>${escapeHtml(limit)}</td><td class="n">${seconds(left)}</td>` +
    `<td class="n">${used}</td><td class="n">${l.at === null ? '' : timeText(l.at.t_s)}</td><td>${escapeHtml(where)}</td></tr>`
  );
}

/** Figure with its unit; nothing where there is none. A rate is per minute. */
export function amount(value: number | null, unit: string): string {
  if (value === null) return '';
  const [base, per] = unit.endsWith('/min') ? [unit.slice(0, -4), '/min'] : [unit, ''];
  return `${figureText(Number(value.toPrecision(4))).value} ${escapeHtml(unitText(base))}${per}`.trim();
}
