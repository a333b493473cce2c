import { describe, expect, it } from 'vitest';
import { type MonteCarlo, type Rehearsal, rehearsalSchema } from '../../control/rehearse/summary.ts';
import { drawBars, drawHistogram } from '../../dashboards/report/bars.ts';
import { limitsSection } from '../../dashboards/report/limits.ts';
import { findingsList, monteCarloSection, stepsSection } from '../../dashboards/report/rehearsal.ts';
import { rehearsalText } from '../../dashboards/terminal/rehearsal.ts';

/** What the report draws of a rehearsal: figures and words stand where they belong, hostile text stays text. */

const HOSTILE = '<script>alert(1)</script>';
const limit = (id: string, more: Partial<Rehearsal['limits'][number]>): Rehearsal['limits'][number] => ({
  id,
  kind: 'threshold',
  role: 'o2.h2_vol_pct',
  reaction: 'trip',
  trips: '>',
  limit: 2,
  unit: 'vol_pct',
  delay_s: 2,
  armed: 'always',
  armed_s: 100,
  closest: 1.5,
  distance: 0.5,
  ofLimit_frac: 0.75,
  way_frac: 0.7,
  at: { t_s: 3661, phase: 'wind', step: HOSTILE },
  member: null,
  peak: 1.6,
  u95: 0.05,
  unusable: 0,
  fired: 0,
  firedUnusable: 0,
  ...more,
});
const MONTE_CARLO: MonteCarlo = {
  asked: 40,
  done: 39,
  failed: [{ reason: 'the disk is full', count: 1 }],
  completed: 30,
  varied: ['asr_Ohm_cm2'],
  limits: [
    {
      id: 'h2-in-o2',
      reaction: 'trip',
      unit: 'vol_pct',
      limit: 2,
      fired: 9,
      probability: 9 / 39,
      low: 0.13,
      high: 0.38,
      distance: { p5: -0.1, p50: 0.2, p95: 0.4 },
    },
    {
      id: 'alarm',
      reaction: 'trip',
      unit: 'on',
      limit: 0.5,
      fired: 0,
      probability: 0,
      low: 0,
      high: 0.09,
      distance: null,
    },
  ],
  notProved: 0,
  kpis: [{ id: 'duration', unit: 'h', runs: 39, p5: 15.5, p50: 15.7, p95: 15.9 }],
  closest: {
    id: 'h2-in-o2',
    unit: 'vol_pct',
    distances: [-0.1, 0.1, 0.2, 0.2, 0.2, 0.4],
    moved_by: [{ parameter: 'asr_Ohm_cm2', rank_correlation: -0.83 }],
  },
  findings: [],
};
const REHEARSAL: Rehearsal = rehearsalSchema.parse({
  bench: 'b',
  method: 'm',
  seed: 1,
  outcome: 'completed',
  duration_s: 100,
  planned_s: 90,
  energy: null,
  energyOut: null,
  h2: null,
  n2_NL: null,
  rows: 1,
  bytes: 1,
  end: null,
  unproven: [],
  judged: [],
  limits: [
    limit('fired-one', { fired: 2, closest: 2.5, distance: -0.5, way_frac: 1.4 }),
    limit('near-one', {}),
    limit('unarmed', {
      closest: null,
      distance: null,
      ofLimit_frac: null,
      way_frac: null,
      at: null,
      armed: 'purge',
      armed_s: 0,
    }),
    limit('pressure-rate', { unit: 'barg/min', limit: 5, closest: 1, distance: 4 }),
  ],
  setpoints: [],
  steps: [
    {
      phase: 'wind',
      step: 'follow',
      op: 'follow',
      runs: 1,
      ended: [{ by: 'time', text: 'profile ended', count: 1 }],
    },
    {
      phase: 'wind',
      step: HOSTILE,
      op: 'wait',
      runs: 2,
      ended: [{ by: 'time-out', text: 'time-out after 3 s', count: 2 }],
    },
    { phase: 'wind', step: 'lost', op: 'wait', runs: 0, ended: [] },
  ],
  badReadings: [],
  methodLimits: [],
  suspensions: [],
  shortSteps: [],
  sameFigures: [],
  figures: [],
  phases: [],
  findings: [{ level: 'warning', text: `beware ${HOSTILE}` }],
  monteCarlo: MONTE_CARLO,
} satisfies Rehearsal);

/** Widths of the bars of a picture, in order. */
const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect class="bar[^"]*" x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map(m => Number(m[1]));

describe('a rehearsal in the report', () => {
  it('never lets text become markup', () => {
    const html =
      findingsList(REHEARSAL) +
      limitsSection(REHEARSAL.limits) +
      stepsSection(REHEARSAL) +
      monteCarloSection(MONTE_CARLO);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('says that nothing was found where nothing was', () => {
    expect(findingsList({ ...REHEARSAL, findings: [] })).toContain('Nothing found.');
    expect(stepsSection({ ...REHEARSAL, steps: REHEARSAL.steps.slice(0, 1) })).toContain(
      'Every step was reached',
    );
  });

  it('limits: the fired one reaches the limit, the others their part of the way; the unarmed stand in the table only', () => {
    const html = limitsSection(REHEARSAL.limits);
    const [fired, near, rate] = widths(html);
    expect(widths(html)).toHaveLength(3);
    expect(near / fired).toBeGreaterThan(0.65);
    expect(near / fired).toBeLessThan(0.7 + 1e-3);
    expect(rate).toBe(near);
    expect(html).toContain('0.5000 vol % left');
    expect(html).toContain('>fired</text>');
    expect(html).toContain('never armed (purge)');
    expect(html).toContain('bar(g)/min');
    expect(html).toContain('1:01:01');
  });

  it('limits of the method stand beside those of the bench, with who set them', () => {
    const own = { kind: 'deadline', by: 'step soak', where: 'm.yaml:4', condition: 'within 2 h' } as const;
    const more = { reaction: 'next', within_s: 7200, longest_s: 1800, fired: 0, at: null } as const;
    const html = limitsSection(REHEARSAL.limits, [{ ...own, ...more }]);
    expect(html).toContain('<td>step soak (m.yaml:4)</td><td>goes on elsewhere</td>');
    expect(html).toContain('<td class="n">25 %</td>');
    expect(html).toContain('<td>the bench</td>');
    expect(limitsSection([], [{ ...own, ...more }])).toContain('within 2 h');
  });

  it('steps: only those that need a look', () => {
    const html = stepsSection(REHEARSAL);
    expect(html).toContain('2 x time-out: time-out after 3 s');
    expect(html).toContain('never reached');
    expect(html).not.toContain('profile ended');
  });

  it('Monte Carlo: probability with its whisker, histogram with the limit, what moves it', () => {
    const html = monteCarloSection(MONTE_CARLO);
    expect(html).toContain('39 of 40 runs, 30 completed');
    expect(html).toContain('23 % (9)');
    expect(html).toMatch(/class="whisker"/);
    expect(html).toContain('What is left to h2-in-o2 in each run');
    expect(html).toContain('>limit</text>');
    expect(html).toContain('-0.83');
    expect(html).toContain('asr_Ohm_cm2');
    // A switch that never fired has no bar.
    expect(html).not.toContain('>alarm</text>');
  });
});

describe('bars and histogram', () => {
  it('say so where there is nothing to draw', () => {
    expect(drawBars({ title: 't', bars: [] })).toContain('nothing to show');
    expect(drawHistogram({ title: 't', xLabel: 'x', values: [], limit: { at: 0, label: 'l' } })).toContain(
      'No run has a value',
    );
  });

  it('every value is in a bin, equal ones and a far limit included', () => {
    const svg = drawHistogram({
      title: 't',
      xLabel: 'x',
      values: [5, 5, 5, 5],
      limit: { at: 0, label: 'far' },
    });
    expect(widths(svg)).toHaveLength(1);
    expect(svg).not.toContain('>far<');
    expect(svg).not.toMatch(/NaN|Infinity/);
    const spread = drawHistogram({
      title: 't',
      xLabel: 'x',
      values: [1, 2, 3, 4, 5, 6],
      limit: { at: 0, label: 'near' },
    });
    expect(widths(spread)).toHaveLength(6);
    expect(spread).toContain('>near<');
  });
});

describe('a rehearsal on the terminal', () => {
  it('shows every figure, so that one that fails is never left out', () => {
    const figures = Array.from({ length: 45 }, (_, i) => ({
      id: `resistance-at-${i}-pct`,
      phase: 'hppc',
      value: 1 + i,
      u95: 0.01,
      unit: 'mOhm',
      definition: 'd',
      basis: 'default' as const,
    }));
    const failed = { outcome: 'fail', is: '<', limit: 2 } as const;
    const text = rehearsalText({
      ...REHEARSAL,
      figures: figures.map((one, i) => (i === 44 ? { ...one, criterion: failed } : one)),
    });
    for (const { id } of figures) expect(text).toContain(id);
    expect(text).toMatch(/resistance-at-44-pct.*FAIL \(< 2/);
  });

  it('a limit that fired stands under what it fired on; one that was armed too shortly is told as that', () => {
    const fired = limit('low', { fired: 1, closest: 2.1, distance: -0.1 });
    const short = limit('short', { closest: null, distance: null, at: null, armed_s: 1, peak: 0.4 });
    const none = limit('none', { closest: null, distance: null, at: null, armed_s: 1, peak: null });
    const text = rehearsalText({ ...REHEARSAL, limits: [fired, short, none] });
    expect(text).toContain(
      'Limits: those that fired, with what they fired on or beyond it, then the nearest',
    );
    expect(text).toMatch(/low FIRED +trip +2.1 vol %/);
    expect(text).toMatch(/short .*armed for less than its delay/);
    expect(text).toMatch(/none .*no usable value/);
    expect(limitsSection([fired, short])).toMatch(/short.*armed for less than its delay/);
    expect(rehearsalText({ ...REHEARSAL, limits: [short] })).toContain('Limits, the nearest first');
  });

  it('limits that it leaves out are counted, with where they are', () => {
    const limits = Array.from({ length: 23 }, (_, i) => limit(`limit-${i}`, {}));
    expect(rehearsalText({ ...REHEARSAL, limits })).toContain(
      '3 farther ones in report.html and rehearsal.json',
    );
  });
});
