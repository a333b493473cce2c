import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { ElectrolyserPlantParameters } from '../../../sim/plant/electrolyser/parameters.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser/rig.ts';
import { AMBIENT_BARA } from '../../../sim/plant/parts/constants.ts';
import type { PlantModel, PlantSubject } from '../../../sim/plant/parts/model.ts';
import type { PlantRandom } from '../../../sim/plant/parts/sensors.ts';
import { electrolyserBalances } from '../../validate/electrolyser-balances.ts';
import { type Bench, benchOf } from './bench-rig.ts';

/** One chemistry on the generic plant, as the common checks need it. */
export interface Chemistry {
  readonly name: string;
  readonly cells: number;
  readonly currentNominal_A: number;
  readonly temperature_degC: number;
  readonly pressure_barg: number;
  make(options: { random: PlantRandom; plant?: Partial<ElectrolyserPlantParameters> }): ElectrolyserRig;
}

/** A rig of this chemistry, cold and at rest. */
export function driven(
  chemistry: Chemistry,
  seed: number,
  plant: Partial<ElectrolyserPlantParameters> = {},
): Bench<ElectrolyserRig> {
  return benchOf(chemistry.make({ random: seededRandom(seed), plant }));
}

/** Warm, at its pressure and under nominal load for half an hour. */
export function loaded(
  chemistry: Chemistry,
  seed: number,
  plant: Partial<ElectrolyserPlantParameters> = {},
): Bench<ElectrolyserRig> {
  const bench = driven(chemistry, seed, { startTemperature_degC: chemistry.temperature_degC, ...plant });
  switchOn(bench, chemistry);
  bench.set('stack.currentSet_A', chemistry.currentNominal_A);
  bench.set('cathode.pressureSet_barg', chemistry.pressure_barg);
  bench.run(1800);
  return bench;
}

function switchOn(
  bench: Bench<ElectrolyserRig>,
  { cells, currentNominal_A, temperature_degC }: Chemistry,
): void {
  bench.set('water.pumpSet_on', 1);
  bench.set('stack.temperatureSet_degC', temperature_degC);
  bench.set('stack.voltageSet_V', 3 * cells);
  bench.set('stack.powerSet_W', 5 * cells * currentNominal_A);
  bench.set('stack.outputSet_on', 1);
}

/** The tests that every chemistry passes; the two numbers are how many random sequences they try. */
export function commonTests(chemistry: Chemistry, conservationRuns: number, extremeRuns: number): void {
  it(
    'conserves atoms, charge and energy, with faults too',
    () => checkConservation(chemistry, conservationRuns),
    60_000,
  );
  it('stays finite at extremes', () => checkExtremes(chemistry, extremeRuns), 60_000);
  it('does not depend on how it is advanced', () => checkSteps(chemistry), 60_000);
  it('impedance and step agree', () => checkImpedance(chemistry));
}

/** Atoms, charge and energy over any sequence of settings and disturbances; pressure never negative, never NaN. */
function checkConservation(chemistry: Chemistry, numRuns: number): void {
  const probe = driven(chemistry, 1).rig;
  const step = fc.tuple(
    fc.nat({ max: probe.actuators.length - 1 }),
    fc.double({ min: 0, max: 1.5, noNaN: true }),
    fc.option(fc.nat({ max: probe.disturbances.length - 1 }), { nil: undefined, freq: 3 }),
    fc.integer({ min: 1, max: 300 }),
  );
  fc.assert(
    fc.property(fc.nat({ max: 1000 }), fc.array(step, { minLength: 1, maxLength: 15 }), (seed, steps) => {
      const bench = driven(chemistry, seed);
      const { rig } = bench;
      const start = { ...rig.truth };
      switchOn(bench, chemistry);
      for (const [actuator, size, disturbance, seconds] of steps) {
        rig.set(actuator, size * scaleOf(rig.actuators[actuator], chemistry));
        if (disturbance !== undefined) rig.disturb(disturbance, size > 0.75 ? 40 * size : 0);
        bench.run(seconds);
        expect(rig.truth.cathode_bara).toBeGreaterThanOrEqual(0);
        expect(rig.truth.anode_bara).toBeGreaterThanOrEqual(0);
        expectFinite(rig);
      }
      expectBalances(rig.truth, start, chemistry.cells);
    }),
    { numRuns },
  );
}

/** An actuator's value that is a usual one. */
function scaleOf(
  actuator: string,
  { cells, currentNominal_A, temperature_degC, pressure_barg }: Chemistry,
): number {
  if (actuator.endsWith('_on')) return 1;
  if (actuator.endsWith('_A')) return currentNominal_A;
  if (actuator.endsWith('_V')) return 2 * cells;
  if (actuator.endsWith('_W')) return 2 * cells * currentNominal_A;
  if (actuator.endsWith('_degC')) return temperature_degC;
  if (actuator.endsWith('_barg')) return pressure_barg;
  return 10;
}

/** What the balances must close to, from the state at the start. */
export function expectBalances(
  t: ElectrolyserRig['truth'],
  start: ElectrolyserRig['truth'],
  cells: number,
): void {
  for (const { what, found, expected, through } of electrolyserBalances(t, start, cells))
    expect(Math.abs(found - expected), what).toBeLessThan(1e-8 * (1 + through));
}

/** Every sensor and every truth is a finite number. */
export function expectFinite(rig: ElectrolyserRig): void {
  for (let i = 0; i < rig.sensors.length; i++)
    if (!Number.isFinite(rig.sensor(i))) throw new Error(`${rig.sensors[i]} ${rig.sensor(i)}`);
  for (const name of rig.truths)
    if (!Number.isFinite(rig.truthOf(name))) throw new Error(`${name} ${rig.truthOf(name)}`);
}

/** Whatever is set or goes wrong, 10 x and more, every sensor and truth stays finite. */
function checkExtremes(chemistry: Chemistry, numRuns: number): void {
  const probe = driven(chemistry, 1).rig;
  const wild = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, -1, 100, 1e4, -50, 1e12, -1e12),
  );
  const action = fc.tuple(
    fc.boolean(),
    fc.nat({ max: 1000 }),
    wild,
    fc.constantFrom(0.001, 0.3, 1, 60, 1200),
  );
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 12 }), actions => {
      const bench = driven(chemistry, 1);
      switchOn(bench, chemistry);
      bench.set('stack.currentSet_A', 10 * chemistry.currentNominal_A);
      bench.run(5);
      for (const [isSetting, which, value, seconds] of actions) {
        if (isSetting) bench.rig.set(which % probe.actuators.length, value);
        else bench.rig.disturb(which % probe.disturbances.length, value);
        bench.rig.advanceTo(bench.rig.time_s + seconds);
        expectFinite(bench.rig);
      }
    }),
    {
      numRuns,
      // A cell that dries out within one step while its current still flows.
      examples: [[[[false, probe.disturbanceIndex('cell[1].dry_pct'), 1e12, 1200]]]],
    },
  );
}

/** An hour of load steps and a pressure ramp from cold. */
function busyHour(bench: Bench<ElectrolyserRig>, chemistry: Chemistry, jump_s: number): void {
  switchOn(bench, chemistry);
  for (let minute = 0; minute < 60; minute++) {
    const load = minute % 20 === 19 ? 0 : 0.4 + 0.03 * (minute % 20);
    bench.set('stack.currentSet_A', load * chemistry.currentNominal_A);
    bench.set('cathode.pressureSet_barg', (chemistry.pressure_barg * Math.min(minute, 40)) / 40);
    bench.run(60, jump_s);
  }
}

const FIELDS = [
  ['cellVoltage_V', 5e-4],
  ['temperature_degC', 0.05],
  ['cathode_bara', 0.02],
  ['anode_bara', 0.02],
  ['h2InO2_vol_pct', 0.02],
] as const;

/** How the rig is advanced does not matter; half the step changes 0.5 mV, 0.05 K, 20 mbar, 0.02 vol%, 0.1 % of the H2. */
function checkSteps(chemistry: Chemistry): void {
  const warm = { startTemperature_degC: chemistry.temperature_degC };
  const reference = driven(chemistry, 1, warm);
  busyHour(reference, chemistry, 1);
  const truth = { ...reference.rig.truth };
  const jumping = driven(chemistry, 1, warm);
  busyHour(jumping, chemistry, 60);
  expect(jumping.rig.truth).toEqual(truth);
  const others: readonly (readonly [string, Bench<ElectrolyserRig>, number])[] = [
    ['jumps of 0.37 s', driven(chemistry, 1, warm), 0.37],
    ['half the step', driven(chemistry, 1, { ...warm, step_s: 0.5 }), 1],
  ];
  for (const [what, bench, jump_s] of others) {
    busyHour(bench, chemistry, jump_s);
    for (const [field, most] of FIELDS)
      expect(Math.abs(bench.rig.truth[field] - truth[field]), `${what}: ${field}`).toBeLessThan(most);
    expect(Math.abs(bench.rig.truth.h2Product_mol / truth.h2Product_mol - 1), what).toBeLessThan(1e-3);
  }
}

/** The answer to a small step of current in time is that of the spectrum, within 2 %. */
function checkImpedance(chemistry: Chemistry): void {
  const bench = loaded(chemistry, 3);
  const { rig } = bench;
  // Warm to the core: its drift would count as an answer.
  bench.run(3600);
  const { re_Ohm } = rig.impedance(Float64Array.of(1e-4, 1e5));
  const before_V = rig.truth.stackVoltage_V;
  const before_A = rig.truth.current_A;
  bench.set('stack.currentSet_A', 0.99 * chemistry.currentNominal_A);
  rig.advanceTo(rig.time_s + 0.01);
  const fast_V = rig.truth.stackVoltage_V;
  const step_A = rig.truth.current_A - before_A;
  expect(step_A).toBeLessThan(-0.005 * chemistry.currentNominal_A);
  bench.run(20);
  const slow_V = rig.truth.stackVoltage_V;
  expect(Math.abs((slow_V - before_V) / step_A / re_Ohm[0] - 1)).toBeLessThan(0.02);
  // In the first 10 ms the double layer gives way, a little or, where it is small, all.
  const fast_Ohm = (fast_V - before_V) / step_A;
  expect(fast_Ohm).toBeGreaterThan(0.98 * re_Ohm[1]);
  expect(fast_Ohm).toBeLessThan(1.02 * re_Ohm[0]);
}

/** What the model's steady curve gives for one cell at the rig's present point, V; NaN if it has none. */
export function steadyCell_V(
  model: PlantModel,
  set: string,
  subject: PlantSubject,
  { truth }: ElectrolyserRig,
): number {
  const point = {
    current_A: truth.current_A,
    temperature_degC: truth.temperature_degC,
    cathode_barg: truth.cathode_bara - AMBIENT_BARA,
    anode_barg: truth.anode_bara - AMBIENT_BARA,
  };
  return model.steadyCellVoltage_V?.(set, {}, subject, point) ?? Number.NaN;
}

/** The rig can be made with every declared figure at its bounds, and not with others. */
export function checkModel(model: PlantModel, chemistry: Chemistry, subject: PlantSubject): void {
  for (const set of model.sets) {
    const declared = model.parameters(set);
    for (const { name, low, high } of declared) {
      for (const bound of [low, high]) {
        const rig = model.create({ set, parameters: { [name]: bound }, subject, random: seededRandom(1) });
        rig.set(rig.actuatorIndex('stack.currentSet_A'), chemistry.currentNominal_A);
        rig.set(rig.actuatorIndex('stack.voltageSet_V'), 3 * subject.cells);
        rig.set(rig.actuatorIndex('stack.powerSet_W'), 1e9);
        rig.set(rig.actuatorIndex('stack.outputSet_on'), 1);
        rig.advanceTo(20);
        expect(Number.isFinite(rig.truthOf('stackVoltage_V')), `${name} ${bound}`).toBe(true);
      }
    }
    const request = { set, subject, random: seededRandom(1) };
    expect(() => model.create({ ...request, parameters: { nonsense_V: 1 } })).toThrow(
      'no parameter "nonsense_V"',
    );
    expect(() => model.create({ ...request, parameters: { [declared[0].name]: 1e9 } })).toThrow('expected');
  }
  expect(() => model.parameters('nonsense')).toThrow('nonsense');
}
