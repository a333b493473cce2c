import type { CarriedCourse, Morning, MorningFigure, MorningSeries } from '../control/view.ts';
import { clockText } from '../control/view.ts';
import { durationText, escapeHtml, figureText, kpiText, timeText, unitText } from './format.ts';
import { REPORT_STYLE } from './report/style.ts';
import { px } from './report/svg.ts';
import { table } from './report/tables.ts';

/** The morning report of a campaign as one HTML file that needs nothing else: what needs a person stands first. */

/** Dark on a dark screen; print stays as it is. */
const STYLE = `${REPORT_STYLE}
.keys{grid-template-columns:repeat(5,1fr)}.spark{width:130px;height:30px;display:block}.spark .base{stroke:#9fb0bd;stroke-dasharray:3 3;fill:none}
.use{display:flex;height:14px;border-radius:3px;overflow:hidden;background:#e6eaee;min-width:220px}
.use .run{background:#1f8a5b}.use .held{background:#c0201f}
.key{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 5px 0 12px;background:#e6eaee}.key.run{background:#1f8a5b}.key.held{background:#c0201f}
a{color:#0b6fb8}
@media screen and (prefers-color-scheme:dark){
:root{color-scheme:dark;color:#dde5ec;background:#12181e}
h2{border-color:#33404b}.sub,.u95,.none,thead th,.keys span.name,.keys .unit,footer{color:#9bacba}
.verdict{background:#2b2315}.verdict.good{background:#14281c}.verdict.bad{background:#331a1a}
.simulated{background:#221a33;color:#cbb6f5}.keys div{border-color:#33404b}
th,td{border-color:#27323c}thead th{border-color:#4a5b69}tr.group th{background:#1a222a}
.bad{color:#ff8f8a}td .good,.good-text{color:#6fd39b}a{color:#6cb8f2}.findings li{background:#1a222a}.findings .warning{background:#2b2315}.findings .trip{background:#331a1a}
.use,.key{background:#33404b}.c0{stroke:#6cb8f2}.mark.c0:not(.open){fill:#6cb8f2}.c1{stroke:#ff9a6b}.mark.c1:not(.open){fill:#ff9a6b}
}`;

const ALARMS_SHOWN = 60;
const WORDS = {
  same: 'same within u95',
  differs: 'differs',
  unknown: 'cannot be said',
  'only-a': 'not in the newest',
  'only-b': 'not in the baseline',
} as const;

/** The page. */
export function renderMorning(morning: Morning): string {
  const { course, zone } = morning;
  const title = `${course.campaign}: morning report`;
  const sections = [
    `<h1>${escapeHtml(title)}</h1><p class="sub">${escapeHtml(stateText(morning))}</p>`,
    needs(morning),
    counts(course),
    simulated(course),
    runs(morning, 'What did not run, and why', ['failed', 'skipped']),
    runs(morning, 'What runs and what waits', ['running', 'waiting']),
    runs(morning, 'What ran', ['completed']),
    ...morning.series.map(series),
    alarms(morning),
    gaps(morning),
    changes(morning),
    use(morning),
    `<footer>Times in ${escapeHtml(zone)}. ± is the expanded uncertainty (k = 2). A difference counts where it is larger than both uncertainties together. cellbench, ${escapeHtml(localText(course.updatedUtc, zone))}.</footer>`,
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>` +
    `<body>${sections.filter(text => text !== '').join('\n')}</body></html>\n`
  );
}

function stateText({ course, zone }: Morning): string {
  const is = course.is === 'over' ? 'through' : course.is;
  return `Campaign ${is}, begun ${localText(course.begunUtc, zone)}, as of ${localText(course.updatedUtc, zone)} (${zone})`;
}

function needs({ needs: all, zone, course }: Morning): string {
  if (all.length === 0)
    return `<div class="verdict${course.counts.failed + course.counts.skipped === 0 ? ' good' : ''}"><b>Nothing waits for a person</b></div>`;
  const lines = all.map(({ what, why, sinceUtc }) => {
    const since =
      sinceUtc === null ? '' : ` <span class="sub">since ${escapeHtml(localText(sinceUtc, zone))}</span>`;
    return `<li class="trip">${escapeHtml(what)}: ${escapeHtml(why)}${since}</li>`;
  });
  return `<div class="verdict bad"><b>${all.length === 1 ? 'One thing needs' : `${all.length} things need`} a person</b><ul class="findings">${lines.join('')}</ul></div>`;
}

function counts({ counts: of, runs: all }: CarriedCourse): string {
  const cards = Object.entries(of).map(
    ([what, n]) =>
      `<div><span class="name">${what}</span><b>${n}</b> <span class="unit">of ${all.length} runs</span></div>`,
  );
  return `<div class="keys">${cards.join('')}</div>`;
}

function simulated({ mode }: CarriedCourse): string {
  if (mode === 'bench') return '';
  return `<p class="simulated"><b>Simulated.</b> Nothing real was measured: ${mode === 'wire' ? 'samples and instruments are emulated' : 'samples, instruments and time are simulated'}.</p>`;
}

function runs(
  { course, outcomes, priorities, zone }: Morning,
  heading: string,
  states: readonly string[],
): string {
  const own = course.runs.filter(({ state }) => states.includes(state));
  if (own.length === 0) return '';
  const rows = own.map(run => {
    const { id, state, bench, subject, reason, beginUtc, endUtc, duration_s, dir, waitsFor, expectedEndUtc } =
      run;
    const often = run.resumed === 0 ? '' : `, resumed ${run.resumed}x`;
    const before = Object.hasOwn(priorities, id)
      ? ` <span class="sub">priority ${priorities[id]}</span>`
      : '';
    const outcome = Object.hasOwn(outcomes, id) ? outcomes[id] : undefined;
    const name =
      outcome === undefined || dir === null
        ? escapeHtml(id)
        : `<a href="${escapeHtml(encodeURI(dir))}/report.html">${escapeHtml(id)}</a>`;
    const criteria =
      outcome === undefined || outcome.criteria === 'none' ? '' : `criteria ${outcome.criteria}`;
    const why = reason !== '' ? reason : waitsFor !== null ? `waits for ${waitsFor}` : criteria;
    const end = endUtc ?? expectedEndUtc;
    return (
      `<tr><th scope="row">${name}${before}</th><td${state === 'failed' ? ' class="bad"' : ''}>${state}${often}</td>` +
      `<td>${escapeHtml(subject === null ? bench : `${bench}, ${subject}`)}</td>` +
      `<td class="u">${beginUtc === null ? '' : escapeHtml(localText(beginUtc, zone))}</td>` +
      `<td class="u">${end === null ? '' : `${endUtc === null ? 'expected ' : ''}${escapeHtml(localText(end, zone))}`}</td>` +
      `<td class="n">${duration_s === null ? '' : clockText(duration_s)}</td><td>${escapeHtml(why)}</td></tr>`
    );
  });
  return `<h2>${heading}</h2>${table(['run', 'state', 'bench', 'began', 'ended', '>took', 'why'], rows)}`;
}

function series({ bench, method, subject, baseline, newest, figures, more }: MorningSeries): string {
  const who = `${method}${subject === null ? '' : `, ${subject}`}`;
  const against =
    newest === null
      ? `${baseline} is the baseline; nothing else of it has completed`
      : `${newest} against ${baseline}`;
  const isAlone = newest === null;
  const headings = isAlone
    ? ['figure', '>baseline', 'unit', 'asked']
    : ['figure', '>baseline', '>newest', '>change', 'unit', 'verdict', 'runs in order'];
  return (
    `<h2>Figures: ${escapeHtml(who)}</h2><p class="sub">${escapeHtml(`${against}. Bench ${bench}.`)}` +
    `${more > 0 ? ` ${more} further figures in the reports.` : ''}</p>` +
    table(
      headings,
      figures.map(figure => (isAlone ? baselineRow(figure) : figureRow(figure))),
    )
  );
}

function shown(value: number | null | undefined, own: number | null | undefined): string {
  const { value: text, u95 } = figureText(value ?? null, own ?? undefined);
  return u95 === '' ? text : `${text}<span class="u95"> ± ${u95}</span>`;
}

function nameOf({ id, unit, phase }: MorningFigure): string {
  return `<th scope="row">${escapeHtml(`${kpiText(id, unit)}${phase === '' ? '' : `, ${phase}`}`)}</th>`;
}

/** What its method asks of it, and whether it meets that. */
function askedText(kpi: MorningFigure['a']): string {
  if (kpi?.criterion === undefined) return '';
  const { outcome, is, limit } = kpi.criterion;
  return ` <span class="${outcome === 'fail' ? 'bad' : 'sub'}">${outcome} (${escapeHtml(is)} ${limit})</span>`;
}

function baselineRow(figure: MorningFigure): string {
  const { a, unit } = figure;
  return (
    `<tr>${nameOf(figure)}<td class="n">${shown(a?.value, a?.u95)}</td>` +
    `<td class="u">${escapeHtml(unitText(unit))}</td><td>${askedText(a)}</td></tr>`
  );
}

function figureRow(figure: MorningFigure): string {
  const { unit, a, b, difference, u95, as, values } = figure;
  return (
    `<tr>${nameOf(figure)}<td class="n">${a === undefined ? '' : shown(a.value, a.u95)}</td>` +
    `<td class="n">${b === undefined ? '' : shown(b.value, b.u95)}</td>` +
    `<td class="n">${difference === null ? '' : shown(difference, u95)}</td><td class="u">${escapeHtml(unitText(unit))}</td>` +
    `<td${as === 'differs' ? ' class="bad"' : ''}>${WORDS[as]}${askedText(b)}</td><td>${spark(values)}</td></tr>`
  );
}

const SPARK = { width: 130, height: 30, edge: 5 };

/** The figure run by run with its uncertainty; the dashed line is the baseline. Drawn of two runs and more. */
function spark(values: MorningFigure['values']): string {
  const known = values.flatMap(({ value, u95, run }, i) =>
    value === null ? [] : [{ value, u95: u95 ?? 0, run, i }],
  );
  if (known.length < 2) return '';
  const low = Math.min(...known.map(({ value, u95 }) => value - u95));
  const high = Math.max(...known.map(({ value, u95 }) => value + u95));
  const { width, height, edge } = SPARK;
  const x = (i: number): number => edge + (i * (width - 2 * edge)) / Math.max(1, values.length - 1);
  const y = (v: number): number =>
    high === low ? height / 2 : height - edge - ((v - low) * (height - 2 * edge)) / (high - low);
  const marks = known.map(
    ({ value, u95, i }) =>
      `<path class="line c0" d="M${px(x(i))},${px(y(value - u95))}V${px(y(value + u95))}"/><circle class="mark c0" cx="${px(x(i))}" cy="${px(y(value))}" r="2.4"/>`,
  );
  const text = known.map(({ run, value }) => `${run} ${figureText(value).value}`).join(', ');
  return (
    `<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(text)}"><title>${escapeHtml(text)}</title>` +
    `<path class="base" d="M0,${px(y(known[0].value))}H${width}"/>${marks.join('')}</svg>`
  );
}

function alarms({ alarms: all }: Morning): string {
  if (all.length === 0)
    return '<h2>Alarms</h2><p class="none">None was raised in the runs that are over and have left a result.</p>';
  const rows = all.slice(0, ALARMS_SHOWN).map(({ run, alarm }) => {
    const value = (v: number | null): string =>
      v === null ? '' : `${figureText(v).value} ${escapeHtml(unitText(alarm.unit))}`;
    return (
      `<tr><td>${escapeHtml(run)}</td><th scope="row" title="${escapeHtml(alarm.text)}">${escapeHtml(alarm.id)}</th>` +
      `<td${alarm.reaction === 'trip' ? ' class="bad"' : ''}>${alarm.reaction}</td><td class="n">${timeText(alarm.raised_s)}</td>` +
      `<td class="n">${value(alarm.limit)}</td><td class="n">${value(alarm.peak)}</td>` +
      `<td class="n">${alarm.cleared_s === null ? 'to the end' : durationText(alarm.cleared_s - alarm.raised_s)}</td>` +
      `<td>${alarm.acknowledged_s === null ? 'by nobody' : timeText(alarm.acknowledged_s)}</td></tr>`
    );
  });
  const more =
    all.length > ALARMS_SHOWN ? `<p class="none">${all.length - ALARMS_SHOWN} more in the reports.</p>` : '';
  return `<h2>Alarms</h2>${table(['run', 'alarm', 'reaction', '>raised', '>limit', '>peak', '>stood for', 'acknowledged'], rows)}${more}`;
}

function gaps({ gaps: all }: Morning): string {
  if (all.length === 0)
    return '<h2>Gaps</h2><p class="none">No reading is known to be missing or in doubt.</p>';
  const rows = all.map(
    ({ run, text }) => `<tr><th scope="row">${escapeHtml(run)}</th><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<h2>Gaps</h2>${table(['run', 'what'], rows)}`;
}

/** Who changed what. */
function changes({ changes: all, zone }: Morning): string {
  if (all.length === 0) return '';
  const rows = all.map(({ utc, by, run, what, because, refused }) => {
    const done =
      refused === null
        ? escapeHtml(what)
        : `${escapeHtml(what)} <span class="bad">refused: ${escapeHtml(refused)}</span>`;
    return `<tr><td class="u">${escapeHtml(localText(utc, zone))}</td><th scope="row">${escapeHtml(by ?? 'nobody named')}</th><td>${escapeHtml(run ?? 'the campaign')}</td><td>${done}</td><td>${escapeHtml(because)}</td></tr>`;
  });
  return `<h2>Who changed what</h2>${table(['at', 'who', 'where', 'what', 'why'], rows)}`;
}

function use({ use: all }: Morning): string {
  const rows = all.map(({ bench, run_s, held_s, idle_s }) => {
    const whole_s = run_s + held_s + idle_s;
    const share = (s: number): string => (whole_s === 0 ? '' : `${((100 * s) / whole_s).toFixed(0)} %`);
    const bar = (kind: string, s: number): string =>
      whole_s === 0 ? '' : `<span class="${kind}" style="width:${px((100 * s) / whole_s)}%"></span>`;
    return (
      `<tr><th scope="row">${escapeHtml(bench)}</th><td class="n">${share(run_s)}</td><td class="n">${share(held_s)}</td>` +
      `<td class="n">${share(idle_s)}</td><td><div class="use">${bar('run', run_s)}${bar('held', held_s)}</div></td></tr>`
    );
  });
  const key =
    '<p class="sub"><span class="key run"></span>run<span class="key held"></span>held for a person<span class="key"></span>idle</p>';
  return `<h2>Utilisation</h2>${table(['bench', '>run', '>held', '>idle', 'share of the time since the begin'], rows)}${key}`;
}

/** 2026-03-02 19:00, on the clock of the campaign. */
function localText(utc: string, zone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return text.format(new Date(utc));
}
