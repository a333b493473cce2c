import { describe, expect, it } from 'vitest';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { fitPlant } from '../../../sim/fit/fit-plant.ts';
import { findPlant } from '../../../sim/plants.ts';

/**
 * Measured polarisation of a round-robin cell, Nafion 117, 25 cm2, ambient pressure: Bender et al., Int. J. Hydrogen
 * Energy 44 (2019) 9174; A/cm2 at 1.5, 1.6 ... 2.0 V.
 */
const VOLTS = [1.5, 1.6, 1.7, 1.8, 1.9, 2.0];
const DENSITIES: Readonly<Record<number, readonly number[]>> = {
  60: [0.0582, 0.3254, 0.6957, 1.088, 1.509, 1.9274],
  80: [0.1601, 0.5306, 0.9719, 1.4442, 1.9552, 2.4585],
};
const AREA_CM2 = 25;
const PEM = findPlant('pem');

function fitOf(temperatures_degC: readonly number[]) {
  const rows = temperatures_degC.flatMap(t => VOLTS.map((v, i) => `${DENSITIES[t][i] * AREA_CM2},${v},${t}`));
  const data = readFitData(
    'round-robin.csv',
    ['current_A,cellVoltage_V,temperature_degC', ...rows].join('\n'),
  );
  return fitPlant({
    model: PEM,
    set: PEM.sets[0],
    subject: { cells: 1, activeArea_cm2: AREA_CM2, currentNominal_A: 50 },
    at: {},
    parameters: {},
    names: [],
    data,
  });
}

describe('round robin on Nafion 117', () => {
  it.each([[[60]], [[80]], [[60, 80]]])(
    'at %j degC: every point within 5 mV, with intervals',
    temperatures => {
      const fit = fitOf(temperatures);
      const told = fit.estimates.estimates.filter(e => e.state === 'fitted');
      console.log(
        `${temperatures.join(' and ')} degC, rmse ${(1000 * fit.rmse).toFixed(2)} mV: ` +
          told
            .map(
              e =>
                `${e.name} ${e.value.toPrecision(4)} (${e.low95.toPrecision(3)} .. ${e.high95.toPrecision(3)})`,
            )
            .join(', '),
      );
      const [{ measured, model }] = fit.groups;
      measured.forEach((v, i) => {
        expect(Math.abs(v - model[i])).toBeLessThan(0.005);
      });
      expect(told.map(e => e.name)).toEqual(
        expect.arrayContaining(['asr_Ohm_cm2', 'tafelSlope_V', 'exchange_A_per_cm2']),
      );
      for (const e of told) expect(e.low95 < e.value && e.value < e.high95, e.name).toBe(true);
    },
  );

  it('draws one curve for each temperature', () => {
    const curve = fitOf([60, 80]).groups[0].curve ?? [];
    expect(curve.slice(0, 6)).toEqual(VOLTS.map(() => '60 °C'));
    expect(curve.slice(6)).toEqual(VOLTS.map(() => '80 °C'));
    expect(new Set(fitOf([80]).groups[0].curve)).toEqual(new Set(['']));
  });

  it('leaves temperature coefficients alone where there is one temperature, finds them where there are two', () => {
    const stateOf = (temperatures: readonly number[], name: string) =>
      fitOf(temperatures).estimates.estimates.find(e => e.name === name)?.state;
    expect(stateOf([80], 'asrActivation_J_per_mol')).toBe('undetermined');
    expect(stateOf([60, 80], 'asrActivation_J_per_mol')).toBe('fitted');
    expect(stateOf([60, 80], 'cathodeVolume_L')).toBe('undetermined');
  });
});
