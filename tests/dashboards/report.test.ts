import { describe, expect, it } from 'vitest';
import type { CurvePoint, Kpi, ReportData, RunResult, Series } from '../../control/view.ts';
import { renderReport } from '../../dashboards/report.ts';
import { resultTable } from '../../dashboards/terminal/progress.ts';
import { plainResult } from '../support/plain-result.ts';

const HOSTILE = `<script>alert("x")</script> & 'more'`;

function series(role: string, unit: string, n: number, at: (t_s: number) => number | null): Series {
  const t_s = Array.from({ length: n }, (_, i) => i);
  return { role, unit, t_s, value: t_s.map(at) };
}

function curve(offset_V: number): CurvePoint[] {
  const currents = [100, 200, 500, 1000, 1500, 2000];
  const point = (leg: 'up' | 'down', current_A: number): CurvePoint => ({
    leg,
    current_A,
    cellVoltage_V: 1.5 + current_A / 5000 + offset_V,
    u95_V: 0.002,
  });
  return [...currents.map(i => point('up', i)), ...currents.toReversed().map(i => point('down', i))];
}

function kpi(id: string, unit: string, value: number | null, more: Partial<Kpi> = {}): Kpi {
  return { id, unit, value, definition: `definition of ${id}`, basis: 'sourced', ...more };
}

function night(n = 1000, change: Partial<ReportData> = {}): ReportData {
  return {
    title: 'A night',
    startedUtc: '2026-01-02T18:00:00.000Z',
    software: 'cellbench 0.1.0',
    subject: 'stack',
    result: plainResult({
      verdict: 'passed',
      seed: 7,
      simulated_s: n,
      rows: 123456,
      bench: 'pem-500kw',
      method: 'night',
      mode: 'rehearsal',
      timeFactor: 1,
      reason: 'all phases ended as planned',
      cause: { by: 'procedure', id: 'complete' },
      unproven: [],
      phases: [
        { name: 'leak test', start_s: 0, end_s: n / 4, ended_by: 'conditions met' },
        { name: 'wind', start_s: n / 4, end_s: n, ended_by: 'time' },
      ],
      kpis: [
        kpi('specificEnergy_kWh_per_kg', 'kWh_per_kg', 54.1234, { u95: 0.631 }),
        kpi('drift_uV_per_h', 'uV_per_h', null),
        kpi('trackingError_pct', 'pct', 0.84321, { phase: 'wind' }),
      ],
    }),
    voltammograms: [],
    curves: [
      { name: 'begin', points: curve(0), activeArea_cm2: 1000 },
      { name: 'end', points: curve(0.005), activeArea_cm2: 1000 },
    ],
    spectra: [],
    powerAsked: series('stack.powerAsked_kW', 'kW', n, t => (t > n / 4 ? 300 + (t % 60) : null)),
    powerDrawn: series('stack.power_W', 'W', n, t => (t > n / 4 ? 299_000 + (t % 60) * 1000 : 0)),
    pressure: series('cathode.pressure_barg', 'barg', n, t => 30 * Math.sin((Math.PI * t) / n)),
    h2InO2: series('o2.h2_vol_pct', 'vol_pct', n, t => 0.4 + 0.2 * Math.sin(t / 50)),
    h2InO2Limits: [
      { label: 'warn', value: 1 },
      { label: 'trip', value: 2 },
    ],
    cellSpread: series('cell.spread_mV', 'mV', n, t => 20 + (t % 7)),
    temperature: series('stack.temperature_degC', 'degC', n, t => 60 + Math.sin(t)),
    traces: [],
    discharges_Ah: [],
    cellProfile: { begin_V: [1.8, 1.81, 1.79], end_V: [1.81, 1.82, 1.8], current_A: 2000 },
    events: [{ t_s: 5, kind: 'phase', text: 'leak test' }],
    devices: [{ id: 'supply', driver: 'ea/psb-10000', channels: 5, frames: 57300, badFrames: 3 }],
    ...change,
  };
}

describe('report', () => {
  const html = renderReport(night());

  it('has every picture, with its axes', () => {
    const pictures = [...html.matchAll(/<svg viewBox="0 0 900 \d+" role="img" aria-label="([^"]*)"/g)].map(
      m => m[1],
    );
    expect(pictures).toEqual([
      'Polarisation curves: mean cell voltage over current density',
      'Power asked and power drawn',
      'Cathode pressure and hydrogen in oxygen',
      'Cell-voltage spread over time (largest minus smallest)',
      'Cell by cell at 2000 A, begin and end',
      'Stack temperature',
    ]);
    for (const label of [
      'current density, A/cm²',
      'mean cell voltage, V',
      'difference, mV',
      'power, kW',
      'pressure, bar(g)',
      'H₂ in O₂, vol %',
      'spread, mV',
      'cell number',
      'temperature, °C',
      'run time, min',
    ]) {
      expect(html, label).toContain(`>${label}</text>`);
    }
    expect(html).toContain('>trip: 2 vol %</text>');
  });

  it('needs nothing else: no address, no script, no import, no font', () => {
    expect(html).not.toMatch(/https?:|\/\/[a-z]|<script|<link|<img|@import|url\(|src=/i);
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('puts verdict, reason and what was simulated first', () => {
    const order = ['Verdict: passed', 'all phases ended as planned', 'No real stack was measured', '54.12'];
    const places = order.map(text => html.indexOf(text));
    expect(places.every(place => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it.each([
    ['passed', 'good'],
    ['failed', 'bad'],
    ['completed', 'good'],
    ['completed, safe state NOT fully proved', 'bad'],
    ['aborted by a trip', 'bad'],
    ['stopped', ''],
    ['not set', ''],
    ['passed over', ''],
  ])('verdict %s looks %s', (verdict, tone) => {
    const data = night(10);
    expect(renderReport({ ...data, result: { ...data.result, verdict } })).toContain(
      `class="verdict ${tone}"`,
    );
  });

  it.each([
    ['fail', 'bad'],
    ['undecided', ''],
    ['pass', 'good'],
  ] as const)(
    'a criterion with %s shows at the top, with the figure and what was wanted',
    (outcome, tone) => {
      const data = night(10);
      const result: RunResult = {
        ...data.result,
        criteria: outcome,
        kpis: [kpi('margin', 'mV', -2.613, { u95: 0.61, criterion: { is: '>', limit: 0, outcome } })],
      };
      const said = 'margin: -2.61 +- 0.61 mV, wanted &gt; 0 mV: ';
      const top = renderReport({ ...data, result }).split('<div class="keys">')[0];
      expect(top).toContain(`class="verdict ${tone}"`);
      expect(top.includes(`${said}${outcome}`)).toBe(outcome !== 'pass');
      const lines = resultTable(result).split('\n');
      expect(lines[1]).toBe(`Criteria of the methods: ${outcome}`);
      expect(lines[2].startsWith('  margin: -2.61 +- 0.61 mV, wanted > 0 mV: ')).toBe(outcome !== 'pass');
    },
  );

  it('says how the run was made', () => {
    const data = night(10);
    const as = (mode: 'wire' | 'bench', timeFactor: number): string =>
      renderReport({ ...data, result: { ...data.result, mode, timeFactor } });
    expect(as('wire', 191)).toContain('191 times faster than life');
    expect(as('bench', 1)).toContain('Measured on real instruments');
    expect(as('bench', 1)).not.toContain('Simulated.');
  });

  it('says what the numbers of a state mean', () => {
    const words = { '0': 'idle', '3': 'heating' };
    const state = { ...series('oven.state_count', 'count', 100, t => (t > 50 ? 3 : 0)), words };
    // A long label stands in two lines.
    const inOne = renderReport(night(100, { traces: [state] })).replace(/<\/text>\s*<text [^>]*>/g, ' ');
    expect(inOne).toContain('oven state: 0 idle, 3 heating</text>');
  });

  it('shows a figure with its uncertainty, and a missing one as no value', () => {
    expect(html).toContain('54.12<span class="u95"> ± 0.63</span></td><td class="u">kWh/kg');
    expect(html).toContain('<span class="none">no value</span></td><td class="u">µV/h');
    expect(html).toContain('definition of drift_uV_per_h');
  });

  it('escapes every text that came from a file or an instrument', () => {
    const data = night(10);
    const hostile = renderReport({
      ...data,
      title: HOSTILE,
      software: HOSTILE,
      startedUtc: HOSTILE,
      curves: data.curves.map(c => ({ ...c, name: HOSTILE })),
      h2InO2Limits: [{ label: HOSTILE, value: 1 }],
      events: [{ t_s: 1, kind: HOSTILE, text: HOSTILE }],
      devices: [{ id: HOSTILE, driver: HOSTILE, channels: 1, frames: 1, badFrames: 0 }],
      result: {
        ...data.result,
        verdict: HOSTILE,
        reason: HOSTILE,
        bench: HOSTILE,
        method: HOSTILE,
        phases: [{ name: HOSTILE, start_s: 0, end_s: 9, ended_by: HOSTILE }],
        kpis: [
          { id: HOSTILE, phase: HOSTILE, value: 1, unit: HOSTILE, definition: HOSTILE, basis: 'default' },
          { id: HOSTILE, value: 1, unit: HOSTILE, definition: HOSTILE, basis: 'default' },
        ],
      },
    });
    expect(hostile).not.toContain('<script');
    expect(hostile.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(20);
  });

  it('draws a gap where values are missing, and a lone point as a dot', () => {
    const values = [1, 2, null, 3, Number.NaN, 4, 5];
    const data = night(7, {
      temperature: series('stack.temperature_degC', 'degC', 7, t => values[t] ?? null),
    });
    const figure = renderReport(data).split('<figcaption>Stack temperature')[1] ?? '';
    const path = /<path class="line c1" d="(M[^"]*M[^"]*)"/.exec(figure)?.[1] ?? '';
    expect(path.match(/M/g)).toHaveLength(3);
    expect(path.match(/L/g)).toHaveLength(2);
    expect(path.match(/h0/g)).toHaveLength(1);
  });

  it('says so in words when nothing was recorded', () => {
    const nothing = series('x.y_V', 'V', 0, () => null);
    const empty = renderReport(
      night(100, {
        curves: [],
        powerAsked: nothing,
        powerDrawn: nothing,
        pressure: nothing,
        h2InO2: nothing,
        cellSpread: series('cell.spread_mV', 'mV', 100, () => null),
        temperature: nothing,
        cellProfile: null,
        events: [],
        h2InO2Limits: [],
      }),
    );
    expect(empty.match(/No usable values were recorded/g)?.length).toBeGreaterThanOrEqual(4);
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('stays small with 60,000 points a line, and keeps the highest of them', () => {
    const n = 60_000;
    const peak = series('stack.temperature_degC', 'degC', n, t => (t === 31_234 ? 99 : 60 + Math.sin(t)));
    const big = renderReport(night(n, { temperature: peak }));
    expect(big.length).toBeLessThan(1_500_000);
    const ys = [...(big.split('<figcaption>Stack temperature')[1] ?? '').matchAll(/[ML][\d.]+,([\d.]+)/g)];
    const top = Math.min(...ys.map(match => Number(match[1])));
    // The peak touches the upper part of the frame: 6 % of air above it, frame from 26 to 156.
    expect(top).toBeLessThan(26 + 0.1 * 130);
    expect(big).toContain('>run time, h</text>');
  });

  it('stays small when every other value is missing', () => {
    const n = 60_000;
    const holed = series('stack.temperature_degC', 'degC', n, t => (t % 2 === 0 ? t : null));
    expect(renderReport(night(n, { temperature: holed })).length).toBeLessThan(1_500_000);
  });

  it('cuts a long list of events and says how many are missing', () => {
    const events = Array.from({ length: 1450 }, (_, i) => ({ t_s: i, kind: 'step', text: `event ${i}.` }));
    const long = renderReport(night(10, { events }));
    expect(long).toContain('event 199.');
    expect(long).not.toContain('event 200.');
    expect(long).toContain('1250 more in the journal');
  });

  it('keeps a late trip in a long list of lesser events', () => {
    const common = Array.from({ length: 1000 }, (_, i) => ({
      t_s: i,
      kind: 'standby',
      text: `standby ${i}.`,
    }));
    const trip = { t_s: 999, kind: 'alarm', text: 'h2-in-o2-trip' };
    const long = renderReport(night(10, { events: [...common, trip] }));
    expect(long).toContain('<td>alarm</td><td>h2-in-o2-trip</td>');
    expect(long).toContain('standby 198.');
    expect(long).not.toContain('standby 199.');
    expect(long.indexOf('standby 198.')).toBeLessThan(long.indexOf('h2-in-o2-trip'));
  });

  it('the difference curve compares each leg at the same current, in mV', () => {
    const data = night(10);
    const first = data.curves[0];
    const last = data.curves[1];
    if (first === undefined || last === undefined) throw new Error('two curves expected');
    // 5 % off in current: no partner, so no difference is made up.
    const shifted = { ...last, points: last.points.map(p => ({ ...p, current_A: p.current_A * 1.05 })) };
    expect(html).toContain('end minus begin, up');
    expect(renderReport({ ...data, curves: [first, shifted] })).not.toContain('end minus begin');
  });
});
