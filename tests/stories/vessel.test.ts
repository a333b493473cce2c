import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cellbench, ROOT, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { withTables } from './support/run-folder.ts';

/** A vessel of gas under test: the hydride example as a person rehearses it, and benches that cannot be meant. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const EXAMPLE = join(ROOT, 'examples/hydride-pct');
const METHOD = join(EXAMPLE, 'pct.yaml');

describe('an isotherm of LaNi5', { timeout: RUN_TIMEOUT_MS }, () => {
  it('goes up over one plateau and down over a lower one', async () => {
    const out = join(scratch.path, 'pct');
    const ended = await cellbench('rehearse', join(EXAMPLE, 'bench.yaml'), METHOD, '--out', out);
    expect(ended.code, told(ended)).toBe(0);
    const opened = withTables(out, db =>
      db
        .prepare(
          'SELECT samplePressure_bara AS p, sampleTemperature_degC AS t, sampleValve_on AS v FROM frames_gasRack',
        )
        .all(),
    ) as { p: number; t: number; v: number }[];
    // Where a valve that was open is shut again, the sample has come to rest.
    const rested = opened.filter(({ v }, k) => v === 1 && opened[k + 1]?.v === 0).map(({ p }) => p);
    expect(rested.length).toBeGreaterThan(10);
    const full = rested.indexOf(Math.max(...rested));
    // 40 degC by van 't Hoff: absorption 4.15 bara, desorption 3.4 bara.
    const near = (bara: number) => (p: number) => Math.abs(p / bara - 1) < 0.15;
    expect(rested.slice(0, full).some(near(4.15))).toBe(true);
    expect(rested.slice(full).some(near(3.4))).toBe(true);
    expect(Math.max(...opened.map(({ t }) => t))).toBeGreaterThan(50);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('No real vessel was measured');
  });
});

describe('a bench of a vessel', { timeout: RUN_TIMEOUT_MS }, () => {
  const bench = readFileSync(join(EXAMPLE, 'bench.yaml'), 'utf8');
  scratch.write('gas-rack-nodes.yaml', readFileSync(join(EXAMPLE, 'gas-rack-nodes.yaml'), 'utf8'));
  it.each([
    [
      'twin:\n  plant: hydride',
      'twin:\n  plant: spme',
      /"spme" is no plant of a vessel, expected one of hydride/,
    ],
    ['set: lani5', 'set: lani6', /"lani6" is no set of hydride, expected one of lani5/],
    ['alloy_g: 10', 'alloy_kg: 10', /"alloy_kg" is no parameter of hydride/],
    ['pressureMax_barg: 100', 'pressureMax_barg: 70', /vessel\.pressureMax_barg 70/],
    ['vessel:\n', 'cell: {}\nvessel:\n', /expected one of `stack`, `cell` and `vessel`|cell/],
    [
      /trips: '>', limit: 90, rearm: 80, delay_s: 0, reaction: trip/g,
      "trips: '>', limit: 90, rearm: 80, delay_s: 0, reaction: warn",
      /made for 100 barg, and no interlock trips on a pressure/,
    ],
  ] as const)('is refused with %s -> %s', async (from, to, says) => {
    const changed = bench.replace(from, to);
    expect(changed).not.toBe(bench);
    const ended = await cellbench('rehearse', scratch.write('bench.yaml', changed), METHOD);
    expect(ended.code, told(ended)).toBe(2);
    expect(told(ended)).toMatch(says);
  });
});
