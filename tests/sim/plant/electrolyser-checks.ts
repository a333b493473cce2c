import fc from 'fast-check';
import { expect } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { FARADAY_C_PER_MOL } from '../../../sim/plant/constants.ts';
import type { ElectrolyserPlantParameters } from '../../../sim/plant/electrolyser-parameters.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser-rig.ts';
import type { PlantModel } from '../../../sim/plant/model.ts';
import type { PlantRandom } from '../../../sim/plant/sensors.ts';

/** One chemistry on the generic plant, as the common checks need it. */
export interface Chemistry {
  readonly name: string;
  readonly cells: number;
  readonly currentNominal_A: number;
  readonly temperature_degC: number;
  readonly pressure_barg: number;
  make(options: { random: PlantRandom; plant?: Partial<ElectrolyserPlantParameters> }): ElectrolyserRig;
}

/** A rig of this chemistry driven by role. */
export interface Driven {
  readonly rig: ElectrolyserRig;
  set(role: string, value: number): void;
  run(seconds: number, jump_s?: number): void;
}

export function driven(
  chemistry: Chemistry,
  seed: number,
  plant: Partial<ElectrolyserPlantParameters> = {},
): Driven {
  const rig = chemistry.make({ random: seededRandom(seed), plant });
  return {
    rig,
    set(role, value) {
      const index = rig.actuatorIndex(role);
      if (index < 0) throw new Error(`no actuator ${role}`);
      rig.set(index, value);
    },
    run(seconds, jump_s = 1) {
      const end_s = rig.time_s + seconds;
      while (rig.time_s < end_s) rig.advanceTo(Math.min(end_s, rig.time_s + jump_s));
    },
  };
}

/** Warm, at its pressure and under nominal load for half an hour. */
export function loaded(
  chemistry: Chemistry,
  seed: number,
  plant: Partial<ElectrolyserPlantParameters> = {},
): Driven {
  const bench = driven(chemistry, seed, { startTemperature_degC: chemistry.temperature_degC, ...plant });
  switchOn(bench, chemistry);
  bench.set('stack.currentSet_A', chemistry.currentNominal_A);
  bench.set('cathode.pressureSet_barg', chemistry.pressure_barg);
  bench.run(1800);
  return bench;
}

function switchOn(bench: Driven, { cells, currentNominal_A, temperature_degC }: Chemistry): void {
  bench.set('water.pumpSet_on', 1);
  bench.set('stack.temperatureSet_degC', temperature_degC);
  bench.set('stack.voltageSet_V', 3 * cells);
  bench.set('stack.powerSet_W', 5 * cells * currentNominal_A);
  bench.set('stack.outputSet_on', 1);
}

/** Atoms, charge and energy over any sequence of settings and disturbances; pressure never negative, never NaN. */
export function checkConservation(chemistry: Chemistry, numRuns: number): void {
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
  const close = (left: number, right: number, scale: number, what: string): void =>
    expect(Math.abs(left - right), what).toBeLessThan(1e-8 * (1 + scale));
  const h2 = t.cathodeH2_mol + t.anodeH2_mol + t.h2Out_mol + t.h2Oxidised_mol + 2 * t.o2Recombined_mol;
  close(h2, t.h2Made_mol, t.h2Made_mol, 'H2');
  const o2 = t.cathodeO2_mol + t.anodeO2_mol + t.o2Out_mol + t.o2Recombined_mol;
  close(
    o2,
    start.cathodeO2_mol + start.anodeO2_mol + (t.h2Made_mol - t.h2Oxidised_mol) / 2,
    t.h2Made_mol,
    'O2',
  );
  const n2 = t.cathodeN2_mol + t.anodeN2_mol + t.n2Out_mol;
  close(n2, start.cathodeN2_mol + start.anodeN2_mol + t.n2In_mol, t.n2In_mol + 20, 'N2');
  const gas_C = (t.h2Made_mol * 2 * FARADAY_C_PER_MOL) / cells;
  close(gas_C + t.leaked_C + t.doubleLayer_C, t.charge_C, t.charge_C, 'charge');
  const into_J = t.electric_J + t.heater_J + t.pump_J;
  const out_J = t.chemical_J + t.doubleLayer_J + t.stored_J + t.cooler_J + t.loss_J;
  close(into_J, out_J, into_J + Math.abs(t.stored_J) + t.cooler_J + 1e5, 'energy');
}

function expectFinite(rig: ElectrolyserRig): void {
  for (let i = 0; i < rig.sensors.length; i++)
    if (!Number.isFinite(rig.sensor(i))) throw new Error(`${rig.sensors[i]} ${rig.sensor(i)}`);
  for (const name of rig.truths)
    if (!Number.isFinite(rig.truthOf(name))) throw new Error(`${name} ${rig.truthOf(name)}`);
}

/** Whatever is set or goes wrong, 10 x and more, every sensor and truth stays finite. */
export function checkExtremes(chemistry: Chemistry, numRuns: number): void {
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
    { numRuns },
  );
}

/** An hour of load steps and a pressure ramp from cold. */
function busyHour(bench: Driven, chemistry: Chemistry, jump_s: number): void {
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
export function checkSteps(chemistry: Chemistry): void {
  const warm = { startTemperature_degC: chemistry.temperature_degC };
  const reference = driven(chemistry, 1, warm);
  busyHour(reference, chemistry, 1);
  const truth = { ...reference.rig.truth };
  const jumping = driven(chemistry, 1, warm);
  busyHour(jumping, chemistry, 60);
  expect(jumping.rig.truth).toEqual(truth);
  const others: readonly (readonly [string, Driven, number])[] = [
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
export function checkImpedance(chemistry: Chemistry): void {
  const bench = loaded(chemistry, 3);
  const { rig } = bench;
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

/** The model says what it is: sets, bounds, overrides by name, a steady voltage. */
export function checkModel(
  model: PlantModel,
  chemistry: Chemistry,
  subject: Parameters<PlantModel['create']>[0]['subject'],
): void {
  for (const set of model.sets) {
    const declared = model.parameters(set);
    expect(new Set(declared.map(d => d.name)).size).toBe(declared.length);
    for (const { name, value, low, high, u, source } of declared) {
      expect(value, name).toBeGreaterThanOrEqual(low);
      expect(value, name).toBeLessThanOrEqual(high);
      expect(u, name).toBeGreaterThanOrEqual(0);
      expect(source.length, name).toBeGreaterThan(0);
      expect(name).toMatch(/_[A-Za-z0-9]+$/);
      // Each one is used: the rig can be made with its bounds.
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
