import type { Kpi, ReportData, RunResult } from '../../control/view.ts';
import { durationText, escapeHtml, figureText, grouped, kpiText, timeText, unitText } from '../format.ts';

const EVENTS_SHOWN = 200;

/** All key figures, the whole run first, then phase by phase. */
export function kpiTable(data: ReportData): string {
  const phases = [undefined, ...new Set(data.result.kpis.map(kpi => kpi.phase).filter(p => p !== undefined))];
  const rows = phases.flatMap(phase => {
    const kpis = data.result.kpis.filter(kpi => kpi.phase === phase);
    if (kpis.length === 0) return [];
    const head = `<tr class="group"><th colspan="5" scope="rowgroup">${escapeHtml(phase ?? 'Whole run')}</th></tr>`;
    return [head, ...kpis.map(kpiRow)];
  });
  return table(['figure', '>value', 'unit', 'definition', 'basis'], rows);
}

function kpiRow(kpi: Kpi): string {
  return (
    `<tr><th scope="row" title="${escapeHtml(kpi.id)}">${escapeHtml(kpiText(kpi.id, kpi.unit))}</th>` +
    `<td class="n">${figureHtml(kpi)}</td><td class="u">${escapeHtml(unitText(kpi.unit))}</td>` +
    `<td>${criterionHtml(kpi)}${escapeHtml(kpi.definition)}</td><td class="u">${kpi.basis}</td></tr>`
  );
}

/** What its method asks of it, before the definition. */
function criterionHtml({ criterion, unit }: Kpi): string {
  if (criterion === undefined) return '';
  const asked = `${escapeHtml(criterion.is)} ${figureText(criterion.limit).value} ${escapeHtml(unitText(unit))}`;
  const tone = { pass: 'good', fail: 'bad', undecided: 'none' }[criterion.outcome];
  return `<b class="${tone}">${criterion.outcome}</b> (${asked}). `;
}

/** The value with its uncertainty, or the words that there is none. */
function figureHtml(kpi: Kpi): string {
  const figure = figureText(kpi.value, kpi.u95);
  if (kpi.value === null || !Number.isFinite(kpi.value)) return `<span class="none">${figure.value}</span>`;
  return figure.u95 === '' ? figure.value : `${figure.value}<span class="u95"> ± ${figure.u95}</span>`;
}

const TABLE_ROWS_SHOWN = 300;

/** The tables behind the figures (a cell's cycles), the last rows of a long one. */
export function resultTables(data: ReportData): string {
  return (data.result.tables ?? [])
    .map(({ id, columns, rows }) => {
      const shown = rows.slice(-TABLE_ROWS_SHOWN);
      const cell = (value: number | string | null): string =>
        typeof value === 'number'
          ? `<td class="n">${Number(value.toPrecision(6))}</td>`
          : `<td>${escapeHtml(value ?? '')}</td>`;
      const lines = shown.map(row => `<tr>${row.map(cell).join('')}</tr>`);
      const more = rows.length - shown.length;
      return (
        `<h2>${escapeHtml(id[0].toUpperCase() + id.slice(1))}</h2>` +
        table(columns.map(headOf), lines) +
        (more > 0 ? `<p class="none">${grouped(String(more))} earlier ones in result.json.</p>` : '')
      );
    })
    .join('\n');
}

/** `coulombicEfficiencyU95_pct`: coulombic efficiency ±, %. */
function headOf(column: string): string {
  const [name, ...unit] = column.split('_');
  const words = name
    .replace(/U95$/, ' ±')
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return unit.length === 0 ? words : `${words}, ${unitText(unit.join('_'))}`;
}

/** Phases with their numbers as the pictures show them. */
export function phaseTable(data: ReportData): string {
  const rows = data.result.phases.map(
    (phase, i) =>
      `<tr><td class="n">${i + 1}</td><th scope="row">${escapeHtml(phase.name)}</th>` +
      `<td class="n">${timeText(phase.start_s)}</td><td class="n">${durationText(phase.end_s - phase.start_s)}</td>` +
      `<td>${escapeHtml(phase.ended_by)}</td></tr>`,
  );
  return table(['>no.', 'phase', '>start', '>duration', 'ended by'], rows);
}

/** Events in the order of time; a long list is cut, the commonest kinds first, and says how much is missing. */
export function eventTable(data: ReportData): string {
  if (data.events.length === 0) return '<p class="none">No events were recorded.</p>';
  const rows = rarestFirst(data.events)
    .slice(0, EVENTS_SHOWN)
    .toSorted((a, b) => a.t_s - b.t_s)
    .map(
      event =>
        `<tr><td class="n">${timeText(event.t_s)}</td><td>${escapeHtml(event.kind)}</td><td>${escapeHtml(event.text)}</td></tr>`,
    );
  const more = data.events.length - EVENTS_SHOWN;
  return (
    table(['>time', 'kind', 'what'], rows) +
    (more > 0 ? `<p class="none">${grouped(String(more))} more in the journal of the run.</p>` : '')
  );
}

/** One trip must not drown in a thousand standbys: kinds with few events come before kinds with many. */
function rarestFirst(events: ReportData['events']): ReportData['events'] {
  const count = new Map<string, number>();
  for (const { kind } of events) count.set(kind, (count.get(kind) ?? 0) + 1);
  return events.toSorted((a, b) => (count.get(a.kind) ?? 0) - (count.get(b.kind) ?? 0) || a.t_s - b.t_s);
}

/** The files that made the run, with the beginning of their hashes; result.json has them whole. */
export function inputTable({ inputs }: RunResult): string {
  if (inputs.length === 0) return '';
  const rows = inputs.map(
    input =>
      `<tr><td>${input.what}</td><th scope="row">${escapeHtml(input.path)}</th>` +
      `<td class="n">${grouped(String(input.bytes))}</td><td class="u">${input.sha256.slice(0, 16)}</td></tr>`,
  );
  return `<h2>Made from</h2>${table(['what', 'file', '>bytes', 'SHA-256'], rows)}`;
}

/**
 * Appendix of the report: each instrument with its driver, how many readings it gave, and how many of them
 * were bad.
 */
export function deviceTable(data: ReportData): string {
  const rows = data.devices.map(
    device =>
      `<tr><th scope="row">${escapeHtml(device.id)}</th><td>${escapeHtml(device.driver)}</td>` +
      `<td class="n">${device.channels}</td><td class="n">${grouped(String(device.frames))}</td>` +
      `<td class="n${device.badFrames > 0 ? ' bad' : ''}">${grouped(String(device.badFrames))}</td></tr>`,
  );
  const whole = table(['device', 'driver', '>channels', '>frames', '>bad frames'], rows);
  return whole + thinnedNote(data.result);
}

/** What was left out of the record by rule, who set it, and what that means for the reader. */
function thinnedNote({ thinned = [], limits }: RunResult): string {
  if (thinned.length === 0) return '';
  const lines = thinned.map(({ device, seen, kept, interval_s, own_s = interval_s, change }) => {
    const moves = Object.entries(change).map(([role, by]) => `${role} by more than ${by}`);
    const also = moves.length === 0 ? '' : `, and where one moved (${moves.join('; ')})`;
    const by =
      own_s === interval_s
        ? 'the bench'
        : own_s === 0
          ? 'the method'
          : `the method, ${own_s} s by the bench alone`;
    return `${device}: ${grouped(String(kept))} ${seen === null ? '' : `of ${grouped(String(seen))} `}readings kept, one each ${interval_s} s at least (set by ${by})${also}`;
  });
  const near = limits.some(({ ofKeptRows }) => ofKeptRows === true)
    ? 'Limits saw every reading; how near they came is of those that were kept, for the record holds nothing of the others.'
    : 'Limits saw every reading, and how near they came is of all of them.';
  return (
    `<p>Thinned by recording rules. ${escapeHtml(lines.join('. '))}. ${near} ` +
    'Uncertainties hold what a named role may have moved between two of them.</p>'
  );
}

/** A heading that starts with > belongs to a column of numbers. */
export function table(headings: readonly string[], rows: readonly string[]): string {
  const head = headings
    .map(h =>
      h.startsWith('>') ? `<th class="n" scope="col">${h.slice(1)}</th>` : `<th scope="col">${h}</th>`,
    )
    .join('');
  return `<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
