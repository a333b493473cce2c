import type { CarriedCourse } from '../../control/view.ts';
import { durationText, escapeHtml } from '../format.ts';
import { REPORT_STYLE } from '../report/style.ts';
import { table } from '../report/tables.ts';

/** The page of a campaign that is carried out: what goes on, each run with its live page, and what waits for a person. */

const REFRESH_S = 5;
const STYLE = `${REPORT_STYLE}
a{color:#0b6fb8}
@media screen and (prefers-color-scheme:dark){
:root{color-scheme:dark;color:#dde5ec;background:#12181e}
h2{border-color:#33404b}.sub,thead th{color:#9bacba}th,td{border-color:#27323c}thead th{border-color:#4a5b69}
.verdict{background:#2b2315}.verdict.bad{background:#331a1a}a{color:#6cb8f2}
}`;

/** One run under way, as its row has it. */
export interface RunningRow {
  readonly id: string;
  /** It has a page now. */
  readonly hasPage: boolean;
}

/** The page as HTML without any script; it is asked for anew every few seconds. */
export function campaignIndex(course: CarriedCourse, running: readonly RunningRow[]): string {
  const { campaign, counts } = course;
  const held = course.benches.filter(one => one.held !== null);
  const title = `${campaign}: campaign`;
  const sub = `${course.mode === 'bench' ? 'On the instruments' : 'Simulated'}, ${course.is}. ${counts.running} under way, ${counts.waiting} waiting, ${counts.completed} completed, ${counts.failed} failed, ${counts.skipped} skipped. As of ${utcText(course.updatedUtc)}.`;
  const body = [
    `<h1>${escapeHtml(title)}</h1><p class="sub">${escapeHtml(sub)}</p>`,
    ...held.map(
      ({ bench, held: why }) =>
        `<p class="verdict bad"><strong>${escapeHtml(bench)}</strong> waits for a person: ${escapeHtml(why ?? '')}</p>`,
    ),
    '<h2>Under way</h2>',
    running.length === 0
      ? '<p>Nothing.</p>'
      : table(
          ['run', 'bench', 'since', 'live page'],
          running.map(row => runningRow(course, row)),
        ),
    '<h2>The others</h2>',
    table(
      ['run', 'state', 'why', 'duration'],
      course.runs.filter(one => one.state !== 'running').map(otherRow),
    ),
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<meta http-equiv="refresh" content="${REFRESH_S}">` +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body.join('\n')}</body></html>\n`
  );
}

function runningRow(course: CarriedCourse, { id, hasPage }: RunningRow): string {
  const run = course.runs.find(one => one.id === id);
  const where = [run?.bench ?? '', run?.subject ?? ''].filter(text => text !== '').join(', ');
  const page = hasPage
    ? `<a href="run/${encodeURIComponent(id)}/">values, alarms, hold, stop</a>`
    : 'none: it is about to begin or to end, or goes as fast as it can';
  return `<tr><th scope="row">${escapeHtml(id)}</th><td>${escapeHtml(where)}</td><td>${escapeHtml(utcText(run?.beginUtc ?? ''))}</td><td>${page}</td></tr>`;
}

function otherRow(run: CarriedCourse['runs'][number]): string {
  const why = [run.reason, run.waitsFor === null ? '' : `waits for ${run.waitsFor}`];
  const text = why.filter(one => one !== '').join('; ');
  const lasted = run.duration_s === null ? '' : durationText(run.duration_s);
  return `<tr><th scope="row">${escapeHtml(run.id)}</th><td>${run.state}</td><td>${escapeHtml(text)}</td><td>${escapeHtml(lasted)}</td></tr>`;
}

/** UTC without its fractions. */
function utcText(utc: string): string {
  return utc === '' ? '' : `${utc.slice(0, 19).replace('T', ' ')} UTC`;
}
