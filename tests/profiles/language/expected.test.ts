import { describe, expect, it } from 'vitest';
import { planOf } from '../../../profiles/language/bench/plan.ts';
import { readWithCalls } from '../../../profiles/language/file/calls.ts';
import { cell } from './benches.ts';

/** How long a method is expected to take, as far as it can be known without a run. */

/** `ranges`: what the gate of the bench lets set values be. */
const ranged = {
  ...cell,
  ranges: new Map([
    ['cell.currentSet_A', { min: -10, max: 5 }],
    ['chamber.temperatureSet_degC', { min: 5, max: 45 }],
  ]),
};

describe('what is likely, for the progress of a run', () => {
  it.each([
    // A part of a deadline, and of a time that ends it in any case; a charge by its current; what is known as it is.
    ['{ wait: {}, until: cell.voltage_V < 3, within_h: 4 }', 3600],
    ['{ rest: {}, until: cell.voltage_V < 3, for_h: 4 }', 7200],
    ['{ cccv: { current_C: 1/2, voltage_V: 4.2 }, until: cell.current_C < 1/20, within_h: 6 }', 7200],
    ['{ rest: {}, for_h: 3 }', 10800],
    ['{ follow: { current_A: us06.current_A }, for_h: 2 }', 7200],
    // Loops in full, though they may be left; of two ways the longer one.
    ['{ repeat: { times: 4 }, until: cell.voltage_V < 3, steps: [{ rest: {}, for_h: 1 }] }', 14400],
    [
      '{ repeat: { times: 4 }, steps: [{ rest: {}, for_h: 1 }, { if: cell.voltage_V < 3, then: leave }] }',
      14400,
    ],
    ['{ if: cell.voltage_V < 3, then: [{ rest: {}, for_h: 1 }], else: [{ rest: {}, for_h: 2 }] }', 7200],
    // From 5 or from 45 degC to 40: 35 min at the most.
    ['{ ramp: { chamber.temperature_degC: 40, per_min: 1 } }', 1050],
  ] as const)('%s', (step, likely_s) => {
    const head = 'data: { us06: { file: us06.csv, time_s: t, current_A: I } }\n';
    const files = readWithCalls(
      'm.yaml',
      `method: m\nversion: 2\n${head}steps: [${step}]\n`,
      () => undefined,
    );
    expect(planOf(files, ranged, () => undefined).expected.likely_s).toBeCloseTo(likely_s, 6);
  });
});

describe('a way from where nobody knows', () => {
  it.each([
    ['{ ramp: { chamber.temperature_degC: 40, per_min: 1 } }', 35 * 60],
    // A voltage of a minute; from -10 A to 2 A at 0.1 A/s, then the minute.
    ['{ cv: { voltage_V: 4 }, for_min: 1 }, { cc: { current_A: 2, per_s: 0.1 }, for_min: 1 }', 60 + 120 + 60],
    [
      '{ cv: { voltage_V: 4 }, for_min: 1 }, { cc: { current_C: 0.4, per_min: 1.2 }, for_min: 1 }',
      60 + 120 + 60,
    ],
    // A method begins with its output off.
    ['{ cc: { current_A: 2, per_s: 0.1 }, for_min: 1 }', 20 + 60],
    // A gate holds a ramp up, its deadline not.
    ['{ ramp: { chamber.temperature_degC: 40, per_min: 1 }, gate: cell.voltage_V < 4, within_h: 2 }', 7200],
  ] as const)('is bounded by what the bench lets through: %s', (step, longest_s) => {
    const files = readWithCalls('m.yaml', `method: m\nversion: 2\nsteps: [${step}]\n`, () => undefined);
    const plan = planOf(files, ranged, () => undefined);
    expect(plan.unbounded).toEqual([]);
    expect(plan.longest_s).toBeCloseTo(longest_s, 6);
  });

  it('is not where nobody says what the bench lets through', () => {
    const step = '{ ramp: { chamber.temperature_degC: 40, per_min: 1 } }';
    const files = readWithCalls('m.yaml', `method: m\nversion: 2\nsteps: [${step}]\n`, () => undefined);
    expect(planOf(files, cell, () => undefined).unbounded).toEqual(['m.yaml: ramp']);
  });
});

describe('what the bench holds back (ramp_per_s)', () => {
  const slow = {
    ...cell,
    ranges: new Map([
      ['cell.currentSet_A', { min: -10, max: 5, ramp_per_s: 0.5 }],
      ['cell.voltageSet_V', { min: 2, max: 5 }],
      ['chamber.temperatureSet_degC', { min: 5, max: 45, ramp_per_s: 0.01 }],
    ]),
  };
  const SET = '{ set: { chamber.temperature_degC: 40 } }';
  it.each([
    // From 5 degC at the most; then from where it stands; and none where it stands already.
    [SET, 3500, 0],
    [`${SET}, { set: { chamber.temperature_degC: 30 } }`, 4500, 1000],
    [`${SET}, ${SET}`, 3500, 0],
    [`${SET}, { wait: {}, for_s: 10 }`, 3510, 10],
    // A deadline counts from its beginning.
    ['{ set: { chamber.temperature_degC: 40 }, within_min: 20 }', 1200, 0],
    // The time of a step counts from its set value: 2 A from none; 1 A more.
    ['{ cc: { current_A: 2 }, for_s: 60 }, { cc: { current_C: 0.6 }, for_s: 60 }', 4 + 60 + 60 + 60, 124],
    ['{ cc: { current_A: 2 }, for_s: 60 }, { cc: { current_A: 3 }, for_s: 60 }', 126, 126],
    ['{ cc: { current_A: 2 }, until: cell.voltage_V > 4, within_s: 60 }', 60, 60],
    // The current is the most that may flow beside a voltage, and goes down to what flows before.
    ['{ cv: { voltage_V: 4 }, for_s: 60 }', 120, 60],
    ['{ rest: {}, for_s: 60 }', 60, 60],
    ['{ cc: { current_A: 2 }, for_s: 60 }, { rest: {}, for_s: 60 }', 4 + 60 + 30 + 60, 124],
    // A ramp that asks for more than the bench lets through.
    ['{ ramp: { chamber.temperature_degC: 40, per_min: 6 } }', 3500, 0],
    ['{ cc: { current_A: 2, per_s: 1 }, for_s: 60 }', 64, 64],
    ['{ cc: { current_A: 2, per_s: 0.1 }, for_s: 60 }', 80, 80],
    [`{ repeat: { times: 3 }, steps: [${SET}] }`, 3 * 3500, 0],
  ] as const)('%s', (steps, longest_s, known_s) => {
    const files = readWithCalls('m.yaml', `method: m\nversion: 2\nsteps: [${steps}]\n`, () => undefined);
    const plan = planOf(files, slow, () => undefined);
    expect(plan.longest_s).toBeCloseTo(longest_s, 6);
    expect(plan.expected.known_s).toBeCloseTo(known_s, 6);
    expect(plan.unbounded).toEqual([]);
  });
});

describe('what is expected without a run', () => {
  it.each([
    // 10 % of 5 Ah at 5/3 A.
    ['{ cc: { current_C: -1/3 }, until: step.charge_pct <= -10, within_min: 40 }', 1080, 'file'],
    ['{ cc: { current_C: -1/3 }, until: step.chargeOut_mAh >= 500, within_min: 40 }', 1080, 'file'],
    ['{ cc: { current_A: 5 }, until: 1 Ah <= block.charge_Ah, within_h: 1 }', 720, 'file'],
    ['{ cp: { power_W: 18 }, until: step.energy_Wh > 9, within_h: 2 }', 1800, 'file'],
    ['{ wait: {}, until: step.time_min > 3, within_h: 2 }', 180, 'file'],
    ['{ cc: { current_A: 5 }, until: step.charge_Ah > 1 or step.time_s > 60, within_h: 2 }', 60, 'file'],
    ['{ cc: { current_A: 5 }, until: step.charge_Ah > 1 and step.time_s > 60, within_h: 2 }', 720, 'file'],
    ['{ cc: { current_C: -1/2 }, until: cell.voltage_V < 2.5, within_h: 3 }', 7200, 'figures'],
    ['{ cc: { current_C: 1/2 }, until: cell.voltage_V > 4.2, for_h: 1 }', 3600, 'figures'],
    // Charging never empties it; discharging is never counted as charged; a current by area needs its approach.
    ['{ cc: { current_C: 1/2 }, until: cell.voltage_V < 2.5, within_h: 3 }', 0, 'rehearsal'],
    ['{ cc: { current_C: -1/2 }, until: step.charge_Ah > 1, within_h: 3 }', 0, 'rehearsal'],
    ['{ cc: { current_A: 1, per_s: 1 }, until: step.charge_Ah > 1, within_h: 3 }', 1, 'rehearsal'],
    [
      '{ cc: { current_C: -1/2 }, until: cell.voltage_V < 2.5 or cell.temperature_degC > 50, within_h: 3 }',
      0,
      'rehearsal',
    ],
    [
      '{ cccv: { current_C: 1/2, voltage_V: 4.2 }, until: cell.current_C < 1/20, within_h: 3 }',
      0,
      'rehearsal',
    ],
    ['{ wait: {}, until: run.time_h > 3, within_h: 5 }', 0, 'rehearsal'],
    ['{ rest: {}, until: "span(cell.voltage_V, 10 min) < 0.001", for_h: 4 }', 0, 'rehearsal'],
    ['{ ramp: { chamber.temperature_degC: 40, per_min: 1 }, within_h: 1 }', 0, 'rehearsal'],
    ['{ ramp: { chamber.temperature_degC: 40, in_min: 20 } }', 1200, 'file'],
    ['{ ask: { text: ready }, within_h: 1 }', 0, 'person'],
    // 100, 10 and 1 Hz, three periods each, settling of 0.05, 0.05 and 0.1 s.
    [
      '{ eis: { amplitude_mV: 1, from_Hz: 100, to_Hz: 1, points_per_decade: 1, cycles: 3 }, within_h: 1 }',
      3.53,
      'figures',
    ],
    // From the reading of the moment: a cycle is as long from anywhere between its vertices.
    [
      '{ voltammetry: { begin_V: cell.voltage_V, vertex1_V: 4.1, vertex2_V: 3.1, rate_mV_per_s: 1, cycles: 2, quiet_s: 60 }, within_h: 3 }',
      4060,
      'figures',
    ],
    ['{ follow: { current_A: "sine(0, 1, 60 s)" }, for_h: 2 }', 7200, 'file'],
    ['{ follow: { current_A: us06.current_A }, for_h: 2 }', 0, 'rehearsal'],
    ['{ repeat: { times: 4 }, steps: [{ rest: {}, for_h: 1 }] }', 14400, 'file'],
    ['{ repeat: { times: 4 }, until: cell.voltage_V < 3, steps: [{ rest: {}, for_h: 1 }] }', 0, 'rehearsal'],
    [
      '{ repeat: { times: 4 }, steps: [{ rest: {}, for_h: 1 }, { if: cell.voltage_V < 3, then: leave }] }',
      0,
      'rehearsal',
    ],
    ['{ each: { a_h: [1, 2, 3] }, steps: [{ rest: {}, for_h: a_h }] }', 21600, 'file'],
    ['{ steps: [{ rest: {}, for_h: 5 }], within_h: 2 }', 7200, 'file'],
    [
      '{ if: cell.voltage_V < 3, then: [{ rest: {}, for_h: 1 }], else: [{ rest: {}, for_h: 1 }] }',
      3600,
      'file',
    ],
    [
      '{ if: cell.voltage_V < 3, then: [{ rest: {}, for_h: 1 }], else: [{ rest: {}, for_h: 2 }] }',
      0,
      'rehearsal',
    ],
    ['{ together: [[{ rest: {}, for_h: 1 }], [{ wait: {}, for_h: 2 }]] }', 3600, 'file'],
    ['{ set: { chamber.temperature_degC: 40 } }', 0, 'file'],
    // From rest to 2 A at 0.1 A/s, then the minute; a deadline counts from the beginning.
    ['{ rest: {}, for_s: 1 }, { cc: { current_A: 2, per_s: 0.1 }, for_min: 1 }', 1 + 20 + 60, 'file'],
    [
      '{ rest: {}, for_s: 1 }, { cc: { current_A: 2, per_s: 0.1 }, for_min: 5, within_min: 6, gate: cell.voltage_V < 4 }',
      1 + 20 + 300,
      'file',
    ],
  ] as const)('%s', (step, known_s, by) => {
    const head = 'data: { us06: { file: us06.csv, time_s: t, current_A: I } }\n';
    const text = `method: m\nversion: 2\n${head}steps: [${step}]\n`;
    const { expected } = planOf(
      readWithCalls('m.yaml', text, () => undefined),
      cell,
      () => undefined,
    );
    expect(expected.by).toBe(by);
    expect(expected.known_s).toBeCloseTo(known_s, 6);
  });
});
