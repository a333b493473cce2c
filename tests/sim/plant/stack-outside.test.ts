import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser/rig.ts';
import { AMBIENT_BARA } from '../../../sim/plant/parts/constants.ts';
import { barPerMol, drawBack, gasVolume } from '../../../sim/plant/parts/gas.ts';
import { PLANTS } from '../../../sim/plants.ts';
import { electrolyserBalances } from '../../validate/electrolyser-balances.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

/** Feed water, gas from outside, and what a stack says of its own range, for every stack plant and set. */

const ELECTROLYSERS = ['pem', 'alkaline', 'aem', 'pcec'];
const STACKS = PLANTS.filter(({ name }) => ELECTROLYSERS.includes(name)).flatMap(model =>
  model.sets.map(set => [model.name, set, model] as const),
);

/** A hot stack under load at this gauge pressure. */
function loaded(
  [plant, set, model]: (typeof STACKS)[number],
  cells: number,
  area_cm2: number,
  pressure_barg: number,
): { rig: ElectrolyserRig; balanced: () => void } {
  const nominal_A = area_cm2 * (plant === 'alkaline' ? 0.3 : plant === 'pem' ? 1.5 : 0.7);
  const hot_degC = plant === 'pcec' ? 600 : 60;
  const rig = model.create({
    set,
    parameters: {},
    subject: { cells, activeArea_cm2: area_cm2, currentNominal_A: nominal_A },
    random: seededRandom(1),
  }) as ElectrolyserRig;
  const start = { ...rig.truth };
  setAll(rig, {
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': hot_degC,
    'stack.voltageSet_V': 3 * cells,
    'stack.powerSet_W': 1e9,
    'stack.currentSet_A': nominal_A,
    'stack.outputSet_on': 1,
    'cathode.pressureSet_barg': pressure_barg,
  });
  const balanced = (): void => {
    for (const { what, found, expected, through } of electrolyserBalances(rig.truth, start, cells))
      expect(Math.abs(found - expected), `${plant} ${set} ${what}`).toBeLessThan(1e-6 * through + 1e-9);
  };
  return { rig, balanced };
}

describe.each(STACKS.filter(([plant]) => plant !== 'pcec'))('water of %s %s', (...stack) => {
  it.each([
    [1, 25, 15],
    [135, 1000, 0],
    [326, 26_600, 15],
    [1000, 30_000, 0],
  ])('%d cells of %d cm2 at %d barg are fed what they use', (cells, area_cm2, pressure_barg) => {
    const { rig, balanced } = loaded(stack, cells, area_cm2, pressure_barg);
    for (let k = 0; k < 12; k++) {
      runFor(rig, 600, 20);
      expect(rig.truth.level_pct).toBeGreaterThan(45);
      expect(rig.truth.level_pct).toBeLessThan(55);
    }
    expect(rig.truth.dryness_1).toBe(1);
    balanced();
    // What is split alone: 8.94 kg per kg of H2.
    if (cells > 1) {
      const { waterFed_mol, h2Made_mol } = rig.truth;
      expect(waterFed_mol).toBeGreaterThan(0.9 * h2Made_mol);
    }
  });
});

describe('gas from outside', () => {
  it('fills what is below ambient pressure, never beyond it, and all of it is counted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1e-3, max: 3600, noNaN: true }),
        (pressure_bara, conductance, o2_frac, dt_s) => {
          const side = gasVolume(100);
          const perMol = barPerMol(100, 333);
          side.h2_mol = pressure_bara / perMol;
          side.pressure_bara = pressure_bara;
          drawBack(side, conductance, o2_frac, AMBIENT_BARA, 333, dt_s);
          expect(side.h2_mol).toBe(pressure_bara / perMol);
          expect(side.pressure_bara).toBeLessThanOrEqual(Math.max(pressure_bara, AMBIENT_BARA) + 1e-12);
          const came_mol = side.o2_mol + side.n2_mol;
          if (pressure_bara < 0.99 * AMBIENT_BARA) expect(came_mol).toBeGreaterThan(0);
          else if (pressure_bara >= AMBIENT_BARA) expect(came_mol).toBe(0);
          expect(-side.lastO2Out_mol).toBeCloseTo(side.o2_mol, 12);
          expect(side.lastN2In_mol).toBeCloseTo(side.n2_mol, 12);
          expect(side.pressure_bara).toBeCloseTo((side.h2_mol + came_mol) * perMol, 9);
        },
      ),
    );
  });

  it.each(STACKS)(
    '%s %s at rest: true pressures shown, an open vent at ambient, nothing lost',
    (...stack) => {
      const [plant] = stack;
      for (const pressure_barg of [0, 10]) {
        const { rig, balanced } = loaded(stack, 20, 300, pressure_barg);
        runFor(rig, plant === 'pcec' ? 6 * 3600 : 3600, 10);
        setAll(rig, { 'stack.outputSet_on': 0, 'cathode.pressureSet_barg': 30 });
        if (plant !== 'pcec') setAll(rig, { 'water.pumpSet_on': 0 });
        for (let hour = 0; hour < 10; hour++) {
          runFor(rig, 3600, 30);
          const { cathode_bara, anode_bara } = rig.truth;
          const shown = (name: string): number => rig.sensor(rig.sensorIndex(name)) + AMBIENT_BARA;
          expect(Math.abs(shown('cathode.pressure_barg') - cathode_bara)).toBeLessThan(0.1);
          expect(Math.abs(shown('anode.pressure_barg') - anode_bara)).toBeLessThan(0.1);
          expect(cathode_bara).toBeGreaterThan(0);
          if (plant === 'pcec') expect(Math.min(cathode_bara, anode_bara)).toBeGreaterThan(0.95);
          if (plant === 'pem' || plant === 'aem') expect(anode_bara).toBeGreaterThan(0.99);
        }
        balanced();
      }
    },
  );

  it('a PEM cathode whose H2 burns away behind a tight valve is shown as the vacuum that it is', () => {
    const stack = STACKS.find(([, set]) => set === 'irox-n115-500kw');
    if (stack === undefined) throw new Error('no such set');
    const { rig } = loaded(stack, 20, 300, 0);
    runFor(rig, 3600, 10);
    setAll(rig, { 'stack.outputSet_on': 0, 'cathode.pressureSet_barg': 30, 'water.pumpSet_on': 0 });
    runFor(rig, 24 * 3600, 30);
    expect(rig.truth.cathode_bara).toBeLessThan(0.5);
    expect(rig.sensor(rig.sensorIndex('cathode.pressure_barg'))).toBeLessThan(-0.45);
  });
});

describe('what a stack says of its range', () => {
  it.each(STACKS)('%s %s: pressure outside of its range under load', (...stack) => {
    const { rig } = loaded(stack, 20, 300, 2);
    for (const name of ['low_degC', 'high_degC', 'low_barg', 'high_barg'])
      expect(Number.isFinite(rig.truthOf(`validity.${name}`)), name).toBe(true);
    expect(rig.truthOf('validity.high_barg')).toBeLessThan(50);
    runFor(rig, stack[0] === 'pcec' ? 6 * 3600 : 600, 10);
    rig.disturb(rig.disturbanceIndex('cathode.outletBlocked_pct'), 100);
    setAll(rig, { 'cathode.pressureSet_barg': 40 });
    for (let k = 0; k < 500 && rig.truth.cathode_bara < rig.truthOf('validity.high_barg') + 3; k++)
      runFor(rig, 60, 10);
    expect(rig.truth.cathode_bara).toBeGreaterThan(rig.truthOf('validity.high_barg') + 3);
    expect(rig.truthOf('outsideValidity_on')).toBe(1);
  });

  it('giner-46kw holds from 15 to 35 bar: outside at ambient pressure, inside at 20 barg', () => {
    const stack = STACKS.find(([, set]) => set === 'giner-46kw');
    if (stack === undefined) throw new Error('no such set');
    for (const [pressure_barg, expected] of [
      [0, 1],
      [20, 0],
    ] as const) {
      const { rig } = loaded(stack, 60, 290, pressure_barg);
      runFor(rig, 2 * 3600, 10);
      expect(rig.truthOf('outsideValidity_on')).toBe(expected);
    }
  });

  it('a stack whose cells dry is outside of what its set was fitted to', () => {
    const stack = STACKS.find(([, set]) => set === 'irox-n115-500kw');
    if (stack === undefined) throw new Error('no such set');
    const { rig } = loaded(stack, 135, 1000, 10);
    runFor(rig, 1800, 10);
    expect(rig.truthOf('outsideValidity_on')).toBe(0);
    rig.disturb(rig.disturbanceIndex('water.pumpStopped_on'), 1);
    while (rig.truth.dryness_1 < 1.2 && rig.time_s < 6 * 3600) runFor(rig, 10);
    expect(rig.truth.dryness_1).toBeGreaterThanOrEqual(1.2);
    expect(rig.truthOf('outsideValidity_on')).toBe(1);
  });
});
