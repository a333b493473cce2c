import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { type FitRequest, fitPlant } from '../../../sim/fit/fit-plant.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import type { PlantRig, PlantSubject } from '../../../sim/plant/parts/model.ts';
import { findPlant } from '../../../sim/plants.ts';

/**
 * Data made by a plant with other values and with noise: the fit must find the values, and its 95 % intervals must hold
 * them as often as they say. 40 seeds; below 85 % would happen to a true 95 % in fewer than 1 of 100 such tests.
 */

const SEEDS = 40;
const LEAST_FRAC = 0.85;

const PEM = findPlant('pem');
const STACK: PlantSubject = { cells: 10, activeArea_cm2: 100, currentNominal_A: 200 };
const ECM = findPlant('ecm');
const CELL: PlantSubject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };

type Values = Readonly<Record<string, number>>;

/** How often the stated interval holds the true value, for each parameter; and the last fit, to look at. */
function coverage(
  truth: Values,
  csv: (noise: () => number) => string,
  request: Omit<FitRequest, 'data' | 'names' | 'parameters'>,
): { readonly inside: Values; readonly worst_frac: number } {
  const inside: Record<string, number> = Object.fromEntries(Object.keys(truth).map(name => [name, 0]));
  let worst_frac = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed);
    const data = readFitData('made.csv', csv(random.gauss));
    const fit = fitPlant({ ...request, data, names: Object.keys(truth), parameters: {} });
    for (const e of fit.estimates.estimates) {
      expect(e.state, `${e.name}, seed ${seed}`).toBe('fitted');
      if (e.low95 <= truth[e.name] && truth[e.name] <= e.high95) inside[e.name] += 1 / SEEDS;
      worst_frac = Math.max(worst_frac, Math.abs(e.value / truth[e.name] - 1));
    }
  }
  return { inside, worst_frac };
}

function expectHeld(inside: Values): void {
  for (const [name, part] of Object.entries(inside)) expect(part, name).toBeGreaterThanOrEqual(LEAST_FRAC);
}

function setter(rig: PlantRig): (role: string, value: number) => void {
  return (role, value) => rig.set(rig.actuatorIndex(role), value);
}

describe('recovery of known values from noisy data', { timeout: 120_000 }, () => {
  it('polarisation curve', () => {
    const truth = { asr_Ohm_cm2: 0.19, tafelSlope_V: 0.06, exchange_A_per_cm2: 2e-6 };
    const set = PEM.sets[0];
    const points = [60, 80].flatMap(temperature_degC =>
      [2, 5, 10, 20, 40, 80, 120, 160, 200].map(current_A => ({
        current_A,
        temperature_degC,
        cathode_barg: 10,
        anode_barg: 0,
      })),
    );
    const volts = points.map(point => PEM.steadyCellVoltage_V?.(set, truth, STACK, point) ?? Number.NaN);
    const csv = (noise: () => number): string =>
      [
        'current_A,temperature_degC,cellVoltage_V',
        ...points.map((p, i) => `${p.current_A},${p.temperature_degC},${volts[i] + 0.001 * noise()}`),
      ].join('\n');
    const { inside, worst_frac } = coverage(truth, csv, {
      model: PEM,
      set,
      subject: STACK,
      at: { cathode_barg: 10 },
    });
    expectHeld(inside);
    // i0 is the worst known: it stands in a logarithm.
    expect(worst_frac).toBeLessThan(0.5);
  });

  it('pulses of a cell, driven by the recorded current', () => {
    const truth = { r0_1: 1.3, r1_1: 0.8, tau1_1: 1.2 };
    const set = ECM.sets[0];
    const rig = ECM.create({
      set,
      parameters: { ...truth, startSoc_frac: 0.7 },
      subject: CELL,
      random: NO_CHANCE,
    });
    const put = setter(rig);
    put('cell.outputSet_on', 1);
    put('cell.modeSet_count', 1);
    const rows: [number, number, number][] = [];
    for (let t = 0; t <= 150; t++) {
      const current_A = t > 5 && t <= 35 ? -5 : t > 75 && t <= 105 ? 5 : 0;
      put('cell.currentSet_A', current_A);
      rig.advanceTo(t);
      rows.push([t, current_A, rig.truthOf('cell.voltage_V')]);
    }
    const csv = (noise: () => number): string =>
      [
        'time_s,cell.current_A,cell.voltage_V',
        ...rows.map(([t, i, v]) => `${t},${i},${v + 0.0005 * noise()}`),
      ].join('\n');
    const { inside, worst_frac } = coverage(truth, csv, {
      model: ECM,
      set,
      subject: CELL,
      at: { startSoc_frac: 0.7 },
    });
    expectHeld(inside);
    expect(worst_frac).toBeLessThan(0.2);
  });

  it('pressure and heat-up of a stack, two quantities of different units', () => {
    const truth = { cathodeVolume_L: 150, stackCapacity_J_per_K: 60_000 };
    const set = PEM.sets[0];
    const rig = PEM.create({ set, parameters: truth, subject: STACK, random: NO_CHANCE });
    const put = setter(rig);
    const rows: [number, number, number, number][] = [];
    put('stack.outputSet_on', 1);
    put('stack.voltageSet_V', 1e6);
    put('stack.powerSet_W', 1e9);
    put('water.pumpSet_on', 1);
    put('cathode.pressureSet_barg', 30);
    put('stack.temperatureSet_degC', 60);
    for (let t = 0; t <= 300; t += 5) {
      rig.advanceTo(t);
      rows.push([
        t,
        t < 200 ? 200 : 20,
        rig.truthOf('cathode.pressure_barg'),
        rig.truthOf('stack.temperature_degC'),
      ]);
      put('stack.currentSet_A', t < 200 ? 200 : 20);
    }
    const csv = (noise: () => number): string =>
      [
        'time_s,stack.currentSet_A,cathode.pressure_barg,stack.temperature_degC',
        ...rows.map(([t, i, p, k]) => `${t},${i},${p + 0.01 * noise()},${k + 0.1 * noise()}`),
      ].join('\n');
    const at = { 'cathode.pressureSet_barg': 30, 'stack.temperatureSet_degC': 60 };
    const { inside, worst_frac } = coverage(truth, csv, { model: PEM, set, subject: STACK, at });
    expectHeld(inside);
    expect(worst_frac).toBeLessThan(0.1);
  });

  it('impedance spectrum', () => {
    const truth = { asr_Ohm_cm2: 0.17, doubleLayer_F_per_cm2: 0.055 };
    const set = PEM.sets[0];
    const rig = PEM.create({ set, parameters: truth, subject: STACK, random: NO_CHANCE });
    const at = { 'stack.currentSet_A': 50 };
    const put = setter(rig);
    put('stack.outputSet_on', 1);
    put('stack.voltageSet_V', 1e6);
    put('stack.powerSet_W', 1e9);
    put('water.pumpSet_on', 1);
    put('stack.currentSet_A', 50);
    rig.advanceTo(120);
    const f = Float64Array.from({ length: 25 }, (_, k) => 10 ** (-1 + k / 6));
    const { re_Ohm, im_Ohm } = rig.impedance(f);
    const csv = (noise: () => number): string =>
      [
        'frequency_Hz,re_Ohm,im_Ohm',
        ...[...f].map((hz, k) => {
          const modulus = Math.hypot(re_Ohm[k], im_Ohm[k]);
          return `${hz},${re_Ohm[k] + 0.005 * modulus * noise()},${im_Ohm[k] + 0.005 * modulus * noise()}`;
        }),
      ].join('\n');
    const { inside, worst_frac } = coverage(truth, csv, {
      model: PEM,
      set,
      subject: STACK,
      at,
      settle_s: 120,
    });
    expectHeld(inside);
    expect(worst_frac).toBeLessThan(0.2);
  });
});
