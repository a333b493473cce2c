import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { escapeHtml } from '../../dashboards/format.ts';
import { drawFigure } from '../../dashboards/report/figure.ts';
import { REPORT_STYLE } from '../../dashboards/report/style.ts';
import type { FigureRow, FigureSection } from './figures/row.ts';
import { figureSections } from './figures/sections.ts';

/**
 * `npm run validate:figures -- [--out DIR] [--n N] [--json]`: every figure against made-up records of known truth, and
 * how often each uncertainty holds over N seeded records (1000) of each kind. Prints the table, writes DIR/report.html (default runs/validation-figures), ends with
 * exit code 1 if a row is outside. With --json the last line is `{ "rows": [...] }`.
 */

function options(): { readonly out: string; readonly json: boolean; readonly draws: number } {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: 'string', default: 'runs/validation-figures' },
        n: { type: 'string', default: '1000' },
        json: { type: 'boolean', default: false },
      },
    });
    const draws = Number(values.n);
    if (!Number.isInteger(draws) || draws < 1)
      throw new RangeError(`--n ${values.n}: expected a whole number above 0`);
    return { ...values, draws };
  } catch (error) {
    console.error(`validate:figures: ${error instanceof Error ? error.message : String(error)}`);
    console.error('usage: validate:figures [--out DIR] [--n N] [--json]');
    process.exit(2);
  }
}

const told = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(6))) : 'no number';

function reportOf(sections: readonly FigureSection[]): string {
  const rows = sections.flatMap(section => section.rows);
  const outside = rows.filter(r => !r.within);
  const cells = (r: FigureRow): string =>
    `<tr><th scope="row">${escapeHtml(r.id)}</th><td class="n">${told(r.value)}</td><td class="n">${told(r.expected)}</td>` +
    `<td class="n">${told(r.tolerance)}</td><td>${r.within ? 'yes' : '<b>NO</b>'}</td><td>${escapeHtml(r.basis)}</td></tr>`;
  const body = sections.map(
    section =>
      `<h2>${escapeHtml(section.title)}</h2><div class="wide"><table class="rows"><thead><tr><th>row</th><th class="n">value</th>` +
      `<th class="n">expected</th><th class="n">tolerance</th><th>within</th><th>basis</th></tr></thead>` +
      `<tbody>${section.rows.map(cells).join('')}</tbody></table></div>${section.pictures.map(drawFigure).join('')}`,
  );
  const verdict =
    outside.length === 0
      ? `All ${rows.length} rows are within their tolerances.`
      : `${outside.length} of ${rows.length} rows are outside their tolerance.`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Validation of the figures</title><style>${REPORT_STYLE}</style></head><body>
<h1>Validation of the figures</h1>
<p class="sub">The evaluation on made-up records whose truth is known. The same rows are tests.</p>
<div class="verdict ${outside.length === 0 ? 'good' : 'bad'}"><b>${verdict}</b></div>
${body.join('\n')}
</body></html>
`;
}

const { out, json, draws } = options();
const sections = figureSections(draws);
const rows = sections.flatMap(section => section.rows);
for (const section of sections) {
  console.log(`\n${section.title}`);
  for (const r of section.rows) {
    console.log(
      `  ${r.within ? 'yes' : 'NO '}  ${r.id}: ${told(r.value)}, expected ${told(r.expected)} +-${told(r.tolerance)}`,
    );
  }
}
mkdirSync(out, { recursive: true });
const file = join(out, 'report.html');
writeFileSync(file, reportOf(sections));
const outside = rows.filter(r => !r.within);
console.log(`\n${rows.length - outside.length} of ${rows.length} rows within tolerance`);
console.log(`report with pictures: ${resolve(file)}`);
if (json) console.log(JSON.stringify({ rows }));
process.exitCode = outside.length === 0 ? 0 : 1;
