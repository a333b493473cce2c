import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenRecord } from '../../control/record/record.ts';
import { GAS_CONSTANT_J_PER_MOL_K, ZERO_DEGC_K } from '../../sim/plant/parts/constants.ts';
import { PEM_500_KW as PLANT } from '../../sim/plant/pem/pem-500kw.ts';
import {
  cathodeGas_mol,
  energyBalance,
  faraday_mol_per_s,
  h2Balance,
  integral,
  permeated,
  secondsOf,
  slope_per_s,
} from './support/balance.ts';
import { cellbench, copyExample, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { openJournal } from './support/run-folder.ts';

/**
 * Does the record of a night obey the laws it was made by? From recorded values alone, through sensors with their
 * offsets, gains and noise. The bounds asked for are 1 % (matter, energy) and 2 % (pressure rate); the first two are
 * held to 0.3 %, because at 1 % nobody would notice if crossover were forgotten.
 */
const BALANCE = 0.003;

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const pct = (part: number): string => `${(100 * part).toFixed(3)} %`;

interface Window {
  readonly name: string;
  readonly from_s: number;
  readonly to_s: number;
}

describe('a night', () => {
  const dir = join(scratch.path, 'night');
  let record: OpenRecord;
  let at: ReturnType<typeof secondsOf>;
  beforeAll(async () => {
    const ended = await cellbench('--no-serve', '--out', dir);
    expect(ended.code, told(ended)).toBe(0);
    record = openJournal(dir);
    at = secondsOf(record);
  }, RUN_TIMEOUT_MS);
  afterAll(() => record?.close());

  function phase(name: string): Window {
    const found = record.phases.find(p => p.name === name);
    if (found === undefined) throw new Error(`the night has no phase ${name}`);
    return { name, from_s: found.start_s, to_s: found.end_s };
  }

  /** From the average of the first load point at pressure to that of the last. */
  function pointsAtPressure(): Window {
    const points = record.points.filter(p => p.phase === 'high-pressure');
    const [first, last] = [points.at(0), points.at(-1)];
    if (first === undefined || last === undefined)
      throw new Error('the night has no load points at pressure');
    return { name: 'high-pressure points', from_s: first.from_s, to_s: last.to_s };
  }

  /** The step that pressurises, from the end of the step before it. */
  function pressurising(): Window {
    const steps = record.events.filter(e => e.kind === 'step');
    const { from_s } = phase('high-pressure');
    const i = steps.findIndex(e => e.t_s > from_s && e.text.startsWith('ramp'));
    if (i < 1) throw new Error('the night has no ramp of the pressure');
    return { name: 'pressurising', from_s: steps[i - 1].t_s, to_s: steps[i].t_s };
  }

  /** The meter sees only H2, and all of it: no N2 into the cathode, purge valve shut, product line open. */
  function expectOnlyH2({ name, from_s, to_s }: Window): void {
    for (const [role, position] of [
      ['n2.cathodeValve_on', 0],
      ['cathode.purgeValve_on', 0],
      ['h2.outletValve_on', 1],
    ] as const) {
      const off = integral(from_s, to_s, t => Math.abs(at(role, t) - position));
      expect(off, `${name}: ${role} is ${position}`).toBe(0);
    }
  }

  it('H2 through the meter is what the current makes less crossover, recombination and gas stored', () => {
    for (const window of [
      phase('polarisation-begin'),
      phase('wind'),
      pointsAtPressure(),
      phase('polarisation-end'),
    ]) {
      expectOnlyH2(window);
      const balance = h2Balance(at, window.from_s, window.to_s);
      console.log(
        `H2 ${window.name}: Faraday ${balance.faraday_mol.toFixed(1)} mol, crossover ${balance.crossover_mol.toFixed(2)}, ` +
          `recombined ${balance.recombined_mol.toFixed(2)}, stored ${balance.stored_mol.toFixed(2)}, ` +
          `measured ${balance.measured_mol.toFixed(1)}: ${pct(balance.error)}`,
      );
      expect(Math.abs(balance.error), window.name).toBeLessThan(BALANCE);
    }
  });

  it('at pressure the balance closes only with the crossover in it', () => {
    const { from_s, to_s } = pointsAtPressure();
    const balance = h2Balance(at, from_s, to_s);
    expect(balance.errorWithoutCrossover).toBeLessThan(-2 * BALANCE);
    expect(balance.crossover_mol / balance.faraday_mol).toBeGreaterThan(0.005);
  });

  it('energy in is the heating value of the H2 and the heat taken away, lost and stored', () => {
    for (const { name, from_s, to_s } of [phase('polarisation-begin'), phase('wind')]) {
      const balance = energyBalance(at, from_s, to_s);
      console.log(
        `energy ${name}: in ${(balance.electric_J / 3.6e6).toFixed(1)} kWh, chemical ${(balance.chemical_J / 3.6e6).toFixed(1)}, ` +
          `heat ${(balance.heat_J / 3.6e6).toFixed(1)} (stored ${(balance.stored_J / 3.6e6).toFixed(2)}, ` +
          `to the room ${(balance.loss_J / 3.6e6).toFixed(2)}): ${pct(balance.error)}; heat alone ${pct(balance.heatError)}`,
      );
      expect(Math.abs(balance.error), name).toBeLessThan(BALANCE);
      // The same in parts of the heat, five times smaller than the energy: a loss or a pump forgotten shows here.
      expect(Math.abs(balance.heatError), name).toBeLessThan(0.01);
    }
  });

  it('the gas that pressurises the cathode is the gas that did not come out of it', () => {
    const window = pressurising();
    expectOnlyH2(window);
    const { faraday_mol, crossover_mol, recombined_mol, measured_mol, stored_mol } = h2Balance(
      at,
      window.from_s,
      window.to_s,
    );
    const kept_mol = faraday_mol - crossover_mol - recombined_mol - measured_mol;
    console.log(
      `pressurising: stored ${stored_mol.toFixed(2)} mol by pressure, ${kept_mol.toFixed(2)} mol by flow: ${pct(kept_mol / stored_mol - 1)} of the stored gas`,
    );
    expect(stored_mol).toBeGreaterThan(250);
    // A small difference of large flows: 0.1 % gain of the meter on all that passed it, 0.02 % of the current meter.
    const tolerance_mol = 0.001 * measured_mol + 0.0002 * faraday_mol + 0.05 * crossover_mol;
    expect(tolerance_mol / stored_mol).toBeLessThan(0.03);
    expect(Math.abs(kept_mol - stored_mol)).toBeLessThan(tolerance_mol);
  });
});

describe('a cathode with its back-pressure controller shut', () => {
  const dir = join(scratch.path, 'shut');
  const bench = join(scratch.path, 'bench');
  const WINDOW_S = 30;
  let record: OpenRecord;
  beforeAll(async () => {
    copyExample(bench);
    const method = join(bench, 'shut.yaml');
    writeFileSync(method, SHUT);
    const files = ['--bench', join(bench, 'bench.yaml'), '--method', method];
    const ended = await cellbench(...files, '--no-serve', '--out', dir);
    expect(ended.code, told(ended)).toBe(0);
    record = openJournal(dir, join(bench, 'bench.yaml'));
  }, RUN_TIMEOUT_MS);
  afterAll(() => record?.close());

  it('rises as fast as the molar balance says', () => {
    const at = secondsOf(record);
    const rising = record.phases.find(p => p.name === 'rising');
    if (rising === undefined) throw new Error('the run has no phase rising');
    // The load and its temperature settle first.
    const start_s = rising.end_s - 5 * WINDOW_S;
    for (let from_s = start_s; from_s < rising.end_s; from_s += WINDOW_S) {
      const to_s = from_s + WINDOW_S;
      expect(
        integral(from_s, to_s, t => at('h2.flow_NL_per_min', t)) / WINDOW_S,
        'nothing flows out',
      ).toBeLessThan(2);
      const measured = slope_per_s(at, 'cathode.pressure_barg', from_s, to_s);
      const mean = (of: (t_s: number) => number): number => integral(from_s, to_s, of) / WINDOW_S;
      const temperature_K = mean(t => at('stack.temperature_degC', t)) + ZERO_DEGC_K;
      // H2 made, less what permeates, less what permeated O2 turns into water; the rest of that O2 stays.
      const gas_mol_per_s = mean(t => {
        const p = permeated(at, t);
        return (
          faraday_mol_per_s(at, t) -
          p.h2_mol_per_s -
          2 * p.recombined_mol_per_s +
          (p.o2_mol_per_s - p.recombined_mol_per_s)
        );
      });
      const bar_per_mol = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (PLANT.cathodeVolume_L * 1e-3) / 1e5;
      // Gas that is there already expands with the stack's temperature.
      const warming =
        ((cathodeGas_mol(at, from_s + WINDOW_S / 2) * bar_per_mol) / temperature_K) *
        slope_per_s(at, 'stack.temperature_degC', from_s, to_s);
      const expected = gas_mol_per_s * bar_per_mol + warming;
      const pressure_barg = mean(t => at('cathode.pressure_barg', t));
      console.log(
        `at ${pressure_barg.toFixed(1)} barg: ${(measured * 60).toFixed(3)} bar/min measured, ${(expected * 60).toFixed(3)} expected ` +
          `(warming ${(warming * 60).toFixed(3)}): ${pct(measured / expected - 1)}`,
      );
      expect(measured * 60, 'it rises').toBeGreaterThan(2);
      expect(Math.abs(measured / expected - 1), `at ${pressure_barg.toFixed(1)} barg`).toBeLessThan(0.02);
    }
  });
});

/** Warm the stack, shut the cathode by a set point far above its pressure, then 800 A for 200 s. */
const SHUT = `method: shut
version: 2
phases:
- name: prepare
  steps:
  - call: purge
    with: { pressure_barg: 1, purge_min: 5 }
  - call: warm-up
    with: { temperature_degC: 60, flow_L_per_min: 200, rate_K_per_min: 1.5 }
  - ramp: { cathode.pressure_barg: 20, per_s: 0.1 }
  - set: { n2.pressure_barg: 2, n2.anodeValve_on: on }
  - set: { stack.voltage_V: 297, stack.power_W: 600000, stack.current_A: 0, stack.output_on: on }
  - ramp: { stack.current_A: 800, per_s: 40 }
  - set: { n2.anodeValve_on: off, n2.pressure_barg: 0 }
- name: rising
  steps:
  - wait: {}
    for_s: 200
- name: release
  steps:
  - steps:
    - ramp: { cathode.pressure_barg: 0.5, per_min: 3 }
      within_s: 1200
    - wait: {}
      until: abs(cathode.pressure_barg - 0.5) <= 0.2
      within_s: 1200
finally:
- set: { n2.pressure_barg: 2, n2.anodeValve_on: on }
- ramp: { stack.current_A: 0, per_s: 40 }
- set: { stack.output_on: off }
`;
