import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorText, validationReport } from './report.ts';
import { missedText, type Row } from './row.ts';
import { validationSections } from './rows.ts';

/**
 * `npm run validate:plants -- [--out DIR] [--json]`: every model of the simulator against its references. Prints the
 * acceptance table, writes DIR/report.html (default runs/validation) with curves against points, and ends with exit
 * code 1 if a row is outside its tolerance. With --json the last line is `{ "rows": [...] }`.
 */

function options(): { readonly out: string; readonly json: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: 'string', default: 'runs/validation' },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    console.error(`validate:plants: ${error instanceof Error ? error.message : String(error)}`);
    console.error('usage: validate:plants [--out DIR] [--json]');
    process.exit(2);
  }
}

function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['row', 'error', 'tolerance', 'unit', 'within', 'basis'],
    ...rows.map(row => [
      row.id,
      errorText(row.error),
      errorText(row.tolerance),
      row.unit,
      row.within ? 'yes' : 'NO',
      row.basis,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4, 5].map(k => Math.max(...cells.map(line => line[k].length)));
  return cells
    .map(line =>
      line
        .map((text, k) => (k === 1 || k === 2 ? text.padStart(widths[k]) : text.padEnd(widths[k])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const { out, json } = options();
const sections = validationSections();
const rows = sections.flatMap(section => section.rows);
for (const section of sections) console.log(`\n${section.title}\n${tableOf(section.rows)}`);
console.log('\nPredicted, not fitted: the figures');
for (const row of rows.filter(r => r.basis.endsWith(', predicted'))) console.log(`  ${row.id}: ${row.note}`);
mkdirSync(out, { recursive: true });
const file = join(out, 'report.html');
writeFileSync(file, validationReport(sections));
const outside = rows.filter(row => !row.within);
console.log(`\n${rows.length - outside.length} of ${rows.length} rows within tolerance`);
for (const row of outside)
  console.log(`  outside: ${row.id}: ${errorText(row.error)} ${row.unit}. ${row.note}`);
for (const text of missedText(rows)) console.log(`  not met, guarded by a wider tolerance: ${text}`);
console.log(`report with pictures: ${resolve(file)}`);
if (json) console.log(JSON.stringify({ rows }));
process.exitCode = outside.length === 0 ? 0 : 1;
