import { describe, expect, it } from 'vitest';
import { type LoadedBench, parseBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import type { ReadCalled } from '../../../profiles/language/file/calls.ts';
import { builtInText } from '../../../profiles/language/methods/built-in.ts';
import type { Procedure } from '../../../profiles/procedure.ts';

/** What only the bench tells of a method: refused before anything starts, with its place. */

const FILE = 'examples/cell-cycling/bench.yaml';
const benchWith = (change: (text: string) => string = text => text): LoadedBench =>
  parseBench(FILE, change(readTextFile(FILE)), describeDevice);
const CELL = benchWith();
const STACK_FILE = 'examples/pem-500kw/bench.yaml';
const STACK = parseBench(STACK_FILE, readTextFile(STACK_FILE), describeDevice);
const textOf = (head: string, steps: string): string => `method: m\nversion: 2\n${head}steps:\n${steps}\n`;
const THREE_TEXT = readTextFile('examples/three-electrode/bench.yaml');
const three = (text: string): LoadedBench =>
  parseBench('examples/three-electrode/bench.yaml', text, describeDevice);
const THREE = three(THREE_TEXT);
const THREE_WITHOUT = three(THREE_TEXT.replace(/softwareControl:\n.*\n/, ''));
const loaded = (steps: string, bench = CELL, head = ''): Procedure =>
  parseMethodFor('m.yaml', textOf(head, steps), bench, {
    read: () => undefined,
  }).procedure;

const latency = benchWith(text => text.replace('poll_s: 1\n', 'poll_s: 1\n    latency_s: 0.05\n'));

describe('refused on this bench', () => {
  it.each([
    [
      'a duration that its line cannot hold',
      '- { cc: { current_A: 1 }, for_s: 10, exact_s: 0.02 }',
      latency,
      /m\.yaml:4:\d+: exact_s: 0.02 s is shorter than an answer of cycler takes \(0.05 s/,
    ],
    [
      'a duration that no reading would show',
      '- { cc: { current_A: 1 }, for_s: 0.5, exact_s: 0.02 }',
      CELL,
      /exact_s: the step lasts 0.5 s, and cycler is read each 1 s/,
    ],
    [
      'a time before a step that is known only in the run',
      '- { cc: { current_A: 1 }, for_s: 10, record: { before_s: cell.voltage_V / 1 V_per_s } }',
      CELL,
      /before_s: is known only in the run/,
    ],
    [
      'a potential that the bench lets nobody hold: nothing would end the current',
      `- { cccv: { current_C: 1, cell.negativePotential_V: 0.02 }, until: cell.current_C < 1/10, within_h: 2 }`,
      THREE_WITHOUT,
      /m\.yaml:4:\d+: cell\.negativePotential_V: nothing on this bench holds "cell\.negativePotential_V", expected softwareControl/,
    ],
    [
      'a potential that no driver is told',
      '- { cccv: { current_C: 1, cell.negativePotential_V: 0.02 }, until: cell.current_C < 1/10, within_h: 2 }',
      benchWith(text =>
        text
          .replace('cell.voltageSet_V: cycler', 'cell.negativePotentialSet_V: cycler')
          .replace('cell.voltageSet_V: {', 'cell.negativePotentialSet_V: {'),
      ),
      /cell\.negativePotential_V: no driver here is told a potential of one electrode, expected softwareControl/,
    ],
    [
      'a potential beyond what may be asked for',
      '- { cccv: { current_C: 1, cell.negativePotential_mV: -10 }, until: cell.current_C < 1/10, within_h: 2 }',
      THREE,
      /m\.yaml:4:\d+: .*sets cell\.negativePotential_V to -0\.01, expected 0\.\.0\.5 V/,
    ],
    [
      'a rate of approach for a potential that software holds',
      '- { cv: { cell.negativePotential_V: 0.1, per_s: 0.01 }, for_h: 1 }',
      THREE,
      /per_s: a potential that software holds has no rate of approach/,
    ],
    [
      'readings held back for hours',
      '- { cc: { current_A: 1 }, for_s: 10, record: { before_h: 2 } }',
      CELL,
      /before_h: is 7200 s, expected 3600 s at most/,
    ],
  ])('%s', (_what, steps, bench, message) => {
    expect(() => loaded(steps, bench)).toThrow(message);
  });

  it.each([
    ['{ rate_C: 0.0001 }', /m\.yaml:5:\d+: rate_C: 0\.0001 C, expected at least 0\.001 C \(full-charge\)/],
    ['{ rate_C: 60 }', /rate_C: 60 C, expected at most 10 C/],
    ['{ rate_C: 1 / 10000 }', /rate_C: .*expected at least 0\.001 C/],
    ['{ rate_C: fast_C }', /rate_C: .*expected at most 10 C/],
  ])('a value beyond min and max of the parameter of a call: %s', (given, message) => {
    const call = `- { call: full-charge, with: ${given} }`;
    const read: ReadCalled = name => ({ path: `built-in ${name}`, text: builtInText(name) ?? '' });
    expect(() =>
      parseMethodFor('m.yaml', textOf('parameters: { fast_C: 19 }\n', call), CELL, { read }),
    ).toThrow(message);
  });

  it.each([
    [
      'polarisation',
      '[20, 80, 60]',
      /m\.yaml:4:\d+: loads_pct: 60 % comes after 80 %, expected rising values \(polarisation\)/,
    ],
    ['polarisation', '[20, 80, 80]', /loads_pct: 80 % comes after 80 %, expected rising values/],
    ['crossover', '[20, 80]', /loads_pct: 80 % comes after 20 %, expected falling values/],
  ])('a list whose parameter has an order, out of it: %s %s', (name, loads, message) => {
    const read: ReadCalled = called => ({ path: `built-in ${called}`, text: builtInText(called) ?? '' });
    const call = `- { call: ${name}, with: { loads_pct: ${loads} } }`;
    expect(() => parseMethodFor('m.yaml', textOf('', call), STACK, { read })).toThrow(message);
  });

  it('a list of the file itself that is out of its order', () => {
    const head = 'parameters: { a_A: { default: [1, 3, 2], order: rising } }\n';
    expect(() =>
      parseMethodFor(
        'm.yaml',
        textOf(head, '- { each: { b_A: a_A }, steps: [{ rest: {}, for_s: 1 }] }'),
        CELL,
      ),
    ).toThrow(/m\.yaml:3:\d+: default: 2 A comes after 3 A, expected rising values/);
  });

  it.each(['cycles_count: 1.5', 'cycles_count: 5 / 2', 'cycles_count: half_count / 2'])(
    'no whole number for a parameter of a call that counts: %s',
    given => {
      const read: ReadCalled = name => ({ path: `built-in ${name}`, text: builtInText(name) ?? '' });
      const call = `- { call: formation, with: { ${given} } }`;
      expect(() =>
        parseMethodFor('m.yaml', textOf('parameters: { half_count: 3 }\n', call), CELL, { read }),
      ).toThrow(/m\.yaml:5:\d+: cycles_count: (1|2)\.5, expected a whole number \(formation\)/);
    },
  );

  it.each([
    [
      '- { repeat: { times: n_count }, steps: [{ rest: {}, for_s: 1 }] }',
      'parameters: { n_count: -3 }\n',
      /m\.yaml:5:\d+: times: -3 rounds, expected a whole number up to 100000/,
    ],
    [
      '- { repeat: { times: n_count }, steps: [{ rest: {}, for_s: 1 }] }',
      'parameters: { n_count: 2.5 }\n',
      /m\.yaml:3:\d+: n_count: 2\.5, expected a whole number/,
    ],
    [
      '- { repeat: { times: n_count / 2 }, steps: [{ rest: {}, for_s: 1 }] }',
      'parameters: { n_count: 3 }\n',
      /times: 1\.5 rounds, expected a whole number/,
    ],
    [
      '- { repeat: { times: n_count }, steps: [{ rest: {}, for_s: 1 }] }',
      'parameters: { n_count: 1e9 }\n',
      /times: 1000000000 rounds/,
    ],
    [
      '- { rest: {}, for_d: 1e18 }',
      '',
      /m\.yaml:4:\d+: for_d: is longer than 175200 h \(20 years\), expected less/,
    ],
    [
      '- { cccv: { current_C: -1/2, voltage_V: 4.2 }, until: cell.current_C < 1/20, within_h: 4 }',
      '',
      /m\.yaml:4:\d+: current_C: a discharge to the highest voltage of the cell \(4\.2 V\), expected the other sign/,
    ],
    [
      '- { cccv: { current_A: x_A, voltage_V: subject.voltageMin_V }, until: cell.current_C < 1/20, within_h: 4 }',
      'parameters: { x_A: 1 }\n',
      /current_A: a charge to the lowest voltage of the cell \(2\.5 V\)/,
    ],
    [
      '- { each: { x_A: { from: 0.1, to: 1, by: 1e-7 } }, steps: [{ cc: { current_A: x_A }, for_s: 1 }] }',
      '',
      /m\.yaml:4:\d+: x_A: has 9000001 values, expected 100000 at most/,
    ],
    [
      '- { each: { x_A: { from: a_A, to: 0, by: -3 } }, steps: [{ cc: { current_A: x_A }, for_s: 1 }] }',
      'parameters: { a_A: -1 }\n',
      /x_A: from -1 to 0 by -3 never comes there, expected the other sign of by/,
    ],
    [
      '- { evaluate: hppcc, steps: [{ rest: {}, for_s: 1 }] }',
      '',
      /m\.yaml:4:\d+: evaluate: no built-in method is called "hppcc" \(did you mean hppc\?\)/,
    ],
    ['- { rest: {}, until: cell.voltage_V > 3, within_d: 1e300 }', '', /within_d: is longer than/],
    [
      '- { cc: { current_C: x_C }, for_s: 1 }',
      'parameters: { x_C: x_C }\n',
      /m\.yaml:3:\d+: x_C: "x_C" is worked out here or later, expected what stands before it/,
    ],
    [
      '- { cc: { current_C: x_C }, for_s: 1 }',
      'parameters: { x_C: 2 * y_C, y_C: 1 }\n',
      /"y_C" is worked out here or later/,
    ],
  ])('nonsense: %s %s', (steps, head, message) => {
    expect(() => loaded(steps, CELL, head)).toThrow(message);
  });

  it('a default that is beyond min and max on this bench', () => {
    const head = 'parameters: { charge_Ah: { default: 2 * subject.capacity_Ah, max: 6 } }\n';
    expect(() => loaded('- { rest: {}, for_s: 1 }', CELL, head)).toThrow(
      /m\.yaml:3:\d+: default: 10 Ah, expected at most 6 Ah/,
    );
  });

  it.each([
    ['', '- { cc: { current_C: -1/5 }, until: cell.soc_pct <= 50, within_h: 6 }'],
    [
      'set only behind it',
      '- { wait: {}, until: cell.soc_pct > 3, for_s: 9 }\n- { set: { cell.soc_pct: 100 } }',
    ],
  ])('a state of charge that nothing has set before %s', (_what, steps) => {
    expect(() => loaded(steps)).toThrow(
      /m\.yaml:4:5: \w+: reads cell\.soc_pct, which is unknown until it was set, expected before it a full charge and the step set/,
    );
  });

  it.each([
    '- { set: { cell.soc_pct: 100 } }\n- { wait: {}, until: cell.soc_pct > 3, for_s: 9 }',
    '- { if: known(cell.soc_pct), then: finish }\n- { rest: {}, for_s: 1 }',
  ])('not: %s', steps => {
    expect(loaded(steps).method).toBe('m');
  });

  it('not: what it can hold', () => {
    expect(loaded('- { cc: { current_A: 1 }, for_s: 10, exact_s: 0.05 }', latency).program?.sets).toContain(
      'cell.currentSet_A',
    );
  });

  it.each([
    ['max(l_C)', 'a list of this file'],
    ['mean(l_C)', 'a list of this file'],
    ['max(x_C)', 'one value'],
    ['max(warm.cell.current_C)', 'one value'],
  ])('%s: %s is no array', (text, is) => {
    const steps = `- { rest: {}, id: warm, for_min: 2, average_min: 1 }\n- { cc: { current_C: ${text} }, for_s: 1 }`;
    expect(() => loaded(steps, CELL, 'parameters: { l_C: [1/3, 1/2], x_C: 1/3 }\n')).toThrow(
      new RegExp(`m\\.yaml:6:\\d+: current_C: "[^"]+" is ${is}[^,]*, .*expected an array role`),
    );
  });
});

describe('lists of together', () => {
  const PROCEDURES: Readonly<Record<string, string>> = {
    load: 'procedure: load\nversion: 2\nsteps: [{ cc: { current_A: 4 }, for_s: 5 }]\n',
    outer: 'procedure: outer\nversion: 2\nsteps: [{ wait: {}, for_s: 1 }, { call: load }]\n',
    warm: 'procedure: warm\nversion: 2\nsteps: [{ set: { chamber.temperature_degC: 30 } }]\n',
    still: 'procedure: still\nversion: 2\nsteps: [{ wait: {}, for_s: 5 }]\n',
  };
  const read: ReadCalled = name => ({ path: `${name}.yaml`, text: PROCEDURES[name] ?? '' });
  const together = (leader: string, other: string): Procedure =>
    parseMethodFor('m.yaml', textOf('', `- together:\n  - [${leader}]\n  - [${other}]`), CELL, { read })
      .procedure;

  it.each([
    ['{ rest: {}, for_h: 2 }', '{ wait: {}, for_s: 1 }, { call: load }', 6, 'load drives the output'],
    ['{ rest: {}, for_h: 2 }', '{ call: outer }', 6, 'outer drives the output'],
    ['{ call: load }', '{ rest: {}, for_s: 9 }', 6, ''],
    ['{ call: load, id: a }', '{ call: load, id: b }', 6, 'load drives the output'],
    [
      '{ set: { chamber.temperature_degC: 20 } }',
      '{ steps: [{ call: warm }] }',
      6,
      'warm drives chamber.temperature',
    ],
  ])('%s beside %s: what is called drives, too', (leader, other, line, what) => {
    expect(() => together(leader, other)).toThrow(
      new RegExp(
        `m\\.yaml:${line}:\\d+: \\w+: ${what}.*list 1 of together drives .* already, expected it in one`,
      ),
    );
  });

  it('a procedure that calls two such lists is refused at its own line', () => {
    const text =
      'procedure: both\nversion: 2\nsteps:\n- together:\n  - [{ rest: {}, for_s: 9 }]\n  - [{ call: load }]\n';
    const finding: ReadCalled = (name, from) =>
      name === 'both' ? { path: 'both.yaml', text } : read(name, from);
    expect(() => parseMethodFor('m.yaml', textOf('', '- { call: both }'), CELL, { read: finding })).toThrow(
      /both\.yaml:6:\d+: call: load drives the output/,
    );
  });

  it.each([
    ['{ call: load }', '{ call: warm }'],
    ['{ rest: {}, for_s: 9 }', '{ call: still }'],
  ])('not: %s beside %s', (leader, other) => {
    expect(together(leader, other).method).toBe('m');
  });
});
