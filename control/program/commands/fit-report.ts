import { escapeHtml } from '../../../dashboards/format.ts';
import { drawFigure, type Panel } from '../../../dashboards/report/figure.ts';
import { REPORT_STYLE } from '../../../dashboards/report/style.ts';
import { digits, type FitSummary, intervalText, rmseText } from '../../../dashboards/terminal/fit.ts';
import type { FittedGroup, PlantFit } from '../../../sim/fit/fit-plant.ts';

/** The report of a fit: curve over points, residuals over x, parameters, correlation; one HTML file, nothing fetched. */
export function fitReport(fit: PlantFit, summary: FitSummary, date: string): string {
  const title = `Fit of ${summary.plant} to ${summary.file}`;
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="sub">Set ${escapeHtml(summary.set)}, ${escapeHtml(summary.kind)}, ${summary.points} points, ${escapeHtml(date)}</p>`,
    summary.warnings.length === 0
      ? ''
      : `<div class="verdict"><b>Before using it</b>${summary.warnings.map(w => `<p>${escapeHtml(w)}</p>`).join('')}</div>`,
    ...fit.groups.map(group => picture(group, fit.xLabel)),
    `<h2>Parameters</h2>${parameterTable(summary)}`,
    `<h2>Correlation</h2>${correlationTable(fit)}`,
    `<p class="sub">95 % intervals from Student's t with ${fit.estimates.degreesOfFreedom} degrees of freedom; they take the residuals as independent and the model as true.</p>`,
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${REPORT_STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`;
}

function picture(group: FittedGroup, xLabel: string): string {
  // Volts leave millivolts.
  const scale = group.unit === 'V' ? 1000 : 1;
  const curves = [...new Set(group.curve ?? [''])].map((name, k) => curveOf(group, name, k, scale));
  const panels: Panel[] = [
    {
      yLabel: `${group.label}, ${group.unit}`,
      height: 260,
      lines: curves.flatMap(({ fitted, measured }) => [fitted, measured]),
    },
    {
      yLabel: `residual, ${group.unit === 'V' ? 'mV' : group.unit}`,
      height: 130,
      fromZero: true,
      lines: curves.map(({ residual }) => residual),
    },
  ];
  return drawFigure({ title: `${group.label}: rmse ${rmseText(group)}`, panels, xLabel, xKind: 'number' });
}

/** The points of one curve over rising x: as fitted, as measured, and what is between them. */
function curveOf(
  group: FittedGroup,
  name: string,
  k: number,
  scale: number,
): Record<'fitted' | 'measured' | 'residual', Panel['lines'][number]> {
  const order = [...group.x.keys()]
    .filter(i => (group.curve?.[i] ?? '') === name)
    .sort((a, b) => group.x[a] - group.x[b]);
  const x = order.map(i => group.x[i]);
  const measured = order.map(i => group.measured[i]);
  const model = order.map(i => group.model[i]);
  const at = name === '' ? '' : `, ${name}`;
  const colour = `c${k % 5}`;
  const points = { colour: name === '' ? 'c1' : colour, x, stroke: 'none' } as const;
  return {
    fitted: { label: `fitted${at}`, colour, x, y: model },
    measured: { ...points, label: `measured${at}`, y: measured, marks: 'open' },
    residual: {
      ...points,
      label: `measured minus fitted${at}`,
      y: measured.map((m, i) => scale * (m - model[i])),
      marks: 'full',
    },
  };
}

function parameterTable(summary: FitSummary): string {
  const told = summary.rows.filter(row => row.state !== 'undetermined');
  const left = summary.rows.filter(row => row.state === 'undetermined').map(row => row.name);
  const rows = told.map(
    row =>
      `<tr><th scope="row">${escapeHtml(row.name)}</th><td class="n">${digits(row.value, row.u)}</td>` +
      `<td class="n">${Number.isFinite(row.u) ? digits(row.u, row.u) : ''}</td><td class="n">${intervalText(row)}</td>` +
      `<td>${row.state === 'atBound' ? 'at its bound' : ''}</td></tr>`,
  );
  return `<table><thead><tr><th>parameter</th><th>value</th><th>standard uncertainty</th><th>95 % interval</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>${left.length === 0 ? '' : `<p class="sub">Left as they are, these data do not determine them: ${escapeHtml(left.join(', '))}.</p>`}`;
}

function correlationTable({ estimates: { fitted, correlation } }: PlantFit): string {
  const rows = fitted.map(
    (name, i) =>
      `<tr><th scope="row">${escapeHtml(name)}</th>${fitted.map((_, j) => `<td class="n">${j <= i ? correlation[i * fitted.length + j].toFixed(3) : ''}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table><thead><tr><th></th>${fitted.map(name => `<th>${escapeHtml(name)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
