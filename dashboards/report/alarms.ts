import type { MethodLimit, ResultAlarm } from '../../control/view.ts';
import { durationText, escapeHtml, grouped, timeText } from '../format.ts';
import { amount } from './limits.ts';
import { px, text } from './svg.ts';
import { table } from './tables.ts';
import { timeTicks, timeUnit } from './ticks.ts';

/** The alarms of a run: when each stood, how urgent, how far beyond its limit, who has seen it. */

/** So many alarms stand in the report; result.json has all. */
const ALARMS_SHOWN = 200;
/** So many different ones stand in the picture. */
const ROWS_DRAWN = 20;

/** Every alarm of the run as a picture and a table. */
export function alarmsSection(
  alarms: readonly ResultAlarm[],
  ofMethod: readonly MethodLimit[] = [],
  length_s = 0,
): string {
  const own = ofMethod.filter(({ kind, fired, at }) => kind === 'limit' && fired > 0 && at !== null);
  if (alarms.length + own.length === 0) return '<h2>Alarms</h2><p class="none">None was raised.</p>';
  const more = alarms.length - ALARMS_SHOWN;
  const heads = [
    '>on',
    'alarm',
    'priority',
    'reaction',
    '>limit',
    '>peak',
    '>times',
    '>off',
    '>stood for',
    'acknowledged',
    'where',
  ];
  return (
    `<h2>Alarms</h2>${drawAlarms(alarms, length_s)}` +
    table(heads, [...own.map(ownAlarmRow), ...alarms.slice(0, ALARMS_SHOWN).map(alarmRow)]) +
    (more > 0 ? `<p class="none">${grouped(String(more))} later ones in result.json.</p>` : '')
  );
}

/** A limit of the method that acted: how long its condition held is not recorded. */
function ownAlarmRow({ at, condition, reaction, by, where }: MethodLimit): string {
  const place = at === null ? '' : [at.phase, at.step].filter(words => words !== '').join(', ');
  return (
    `<tr><td class="n">${at === null ? '' : timeText(at.t_s)}</td><th scope="row">${escapeHtml(condition)}</th><td></td>` +
    `<td>${reaction}</td><td class="n"></td><td class="n"></td><td class="n"></td><td class="n"></td><td class="n"></td>` +
    `<td>limit of ${escapeHtml(`${by} (${where})`)}</td><td>${escapeHtml(place)}</td></tr>`
  );
}

function alarmRow(a: ResultAlarm): string {
  const stood = a.cleared_s === null ? 'to the end' : durationText(a.cleared_s - a.raised_s);
  const by = a.acknowledgedBy === undefined || a.acknowledgedBy === '' ? '' : ` by ${a.acknowledgedBy}`;
  const seen = a.acknowledged_s === null ? 'by nobody' : `${timeText(a.acknowledged_s)}${by}`;
  const aside =
    a.shelved === undefined || a.shelved === null ? '' : `; shelved by ${a.shelved.by}: ${a.shelved.reason}`;
  const where = [a.phase, a.step].filter(words => words !== '').join(', ');
  const first = a.isFirstOut === true ? ' <span class="bad">came first</span>' : '';
  return (
    `<tr><td class="n">${timeText(a.raised_s)}</td><th scope="row" title="${escapeHtml(a.text)}">${escapeHtml(a.id)}</th>` +
    `<td${a.priority === 'high' ? ' class="bad"' : ''}>${a.priority ?? ''}</td><td>${a.reaction}${first}</td>` +
    `<td class="n">${amount(a.limit, a.unit)}</td><td class="n">${amount(a.peak, a.unit)}</td>` +
    `<td class="n">${grouped(String(a.count ?? 1))}</td><td class="n">${a.cleared_s === null ? '' : timeText(a.cleared_s)}</td>` +
    `<td class="n">${stood}</td><td>${escapeHtml(seen + aside)}</td><td>${escapeHtml(where)}</td></tr>`
  );
}

const WIDTH = 900;
const LEFT = 230;
const RIGHT = 20;
const ROW = 18;
const TOP = 8;

/** A line for each alarm, a bar for each time that it stood. */
function drawAlarms(alarms: readonly ResultAlarm[], length_s: number): string {
  const ids = [...new Set(alarms.map(({ id }) => id))];
  const drawn = ids.slice(0, ROWS_DRAWN);
  const end_s = Math.max(length_s, ...alarms.map(a => a.cleared_s ?? a.raised_s));
  if (drawn.length === 0 || !(end_s > 0)) return '';
  const bottom = TOP + drawn.length * ROW;
  const toX = (t_s: number): number => LEFT + (Math.max(0, t_s) / end_s) * (WIDTH - LEFT - RIGHT);
  const ticks = timeTicks(0, end_s, 8);
  const parts = ticks.at.flatMap(t_s => [
    `<path class="grid" d="M${px(toX(t_s))},${TOP}V${bottom}"/>`,
    text(toX(t_s), bottom + 15, ticks.text(t_s), 'tick', 'middle'),
  ]);
  drawn.forEach((id, i) => {
    parts.push(text(LEFT - 8, TOP + i * ROW + 13, id, 'tick', 'end'));
    // What stands side by side within a pixel is one bar.
    let free = Number.NEGATIVE_INFINITY;
    for (const { priority, raised_s, cleared_s } of alarms.filter(a => a.id === id)) {
      const from = toX(raised_s);
      const to = Math.max(from + 1.5, toX(cleared_s ?? end_s));
      if (to <= free) continue;
      free = to;
      const tone = priority === 'high' ? ' bad' : '';
      parts.push(
        `<rect class="bar${tone}" x="${px(from)}" y="${TOP + i * ROW + 3}" width="${px(to - from)}" height="${ROW - 6}"/>`,
      );
    }
  });
  const more = ids.length > drawn.length ? `; ${ids.length - drawn.length} more in the table` : '';
  const title = `When each alarm stood, in ${timeUnit(end_s).name} of the run (high priority in red${more})`;
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="${escapeHtml(title)}">${parts.join('')}</svg></figure>`
  );
}
