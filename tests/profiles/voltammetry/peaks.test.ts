import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { cyclicVoltammetry } from '../../../profiles/language/methods/voltammetry/cyclic-voltammetry.ts';
import type { RecordedPart, RecordedRun, RecordedVoltammogram } from '../../../profiles/recorded-run.ts';
import { type Branch, branchesOf, peakOf } from '../../../profiles/voltammetry/peaks.ts';

/** Peaks of curves whose peaks are known. */

/** A surface wave (4 x (1 - x) of a Nernstian fraction x) on a slope, with scatter. */
function waveOf(options: {
  isRising?: boolean;
  at_V?: number;
  slope_A_per_V?: number;
  scatter_A?: number;
  seed?: number;
}): Branch {
  const { isRising = true, at_V = 0.3, slope_A_per_V = 0, scatter_A = 0, seed = 1 } = options;
  const random = seededRandom(seed);
  const set_V = Array.from({ length: 401 }, (_, i) => (isRising ? i : 400 - i) * 2e-3 - 0.1);
  const current_A = set_V.map(v => {
    const frac = 1 / (1 + Math.exp(-(v - at_V) / 0.0257));
    const sign = isRising ? 1 : -1;
    return sign * 4e-3 * frac * (1 - frac) + slope_A_per_V * (v - at_V) + scatter_A * random.gauss();
  });
  return { isRising, set_V, voltage_V: set_V.map(v => v + 5e-4), current_A };
}

describe('the peak of a sweep', () => {
  it.each([true, false])('rising %s: where the current turns, with the sign of the sweep', isRising => {
    const found = peakOf(waveOf({ isRising }));
    if ('missing' in found) throw new Error(found.missing);
    // The voltmeter shows 0.5 mV more than is set.
    expect(found.voltage_V).toBeCloseTo(0.3005, 4);
    expect(found.current_A).toBeCloseTo(isRising ? 1e-3 : -1e-3, 5);
    expect(found.voltageU95_V).toBeLessThan(2e-3);
  });

  it('lies within its uncertainty in about 95 of 100 curves with scatter', () => {
    let [inV, inA] = [0, 0];
    const n = 200;
    for (let seed = 1; seed <= n; seed++) {
      const found = peakOf(waveOf({ scatter_A: 1e-5, seed }));
      if ('missing' in found) throw new Error(found.missing);
      if (Math.abs(found.voltage_V - 0.3005) <= found.voltageU95_V) inV++;
      if (Math.abs(found.current_A - 1e-3) <= found.currentU95_A) inA++;
    }
    for (const within of [inV, inA]) {
      expect(within / n).toBeGreaterThan(0.91);
      expect(within / n).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    [
      'a slope that drowns it',
      { slope_A_per_V: 0.05 },
      /no peak in the sweep upwards: .* largest at its end/,
    ],
    ['scatter alone', { at_V: 5, scatter_A: 1e-5 }, /no peak in the sweep upwards/],
    ['a downward slope', { slope_A_per_V: -0.05 }, /largest at its begin/],
  ])('%s: none, with the reason', (_, options, why) => {
    expect(peakOf(waveOf(options))).toMatchObject({ missing: expect.stringMatching(why) });
  });

  it('a curve is parted where the potential turns', () => {
    const voltageSet_V = [0, 0.1, 0.2, 0.1, 0, -0.1, 0, 0, 0.1];
    const branches = branchesOf({ voltageSet_V, voltage_V: voltageSet_V, current_A: voltageSet_V });
    expect(branches.map(({ isRising, set_V }) => [isRising, set_V])).toEqual([
      [true, [0.1, 0.2]],
      [false, [0.1, 0, -0.1]],
      [true, [0, 0.1]],
    ]);
  });
});

it('of a potential that was set only, the figures of potential say so', () => {
  const branches = [waveOf({}), waveOf({ isRising: false })];
  const column = (of: (branch: Branch) => readonly number[]) => Float64Array.from(branches.flatMap(of));
  const accuracy = { reading_pct: 0.1, abs: 1e-3, basis: 'default' } as const;
  const measured = {
    name: 'cv',
    label: 'cv',
    instrument: 'pstat',
    request: { kind: 'cv', from_V: -0.1, vertices_V: [0.7, -0.1], step_V: 2e-3, rate_V_per_s: 0.1, scans: 1 },
    levels: {},
    accuracy: { voltage: accuracy, current: accuracy },
    start_s: 0,
    end_s: 16,
    isWhole: true,
    t_s: column(({ set_V }) => set_V.map((_, i) => i)),
    scan_count: column(({ set_V }) => set_V.map(() => 1)),
    voltageSet_V: column(({ set_V }) => set_V),
    voltage_V: column(({ voltage_V }) => voltage_V),
    current_A: column(({ current_A }) => current_A),
    temperature_degC: column(({ set_V }) => set_V.map(() => 25)),
  } satisfies RecordedVoltammogram;
  const part = { start_s: 0, end_s: 16 } as RecordedPart;
  const said = (curve: RecordedVoltammogram) =>
    cyclicVoltammetry
      .evaluate({ voltammograms: [curve] } as unknown as RecordedRun, part)
      .filter(({ definition }) => /was set: it was not measured/.test(definition))
      .map(({ unit }) => unit);
  expect(said(measured)).toEqual([]);
  expect(said({ ...measured, voltageIs: 'set' })).toEqual(['V', 'V', 'mV', 'V']);
});
