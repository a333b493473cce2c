import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runWithTruth, type TruthRun } from '../../../support/truth-run.ts';

/**
 * Methods that measure impedance on the twin, with an instrument for it on the bench: figures against those of the plant's
 * true impedance, |value - truth| <= u95.
 */

const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;
const ANALYSER = `
  analyser:
    driver: generic/impedance-json
    poll_s: 5
    stale_after_s: 20
    options: { host: 127.0.0.1, port: 7000, name: FRA, band_Hz: [0.001, 1000000], amplitudeMax_V: 0.1, amplitudeMax_A: 200, accuracy: { modulus_pct: 0.5, phase_deg: 0.2, basis: default } }
`;

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true });
});

/** A copy of an example bench with the instrument, and whatever else is said otherwise. */
function benchWith(name: string, change: (text: string) => string = text => text): string {
  const dir = mkdtempSync(join(tmpdir(), 'spectra-'));
  made.push(dir);
  cpSync(join(EXAMPLES, name), dir, { recursive: true });
  const path = join(dir, 'bench.yaml');
  const text = change(readFileSync(path, 'utf8')).replace('\ndevices:\n', `\ndevices:${ANALYSER}`);
  writeFileSync(path, text);
  return path;
}

const run = (bench: string, steps: string, seed: number): Promise<TruthRun> =>
  runWithTruth(bench, `method: m\nversion: 2\nsteps:\n${steps}\n`, { seed });

/** Every figure of these names that has a value: it holds the truth. */
function holds({ kpis, trueKpis }: TruthRun, names: RegExp): string[] {
  return kpis
    .filter(({ id, value }) => names.test(id) && value !== null)
    .map(({ id, value, u95 = Number.NaN }) => {
      const truth = trueKpis.find(kpi => kpi.id === id)?.value ?? Number.NaN;
      const isWithin = Math.abs((value ?? Number.NaN) - truth) <= u95;
      expect(isWithin, `${id}: ${value} +- ${u95}, true ${truth}`).toBe(true);
      return id;
    });
}

describe('impedance at loads', () => {
  it('of a stack: hfr and rp of each load hold the truth, the load stays', async () => {
    const bench = benchWith('pem-500kw');
    const found = await run(
      bench,
      `- { call: purge, with: { purge_min: 3 } }
- { call: start-stack, with: { load_pct: 30, band_K: 50 } }
- { call: eis-at-loads, with: { loads_pct: [30, 20], dwell_min: 3, to_Hz: 1, circuit_text: "L0-R0-p(R1,CPE1)" } }`,
      3,
    );
    expect(found.state, found.reason).toBe('Complete');
    const ids = holds(found, /^(hfr|rp|drift)-at|^circuit-R/);
    expect(ids).toEqual([
      'hfr-at-30pct',
      'rp-at-30pct',
      'drift-at-30pct',
      'circuit-R0-at-30pct',
      'circuit-R1-at-30pct',
      'hfr-at-20pct',
      'rp-at-20pct',
      'drift-at-20pct',
      'circuit-R0-at-20pct',
      'circuit-R1-at-20pct',
    ]);
    const of = (id: string) => found.kpis.find(kpi => kpi.id === id);
    expect(of('hfr-at-30pct')?.unit).toBe('mOhm.cm2');
    expect(of('hfr-at-30pct')?.definition).toMatch(/Re at Im = 0, at \d+ Hz/);
    expect(of('kk-residual-at-30pct')?.value).toBeLessThan(0.3);
    // One process: charge transfer beside the double layer; its figures are those of the exact circuit.
    const truth = (id: string) => found.trueKpis.find(kpi => kpi.id === `circuit-${id}-at-30pct`)?.value ?? 0;
    const away = (id: string, exact: number): number =>
      Math.abs((of(id)?.value ?? Number.NaN) - exact) / (of(id)?.u95 ?? Number.NaN);
    const area = found.trueKpis.find(kpi => kpi.id === 'rp-at-30pct')?.value ?? Number.NaN;
    expect(away('relaxation-at-30pct', area)).toBeLessThan(1);
    // The double layer is ideal: exponent 1.
    const tau_s = truth('R1') * truth('CPE1.Q');
    expect(away('relaxation-time-1-at-30pct', tau_s)).toBeLessThan(1);
    const [cells, area_cm2] = ['cells', 'activeArea_cm2'].map(key =>
      Number(new RegExp(`${key}: *([0-9.]+)`).exec(readFileSync(bench, 'utf8'))?.[1]),
    );
    const exact = (truth('R1') * 1000 * area_cm2) / cells;
    expect(away('relaxation-resistance-1-at-30pct', exact)).toBeLessThan(1);
    expect(of('relaxation-time-1-at-30pct')?.unit).toBe('s');
  });
});

describe('a stress with spectra in it', () => {
  it('tells the change of hfr, nearer than an instrument tells hfr itself', async () => {
    const spectrum = '{ eis: { amplitude_pct: 5, from_Hz: 10000, to_Hz: 10 }, within_min: 5 }';
    const found = await run(
      benchWith('pem-500kw'),
      `- { call: purge, with: { purge_min: 3 } }
- { call: start-stack, with: { load_pct: 30, band_K: 50 } }
- evaluate: ast-wave
  repeat: { times: 2 }
  steps:
  - { cc: { current_pct: 30, per_s: 1 }, for_min: 5 }
  - ${spectrum}`,
      6,
    );
    expect(found.state, found.reason).toBe('Complete');
    expect(holds(found, /^change-hfr$/)).toEqual(['change-hfr']);
    const change = found.kpis.find(({ id }) => id === 'change-hfr');
    expect(change?.unit).toBe('mOhm.cm2');
    // 0.5 % of some 200 mOhm cm2 would be 1.
    expect(change?.u95).toBeLessThan(0.5);
  });

  it('without any it says so', async () => {
    const { kpis } = await run(
      benchWith('pem-500kw'),
      `- evaluate: ast-wave
  steps: [{ wait: {}, for_s: 5 }]`,
      1,
    );
    const change = kpis.find(({ id }) => id === 'change-hfr');
    expect(change?.value).toBeNull();
    expect(change?.definition).toMatch(/no two spectra were measured in it/);
  });
});

/** A garnet pellet, 1 mm thick and 12 mm wide, 7.3e-4 S/cm in all at 25 degC, in place of the cell. */
function pelletBench(): string {
  const path = benchWith('cell-cycling', text =>
    text
      .replace(/\ncell:\n[\s\S]*?\n# Which number/, `\n${PELLET}\n# Which number`)
      .replaceAll('{ min: 2.5, max: 4.2 }', '{ min: 0, max: 1 }')
      .replace(/voltageMinSet_V: \{[^}]*\}/, 'voltageMinSet_V: { min: 0, max: 1 }')
      .replace('limit: 4.25, rearm: 4.2', 'limit: 1.05, rearm: 1')
      .replace('limit: 2.4, rearm: 2.5', 'limit: -0.05, rearm: 0'),
  );
  const nodes = join(path, '../cycler-nodes.yaml');
  writeFileSync(nodes, readFileSync(nodes, 'utf8').replace('range: [-1, 6]', 'range: [-6, 6]'));
  return path;
}

const PELLET = `cell:
  name: LLZO pellet
  chemistry: Li7La3Zr2O12, Ta
  capacity_Ah: 5
  currentMax_A: 10
  voltageMin_V: -0.04
  voltageMax_V: 1
  activeArea_cm2: 1.13097
  figures: { thickness_mm: 1 }

twin: { plant: pellet, set: llzo-ta }
`;

describe('conductivity of a pellet', () => {
  it('at each temperature, and the activation energy', async () => {
    const steps =
      '- { call: conductivity, with: { thickness_mm: 1, temperatures_degC: [15, 25, 35], stand_min: 10 } }';
    const found = await run(pelletBench(), steps, 4);
    expect(found.state, found.reason).toBe('Complete');
    const ids = ['conductivity-at-15degC', 'conductivity-at-25degC', 'conductivity-at-35degC'];
    expect(holds(found, /^conductivity/)).toEqual(ids);
    const at25 = found.kpis.find(({ id }) => id === 'conductivity-at-25degC');
    // As the set of the plant declares it; the pellet is up to half a kelvin away.
    expect(Math.abs((at25?.value ?? 0) - 7.3e-4)).toBeLessThan((at25?.u95 ?? 0) + 0.015 * 7.3e-4);
    const energy = found.kpis.find(({ id }) => id === 'activation-energy');
    // Bulk 36.7, boundaries 40.5: most of it is bulk.
    expect(energy?.value).toBeGreaterThan(36.5);
    expect(energy?.value).toBeLessThan(37.8);
    expect(energy?.unit).toBe('kJ/mol');
  });
});

it('a block of its own takes the thickness from the bench', async () => {
  const steps =
    '- evaluate: conductivity\n  steps:\n  - { set: { chamber.temperature_degC: 25 } }\n  - { wait: {}, for_min: 40 }\n  - { eis: { amplitude_mV: 10, from_Hz: 1000000, to_Hz: 10, dc: open }, within_min: 15 }';
  const found = await run(pelletBench(), steps, 4);
  const figure = found.kpis.find(({ id }) => id.startsWith('conductivity'));
  expect(Math.abs((figure?.value ?? 0) - 7.3e-4)).toBeLessThan((figure?.u95 ?? 0) + 0.03 * 7.3e-4);
});

describe('impedance at states of charge', () => {
  it('of a cell: one figure a level, rp without a value says why', async () => {
    const found = await run(
      benchWith('cell-cycling'),
      '- { call: eis-at-soc, with: { levels_pct: [80, 50], rest_min: 5, rate_C: 1/2 } }',
      5,
    );
    expect(found.state, found.reason).toBe('Complete');
    expect(holds(found, /^(hfr|drift)-at/)).toEqual([
      'hfr-at-80pct',
      'drift-at-80pct',
      'hfr-at-50pct',
      'drift-at-50pct',
    ]);
    const times = found.kpis.find(({ id }) => id === 'relaxation-at-50pct');
    expect(times?.value).toBeNull();
    expect(times?.definition).toMatch(/the band does not reach the end of the last arc/);
    const rp = found.kpis.find(({ id }) => id === 'rp-at-50pct');
    expect(rp).toMatchObject({ value: null, unit: 'mOhm' });
    expect(rp?.definition).toMatch(
      /the band does not reach the end of the arc: at 0.01 Hz Im is \d+ % of it/,
    );
  });

  it('a circuit that is none is refused before the start, with its method', async () => {
    const steps = '- { call: eis-at-soc, with: { circuit_text: "R0-p(R1" } }';
    await expect(run(benchWith('cell-cycling'), steps, 1)).rejects.toThrow(/circuit_text: .*p\(R1/);
  });
});
