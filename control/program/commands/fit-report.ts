import { escapeHtml } from '../../../dashboards/format.ts';
import { drawFigure, type Panel } from '../../../dashboards/report/figure.ts';
import { REPORT_STYLE } from '../../../dashboards/report/style.ts';
import { digits, type FitSummary, intervalText, rmseText } from '../../../dashboards/terminal/fit.ts';
import type { FitEstimates } from '../../../profiles/least-squares/estimate.ts';
import type { CircuitFit } from '../../../profiles/spectrum/circuit-fit.ts';
import type { FittedGroup, PlantFit } from '../../../sim/fit/fit-plant.ts';
import type { PreparedSpectrum } from '../../../sim/fit/spectrum/prepare.ts';
import { unitWords } from '../../view.ts';
import type { FittedCircuit } from './fit-circuit.ts';
import { relaxationPicture } from './relaxation.ts';

/** The report of a fit: curve over points, residuals over x, parameters, correlation; one HTML file, nothing fetched. */
export function fitReport(fit: PlantFit, summary: FitSummary, date: string): string {
  return page(summary, date, fit.estimates, [
    ...fit.groups.map(group => picture(group, fit.xLabel)),
    ...kkPicture(fit.spectrum),
  ]);
}

/** The report of a fitted circuit: Nyquist, both parts over the frequency, relaxation times, and the Kramers-Kronig test. */
export function circuitReport({ fit, spectrum, summary, relaxation }: FittedCircuit, date: string): string {
  const x = spectrum.frequency_Hz.map(f => Math.log10(f));
  const unit = spectrum.unit ?? 'Ohm';
  const parts = [
    { measured: spectrum.re, model: fit.re },
    { measured: spectrum.im, model: fit.im },
  ].map((part, k): FittedGroup => ({ ...summary.groups[k], unit, x, ...part }));
  return page(summary, date, fit.estimates, [
    nyquist(spectrum, fit),
    ...parts.map(group => picture(group, 'log10 of frequency in Hz')),
    ...(relaxation === undefined ? [] : [relaxationPicture(relaxation, unit)]),
    ...kkPicture(spectrum),
  ]);
}

function page(
  summary: FitSummary,
  date: string,
  estimates: FitEstimates,
  pictures: readonly string[],
): string {
  const title = `Fit of ${summary.plant} to ${summary.file}`;
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="sub">${summary.plant === 'circuit' ? '' : 'Set '}${escapeHtml(summary.set)}, ${escapeHtml(summary.kind)}, ${summary.points} points, ${escapeHtml(date)}</p>`,
    summary.warnings.length === 0
      ? ''
      : `<div class="verdict"><b>Before using it</b>${summary.warnings.map(w => `<p>${escapeHtml(w)}</p>`).join('')}</div>`,
    summary.notes.length === 0
      ? ''
      : `<h2>The data</h2><ul>${summary.notes.map(n => `<li>${escapeHtml(n)}</li>`).join('')}</ul>`,
    ...pictures,
    `<h2>Parameters</h2>${parameterTable(summary)}`,
    `<h2>Correlation</h2>${correlationTable(estimates)}`,
    `<p class="sub">95 % intervals from Student's t with ${estimates.degreesOfFreedom} degrees of freedom; they take the residuals as independent and the model as true.</p>`,
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${REPORT_STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`;
}

/** Residuals of the Kramers-Kronig chain, with the points that were left out of the fit. */
function kkPicture(spectrum: PreparedSpectrum | undefined): string[] {
  if (spectrum?.kk === undefined) return [];
  const { kk, tested } = spectrum;
  const x = Array.from(tested.frequency_Hz, f => Math.log10(f));
  const percent = (values: Float64Array): number[] => Array.from(values, v => 100 * v);
  const off = kk.outliers.map(i => ({ x: x[i], text: 'left out' }));
  return [
    drawFigure({
      title: `Linear Kramers-Kronig test: ${kk.passes ? 'passed' : 'failed'}, ${kk.links} links, mu ${kk.mu.toFixed(2)}`,
      xLabel: 'log10 of frequency in Hz',
      xKind: 'number',
      marks: off,
      panels: [
        {
          yLabel: 'residual, % of modulus',
          height: 160,
          fromZero: true,
          lines: [
            { label: 'Re', colour: 'c0', x, y: percent(kk.re_frac), marks: 'full' },
            { label: 'Im', colour: 'c1', x, y: percent(kk.im_frac), marks: 'open' },
          ],
        },
      ],
    }),
  ];
}

function nyquist(spectrum: PreparedSpectrum, fit: CircuitFit): string {
  const unit = unitWords(spectrum.unit ?? 'Ohm');
  const minus = (values: Float64Array): number[] => Array.from(values, v => -v);
  return drawFigure({
    title: `Nyquist: ${fit.circuit.text}`,
    xLabel: `Re Z, ${unit}`,
    xKind: 'number',
    panels: [
      {
        yLabel: `-Im Z, ${unit}`,
        height: 320,
        lines: [
          { label: 'fitted', colour: 'c0', x: Array.from(fit.re), y: minus(fit.im) },
          {
            label: 'measured',
            colour: 'c1',
            x: Array.from(spectrum.re),
            y: minus(spectrum.im),
            stroke: 'none',
            marks: 'open',
          },
        ],
      },
    ],
  });
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

function correlationTable({ fitted, correlation }: FitEstimates): string {
  const rows = fitted.map(
    (name, i) =>
      `<tr><th scope="row">${escapeHtml(name)}</th>${fitted.map((_, j) => `<td class="n">${j <= i ? correlation[i * fitted.length + j].toFixed(3) : ''}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table><thead><tr><th></th>${fitted.map(name => `<th>${escapeHtml(name)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
