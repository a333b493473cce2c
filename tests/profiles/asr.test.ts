import { describe, expect, it } from 'vitest';
import { type AsrPoint, asrOf, asrText } from '../../profiles/stack/asr.ts';
import { seeded } from '../validate/figures/seeded.ts';
import { recordOf } from './record.ts';

/** A bent curve, both legs: 1.45 V + 35 mV ln j + 0.2 Ohm cm2 j, of 1000 cm2. */
function curve(step: number, noise_mV = 0, seed = 1): AsrPoint[] {
  const chance = seeded(seed);
  const loads = Array.from({ length: Math.round(2 / step) }, (_, i) => (i + 1) * step);
  return [...loads, ...loads.slice(0, -1).reverse()].map((j, i) => ({
    leg: i < loads.length ? 'up' : 'down',
    current_A: 1000 * j,
    cellVoltage_V: 1.45 + 0.035 * Math.log(j) + 0.2 * j + 1e-3 * noise_mV * chance.gauss(),
    random_V: 0,
    middle_s: 100 * i,
    temperature_degC: 60,
  }));
}

const gains = recordOf({
  to_s: 1,
  roles: {},
  accuracy: {
    'stack.voltage_V': { reading_pct: 0.3, abs: 0, basis: 'default' },
    'stack.current_A': { reading_pct: 0.4, abs: 0, basis: 'default' },
  },
});

describe('ASR', () => {
  it.each([0.1, 0.2])(
    'of a bent curve without scatter is as uncertain as the gains of its meters, points every %d',
    step => {
      const found = asrOf(gains, curve(step));
      const value = found?.value_mOhm_cm2 ?? Number.NaN;
      // Of both gains together 0.5 %; the meters repeat to a tenth of that over the few minutes of a curve.
      expect(found?.u95_mOhm_cm2).toBeGreaterThan(0.005 * value);
      expect(found?.u95_mOhm_cm2).toBeLessThan(0.006 * value);
    },
  );

  it('two currents, however often, have no slope; three are as uncertain as they lie off their line', () => {
    const at = (j: number, leg: 'up' | 'down', cellVoltage_V: number, i: number): AsrPoint => ({
      leg,
      current_A: 1000 * j,
      cellVoltage_V,
      random_V: 1e-4,
      middle_s: 30 * i,
      temperature_degC: 60,
    });
    // The way down of a stack that warms up lies 31 mV beside the way up.
    const two = [at(0.6, 'up', 1.78, 0), at(1, 'up', 1.92, 1), at(0.6, 'down', 1.749, 2)];
    expect(asrOf(gains, two)).toBeUndefined();
    const three = asrOf(gains, [...two, at(0.8, 'up', 1.85, 3)]);
    expect(three?.u95_mOhm_cm2).toBeGreaterThan(0.2 * (three?.value_mOhm_cm2 ?? Number.NaN));
  });

  it('is as uncertain as its points scatter: 93 to 97 of 100 curves of 0.5 mV noise hold the slope', () => {
    const exact = recordOf({ to_s: 1, roles: {} });
    const truth = asrOf(exact, curve(0.1))?.value_mOhm_cm2 ?? Number.NaN;
    const draws = Array.from({ length: 1000 }, (_, seed) => asrOf(exact, curve(0.1, 0.5, seed)));
    const inside = draws.filter(
      found => Math.abs((found?.value_mOhm_cm2 ?? Number.NaN) - truth) <= (found?.u95_mOhm_cm2 ?? 0),
    );
    expect(inside.length).toBeGreaterThanOrEqual(930);
    expect(inside.length).toBeLessThanOrEqual(970);
  });

  it('says how fast its points came and how the temperature went along: of longer dwells the slope is another', () => {
    const along = curve(0.1).map(p => ({ ...p, temperature_degC: 58 + 1.5 * (p.current_A / 1000) }));
    const text = asrText(asrOf(gains, along));
    expect(text).toContain('a point each 100 s');
    expect(text).toContain('went along with the current by 1.5 K per A/cm2');
    expect(asrText(asrOf(gains, curve(0.1)))).not.toContain('went along');
  });

  it('says at which temperatures it was measured', () => {
    const warmer = curve(0.1).map((p, i) => ({ ...p, temperature_degC: 58 + 0.1 * i }));
    expect(asrText(asrOf(gains, warmer))).toMatch(/the stack was at 58\.\d to 61\.\d degC/);
  });
});
