import { type ReportData, type RunResult, unmetCriteria } from '../control/view.ts';
import { durationText, escapeHtml, figureText, grouped, kpiText, unitText } from './format.ts';
import { alarmsSection } from './report/alarms.ts';
import { editsSection } from './report/changes/edits.ts';
import { damageNote } from './report/damage.ts';
import { limitsSection } from './report/limits.ts';
import { notAsAskedSection } from './report/not-as-asked.ts';
import {
  cyclesPicture,
  polarisationPicture,
  powerPicture,
  pressurePicture,
  profilePicture,
  spreadPicture,
  temperaturePicture,
  tracesPicture,
} from './report/pictures.ts';
import { findingsList, monteCarloSection, stepsSection } from './report/rehearsal.ts';
import { spectraPictures } from './report/spectra.ts';
import { startSection } from './report/start-list.ts';
import { REPORT_STYLE } from './report/style.ts';
import { suspensionsSection } from './report/suspensions.ts';
import { deviceTable, eventTable, inputTable, kpiTable, phaseTable, resultTables } from './report/tables.ts';
import { voltammogramPictures } from './report/voltammograms.ts';
import { whyStoppedSection } from './report/why-stopped.ts';

/** Figures that fit above the fold; the table below has all of them. */
const HEADLINE_FIGURES = 16;

/**
 * The report of a run as one HTML file that needs nothing else: inline style, inline SVG, no script.
 * Verdict and reason first, then what was simulated, the key figures, the pictures, all tables.
 */
export function renderReport(data: ReportData): string {
  const { result, rehearsal } = data;
  const sections = [
    header(data),
    ...(rehearsal === undefined ? [] : [findingsList(rehearsal)]),
    whyStoppedSection(data),
    keyFigures(result),
    '<h2>Pictures</h2><p class="sub">Small numbers above a picture: where the phases of the table begin.</p>',
    ...pictures(data),
    limitsSection(result.limits, result.methodLimits),
    alarmsSection(result.alarms, result.methodLimits, result.phases.at(-1)?.end_s),
    suspensionsSection(result),
    editsSection(result),
    startSection(data.startRows ?? []),
    notAsAskedSection(result),
    ...(rehearsal === undefined ? [] : [stepsSection(rehearsal)]),
    ...(rehearsal?.monteCarlo === undefined ? [] : [monteCarloSection(rehearsal.monteCarlo)]),
    `<h2>Phases</h2>${phaseTable(data)}`,
    `<h2>All figures</h2>${kpiTable(data)}`,
    resultTables(data),
    `<h2>Events</h2>${eventTable(data)}`,
    `<h2>Devices</h2>${deviceTable(data)}`,
    definitions(),
    inputTable(result),
    `<footer>${escapeHtml(data.software)}. Seed ${result.seed}. ${grouped(String(result.rows))} rows recorded.</footer>`,
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(data.title)}</title><style>${REPORT_STYLE}</style></head>` +
    `<body>${sections.join('\n')}</body></html>\n`
  );
}

/** The pictures of an electrolyser, then what is left of the main readings; a cell has only these. */
function pictures(data: ReportData): string[] {
  const isStack = data.subject === 'stack';
  const ofStack = [
    polarisationPicture,
    powerPicture,
    pressurePicture,
    spreadPicture,
    profilePicture,
    temperaturePicture,
  ];
  return [
    ...[...(isStack ? ofStack : []), tracesPicture, cyclesPicture].map(draw => draw(data)),
    ...spectraPictures(data.spectra),
    ...voltammogramPictures(data.voltammograms),
  ];
}

function header(data: ReportData): string {
  const { result } = data;
  const reason = result.reason === '' ? '' : `<p>${escapeHtml(result.reason)}</p>`;
  return (
    `<h1>${escapeHtml(data.title)}</h1>` +
    `<p class="sub">Bench ${escapeHtml(result.bench)}, method ${escapeHtml(result.method)}, ` +
    `started ${escapeHtml(dateText(data.startedUtc))}, run time ${durationText(result.simulated_s)}${subjectText(result)}${operatorText(result)}</p>` +
    `<div class="verdict ${headTone(result)}"><b>Verdict: ${escapeHtml(result.verdict)}</b>${reason}${criteriaLine(result)}</div>` +
    damageNote(result) +
    simulatedNote(data)
  );
}

/** What the methods ask of their figures, in one line: what failed is named. */
function criteriaLine({ criteria, kpis }: RunResult): string {
  if (criteria === 'none') return '';
  const named = unmetCriteria(kpis).map(({ text, outcome }) => `${text}: ${outcome}`);
  const count = kpis.filter(kpi => kpi.criterion !== undefined).length;
  const all = named.length === 0 ? `all ${count} met` : named.join('; ');
  return `<p>Criteria of the methods: <b>${criteria}</b> (${escapeHtml(all)})</p>`;
}

function subjectText({ subject }: RunResult): string {
  return subject === undefined ? '' : `, subject ${escapeHtml(subject)}`;
}

function operatorText({ operator }: RunResult): string {
  return operator === undefined ? '' : `, operator ${escapeHtml(operator)}`;
}

/** ISO 8601 as people read it: 2026-11-21 18:00:00 UTC. */
function dateText(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC');
}

/** Green only for words that are known to mean success: a verdict we do not know is not good news. */
function toneOf(verdict: string): 'good' | 'bad' | '' {
  if (/^(pass|passed|complete|completed|ok)$/i.test(verdict)) return 'good';
  if (/fail|abort|trip|error|not .*proved/i.test(verdict)) return 'bad';
  return '';
}

/** What completed is no good news where a figure misses what its method asks. */
function headTone({ verdict, criteria }: RunResult): 'good' | 'bad' | '' {
  const tone = toneOf(verdict);
  if (tone !== 'good') return tone;
  return criteria === 'fail' ? 'bad' : criteria === 'undecided' ? '' : tone;
}

function simulatedNote(data: ReportData): string {
  const { result } = data;
  const faster =
    result.timeFactor === 1
      ? ''
      : ` Method and emulated plant ran ${Number(result.timeFactor.toPrecision(4))} times faster than life: rates are given per hour of plant time.`;
  switch (result.mode) {
    case 'rehearsal':
      return `<p class="simulated"><b>Simulated.</b> No real ${data.subject} was measured: ${data.subject}, instruments and time are simulated (rehearsal).${faster}</p>`;
    case 'wire':
      return `<p class="simulated"><b>Simulated.</b> No real ${data.subject} was measured: ${data.subject} and instruments are emulated. Drivers, lines and time are real.${faster}</p>`;
    case 'bench':
      return `<p>Measured on real instruments.${faster}</p>`;
    case 'imported':
      return `<p>Imported from a file of another program: cellbench has not measured it.${faster}</p>`;
  }
}

function keyFigures(result: RunResult): string {
  const overall = result.kpis.filter(kpi => kpi.phase === undefined);
  const chosen = (overall.length > 0 ? overall : result.kpis).slice(0, HEADLINE_FIGURES);
  const cards = chosen.map(kpi => {
    const figure = figureText(kpi.value, kpi.u95);
    const name = kpiText(kpi.id, kpi.unit) + (kpi.phase === undefined ? '' : `, ${kpi.phase}`);
    const unit = kpi.value === null ? '' : ` <span class="unit">${escapeHtml(unitText(kpi.unit))}</span>`;
    const u95 = figure.u95 === '' ? '' : `<span class="u95">± ${figure.u95}</span>`;
    return `<div><span class="name">${escapeHtml(name)}</span><b>${figure.value}</b>${unit}${u95}</div>`;
  });
  return `<div class="keys">${cards.join('')}</div>`;
}

function definitions(): string {
  return (
    '<h2>How to read it</h2><dl>' +
    '<dt>±</dt><dd>Expanded uncertainty, coverage factor k = 2 (about 95 %; GUM, JCGM 100:2008). Figures without it have none stated.</dd>' +
    '<dt>basis</dt><dd>Where the constants and limits behind a figure come from: <i>sourced</i>, read in the source named; ' +
    '<i>recalled</i>, known practice, not looked up; <i>default</i>, chosen here.</dd>' +
    '<dt>sign</dt><dd>Current and power are positive into the device under test: electrolysis, charge.</dd>' +
    '<dt>pressure</dt><dd>Gauge, bar(g), unless it says bar(a).</dd>' +
    '<dt>gas volume</dt><dd>Normal litres, NL: 0 °C, 1.01325 bar.</dd>' +
    '<dt>pass, fail, undecided</dt><dd>Whether a figure meets what its method asks for; undecided where the limit lies within ±, or there is no value (JCGM 106:2012).</dd>' +
    '<dt>gap in a line</dt><dd>No usable value at that time (bad, stale or silent). Never drawn as 0.</dd>' +
    '<dt>difference curve</dt><dd>Same leg at the same current; uncertainties combined as independent. Not corrected for temperature or pressure.</dd>' +
    '</dl>'
  );
}
