import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { cellKpis } from '../../../profiles/cell-kpis.ts';
import { degradationKpis } from '../../../profiles/degradation.ts';
import type { KpiValue } from '../../../profiles/kpi.ts';
import { stableFigures } from '../../../profiles/stack/stable.ts';
import { NOTHING } from '../../profiles/figures.ts';
import { recordOf, stack } from '../../profiles/record.ts';
import { cellRecord } from './cell-record.ts';
import { longRun } from './long-run.ts';
import { type FigureRow, figureRow } from './row.ts';
import { correlated, seeded } from './seeded.ts';

/** How often a printed uncertainty holds the truth, over seeded draws. */

/** What was waited for. */
const STABLE = { load_frac: 0.5, drift_mV: 5, window_s: 1800 };

/** Drawn noise of a stack's voltage, a mV a cell. */
const NOISES = [
  ['white', 0, 0],
  ['10 s', 10, 0],
  ['60 s', 60, 0],
  ['300 s', 300, 0],
  ['periodic, 11 min', 0, 0.9],
] as const;

/** Rows: parts in % that lie within u95. `draws` of each; 1000 in the report. */
export function coverageRows(draws: number): { readonly rows: FigureRow[]; readonly picture: FigureSpec } {
  const slack = 2 + 3 * Math.sqrt((95 * 5) / draws) * (draws >= 1000 ? 0 : 1);
  const parts = NOISES.map(([name, correlation_s, swing_mV]) => {
    const part = partInside(draws, seed => {
      const chance = seeded(seed);
      const next = correlated(chance, 1, correlation_s);
      const phase = 2 * Math.PI * chance.uniform();
      const wave = (t: number): number => swing_mV * Math.sin((2 * Math.PI * t) / 660 + phase);
      const noise_mV = swing_mV > 0 ? 0.1 : 0.5;
      const run = recordOf({
        to_s: 1800,
        roles: { 'stack.voltage_V': t => stack.cells * (1.8 + 1e-3 * (noise_mV * next() + wave(t))) },
      });
      return { found: stableFigures(run, run.phases[0], STABLE)[0], truth: 0 };
    });
    return { name, part };
  });
  const rows = parts.map(({ name, part }) =>
    figureRow({
      id: `coverage of stable-drift, noise ${name}`,
      value: part,
      expected: 95,
      tolerance: slack,
      basis: `true slope 0; ${draws} seeded records of 1800 s`,
    }),
  );
  const picture: FigureSpec = {
    title: 'How often u95 of a drift holds the truth (white, 10 s, 60 s, 300 s, periodic)',
    xLabel: 'kind of noise',
    xKind: 'number',
    xWhole: true,
    panels: [
      {
        yLabel: 'within u95, %',
        height: 180,
        limits: [
          { label: '93', value: 93 },
          { label: '97', value: 97 },
        ],
        lines: [
          {
            label: 'records within',
            colour: 'c0',
            stroke: 'none',
            marks: 'full',
            x: parts.map((_, i) => i + 1),
            y: parts.map(p => p.part),
          },
        ],
      },
    ],
  };
  return {
    rows: [...rows, ...degradationCoverage(draws, slack), ...cellCoverage(draws)],
    picture,
  };
}

/** Charge of a cell: zero, gain and noise drawn within what the meter declares. Its u95 may hold more often, not less. */
function cellCoverage(draws: number): FigureRow[] {
  const pieces = [
    { for_s: 300, current_A: 0 },
    { for_s: 1800, current_A: -5 },
    { for_s: 300, current_A: 0 },
    { for_s: 1800, current_A: 5 },
    { for_s: 300, current_A: 0 },
  ];
  return (['charge-in', 'charge-out', 'coulombic-efficiency'] as const).map(id => {
    const part = partInside(draws, seed => {
      const chance = seeded(seed);
      const run = cellRecord(pieces, {
        dt_s: 2,
        jitter_frac: 0.3,
        seed,
        zero_A: 0.002 * (2 * chance.uniform() - 1),
        gain_frac: 0.0005 * (2 * chance.uniform() - 1),
        noise_A: 0.001,
      });
      return {
        found: cellKpis(run).find(k => k.id === id),
        truth: id === 'coulombic-efficiency' ? 100 : 2.5,
      };
    });
    return figureRow({
      id: `coverage of ${id}, at least 93 %`,
      value: part,
      expected: 96.5,
      tolerance: 3.5,
      basis: `charge as made up; ${draws} seeded records, zero and gain within what the meter declares`,
    });
  });
}

function partInside(
  draws: number,
  draw: (seed: number) => { readonly found: KpiValue | undefined; readonly truth: number },
): number {
  let inside = 0;
  for (let seed = 0; seed < draws; seed++) {
    const { found, truth } = draw(seed);
    if (Math.abs((found?.value ?? Number.NaN) - truth) <= (found?.u95 ?? Number.NaN)) inside++;
  }
  return (100 * inside) / draws;
}

/** Degradation of 300 h with noise that hangs together over hours. */
function degradationCoverage(draws: number, slack: number): FigureRow[] {
  return [0, 3, 24].map(correlation_h => {
    const part = partInside(draws, seed => {
      const run = longRun({ hours: 300, irreversible: 10, noise_mV: 0.2, correlation_h, seed });
      return { found: degradationKpis(run, NOTHING)[0], truth: 10 };
    });
    return figureRow({
      id: `coverage of degradation-rate, noise ${correlation_h} h`,
      value: part,
      expected: 95,
      tolerance: slack,
      basis: `rate put into ${draws} seeded records of 300 h`,
    });
  });
}
