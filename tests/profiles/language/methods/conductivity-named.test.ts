import { expect, it } from 'vitest';
import { conductivity } from '../../../../profiles/language/methods/spectra/conductivity.ts';
import type { RecordedRun } from '../../../../profiles/recorded-run.ts';
import { CELL } from '../../../validate/figures/cell-record.ts';
import { recordOf } from '../../record.ts';

/** A pellet that was measured beside the temperatures that its figures are named after. */

const E_OVER_R_K = 37_000 / 8.314462618;
const ZERO_K = 273.15;
/** S/cm of 1 mm over 1 cm2. */
const sigmaAt = (degC: number): number =>
  (1 / (degC + ZERO_K)) * 0.22 * Math.exp(-E_OVER_R_K * (1 / (degC + ZERO_K) - 1 / (25 + ZERO_K)));

/** Named after 0, 25 and 60 degC, measured so far nearer to 25 as the thermometer says, which is this far off. */
function figures(off_K: number, meter_K: number) {
  const hand = recordOf({
    to_s: 400,
    roles: { 'cell.voltage_V': () => 0 },
    accuracy: { 'cell.temperature_degC': { reading_pct: 0, abs: 0.3, basis: 'default' } },
  });
  const Hz = Float64Array.from({ length: 40 }, (_, k) => 10 ** (6 - k / 8));
  const spectra = [0, 25, 60].map((named_degC, k) => {
    const degC = named_degC + Math.sign(25 - named_degC) * off_K - meter_K;
    const ohm = 0.1 / sigmaAt(degC);
    return {
      name: 's',
      label: 's',
      instrument: 'a',
      levels: { t_degC: named_degC },
      accuracy: { modulus_pct: 0.1, phase_deg: 0.1, basis: 'default' },
      start_s: 100 * k,
      end_s: 100 * k + 90,
      isWhole: true,
      t_s: Hz.map((_, i) => 100 * k + i),
      frequency_Hz: Hz,
      re_Ohm: Hz.map(() => ohm),
      im_Ohm: Hz.map(f => -1 / (2 * Math.PI * f * 1e-6)),
      voltage_V: Hz.map(() => 0),
      current_A: Hz.map(() => 0),
      temperature_degC: Hz.map(() => degC + meter_K),
    };
  });
  const run = {
    ...hand,
    subject: { ...CELL, kind: 'cell', activeArea_cm2: 1 },
    spectra,
  } as never as RecordedRun;
  const part = { method: 'c', name: 'c', start_s: 0, end_s: 400, isWhole: true };
  const parameters = { thickness_mm: 1, geometry_pct: 0 };
  return conductivity
    .evaluate(run, { ...part, parameters })
    .filter(({ id }) => id.startsWith('conductivity'));
}

it.each([
  [0, 0.25],
  [1, -0.25],
  [5, 0.2],
])('%s K off and by a thermometer %s K off: it holds what it is there', (off_K, meter_K) => {
  const found = figures(off_K, meter_K);
  expect(found).toHaveLength(3);
  for (const [k, named_degC] of [0, 25, 60].entries()) {
    const { value, u95 = 0 } = found[k];
    const truth = sigmaAt(named_degC);
    expect(Math.abs((value ?? 0) - truth), `${value} +- ${u95}, true ${truth}`).toBeLessThanOrEqual(u95);
    expect(u95).toBeLessThan(truth);
  }
});

it('so far off that it is half as much again: none, with where it was measured', () => {
  const [at0, at25, at60] = figures(15, 0);
  expect(at0).toMatchObject({ value: null, definition: expect.stringContaining('measured at 15.00 degC') });
  expect(at60.value).toBeNull();
  expect(at25.value).not.toBeNull();
});
