import { escapeHtml } from '../../dashboards/format.ts';
import { drawFigure } from '../../dashboards/report/figure.ts';
import { REPORT_STYLE } from '../../dashboards/report/style.ts';
import { missedText, type Row, type Section } from './row.ts';

const STYLE = `${REPORT_STYLE}
.ok{color:#1b7a43;font-weight:600}td.note{color:#56646f}
table.rows td,table.rows th{font-size:12px}`;

/** What each basis promises, in the order of its worth. */
const BASES: readonly (readonly [Row['basis'], string])[] = [
  ['measured, predicted', 'measured by others; none of these points was used for the parameters'],
  ['measured, fitted', 'measured by others; the parameters were fitted to these very points'],
  [
    'reference code, predicted',
    'an independent program with the same published parameter set; nothing fitted here',
  ],
  ['reference code, same formula', 'an independent program that evaluates the same formula'],
  ['published formula', 'values of a published formula or physical law, computed independently'],
  ['self-consistency, model only', 'one part of the model against another; says nothing about reality'],
  ['model only', 'no measurement behind it: another solution of the same equations, or a recalled figure'],
];

/** An error or tolerance as read in a table: four significant digits at most, no exponent for ordinary sizes. */
export function errorText(value: number): string {
  if (!Number.isFinite(value)) return 'no number';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(size < 1 ? 2 : 3)));
}

/** Text for HTML; chemical formulas and degrees as people write them. */
function words(text: string): string {
  return escapeHtml(text)
    .replace(/degC/g, '°C')
    .replace(/cm2/g, 'cm²')
    .replace(/\b([HNO])2\b/g, '$1₂');
}

/** The validation as one HTML page that needs nothing else: table, pictures, what the words mean. */
export function validationReport(sections: readonly Section[]): string {
  const rows = sections.flatMap(section => section.rows);
  const outside = rows.filter(row => !row.within);
  const verdict =
    outside.length === 0
      ? `<b>All ${rows.length} rows are within their tolerances.</b>`
      : `<b>${outside.length} of ${rows.length} rows are outside their tolerance:</b> ${outside.map(row => escapeHtml(row.id)).join(', ')}`;
  const missed = missedText(rows);
  const beside =
    missed.length === 0
      ? ''
      : `<p>Not met, and guarded by a wider tolerance: ${missed.map(escapeHtml).join(', ')}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Validation of the plants</title><style>${STYLE}</style></head><body>
<h1>Validation of the plants</h1>
<p class="sub">The simulator's models against published measurements, reference programs and check values. The same rows are tests.</p>
<div class="verdict ${outside.length === 0 ? 'good' : 'bad'}">${verdict}${beside}</div>
<h2>What the rows are worth</h2>
<dl>${BASES.map(([basis, meaning]) => basisEntry(basis, meaning, rows)).join('')}</dl>
${sections.map(sectionHtml).join('\n')}
</body></html>
`;
}

function basisEntry(basis: Row['basis'], meaning: string, rows: readonly Row[]): string {
  const count = rows.filter(row => row.basis === basis).length;
  return count === 0
    ? ''
    : `<dt>${escapeHtml(basis)}</dt><dd>${count} ${count === 1 ? 'row' : 'rows'}: ${escapeHtml(meaning)}</dd>`;
}

function sectionHtml(section: Section): string {
  return `<h2>${escapeHtml(section.title)}</h2>
<div class="wide"><table class="rows"><thead><tr><th>row</th><th>model</th><th>against</th><th class="n">error</th><th class="n">tolerance</th><th>unit</th><th>basis</th></tr></thead>
<tbody>${section.rows.map(rowHtml).join('')}</tbody></table></div>
${section.pictures.map(drawFigure).join('\n')}`;
}

function rowHtml(row: Row): string {
  return `<tr><th scope="row" rowspan="2">${escapeHtml(row.id)}</th><td>${words(row.model)}</td><td>${words(row.reference)}</td>
<td class="n ${row.within ? 'ok' : 'bad'}">${errorText(row.error)}</td><td class="n">${errorText(row.tolerance)}</td><td class="u">${escapeHtml(row.unit === '1' ? '' : row.unit)}</td><td>${escapeHtml(row.basis)}</td></tr>
<tr><td class="note" colspan="6">${words(row.note)}</td></tr>`;
}
