import { describe, expect, it } from 'vitest';
import { migrate } from '../../../profiles/language/migrate/migrate.ts';

/** Methods of version 1 in version 2: what each kind of step becomes, what is said, and what is refused. */

const MODES = new Map([
  [0, 'rest'],
  [1, 'cc'],
  [2, 'cv'],
] as const);

function old(steps: string, last = '- set: { n2.valveSet_on: 0 }', head = ''): string {
  const inside = steps
    .trim()
    .split('\n')
    .map(line => `      ${line}`)
    .join('\n');
  return `method: old\nversion: 1\n${head}phases:\n  - name: work\n    steps:\n${inside}\nfinally:\n  ${last}\n`;
}

/** The steps of the only phase, as they are written. */
function stepsOf(text: string): string {
  const from = text.indexOf('  steps:\n') + '  steps:\n'.length;
  const to = text.indexOf('finally:');
  return text
    .slice(from, to)
    .trimEnd()
    .split('\n')
    .map(line => line.replace(/^ {2}/, ''))
    .join('\n');
}

const AT_SUPPLY: readonly (readonly [what: string, before: string, after: string])[] = [
  ['a hold', '- hold: { for_s: 60 }', '- wait: {}\n  for_s: 60'],
  [
    'a hold with set points and a mean',
    '- { name: stand, hold: { for_s: 60, average_s: 30, set: { stack.currentSet_A: 5 } } }',
    '- set: { stack.current_A: 5 }\n- wait: {}\n  name: stand\n  for_s: 60\n  average_s: 30',
  ],
  [
    'a hold that may end early',
    "- hold: { for_s: 60, until: [{ role: stack.voltage_V, is: '>', limit: 9 }] }",
    '- wait: {}\n  until: stack.voltage_V > 9\n  for_s: 60',
  ],
  [
    'a wait that must come',
    "- waitUntil: { all: [{ role: a.x_V, is: '<', limit: 1, for_s: 5 }, { role: b.y_K, stableBand: 2, over_s: 30 }], timeout_s: 90, onTimeout: stop }",
    '- wait: {}\n  until: a.x_V < 1 for 5 s and span(b.y_K, 30 s) <= 2\n  within_s: 90',
  ],
  [
    'a wait that trips',
    "- waitUntil: { all: [{ role: a.x_V, is: '<', limit: 1 }], timeout_s: 90, onTimeout: trip }",
    '- wait: {}\n  until: a.x_V < 1\n  within_s: 90\n  otherwise: trip',
  ],
  [
    'valves and their words',
    '- { tags: [load], set: { n2.valveSet_on: 1, n2.pressureSet_barg: 2 } }',
    '- set: { n2.valve_on: on, n2.pressure_barg: 2 }\n  tags: [ load ]',
  ],
  [
    'a ramp',
    '- ramp: { role: stack.currentSet_A, to: 100, rate_per_min: 30, timeout_s: 600 }',
    '- ramp: { stack.current_A: 100, per_min: 30 }\n  within_s: 600\n  otherwise: trip',
  ],
  [
    'a sweep',
    '- sweep: { role: stack.currentSet_A, values: [10, 20], rate_per_s: 2, dwell_s: 120, average_s: 30, leg: up, stopAbove: { role: stack.voltage_V, limit: 9 } }',
    `- each: { point_A: [ 10, 20 ] }
  steps:
  - ramp: { stack.current_A: point_A, per_s: 2 }
  - wait: {}
    for_s: 120
    average_s: 30
    exits: [ { when: stack.voltage_V > 9, then: leave } ]`,
  ],
  [
    'a purge',
    "- { name: out, purge: { for_s: 60, set: { n2.valveSet_on: 1 }, until: [{ role: o2.h2_vol_pct, is: '<', limit: 0.4 }], extra_s: 90 } }",
    `- name: out
  steps:
  - set: { n2.valve_on: on }
  - wait: {}
    for_s: 60
  - wait: {}
    until: o2.h2_vol_pct < 0.4
    within_s: 90
  - set: { n2.valve_on: off }`,
  ],
  [
    'pressure with its gates',
    '- pressurise: { to_barg: 30, rate_bar_per_min: 1, holdEvery_bar: 5, hold_s: 60, h2InO2Gate_vol_pct: 1.6, minCurrentPerBar_A: 2, timeout_s: 900, onTimeout: continue }',
    `- steps:
  - ramp: { cathode.pressure_barg: 30, per_min: 1, pause_every: 5, pause_s: 60 }
    gate: o2.h2_vol_pct <= 1.6 and stack.current_A >= 2 A_per_bar * cathode.pressure_bara
    within_s: 900
    otherwise: next
  - wait: {}
    until: abs(cathode.pressure_barg - 30) <= 0.2
    within_s: 900
    otherwise: next`,
  ],
  [
    'rounds',
    '- repeat: { times: 3, steps: [{ hold: { for_s: 1 } }] }',
    '- repeat: { times: 3 }\n  steps:\n  - wait: {}\n    for_s: 1',
  ],
  [
    'a call, with what it took by itself',
    '- call: { method: warm-up, with: { rate_K_per_min: 1.5, timeout_s: 1800 } }',
    '- call: warm-up\n  with: { temperature_degC: 60, flow_L_per_min: 200, rate_K_per_min: 1.5, warming_h: 0.5 }',
  ],
];

/** What the load-following of version 1 becomes. */
const FOLLOWING = `- evaluate: load-following
  steps:
  - follow:
      {
        power_pct: wind.power_pct,
        min_pct: 10,
        restart_pct: 12,
        max_pct: 100,
        per_s: 10,
        standby: { n2.pressure_barg: 2, n2.anodeValve_on: on },
        restart: { n2.anodeValve_on: off, n2.pressure_barg: 0 }
      }
    id: follow
    for_s: 600`;

const AT_CYCLER: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    'a current that is waited for',
    `
- set: { cell.currentSet_A: -5, cell.modeSet_count: 1, cell.outputSet_on: 1, chamber.temperatureSet_degC: 25 }
- { name: down, waitUntil: { all: [{ role: cell.voltage_V, is: '<', limit: 2.5 }], timeout_s: 900, onTimeout: stop } }`,
    '- set: { chamber.temperature_degC: 25 }\n- cc: { current_A: -5 }\n  name: down\n  until: cell.voltage_V < 2.5\n  within_s: 900',
  ],
  [
    'a taper at the limit of the channel',
    `
- set: { cell.currentSet_A: 5, cell.modeSet_count: 1, cell.outputSet_on: 1, cell.voltageMaxSet_V: 4.2 }
- waitUntil: { all: [{ role: cell.current_A, is: '<', limit: 0.2 }], timeout_s: 900, onTimeout: stop }`,
    '- cccv: { current_A: 5, voltage_V: 4.2 }\n  until: cell.current_A < 0.2\n  within_s: 900',
  ],
  [
    'a voltage, and nothing',
    `
- set: { cell.voltageSet_V: 4.1, cell.modeSet_count: 2, cell.outputSet_on: 1 }
- hold: { for_s: 60 }
- hold: { for_s: 60, set: { cell.outputSet_on: 0 } }`,
    '- cv: { voltage_V: 4.1 }\n  for_s: 60\n- rest: {}\n  for_s: 60',
  ],
];

describe('each kind of step', () => {
  it.each(AT_SUPPLY)('%s', (_, before, after) => {
    expect(stepsOf(migrate('old.yaml', old(before)).text)).toBe(after);
  });

  it.each(AT_CYCLER)('at a cycler: %s', (_, before, after) => {
    const last = '- set: { cell.outputSet_on: 0 }';
    const { text, warnings } = migrate('old.yaml', old(before, last), MODES);
    expect(stepsOf(text)).toBe(after);
    expect(text).toMatch(/finally:\n- rest: {}\n {2}for_s: 1\n$/);
    expect(warnings).toEqual([]);
  });
});

describe('a load series', () => {
  it('that was made where no file was named is named now', () => {
    const { text } = migrate('old.yaml', old('- call: { method: load-following, with: { for_s: 600 } }'));
    expect(text).toContain('data:\n  wind:\n    generated: wind\n');
    expect(stepsOf(text)).toBe(FOLLOWING);
  });

  it('of a file stays as it is', () => {
    const data = 'data: { sun: { file: sun.csv, power_kW: P, rated_kW: 50 } }\n';
    const step = '- call: { method: load-following, with: { source: sun, ratio: 2, for_s: 600 } }';
    const { text } = migrate('old.yaml', old(step, undefined, data));
    expect(text).toContain('data:\n  sun:\n    file: sun.csv\n    power_kW: P\n    rated_kW: 50\n');
    expect(text).toContain('power_pct: 2 * sun.power_pct');
  });
});

describe('what a person wrote beside it', () => {
  it('keeps remarks with their steps', () => {
    const text = `# Whose it is.
method: old
version: 1
description: what for
phases:
  # The only one.
  - name: work
    steps:
      # First of all.
      - hold: { for_s: 1 } # short
      - repeat:
          times: 2
          steps:
            # Inside.
            - hold: { for_s: 2 }
# The end.
finally:
  - set: { n2.valveSet_on: 0 }
`;
    expect(migrate('old.yaml', text).text).toBe(`# Whose it is.

method: old
version: 2
doc: what for
phases:
# The only one.
- name: work
  steps:
  # First of all.
  # short
  - wait: {}
    for_s: 1
  - repeat: { times: 2 }
    steps:
    # Inside.
    - wait: {}
      for_s: 2
# The end.
finally:
- set: { n2.valve_on: off }
`);
  });

  it('says where a figure is another one than was written', () => {
    const { text, warnings } = migrate(
      'old.yaml',
      old('- call: { method: polarisation-curve, with: { stopCellVoltage_V: 2.2, loads_frac: [0.1, 1] } }'),
    );
    expect(text).toContain('stop_V: 2.1956');
    expect(warnings).toEqual([
      {
        line: 6,
        text: expect.stringMatching(/^stop_V is 2\.1956 where stopCellVoltage_V was 2\.2: version 1/),
      },
    ]);
  });

  it.each([
    ['soak_s: 100', 'soak_s: 100'],
    ['soak_s: 90', 'soak_min: 1.5'],
    ['hold_s: 3601', 'hold_s: 3601'],
  ])('keeps the digits of a time: %s', (before, after) => {
    const { text, warnings } = migrate('old.yaml', old(`- call: { method: leak-test, with: { ${before} } }`));
    expect(text).toContain(after);
    expect(text).not.toMatch(/\d{9}/);
    expect(warnings).toEqual([]);
  });

  it('says what is left out, with its line', () => {
    const { warnings } = migrate('old.yaml', old('- call: { method: cool-down, with: { purge_barg: 2 } }'));
    expect(warnings).toEqual([
      { line: 6, text: 'purge_barg is left out: cool-down takes it from the bench file' },
    ]);
  });
});

describe('what cannot be said in version 2', () => {
  const CELL = '- set: { cell.outputSet_on: 0 }';
  it.each([
    ['of version 2', 'method: x\nversion: 2\nsteps: []\n', 'old.yaml:2: version: found 2, expected 1'],
    ['no YAML', 'method: [', 'old.yaml:1:9: [ opens here and is not closed'],
    [
      'a step of two kinds',
      old('- { hold: { for_s: 1 }, set: { a.xSet_V: 1 } }'),
      'expected exactly one of hold, ramp',
    ],
    [
      'a mode that nobody names',
      old('- hold: { for_s: 1, set: { cell.modeSet_count: 7, cell.outputSet_on: 1 } }', CELL),
      'old.yaml:6: phases[0].steps[0]: cell.modeSet_count is 7 here, expected the bench to name it',
    ],
    [
      'rounds that do not begin alike',
      old(
        `
- set: { cell.currentSet_A: 5, cell.modeSet_count: 1, cell.outputSet_on: 1 }
- repeat: { times: 2, steps: [{ hold: { for_s: 1 } }, { hold: { for_s: 1, set: { cell.currentSet_A: -5 } } }] }`,
        CELL,
      ),
      'old.yaml:7: phases[0].steps[1]: the second round does not begin as the first one did',
    ],
    [
      'a method that there was not',
      old('- call: { method: warmup, with: {} }'),
      '"warmup" is no method of version 1 (did you mean "warm-up"?)',
    ],
  ])('%s', (_, text, message) => {
    expect(() => migrate('old.yaml', text, MODES)).toThrow(message);
  });
});
