import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { planOf } from '../../../profiles/language/bench/plan.ts';
import { type ExplainedMethod, explainMethod } from '../../../profiles/language/explain/method.ts';
import type { ExplainedStep } from '../../../profiles/language/explain/step.ts';
import { explanationLines } from '../../../profiles/language/explain/text.ts';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';
import { allSteps, topLists } from '../../../profiles/language/file/nodes.ts';
import { cell, isStackFile, stack } from './benches.ts';

/** What `explain` says of a method: sentences, times, where values come from. */

const FILES = new URL('files/', import.meta.url);
const read: ReadCalled = name => {
  const url = new URL(name, FILES);
  return existsSync(url) ? { path: name, text: readFileSync(url, 'utf8') } : undefined;
};

function explained(text: string, bench = cell, name = 'm.yaml'): ExplainedMethod {
  const files = readWithCalls(name, text, read);
  return explainMethod(planOf(files, bench, read), bench, new Map(), file =>
    file === 'us06.csv' ? { sha256: 'abc', bytes: 12 } : undefined,
  );
}
const ofSteps = (steps: string, bench = cell, head = ''): readonly ExplainedStep[] =>
  explained(`method: m\nversion: 2\n${head}\nsteps:\n${steps}\n`, bench).phases[0].steps;
const sentence = (step: string, bench = cell, head = ''): string => ofSteps(`- ${step}`, bench, head)[0].text;
const every = (steps: readonly ExplainedStep[]): readonly ExplainedStep[] =>
  steps.flatMap(step => [step, ...every(step.inside.flatMap(list => list.steps))]);

describe('the sentence of a step', () => {
  it('numbers, works out, bounds and expects, as the design says it', () => {
    const steps = ofSteps(
      [
        '- { rest: {}, for_h: 1 }',
        '- each: { rate_C: [1/2] }',
        '  steps:',
        '  - { rest: {}, for_s: 10 }',
        '  - cc: { current_C: -0.5 }',
        '    id: discharge',
        '    until: cell.voltage_V < 2.5',
        '    within_h: 1.5 / rate_C',
      ].join('\n'),
    );
    expect(every(steps).map(step => step.text)).toEqual([
      '1 rest: output off, open circuit for 1 h. Takes 1 h 00',
      '2 each: for rate_C = 0.5 C. Expected 2 h 00 by figures of the bench, at most 3 h 00',
      '2.1 rest: output off, open circuit for 10 s. Takes 10 s',
      '2.2 discharge (cc): -0.5 C = -2.5 A until cell voltage < 2.5 V; within 3 h (1.5 / rate_C), otherwise stop. Expected 2 h 00 by the nominal capacity, at most 3 h 00',
    ]);
  });

  it('works out what is known: a name that is assigned once, numbers with units', () => {
    const steps = ofSteps(
      '- { let: { x_A: 3 * 2 A } }\n- { cc: { current_A: x_A }, for_min: 1 }\n- { cc: { current_A: 2 A - 1500 mA }, for_min: 1 }\n- { let: { y_A: 1 } }\n- { let: { y_A: 2 } }\n- { cc: { current_A: y_A }, for_min: 1 }',
    );
    expect([1, 2, 5].map(i => steps[i].does)).toEqual(['6 A (x_A)', '0.5 A (2 A - 1500 mA)', 'y_A']);
  });

  it.each([
    ['{ cv: { voltage_V: 4.2 }, for_h: 1 }', 'voltage at 4.2 V'],
    ['{ cv: { cell.negativePotential_mV: 20 }, for_h: 1 }', 'cell negative potential at 20 mV = 0.02 V'],
    ['{ cp: { power_W: -18 }, for_h: 1 }', '-18 W'],
    ['{ cp: { power_W: -0.018 kW }, for_h: 1 }', '-0.018 kW'],
    [
      '{ cc: { current_mA: 100, per_s: 5 }, for_h: 1 }',
      '100 mA = 0.1 A, approached at 5 mA per s (time counts from arrival)',
    ],
    [
      '{ cccv: { current_C: 1/2, voltage_V: subject.voltageMax_V }, for_h: 1 }',
      '1/2 C = 2.5 A until voltage is 4.2 V (subject.voltageMax_V), then held there',
    ],
    ['{ rest: {}, for_h: 1 }', 'output off, open circuit'],
    ['{ wait: {}, for_h: 1 }', 'all set values stay'],
    [
      '{ eis: { amplitude_mV: 10, from_Hz: 100, to_Hz: 1 }, within_h: 1 }',
      'impedance from 100 Hz to 1 Hz, 10 points a decade, 1 period at each frequency, amplitude 10 mV, the load stays (no reading shows the alternating part: its peaks are held within the limits)',
    ],
    [
      '{ eis: { amplitude_mV: 10, from_Hz: 100, to_Hz: 1, cycles: 3, dc: { voltage_V: 3.6 } }, within_h: 1 }',
      'impedance from 100 Hz to 1 Hz, 10 points a decade, 3 periods at each frequency, amplitude 10 mV, at voltage 3.6 V (no reading shows the alternating part: its peaks are held within the limits)',
    ],
    [
      '{ set: { chamber.temperature_degC: 45, n2.anodeValve_on: off } }',
      'chamber temperature to 45 degC, N2 anode valve to off',
    ],
    [
      '{ ramp: { tank.pressure_barg: 30, per_min: 0.9, pause_every: 5, pause_min: 4 } }',
      'tank pressure from where it stands to 30 barg, at 0.9 bar per min, standing 4 min after each 5 bar',
    ],
    ['{ ramp: { current_A: 2, in_min: 4 } }', 'current from where it stands to 2 A, in 4 min'],
    ['{ ask: { text: All valves open }, within_h: 2 }', 'a person confirms: All valves open'],
    [
      '{ let: { a_Ah: step.charge_Ah, b_Ah: 2 * subject.capacity_Ah } }',
      'a_Ah = charge of the step; b_Ah = 10 Ah (2 * subject.capacity_Ah)',
    ],
    ['{ call: one-cycle.yaml, with: { charge_C: 1 } }', 'the procedure one-cycle.yaml, with charge_C 1 C'],
    [
      '{ repeat: { times: 3, while: cell.voltage_V > 3 }, steps: [{ rest: {}, for_h: 1 }] }',
      '3 rounds at most, as long as cell voltage > 3 V',
    ],
    [
      '{ each: { a_s: { from: 1, to: 9, by: 1 } }, steps: [{ rest: {}, for_s: a_s }] }',
      'for a_s = 1, 2 ... 9 s',
    ],
    [
      '{ if: cell.voltage_V < 3, then: finish, else: stop }',
      'where cell voltage < 3 V: go to the end (finally); counts as completed; else stop',
    ],
    [
      '{ together: [[{ rest: {}, for_h: 1 }], [{ wait: {}, for_h: 1 }]] }',
      'side by side: the first leads, the others are left when it ends',
    ],
    ['{ steps: [{ rest: {}, for_h: 1 }] }', 'these steps as one'],
    [
      '{ follow: { chamber.temperature_degC: "triangle(10, 40, 12 h)" }, for_d: 3 }',
      'chamber temperature follows triangle(10 degC, 40 degC, 12 h)',
    ],
  ])('%s', (step, does) => {
    expect(ofSteps(`- ${step}`)[0].does).toBe(does);
  });

  it('of a profile with its borders', () => {
    const step =
      '{ follow: { power_pct: pct(wind.power_kW / 3 kW), min_pct: 10, restart_pct: 12, per_s: 5, standby: { n2.anodeValve_on: on } }, for_h: 8 }';
    const head = 'data: { wind: { file: w.csv, time_s: t, power_kW: P } }';
    expect(ofSteps(`- ${step}`, stack, head)[0].does).toBe(
      'power follows (wind power / 3 kW) in %; no faster than 5 % per s; off below 10 % = 200 W, on again from 12 % = 240 W (sets N2 anode valve to on when it goes off)',
    );
  });

  it.each([
    [
      'until: abs(slope(cell.voltage_V, 10 min)) < 1 mV_per_h',
      'until abs(slope of cell voltage over 10 min) < 1 mV/h',
    ],
    [
      'until: not (cell.voltage_V > 3 and cell.current_A < 1) or o2ok_on',
      'until not (cell voltage > 3 V and cell current < 1 A) or o2ok_on is on',
    ],
    ['until: cell.voltage_V > 3 for 5 min', 'until cell voltage > 3 V for 5 min'],
    ['until: 3 < cell.voltage_V', 'until 3 V < cell voltage'],
    ['until: cell.current_C < c_C / 10', 'until cell current < 0.05 C (c_C / 10)'],
    [
      'until: change(cell.voltage_V, run) > 5 mV',
      'until change of cell voltage since the start of the run > 5 mV',
    ],
    ['until: mix.h2_vol_pct < 0.4', 'until H2 in mix < 0.4 vol %'],
    [
      'until: cell.voltage_V - 0.1 > 2 * (3 V - cell.voltage_V)',
      'until cell voltage - 0.1 V > 2 * (3 V - cell voltage)',
    ],
    [
      'until: pct(step.charge_Ah / block.charge_Ah) < 5',
      'until (charge of the step / charge of the block) in % < 5 %',
    ],
    ['until: step.charge_pct <= -10', 'until charge of the step <= -10 %'],
  ])('condition %s', (until, words) => {
    const head = 'parameters: { o2ok_on: off, c_C: 1/2 }';
    const [key, text] = until.split(/: (.*)/);
    expect(sentence(`{ wait: {}, ${key}: "${text}", within_h: 1 }`, cell, head)).toContain(`${words};`);
  });

  it('says gate, exits, limits, rows and targets', () => {
    const text = sentence(
      '{ cc: { current_A: 1 }, for_min: 5, within_h: 1, otherwise: trip, gate: cell.voltage_V < 4, average_min: 1, exact_s: 0.1, tags: [load], resume: never, ' +
        'exits: [{ when: cell.voltage_V > 4.1, then: next }], limits: [{ when: cell.voltage_V > 4.2, then: hold }], record: { every_s: 10, before_s: 1, change: { cell.voltage_V: 0.01 } } }',
    );
    expect(text).toBe(
      '1 cc: 1 A for 5 min; within 1 h, otherwise trip into the safe state; where cell voltage > 4.1 V: go on with the next step; ' +
        'all stands still (a cell rests) while not cell voltage < 4 V; limit: hold where cell voltage > 4.2 V; the last 1 min becomes a point (of less where it ends before, then its means have no value); ' +
        'its duration exact to 0.1 s; kept: one row in 10 s, a row where cell voltage has changed by 0.01 V, every reading 1 s before; ' +
        'after a cut: never; arms what is tagged load. Expected 5 min, at most 1 h 00',
    );
  });
});

describe('a whole method', () => {
  it('is explained without a gap, whatever is changed in an example that can still be read', () => {
    const texts = readdirSync(FILES).map(name => [name, readFileSync(new URL(name, FILES), 'utf8')] as const);
    const change = fc.record({
      at: fc.nat(4000),
      length: fc.nat(6),
      put: fc.stringMatching(/^[-+*/0-9.a-z_ ]{0,4}$/),
    });
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        ([name, text], changes) => {
          const changed = changes.reduce((whole, { at, length, put }) => {
            const from = at % whole.length;
            return whole.slice(0, from) + put + whole.slice(from + length);
          }, text);
          try {
            const lines = explanationLines(explained(changed, isStackFile(name) ? stack : cell, name)).join(
              '\n',
            );
            read += 1;
            expect(lines).not.toMatch(/NaN|undefined|Infinity|\[object/);
          } catch (error) {
            if (!(error instanceof FileError)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(read).toBeGreaterThan(20);
  });

  it.each(readdirSync(FILES).sort())('%s: every step once, with number and times, all of it JSON', name => {
    const text = readFileSync(new URL(name, FILES), 'utf8');
    const files = readWithCalls(name, text, read);
    const method = explained(text, isStackFile(name) ? stack : cell, name);
    const all = every([...method.phases.flatMap(phase => phase.steps), ...method.finally]);
    const own = topLists(files.main).flatMap(list => [...allSteps(list)]);
    expect(all.length).toBeGreaterThanOrEqual(own.length);
    expect(new Set(all.map(step => step.number)).size).toBe(all.length);
    const lines = explanationLines(method).join('\n');
    expect(lines).not.toMatch(/NaN|undefined|Infinity|null|\[object/);
    expect(JSON.parse(JSON.stringify(method))).toEqual(method);
  });

  it('says where parameters, figures and data come from', () => {
    const method = explained(
      [
        'method: m',
        'version: 2',
        'doc: two rates',
        'parameters:',
        '  rates_C: [1/2, 1]',
        '  top_V: { default: subject.voltageMax_V, max: 5, doc: upper cut-off }',
        '  hold_min: {}',
        'data: { us06: { file: us06.csv, time_s: t, current_A: "I [A]" }, gone: { file: gone.csv, time_s: t, power_W: P } }',
        'derived: { rise_mV: "change(cell.voltage_V, run)" }',
        'limits: [{ when: cell.voltage_V > 4.3, then: trip }]',
        'record: { every_s: 60 }',
        'phases:',
        '- name: up',
        '  limits: [{ when: cell.voltage_V < 2, then: stop }]',
        '  steps:',
        '  - { cccv: { current_C: 1, voltage_V: top_V }, until: cell.current_C < 1/20, within_h: 2 }',
        '- { name: rest, steps: [{ rest: {}, for_min: hold_min }], reentry: [{ wait: {}, for_min: 1 }] }',
        'finally: [{ rest: {}, for_s: 1 }]',
        'returns: { end_V: up.voltage_V }',
      ]
        .join('\n')
        .replace('end_V: up.voltage_V', 'end_mV: 5 mV'),
    );
    const lines = explanationLines(method);
    expect(lines).toEqual([
      'method m (m.yaml): two rates',
      'Expected 1 s of what is known, the rest by rehearsal (some 1 h 00 in all by rule of thumb); without a bound that is known before the run',
      '',
      'Parameters',
      '  rates_C = 0.5, 1 C (default)',
      '  top_V = 4.2 V (from the bench file, subject.voltageMax_V): upper cut-off',
      '  hold_min must be given: --set hold_min=...',
      '',
      'From the bench file',
      '  subject.capacity_Ah 5 Ah',
      '  subject.voltageMax_V 4.2 V',
      '',
      'Data',
      '  us06: us06.csv (12 bytes, SHA-256 abc); current_A from "I [A]"',
      '  gone: gone.csv (not there); power_W from "P"',
      '',
      'Derived roles',
      '  rise_mV: change of cell voltage since the start of the run',
      '',
      'Rows kept: one row in 60 s',
      '',
      'Limits of the method',
      '  trip where cell voltage > 4.3 V',
      '',
      'Phase up',
      '  limit of the phase: stop where cell voltage < 2 V',
      '  1.1 cccv: 1 C = 5 A until voltage is 4.2 V (top_V), then held there until cell current < 1/20 C; within 2 h, otherwise stop. Expected: by rehearsal, at most 2 h 00',
      '',
      'Phase rest',
      '  2.1 rest: output off, open circuit for hold_min. Expected: by rehearsal, without a bound that is known before the run',
      '  after a cut, before it goes on:',
      '    R2.1 wait: all set values stay for 1 min. Takes 1 min',
      '',
      'Finally, when it is through or goes to finish (a stop or a trip goes to the safe state of the bench instead)',
      '  F1 rest: output off, open circuit for 1 s. Takes 1 s',
      '',
      'Returns',
      '  end_mV: 5 mV',
      '',
      'Without a bound that is known before the run',
      '  m.yaml: rest (for_min)',
    ]);
  });
});
