import type { ReportData, RunResult } from '../../control/view.ts';
import { durationText, escapeHtml, figureText, roleText, timeText, unitText } from '../format.ts';
import { drawFigure } from './figure.ts';
import { table } from './tables.ts';

/** Why a run did not come to its end by itself: what ended it, what was read then, what was done, and the readings around it. */

type Why = NonNullable<RunResult['whyStopped']>;

/** Nothing for a run that came to its end by itself. */
export function whyStoppedSection({ result, blackBox = [] }: ReportData): string {
  const why = result.whyStopped;
  if (why === undefined) return '';
  const where = [why.phase, why.step].filter(text => text !== '').join(', ');
  const safe =
    why.safe_s === null
      ? ' The record does not say that the safe state was reached.'
      : ` The way into the safe state took ${durationText(why.safe_s)}.`;
  return (
    `<h2>Why it stopped</h2><p>At ${timeText(why.t_s)}${where === '' ? '' : ` (${escapeHtml(where)})`}: ` +
    `<b>${escapeHtml(why.text === '' ? `${why.cause.by} ${why.cause.id}` : why.text)}</b>.${safe}</p>` +
    ruleText(why) +
    readingsTable(why) +
    chainTable(why) +
    blackBoxPicture(why, blackBox)
  );
}

/** The rule in the words of the bench file, or of the method. */
function ruleText({ limit, methodLimit }: Why): string {
  if (limit === undefined) return methodLimit === undefined ? '' : methodRule(methodLimit);
  const delay = limit.delay_s === 0 ? 'at once' : `after ${durationText(limit.delay_s)} without a break`;
  // A condition says itself what is compared.
  const compared =
    limit.kind === 'expression'
      ? ''
      : ` ${escapeHtml(limit.trips)} ${figureText(limit.limit).value} ${escapeHtml(unitText(limit.unit))}`;
  const basis = limit.basis === 'sourced' ? '' : ` Its figure is ${limit.basis}.`;
  return (
    `<p class="sub">The rule: ${escapeHtml(limit.id)} (${escapeHtml(limit.kind)}) fires where ${escapeHtml(limit.of)}` +
    `${compared}, ${delay}; armed: ${escapeHtml(limit.armed)}.${basis}</p>`
  );
}

function methodRule({ by, where, condition, reaction, unusable }: NonNullable<Why['methodLimit']>): string {
  const broken =
    unusable.length === 0 ? '' : ` Not usable, which counts as exceeded: ${unusable.join(', ')}.`;
  return `<p class="sub">The rule: ${escapeHtml(reaction)} where ${escapeHtml(condition)}; set by ${escapeHtml(by)} (${escapeHtml(where)}).${escapeHtml(broken)}</p>`;
}

function readingsTable({ readings }: Why): string {
  if (readings.length === 0) return '';
  const rows = readings.map(({ role, unit, value, quality, reason, age_s }) => {
    const read = value === null ? '' : `${figureText(value).value} ${escapeHtml(unitText(unit))}`;
    const age = age_s === null ? '' : `${figureText(age_s).value} s`;
    const because = reason === undefined ? quality : `${quality}: ${reason}`;
    return `<tr><th scope="row">${escapeHtml(role)}</th><td class="n">${read}</td><td>${escapeHtml(because)}</td><td class="n">${age}</td></tr>`;
  });
  return table(['what it looks at', '>read', 'quality', '>age of the reading'], rows);
}

function chainTable({ chain, left_out }: Why): string {
  if (chain.length === 0) return '';
  const rows = chain.map(({ after_s, kind, text, ok }) => {
    const outcome = ok === null ? '' : ok ? 'done' : '<span class="bad">not done</span>';
    return `<tr><td class="n">${after_s >= 0 ? '+' : '−'}${figureText(Math.abs(after_s)).value}</td><td>${escapeHtml(kind)}</td><td>${escapeHtml(text)}</td><td>${outcome}</td></tr>`;
  });
  const more = left_out === 0 ? '' : `<p class="sub">${left_out} more are in the table of events.</p>`;
  return table(['>s', 'what', 'text', ''], rows) + more;
}

/** Every reading that was kept around it. */
function blackBoxPicture(why: Why, blackBox: NonNullable<ReportData['blackBox']>): string {
  if (blackBox.length === 0) return '';
  const { limit, t_s } = why;
  return drawFigure({
    title: 'Around the end: every reading from a minute before to ten minutes behind it',
    xLabel: 'run time',
    xKind: 'time',
    marks: [{ x: t_s, text: 'ended' }],
    panels: blackBox.map(({ role, unit, t_s: x, value: y }, i) => ({
      yLabel: `${roleText(role, unit)}, ${unitText(unit)}`,
      height: 90,
      lines: [{ label: roleText(role, unit), colour: `c${i % 4}`, x, y }],
      ...(limit !== undefined && i === 0 && limit.of === role
        ? { limits: [{ label: limit.id, value: limit.limit }] }
        : {}),
    })),
  });
}
