import { describe, expect, it } from 'vitest';
import { builtInText } from '../../../../profiles/language/methods/built-in.ts';
import { methodOf, once, refusal } from './convert-once.ts';

/** An `if` in a language that has none: decided at the conversion, or its steps are done always, or it is refused. */

const CYCLERS = ['neware', 'biologic', 'maccor'] as const;
const HEAD = 'parameters: { first_C: 1/2, mode_count: 1 }\n';
const REST = '{ rest: {}, for_s: 77 }';
const OTHER = '{ rest: {}, for_s: 88 }';
const steps = (condition: string, ways: string): string =>
  methodOf(`- { if: "${condition}", ${ways} }\n- { rest: {}, for_s: 99 }`, HEAD);
const BOTH = `then: [${REST}], else: [${OTHER}]`;

/** Seconds of the rests in a Neware file, in their order. */
const rests = (text: string, accepts = false): readonly number[] =>
  [...once('m.yaml', text, { to: 'neware', accepts }).text.matchAll(/Time Value="(\d+)/g)].map(
    ([, ms]) => Number(ms) / 1000,
  );

describe('what parameters and bench decide', () => {
  it.each([
    ['mode_count == 1', BOTH, [77, 99]],
    ['mode_count > 1', BOTH, [88, 99]],
    ['first_C < 1', BOTH, [77, 99]],
    ['subject.capacity_Ah > 3', BOTH, [88, 99]],
    ['mode_count > 1', `then: [${REST}]`, [99]],
    ['mode_count > 1', `then: finish, else: [${OTHER}]`, [88, 99]],
    ['mode_count == 1', `then: next, else: [${OTHER}]`, [99]],
    ['mode_count > 1 and cell.voltage_V < 3', BOTH, [88, 99]],
  ])('%s, %s', (condition, ways, expected) => {
    expect(rests(steps(condition, ways))).toEqual(expected);
  });

  it('a figure that is missing is asked for', () => {
    expect(refusal('m.yaml', steps('subject.voltageMax_V > 4', BOTH), { to: 'neware' })).toMatch(
      /^m.yaml:5:\d+: if: subject.voltageMax_V is not known, expected --bench/,
    );
  });

  it('a way that leads elsewhere is refused', () => {
    expect(refusal('m.yaml', steps('mode_count == 1', 'then: finish'), { to: 'maccor' })).toMatch(
      /^m.yaml:5:\d+: then: "then: finish" cannot be said/,
    );
  });
});

describe('what only the run decides', () => {
  it('one way: refused with its line, done always where that is accepted', () => {
    const text = steps('cell.voltage_V < 3', `then: [${REST}]`);
    expect(refusal('m.yaml', text, { to: 'neware' })).toMatch(
      /^m.yaml:5:\d+: if: is decided only in the run.*--accept/,
    );
    expect(rests(text, true)).toEqual([77, 99]);
  });

  it.each([BOTH, `then: [${REST}], else: stop`])('two ways are refused: %s', ways => {
    expect(refusal('m.yaml', steps('cell.voltage_V < 3', ways), { to: 'neware', accepts: true })).toMatch(
      /^m.yaml:5:\d+: if: "if" that only the run decides cannot be said/,
    );
  });
});

it.each(CYCLERS)('capacity-check for %s: both cycles, what is otherwise there listed', to => {
  const subject = { capacity_Ah: 2, voltageMax_V: 4.2, voltageMin_V: 2.5 };
  const text = builtInText('capacity-check') ?? '';
  const { differences, steps: count } = once('check.yaml', text, { to, accepts: true, subject });
  expect(count).toBe(9);
  expect(differences.filter(({ what }) => what.startsWith('if:'))).toEqual([
    { where: 'check.yaml:16', what: 'if: is decided only in the run: there its steps are always done' },
  ]);
  expect(refusal('check.yaml', text, { to, subject })).toMatch(/^check.yaml:8:/);
});

describe('which way a voltage drives, for maccor', () => {
  const subject = { capacity_Ah: 2, voltageMax_V: 4.2, voltageMin_V: 2.5, currentMax_A: 4 };
  const cv = (until: string, before = ''): string =>
    methodOf(`${before}- { cv: { voltage_V: 3.5 }, until: "${until}", for_h: 2 }`, '');
  const discharge = '- { cc: { current_A: -1 }, for_min: 1 }\n';
  const types = (text: string): string[] =>
    [
      ...once('m.yaml', text, { to: 'maccor', subject, accepts: true }).text.matchAll(/<StepType>\s*(\w+)/g),
    ].map(([, type]) => type);
  it.each([
    ['cell.current_A < 0.1', '', ['Charge', 'End']],
    ['cell.current_A > -0.1', '', ['Dischrge', 'End']],
    // Its own sign, not the step before.
    ['cell.current_A < 0.1', discharge, ['Dischrge', 'Charge', 'End']],
    ['abs(cell.current_A) < 0.1', discharge, ['Dischrge', 'Dischrge', 'End']],
  ])('%s behind "%s"', (until, before, expected) => {
    expect(types(cv(until, before))).toEqual(expected);
    expect(refusal('m.yaml', cv(until, before), { to: 'maccor', subject })).not.toContain('which way');
  });

  it('is listed where nobody says it', () => {
    expect(refusal('m.yaml', cv('abs(cell.current_A) < 0.1'), { to: 'maccor', subject })).toMatch(
      /^m.yaml:\d+:\d+: cv: is written as a charge: .*--accept/,
    );
  });
});

describe('steps of finally', () => {
  const text = (rest: string): string =>
    methodOf(`- { cc: { current_A: 1 }, ${rest} }\nfinally:\n- { rest: {}, for_min: 5 }`, '');
  it('are the last ones elsewhere, too: a stop comes to them nowhere', () => {
    expect(refusal('m.yaml', text('for_min: 10'), { to: 'neware' })).toBe('written');
  });
  it('are a difference where something leads to finish', () => {
    const exits = 'for_min: 10, exits: [{ when: cell.voltage_V > 4, then: finish }]';
    expect(
      once('m.yaml', text(exits), { to: 'maccor', accepts: true })
        .differences.map(({ what }) => what)
        .join(' '),
    ).toContain('what leads to finish does not come to it there');
  });
});

describe('an end by a current or charge of one direction', () => {
  const cv = (until: string): string => methodOf(`- { cv: { voltage_V: 3 }, until: "${until}", for_h: 4 }`);
  const LARGE = ['cell.current_mA > 5', 'cell.current_mA < -5'];
  it.each(['biologic', 'battinfo', 'maccor'] as const)('%s: large by its size is another end', to => {
    for (const until of LARGE) {
      expect(refusal('m.yaml', cv(until), { to })).toMatch(
        /m.yaml:4:\d+: until: ends by a current that flows (in|out): .* looks at its size.*\(--accept/,
      );
      expect(
        once('m.yaml', cv(until), { to, accepts: true }).differences.map(({ what }) => what),
      ).toContainEqual(expect.stringContaining('looks at its size'));
    }
    for (const until of ['abs(cell.current_mA) < 5', 'abs(cell.current_mA) > 5'])
      expect(once('m.yaml', cv(until), { to, accepts: true }).differences).not.toContainEqual(
        expect.objectContaining({ what: expect.stringContaining('looks at its size') }),
      );
  });

  it.each([
    ['pybamm', 'cell.current_mA < 5'],
    ['pybamm', 'cell.current_C > -1/20'],
    ['pybamm', 'cell.current_mA < 50 or cell.voltage_V < 2'],
    ['neware', 'cell.current_mA < 5'],
    ['neware', 'cell.current_mA > -5'],
    ['maccor', 'cell.current_mA < 5'],
    ['biologic', 'cell.current_mA > -5'],
    ['battinfo', 'cell.current_mA < 5'],
    ['unicycler', 'cell.current_mA < 5'],
  ] as const)(
    '%s: %s is met here at once by one that flows the other way, and there by its size',
    (to, until) => {
      const says =
        /until: ends here at once by any current that flows (in|out): .* looks at its size alone, as abs\(/;
      const head = 'record: { every_s: 1 }\n';
      const text = methodOf(`- { cv: { voltage_V: 3 }, until: "${until}", for_h: 4 }`, head);
      expect(refusal('m.yaml', text, { to })).toMatch(says);
      expect(refusal('m.yaml', text, { to })).toMatch(/^m.yaml:5:\d+: .*\(--accept writes it so\)/);
      const { differences } = once('m.yaml', text, { to, accepts: true });
      expect(differences).toContainEqual({ where: 'm.yaml:5', what: expect.stringMatching(says) });
    },
  );

  it('not where the step itself says which way its current flows, or the size is meant', () => {
    const head = 'record: { every_s: 1 }\n';
    const cccv = '- { cccv: { current_A: 1, voltage_V: 4.2 }, until: cell.current_A < 0.1, for_h: 4 }';
    expect(refusal('m.yaml', methodOf(cccv, head), { to: 'battinfo' })).toBe('written');
    const held = '- { cv: { voltage_V: 4.2 }, until: abs(cell.current_A) < 0.1, for_h: 4 }';
    for (const to of ['pybamm', 'battinfo', 'unicycler'] as const)
      expect(refusal('m.yaml', methodOf(held, head), { to })).toBe('written');
  });

  it('nor are they any end at all elsewhere', () => {
    for (const to of ['neware', 'pybamm', 'unicycler'] as const)
      expect(refusal('m.yaml', cv('cell.current_mA > 5'), { to, accepts: true })).toMatch(/:4:\d+: until: /);
  });

  it('Maccor: in a way out too', () => {
    const text = methodOf(
      '- { cv: { voltage_V: 3 }, until: abs(cell.current_A) < 0.1, for_h: 4, exits: [{ when: cell.current_A > 0.5, then: stop }] }',
    );
    expect(refusal('m.yaml', text, { to: 'maccor' })).toMatch(/m.yaml:4:\d+: .*looks at its size/);
  });

  it.each(['step.charge_Ah > 1', 'step.chargeIn_Ah > 1'])('a discharge never ends by %s', until =>
    expect(
      refusal('m.yaml', methodOf(`- { cc: { current_A: -1 }, until: ${until}, for_h: 4 }`), {
        to: 'battinfo',
      }),
    ).toMatch(/m.yaml:4:\d+: until: compares with a charge of the other sign/),
  );

  it.each(['step.charge_Ah > 1', 'step.chargeOut_Ah > 1'])('a voltage that is held until %s', until =>
    expect(refusal('m.yaml', cv(until), { to: 'battinfo' })).toMatch(/ends by a charge that flows (in|out)/),
  );
});
