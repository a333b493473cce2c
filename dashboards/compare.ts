import { type ComparedFigure, type Comparison, comparedCount, comparisonOutcome } from '../control/view.ts';
import { escapeHtml, figureText, kpiText, unitText } from './format.ts';
import { drawFigure, type Line } from './report/figure.ts';
import { REPORT_STYLE } from './report/style.ts';
import { px, text } from './report/svg.ts';
import { table } from './report/tables.ts';

/** Two runs as one HTML file that needs nothing else: differences against their uncertainty, curves, all figures. */

const WORDS: Readonly<Record<ComparedFigure['as'], string>> = {
  same: 'same within u95',
  differs: 'differs',
  unknown: 'cannot be said',
  'only-a': 'only in A',
  'only-b': 'only in B',
};
const WIDTH = 900;
const LEFT = 330;
const RIGHT = 60;
const ROW = 20;
const TOP = 26;
/** Differences beyond this many combined u95 are drawn at the border. */
const MOST_U95 = 4;

/** The comparison as HTML. */
export function renderComparison(comparison: Comparison): string {
  const { a, b, figures, notes } = comparison;
  const isGood = comparedCount(comparison) > 0 && !figures.some(f => f.as === 'differs');
  const title = `${a.name} and ${b.name}`;
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="sub">A: ${runText(a)}<br>B: ${runText(b)}</p>`,
    `<div class="verdict${isGood ? ' good' : ''}"><b>${comparisonOutcome(comparison)}</b>` +
      '<p>A difference counts where it is larger than the combined expanded uncertainty (k = 2).</p></div>',
    notes.length === 0 ? '' : `<ul>${notes.map(note => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`,
    differencePicture(figures),
    curvePicture(comparison),
    `<h2>All figures</h2>${figureTable(figures)}`,
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><style>${REPORT_STYLE}</style></head>` +
    `<body>${sections.join('\n')}</body></html>\n`
  );
}

function runText({ name, result }: Comparison['a']): string {
  return escapeHtml(`${name}, ${result.method} on ${result.bench}, ${result.startedUtc}, ${result.verdict}`);
}

/** B minus A of each figure that has an uncertainty, in units of it: the band from -1 to 1 is no difference. */
function differencePicture(figures: readonly ComparedFigure[]): string {
  const shown = figures.flatMap(f =>
    f.difference === null || f.u95 === null || f.u95 === 0 ? [] : [{ f, ratio: f.difference / f.u95 }],
  );
  const title = 'B minus A, in units of the combined expanded uncertainty';
  if (shown.length === 0)
    return `<figure><figcaption>${title}</figcaption><p class="none">No figure has an uncertainty in both runs.</p></figure>`;
  const toX = (v: number): number =>
    LEFT +
    ((Math.max(-MOST_U95, Math.min(MOST_U95, v)) + MOST_U95) * (WIDTH - LEFT - RIGHT)) / (2 * MOST_U95);
  const bottom = TOP + shown.length * ROW;
  const parts = [
    `<rect x="${px(toX(-1))}" y="${TOP - 4}" width="${px(toX(1) - toX(-1))}" height="${bottom - TOP + 4}" fill="#eef1f4"/>`,
    ...[-4, -2, -1, 0, 1, 2, 4].flatMap(tick => [
      `<path class="grid" d="M${px(toX(tick))},${TOP - 4}V${bottom}"/>`,
      text(
        toX(tick),
        bottom + 15,
        Math.abs(tick) === MOST_U95 ? `${tick} and more` : String(tick),
        'tick',
        'middle',
      ),
    ]),
    ...shown.flatMap(({ f, ratio }, i) => {
      const y = TOP + i * ROW + ROW / 2;
      const label = `${kpiText(f.id, f.unit)}${f.phase === '' ? '' : `, ${f.phase}`}`;
      const colour = f.as === 'differs' ? 'c1' : 'c0';
      return [
        text(LEFT - 10, y + 4, label, 'tick', 'end'),
        `<path class="line ${colour}" d="M${px(toX(0))},${px(y)}H${px(toX(ratio))}"/>`,
        `<circle class="mark ${colour}" cx="${px(toX(ratio))}" cy="${px(y)}" r="4"/>`,
      ];
    }),
  ];
  return (
    `<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" ` +
    `aria-label="${title}">${parts.join('')}</svg></figure>`
  );
}

/** Polarisation curves of both runs over current density; nothing where neither has one. */
function curvePicture({ a, b }: Comparison): string {
  const lines = [a, b].flatMap(({ name, result }, run) =>
    result.curves.flatMap(({ phase, points }): Line[] => {
      const up = points.filter(point => point.leg === 'up');
      if (up.length === 0) return [];
      return [
        {
          label: `${run === 0 ? 'A' : 'B'} ${name}, ${phase}`,
          colour: `c${run}`,
          ...(phase === result.curves[0].phase ? {} : { stroke: 'dashed' as const }),
          marks: run === 0 ? 'full' : 'open',
          x: up.map(point => point.currentDensity_A_per_cm2),
          y: up.map(point => point.cellVoltage_V),
          u95: up.map(point => point.u95_V),
        },
      ];
    }),
  );
  if (lines.length === 0) return '';
  return drawFigure({
    title: 'Polarisation curves, current rising',
    xLabel: 'current density, A/cm²',
    xKind: 'number',
    xFromZero: true,
    panels: [{ yLabel: 'mean cell voltage, V', lines, height: 270 }],
  });
}

function figureTable(figures: readonly ComparedFigure[]): string {
  const value = (kpi: ComparedFigure['a']): string => {
    if (kpi === undefined) return '';
    const { value: shown, u95 } = figureText(kpi.value, kpi.u95);
    return u95 === '' ? shown : `${shown}<span class="u95"> ± ${u95}</span>`;
  };
  const rows = figures.map(f => {
    const difference = f.difference === null ? undefined : figureText(f.difference, f.u95 || undefined);
    const u95 =
      difference === undefined || difference.u95 === ''
        ? ''
        : `<span class="u95"> ± ${difference.u95}</span>`;
    const tone = f.as === 'differs' ? ' class="bad"' : '';
    return (
      `<tr><th scope="row">${escapeHtml(kpiText(f.id, f.unit))}</th><td>${escapeHtml(f.phase || 'whole run')}</td>` +
      `<td class="n">${value(f.a)}</td><td class="n">${value(f.b)}</td>` +
      `<td class="n">${difference?.value ?? ''}${u95}</td><td class="u">${escapeHtml(unitText(f.unit))}</td>` +
      `<td${tone}>${WORDS[f.as]}</td></tr>`
    );
  });
  return table(['figure', 'phase', '>A', '>B', '>B minus A', 'unit', ''], rows);
}
