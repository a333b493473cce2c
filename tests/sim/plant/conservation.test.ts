import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PLANT_DISTURBANCES } from '../../../sim/plant/electrolyser/disturbances.ts';
import { benchRig, loadedRig } from './bench-rig.ts';
import { expectBalances } from './electrolyser-checks.ts';

/** Anything that may go wrong, healthy again in between. */
const wrong = fc.record({
  disturbance: fc.constantFrom(
    ...PLANT_DISTURBANCES,
    'cell[3].dry_pct',
    'cell[9].short_pct',
    'cell[10].short_pct',
  ),
  size: fc.constantFrom(0, 0.02, 1, 40, 100),
});

const action = fc.oneof(
  fc.record({
    role: fc.constant('stack.currentSet_A'),
    value: fc.double({ min: 0, max: 2400, noNaN: true }),
  }),
  fc.record({ role: fc.constant('stack.powerSet_W'), value: fc.double({ min: 0, max: 6e5, noNaN: true }) }),
  fc.record({ role: fc.constant('stack.voltageSet_V'), value: fc.double({ min: 0, max: 310, noNaN: true }) }),
  fc.record({
    role: fc.constantFrom('cathode.pressureSet_barg', 'n2.pressureSet_barg'),
    value: fc.double({ min: 0, max: 36, noNaN: true }),
  }),
  fc.record({
    role: fc.constant('stack.temperatureSet_degC'),
    value: fc.double({ min: 15, max: 70, noNaN: true }),
  }),
  fc.record({
    role: fc.constantFrom(
      'stack.outputSet_on',
      'n2.cathodeValveSet_on',
      'n2.anodeValveSet_on',
      'cathode.purgeValveSet_on',
      'anode.ventValveSet_on',
      'h2.outletValveSet_on',
      'water.pumpSet_on',
      'room.ventilationSet_on',
    ),
    value: fc.constantFrom(0, 1),
  }),
);

it('atoms, charge and energy balance over any sequence of settings', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.tuple(action, fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 25 }),
      (seed, actions) => {
        const bench = benchRig(seed);
        const start = { ...bench.rig.truth };
        bench.set('stack.currentSet_A', 800);
        bench.set('stack.voltageSet_V', 310);
        bench.set('stack.powerSet_W', 600_000);
        bench.set('stack.outputSet_on', 1);
        for (const [{ role, value }, seconds] of actions) {
          bench.set(role, value);
          bench.run(seconds, 1);
        }
        expectBalances(bench.rig.truth, start, bench.rig.parameters.cells);
      },
    ),
    { numRuns: 150 },
  );
});

it('atoms, charge and energy balance whatever is wrong, and no pressure falls below 0', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.tuple(action, wrong, fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 20 }),
      (seed, actions) => {
        const bench = benchRig(seed);
        const { rig } = bench;
        const start = { ...rig.truth };
        bench.set('stack.currentSet_A', 1500);
        bench.set('stack.voltageSet_V', 310);
        bench.set('stack.powerSet_W', 600_000);
        bench.set('stack.outputSet_on', 1);
        for (const [{ role, value }, { disturbance, size }, seconds] of actions) {
          bench.set(role, value);
          bench.disturb(disturbance, size);
          bench.run(seconds, 1);
          for (const name of ['cathode_bara', 'anode_bara', 'cathodeH2_mol', 'anodeO2_mol'] as const)
            expect(rig.truth[name], name).toBeGreaterThanOrEqual(0);
        }
        expectBalances(rig.truth, start, rig.parameters.cells);
      },
    ),
    { numRuns: 100 },
  );
});

it('product through the meter is Faraday less crossover, within 0.5 % with the sensors', () => {
  const bench = loadedRig(3, 2000);
  let shown_NL = 0;
  const before = { ...bench.rig.truth };
  for (let k = 0; k < 1800; k++) {
    bench.run(1);
    shown_NL += bench.read('h2.flow_NL_per_min') / 60;
  }
  const t = bench.rig.truth;
  const made = t.h2Made_mol - before.h2Made_mol;
  const crossed = t.h2Crossed_mol - before.h2Crossed_mol;
  expect(shown_NL / 22.413969 / (made - crossed)).toBeCloseTo(1, 2);
  expect(Math.abs(shown_NL / 22.413969 / (made - crossed) - 1)).toBeLessThan(0.005);
});

it('a dryer with 6.5 % loss takes just that from the meter', () => {
  const plain = loadedRig(3, 1000);
  const dried = loadedRig(3, 1000, { dryerLoss_frac: 0.065 });
  expect(dried.rig.truth.productFlow_mol_per_s / plain.rig.truth.productFlow_mol_per_s).toBeCloseTo(0.935, 6);
});
