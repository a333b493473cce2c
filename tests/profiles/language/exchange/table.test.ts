import { describe, expect, it } from 'vitest';
import {
  cellOf,
  FORMATS,
  type FormatKey,
  ROWS,
  type Row,
} from '../../../../profiles/language/exchange/table.ts';
import { methodOf, once, refusal } from './convert-once.ts';

/** The table of what others can say, held against what is really written and refused. Line 4 is the first step. */

const RECORD = 'record: { every_s: 10 }\n';
/** A method for each row that needs nothing else, and the line that says it. */
const SAMPLES: Readonly<
  Record<Exclude<Row, 'nested loops' | 'logic'>, readonly [steps: string, line: number, head?: string]>
> = {
  cccv: ['- { cccv: { current_A: 1, voltage_V: 4.2 }, until: cell.current_A < 0.1, for_h: 4 }', 5],
  cp: ['- { cp: { power_W: -3 }, until: cell.voltage_V < 2.5, for_h: 4 }', 5],
  cr: ['- { cr: { resistance_Ohm: 2 }, until: cell.voltage_V < 2.5, for_h: 4 }', 5],
  'until on charge': ['- { cc: { current_A: 1 }, until: step.charge_Ah >= 1.5, for_h: 4 }', 5],
  'several ends': [
    '- { cc: { current_A: 1 }, until: cell.voltage_V > 4.1 or cell.voltage_V < 2, for_h: 4 }',
    5,
  ],
  deadline: ['- { cc: { current_A: 1 }, until: cell.voltage_V > 4.2, within_h: 4 }', 5],
  exits: ['- { cc: { current_A: 1 }, exits: [{ when: cell.voltage_V > 4.3, then: finish }], for_h: 1 }', 5],
  chamber: ['- { set: { chamber.temperature_degC: 45 } }\n- { rest: {}, for_h: 1 }', 5],
  follow: [
    '- { follow: { current_A: 0.1 * load.current_A }, for_h: 1 }',
    6,
    'data: { load: { file: a.csv, time_s: t, current_A: i } }\n',
  ],
  eis: ['- { eis: { amplitude_mV: 10, from_Hz: 1000, to_Hz: 1 }, within_h: 1, otherwise: next }', 5],
  'record of a step': ['- { rest: {}, for_h: 1, record: { every_s: 1 } }', 5],
  limits: ['- { rest: {}, for_h: 1 }', 4, 'limits: [{ when: cell.voltage_V > 4.5, then: stop }]\n'],
};
const CASES = FORMATS.flatMap(format =>
  Object.keys(SAMPLES).map(row => [format, row as keyof typeof SAMPLES, cellOf(format, row as Row)] as const),
);

describe('the table', () => {
  it('has a sample for every row but those below', () => {
    expect([...Object.keys(SAMPLES), 'nested loops', 'logic'].sort()).toEqual([...ROWS].sort());
  });

  it.each(CASES)('%s: %s is %s', (format, row, cell) => {
    const [steps, line, head = ''] = SAMPLES[row];
    const text = methodOf(steps, RECORD + head);
    const [plain, accepted] = [false, true].map(accepts => refusal('m.yaml', text, { to: format, accepts }));
    if (cell === 'said') return expect(plain).toBe('written');
    expect(plain).toMatch(new RegExp(`^m\\.yaml:${line}:\\d+: `));
    if (cell === 'difference') {
      expect(plain).toMatch(/--accept writes it so/);
      const { differences } = once('m.yaml', text, { to: format, accepts: true });
      return expect(differences.map(({ where }) => where)).toEqual([`m.yaml:${line}`]);
    }
    expect(plain).toMatch(cell === 'unknown' ? /is not known here/ : /cannot be said in/);
    // BattINFO goes without a description of the steps then.
    expect(accepted).toBe(format === 'battinfo' ? 'written' : plain);
  });
});

/** Steps that no other language has, each with the key that says so. */
const NOBODY: readonly (readonly [what: string, steps: string, says: RegExp])[] = [
  [
    'if',
    '- { if: cell.voltage_V < 3, then: finish }',
    /:4:\d+: if: "if" that only the run decides cannot be said/,
  ],
  ['let', '- { let: { x_A: 1 } }', /:4:\d+: let: "let" cannot/],
  [
    'gate',
    '- { cc: { current_A: 1 }, for_h: 1, within_h: 2, gate: cell.temperature_degC < 30 }',
    /:4:\d+: gate: a gate cannot/,
  ],
  [
    'together',
    '- together: [[{ rest: {}, for_h: 1 }], [{ set: { a.b_on: on } }]]',
    /:4:\d+: together: "together" cannot/,
  ],
  ['set', '- { set: { n2.flow_NL_per_min: 1 } }', /:4:\d+: n2.flow_NL_per_min: setting n2/],
  ['ramp', '- { ramp: { current_A: 2, per_s: 1 } }', /:4:\d+: ramp: "ramp" cannot/],
  ['ask', '- { ask: { text: Ready }, within_h: 1 }', /:4:\d+: ask: "ask" cannot/],
  ['an approach', '- { cc: { current_A: 2, per_s: 1 }, for_h: 1 }', /:4:\d+: per_s: an approach at a rate/],
  [
    'half a cell',
    '- { cv: { cell.negativePotential_V: 0.1 }, for_h: 1 }',
    /:4:\d+: cell.negativePotential_V: the potential of one/,
  ],
  [
    'a loop with a condition',
    '- { repeat: { times: 3, while: cell.voltage_V > 3 }, steps: [{ rest: {}, for_h: 1 }] }',
    /:4:\d+: while: a loop with/,
  ],
  [
    'an end of a loop',
    '- { repeat: { times: 3 }, until: cell.voltage_V < 3, steps: [{ rest: {}, for_h: 1 }] }',
    /:4:\d+: until: an end of a whole block/,
  ],
  [
    'a deadline of a group',
    '- { steps: [{ rest: {}, for_h: 1 }], within_h: 2 }',
    /:4:\d+: within_h: an end of a whole block/,
  ],
  [
    'limits of a step',
    '- { rest: {}, for_h: 1, limits: [{ when: cell.voltage_V > 4, then: stop }] }',
    /:4:\d+: limits: limits of one step/,
  ],
  [
    'and',
    '- { cc: { current_A: 1 }, until: cell.voltage_V > 4 and cell.current_A > 0, for_h: 1 }',
    /:4:\d+: until: cannot be said elsewhere/,
  ],
  [
    'a slope',
    '- { rest: {}, until: "abs(slope(cell.voltage_V, 10 min)) < 1 mV_per_h", for_h: 1 }',
    /:4:\d+: until: cannot be said elsewhere/,
  ],
  [
    'a held end',
    '- { cc: { current_A: 1 }, until: cell.voltage_V > 4 for 5 s, for_h: 1 }',
    /:4:\d+: until: must hold for a time/,
  ],
  ['a built-in', '- { call: capacity-check }', /:4:\d+: call: capacity-check is not at hand/],
  [
    'a value of a run',
    '- { cc: { current_A: 0.5 * cell.current_A }, for_h: 1 }',
    /:4:\d+: current_A: cell.current_A is known only in a run/,
  ],
  [
    'a figure that nobody said',
    '- { cv: { voltage_V: subject.voltageMax_V }, for_h: 1 }',
    /:4:\d+: voltage_V: subject.voltageMax_V is not known, expected --bench/,
  ],
  [
    'an area that nobody said',
    '- { cc: { current_mA_per_cm2: 1 }, for_h: 1 }',
    /:4:\d+: current_mA_per_cm2: mA_per_cm2 needs subject.activeArea_cm2/,
  ],
];

describe('what nobody else can say', () => {
  const all = FORMATS.flatMap(format =>
    NOBODY.map(([what, steps, says]) => [format, what, steps, says] as const),
  );
  it.each(all)('%s: %s', (to, _, steps, says) => {
    expect(refusal('m.yaml', methodOf(steps), { to })).toMatch(says);
    const accepted = refusal('m.yaml', methodOf(steps), { to, accepts: true });
    if (to === 'battinfo') expect(accepted).toBe('written');
    else expect(accepted).toMatch(says);
  });

  it('a limit that would only warn', () => {
    const text = methodOf('- { rest: {}, for_h: 1 }', 'limits: [{ when: cell.voltage_V > 4, then: warn }]\n');
    expect(refusal('m.yaml', text, { to: 'neware' })).toMatch(
      /m.yaml:3:\d+: then: found warn, but there a limit ends/,
    );
  });

  it('limits of different delay', () => {
    const limits = ['cell.voltage_V > 4', 'cell.voltage_V < 2 for 1 s'].map(
      when => `{ when: ${when}, then: stop }`,
    );
    const text = methodOf('- { rest: {}, for_h: 1 }', `limits: [${limits.join(', ')}]\n`);
    expect(refusal('m.yaml', text, { to: 'neware' })).toMatch(/:3:\d+: when: limits of different delay/);
  });
});

describe('what is a difference everywhere', () => {
  const RESTS = '- { rest: {}, for_h: 1, average_min: 5 }\n- { rest: {}, for_s: 10, exact_s: 0.1 }';
  it.each(FORMATS.filter((f): f is FormatKey => f !== 'battinfo'))(
    '%s lists figures and exact times with their lines',
    to => {
      const text = methodOf(RESTS, RECORD);
      expect(refusal('m.yaml', text, { to })).toMatch(/m.yaml:5:\d+: average_min: is left out/);
      const { differences } = once('m.yaml', text, { to, accepts: true });
      expect(differences.map(({ where }) => where)).toEqual(['m.yaml:5', 'm.yaml:6']);
      expect(differences[1]?.what).toMatch(/^exact_s: is left out: how exact/);
    },
  );

  it('a method that needs none has none', () => {
    const text = methodOf('- { rest: {}, for_h: 1, id: a, name: b, tags: [c], resume: never }', RECORD);
    for (const to of FORMATS) expect(once('m.yaml', text, { to }).differences).toEqual([]);
  });
});

describe('a current that is compared with one of the other sign is another end elsewhere', () => {
  it.each(['battinfo', 'unicycler', 'pybamm', 'neware'] as const)('refused for %s', to => {
    const says = /m\.yaml:4:\d+: until: compares with a current of the other sign than that of the step/;
    const steps = (text: string): string => methodOf(`- { cc: { ${text}, for_h: 1 }`);
    expect(refusal('m.yaml', steps('current_A: 1 }, until: cell.current_A < -0.5'), { to })).toMatch(says);
    expect(refusal('m.yaml', steps('current_A: -1 }, until: cell.current_A < 0.5'), { to })).toMatch(says);
  });
});
