import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { findPlant } from '../../../sim/plants.ts';
import { runFor } from '../../validate/rig-run.ts';

const SUBJECT = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };

/** LG M50 at half charge and 25 degC with a film that grows a thousand times too fast: some 3 % lost after a day. */
function stored(parameters: Record<string, number>, days: number): PlantRig {
  const fast = { seiDiffusivity_m2_per_s: 9e-20, seiPotentialShare_1: 0, startSoc_frac: 0.5 };
  const rig = findPlant('spme').create({
    set: 'chen2020',
    parameters: { ...fast, ...parameters },
    subject: SUBJECT,
    random: seededRandom(1),
  });
  if (days > 0) runFor(rig, days * 86_400, 600);
  return rig;
}

const NONE = { seiResistivity_Ohm_m: 0, kineticLossPerCapacity_1: 0, transportLossPerCapacity_1: 0 };
const FREQUENCIES = Float64Array.from({ length: 71 }, (_, k) => 10 ** (5 - k / 10));

/** Intercept at 100 kHz and width of the arc down to 0.1 Hz, mOhm. */
function spectrum(rig: PlantRig): { intercept: number; arc: number } {
  const { re_Ohm } = rig.impedance(FREQUENCIES);
  return { intercept: re_Ohm[0] * 1000, arc: (re_Ohm[60] - re_Ohm[0]) * 1000 };
}

describe('ageing of a cell in its parts, seen in its spectrum', () => {
  const plain = stored(NONE, 1);
  const lost_frac = plain.truthOf('cell.irreversibleLoss_Ah') / 5;
  const without = spectrum(plain);

  it('the film takes capacity whatever it does to resistances', () => {
    expect(lost_frac).toBeGreaterThan(0.01);
    expect(lost_frac).toBeLessThan(0.1);
  });

  it('ohmic: the film widens the arc by its own resistance, the intercept stays', () => {
    const rig = stored({ ...NONE, seiResistivity_Ohm_m: 2e5 }, 1);
    const rise = rig.truthOf('cell.resistanceRise_Ohm') * 1000;
    expect(rise).toBeGreaterThan(1);
    const grown = spectrum(rig);
    expect(grown.arc - without.arc).toBeGreaterThan(0.85 * rise);
    expect(grown.arc - without.arc).toBeLessThan(1.2 * rise);
    expect(Math.abs(grown.intercept - without.intercept)).toBeLessThan(0.05 * rise);
  });

  it('kinetic: the arc widens as the exchange currents fall, the intercept stays', () => {
    const rig = stored({ ...NONE, kineticLossPerCapacity_1: 10 }, 1);
    const left = 1 - rig.truthOf('cell.kineticLoss_frac');
    expect(left).toBeCloseTo(Math.exp(-10 * lost_frac), 3);
    const grown = spectrum(rig);
    // Of the arc some 85 % are charge transfer.
    expect(grown.arc / without.arc).toBeGreaterThan(1 + 0.7 * (1 / left - 1));
    expect(grown.arc / without.arc).toBeLessThan(1 / left);
    expect(Math.abs(grown.intercept - without.intercept)).toBeLessThan(0.02);
  });

  it('transport: the intercept of the electrolyte rises, the arc hardly', () => {
    const rig = stored({ ...NONE, transportLossPerCapacity_1: 10 }, 1);
    const left = 1 - rig.truthOf('cell.transportLoss_frac');
    expect(left).toBeCloseTo(Math.exp(-10 * lost_frac), 3);
    const grown = spectrum(rig);
    expect(grown.intercept / without.intercept).toBeGreaterThan(1 + 0.7 * (1 / left - 1));
    expect(Math.abs(grown.arc / without.arc - 1)).toBeLessThan(0.35 * (1 / left - 1));
  });

  it('by default all three grow; a fresh cell has none', () => {
    const rig = stored({}, 1);
    for (const name of ['cell.resistanceRise_Ohm', 'cell.kineticLoss_frac', 'cell.transportLoss_frac'])
      expect(rig.truthOf(name), name).toBeGreaterThan(0);
    const fresh = stored({}, 0);
    expect(fresh.truthOf('cell.kineticLoss_frac')).toBe(0);
    expect(fresh.truthOf('cell.transportLoss_frac')).toBe(0);
  });

  it('porous electrodes that take over wear the same', () => {
    const names = ['cell.kineticLoss_frac', 'cell.transportLoss_frac'];
    const rig = findPlant('spme-dfn').create({
      set: 'chen2020',
      parameters: { seiDiffusivity_m2_per_s: 9e-20, startSoc_frac: 0.9 },
      subject: SUBJECT,
      random: seededRandom(1),
    });
    runFor(rig, 86_400, 600);
    const before = names.map(name => rig.truthOf(name));
    rig.set(rig.actuatorIndex('cell.modeSet_count'), 1);
    rig.set(rig.actuatorIndex('cell.currentSet_A'), -15);
    rig.set(rig.actuatorIndex('cell.outputSet_on'), 1);
    runFor(rig, 120, 1);
    expect(rig.truthOf('cell.handedOver_on')).toBe(1);
    for (const [k, name] of names.entries()) expect(rig.truthOf(name)).toBeGreaterThanOrEqual(before[k]);
  });
});
