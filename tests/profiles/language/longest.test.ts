import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { longestTime } from '../../../profiles/language/bench/longest.ts';
import type { BenchNames } from '../../../profiles/language/bench/reference.ts';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';

const FILES = new URL('files/', import.meta.url);
const read: ReadCalled = name => {
  const url = new URL(name, FILES);
  return existsSync(url) ? { path: name, text: readFileSync(url, 'utf8') } : undefined;
};
const H = 3600;

/** Everything that the files ask for. */
const bench: BenchNames = {
  subjectKind: 'cell',
  measured: new Map(
    [
      ...[
        'cell.voltage_V',
        'cell.current_A',
        'cell.temperature_degC',
        'stack.voltage_V',
        'cathode.pressure_barg',
      ],
      ...['mix.o2_vol_pct', 'mix.h2_vol_pct'],
    ].map(name => [name, { isArray: false }]),
  ),
  settable: [
    ...['cell.currentSet_A', 'cell.voltageSet_V', 'chamber.temperatureSet_degC', 'cathode.pressureSet_barg'],
    ...['steam.fractionSet_pct', 'n2.flowSet_NL_per_min', 'h2.flowSet_NL_per_min', 'o2.flowSet_NL_per_min'],
  ],
  subject: { capacity_Ah: 5, voltageMin_V: 2.5, voltageMax_V: 4.2, activeArea_cm2: 10, cells_count: 1 },
  bench: {},
};

describe('what parameters alone make of an expression', () => {
  const CC = '{ cc: { current_A: 1 A / n_count }, for_s: 9 }';
  const of =
    (steps: string, head = 'parameters: { n_count: 0 }\n') =>
    () =>
      longest(`method: x\nversion: 2\n${head}steps:\n${steps}\n`);

  it.each([
    ['a set value', `- ${CC}`, /^m\.yaml:5:22: current_A: division by zero/],
    [
      'a condition beside a reading',
      '- { rest: {}, until: cell.current_A < 1 A / n_count, for_s: 9 }',
      /until: division by zero/,
    ],
    ['in a loop', `- { each: { n_count: [1, 0] }, steps: [${CC}] }`, /division by zero/],
    ['a root', '- { rest: {}, for_s: sqrt(n_count - 4) * 1 s }', /for_s: square root of -4/],
    ['where a condition leads to it', `- { if: n_count == 0, then: [${CC}] }`, /division by zero/],
  ])('%s without a value is refused with its place', (_, steps, says) => {
    const head = steps.includes('each') ? '' : undefined;
    expect(of(steps, head)).toThrow(says);
  });

  it.each([
    ['a branch that does not hold', `- { if: n_count > 0, then: [${CC}] }`],
    ['a branch of which nobody knows', `- { if: cell.voltage_V > 3, then: [${CC}] }`],
    ['behind a way out', `- { if: n_count == 0, then: finish }\n- ${CC}`],
    ['a loop of no rounds', `- { repeat: { times: n_count }, steps: [${CC}] }`],
  ])('%s is not', (_, steps) => expect(of(steps)).not.toThrow());
});

function longest(
  text: string,
  parameters: Readonly<Record<string, number>> = {},
): ReturnType<typeof longestTime> {
  return longestTime(readWithCalls('m.yaml', text, read), bench, read, parameters);
}

describe('the longest time', () => {
  it.each([
    ['charge', 4 * H],
    // Five rates: 6 h and 10 min each, then 1.5 / rate h.
    ['rate-test', 5 * (6 * H + 600) + 1.5 * (10 + 5 + 2 + 1 + 0.5) * H],
    ['gitt', 40 * (4 * H + 1800)],
    ['ici', 300 * (300 + 10)],
    ['plating-stripping', H + 1000 * 2 * H],
    // Each steam: 3 h at most, then 10 min up and, cut or not, 10 min down.
    ['emf-steam', 4 * (3 * H + 2 * 600)],
    // Flows are set, then 30 min, a way of 8 min that its gate may hold up to its deadline of 20, a day, 30 min at the end.
    ['gas-mix', 1800 + 1200 + 24 * H + 1800],
    ['cycling-warm-cold', 200 * (3 / 0.5 + 2) * H],
  ])('of %s', (name, expected_s) => {
    const found = longest(readFileSync(new URL(`${name}.yaml`, FILES), 'utf8'));
    expect(found.unbounded).toEqual([]);
    expect(found.longest_s).toBeCloseTo(expected_s, 6);
  });

  it('hangs on the parameters', () => {
    const text =
      'method: x\nversion: 2\nparameters: { hold_min: 10 }\nsteps: [{ rest: {}, for_h: hold_min / 2 }]\n';
    expect(longest(text).longest_s).toBeCloseTo(300, 9);
    expect(longest(text, { hold_min: 30 }).longest_s).toBeCloseTo(900, 9);
  });

  it.each([
    ['[{ set: { cathode.pressure_barg: 0 } }, { ramp: { cathode.pressure_barg: 30, per_min: 1 } }]', 1800],
    ['[{ set: { cathode.pressure_barg: 0 } }, { ramp: { cathode.pressure_barg: 30, in_h: 2 } }]', 7200],
    [
      // Stands for 5 min at 5, 10, 15, 20, 25 bar, not at the end.
      '[{ set: { cathode.pressure_barg: 0 } }, { ramp: { cathode.pressure_barg: 30, per_min: 1, pause_every: 5, pause_min: 5 } }]',
      1800 + 5 * 300,
    ],
    ['[{ if: cell.voltage_V < 3, then: [{ rest: {}, for_h: 1 }], else: [{ rest: {}, for_h: 2 }] }]', 7200],
    ['[{ steps: [{ rest: {}, for_h: 5 }], within_h: 2 }]', 7200],
    ['[{ each: { a_h: { from: 1, to: 2, by: 0.1 } }, steps: [{ rest: {}, for_h: a_h }] }]', 16.5 * H],
    ['[{ rest: {}, for_s: 1 }, { cc: { current_A: 2, per_s: 0.1 }, for_min: 1 }]', 1 + 20 + 60],
    ['[{ each: { a_s: [1, 2], b_s: [10, 20] }, steps: [{ rest: {}, for_s: a_s + b_s }] }]', 33],
    ['[{ rest: {}, for_min: 5, within_h: 3, gate: cell.voltage_V < 3 }]', 3 * H],
    ['[{ call: one-cycle.yaml, with: { charge_C: 1, discharge_C: -2 } }]', 4 * H],
    // A number of rounds or a time by the round: 2 + 3 rounds of 20 s; 1, 2, 3 s; a loop counts its own.
    [
      '[{ repeat: { times: 2 }, steps: [{ repeat: { times: round.count + 1 }, steps: [{ rest: {}, for_s: 20 }] }] }]',
      100,
    ],
    ['[{ each: { a_s: [5, 5, 5] }, steps: [{ rest: {}, for_s: round.count * 1 s }] }]', 6],
    [
      '[{ repeat: { times: 4 }, steps: [{ repeat: { times: 3, while: 1 / (round.count + 1) > 0 }, steps: [{ rest: {}, for_s: round.count * 1 s }] }] }]',
      24,
    ],
  ])('%s', (steps, expected_s) => {
    expect(longest(`method: x\nversion: 2\nsteps: ${steps}\n`)).toEqual({
      longest_s: expect.closeTo(expected_s, 6),
      unbounded: [],
    });
  });

  it.each([
    ['[{ ramp: { cathode.pressure_barg: 30, per_min: 1 }, id: up }]', 'm.yaml: ramp up'],
    ['[{ call: stop-stack }]', 'm.yaml: call'],
    [
      // The second ramp may begin without the first.
      '[{ set: { cathode.pressure_barg: 0 } }, { if: cell.voltage_V < 3, then: goto down }, { ramp: { cathode.pressure_barg: 30, per_min: 1 } }, { ramp: { cathode.pressure_barg: 20, per_min: 1 }, id: down }]',
      'm.yaml: ramp down',
    ],
    [
      // A loop may begin where its last round ended.
      '[{ set: { cathode.pressure_barg: 0 } }, { repeat: { times: 2 }, steps: [{ ramp: { cathode.pressure_barg: 30, per_min: 1 } }] }]',
      'm.yaml: ramp',
    ],
    [
      '[{ cc: { current_A: 1 }, for_s: 9 }, { cc: { current_A: 2 }, for_h: step.time_s }]',
      'm.yaml: cc (for_h)',
    ],
    [
      '[{ repeat: { times: cell.voltage_V / 1 V }, id: loop, steps: [{ rest: {}, for_s: 9 }] }]',
      'm.yaml: repeat loop (times, 100000 at most)',
    ],
  ])('is not known of %s', (steps, part) => {
    const found = longest(`method: x\nversion: 2\nsteps: ${steps}\n`);
    expect(found).toEqual({ longest_s: Number.POSITIVE_INFINITY, unbounded: [part] });
  });

  it('refuses a mean that is longer than its step, where both are known', () => {
    const of = (step: string) => () => longest(`method: x\nversion: 2\nsteps: [${step}]\n`);
    expect(of('{ wait: {}, for_s: 10, average_min: 10 }')).toThrow(
      'm.yaml:3:45: average_min: is 10 min, but the step lasts 10 s: expected no longer than the step',
    );
    expect(of('{ wait: {}, for_s: 60, average_min: 1 }')).not.toThrow();
  });

  it('refuses a condition that needs longer than its step, where both are known', () => {
    const of = (steps: string) => () => longest(`method: x\nversion: 2\nsteps: [${steps}]\n`);
    expect(of('{ rest: {}, until: cell.voltage_V > 1 for 10 min, for_min: 5 }')).toThrow(
      'm.yaml:3:28: until: needs 10 min to come true, but for_min ends the step after 5 min: expected less',
    );
    expect(
      of('{ rest: {}, until: "slope(cell.voltage_V, 10 min) < 1 mV_per_h for 1 min", within_s: 630 }'),
    ).toThrow('needs 660 s to come true, but within_s');
    const given =
      'method: x\nversion: 2\nparameters: { most_min: 5 }\nsteps: [{ rest: {}, until: cell.voltage_V > 1 for 10 min, for_min: most_min }]\n';
    expect(() => longest(given)).toThrow(
      'for_min (most_min) ends the step after 5 min: expected most_min of 10 min at least, or less here',
    );
    expect(
      of('{ rest: {}, until: cell.voltage_V > 1 for 5 min or step.time_s > 3, for_min: 5 }'),
    ).not.toThrow();
  });

  it('refuses a time that the deadline of its gate always cuts short, where both are known', () => {
    const GATE = 'gate: cell.voltage_V > 2';
    const of =
      (step: string, head = '') =>
      () =>
        longest(`method: x\nversion: 2\n${head}steps: [${step}]\n`);
    expect(of(`{ cc: { current_A: 1 }, ${GATE}, for_min: 20, within_min: 10 }`)).toThrow(
      'm.yaml:3:68: for_min: is 20 min, but within_min is over after 10 min: the time never ends the step, expected within_min of 20 min at least',
    );
    expect(of(`{ rest: {}, ${GATE}, for_h: a_h, within_min: 10 }`, 'parameters: { a_h: 1 }\n')).toThrow(
      'for_h: is 1 h, but within_min is over after 10 min',
    );
    expect(
      of(`{ steps: [{ rest: {}, for_h: 9 }], until: cell.voltage_V > 4, ${GATE}, for_h: 2, within_h: 1 }`),
    ).toThrow('for_h: is 2 h');
    // The time counts from arrival, which takes 20 s.
    expect(
      of(`{ rest: {}, for_s: 1 }, { cc: { current_A: 2, per_s: 0.1 }, ${GATE}, for_s: 55, within_s: 70 }`),
    ).toThrow(
      'for_s: is 55 s from its arrival after 20 s, but within_s is over after 70 s: the time never ends the step, expected within_s of 75 s at least',
    );
    expect(of(`{ rest: {}, ${GATE}, for_min: 10, within_min: 10 }`)).not.toThrow();
    expect(of(`{ rest: {}, until: cell.voltage_V > 3 for 2 h, ${GATE}, for_min: 1, within_h: 1 }`)).toThrow(
      'until: needs 2 h to come true, but within_h ends the step after 1 h',
    );
  });

  it.each([
    ['{ follow: { current_A: "triangle(1 A, 2 A, step.time_s)" }, for_h: 1 }', /^m\.yaml:4:32: current_A: /],
    ['{ follow: { current_A: "sine(1 A, 2 A, 2 * block.time_s)" }, for_h: 1 }', /period that counts from 0/],
    ['{ follow: { current_A: "square(1 A, 2 A, run.time_s)" }, for_h: 1 }', /period that counts from 0/],
    [
      '{ follow: { current_A: "sine(0, 1, a_s * a_s / step.time_s)" }, for_h: 1 }',
      /period that counts from 0/,
    ],
    ['{ rest: {}, until: "cell.voltage_V > sine(1, 2, step.time_s)", for_h: 1 }', /until: has a period that/],
    ['{ follow: { current_A: "triangle(1, 2, a_s + step.time_s)" }, for_h: 1 }', undefined],
    ['{ rest: {}, until: "span(cell.voltage_V, a_s) < 1", for_h: 1 }', undefined],
  ])('a period that is nothing at the start: %s', (step, says) => {
    const of = () => longest(`method: x\nversion: 2\nparameters: { a_s: 60 }\nsteps: [${step}]\n`);
    if (says === undefined) return expect(of).not.toThrow();
    expect(of).toThrow(says);
  });

  it('tells what is wrong in several steps in one go, once each', () => {
    const text =
      'method: x\nversion: 2\nparameters: { a_s: -1 }\nsteps:\n- { repeat: { times: 2 }, steps: [{ rest: {}, for_s: a_s }, { rest: {}, for_s: round.count * 1 s }] }\n- { rest: {}, for_s: 9, average_s: 20 }\n';
    expect(() => longest(text)).toThrow(
      /^m\.yaml:5:54: for_s: found -1 s.*\n.*\n.*\nm\.yaml:6:36: average_s: .*\n.*\n.*$/,
    );
  });

  it('refuses an amplitude that is a part of no current', () => {
    const eis = '{ eis: { amplitude_pct: 5, from_Hz: 1000, to_Hz: 1 }, within_min: 9 }';
    const of = (steps: string) => () => longest(`method: x\nversion: 2\nsteps: [${steps}]\n`);
    expect(of(`{ rest: {}, for_s: 9 }, ${eis}`)).toThrow(
      'amplitude_pct: is a part of the direct current, and none flows here, expected amplitude_mA or amplitude_mV',
    );
    expect(of(`{ cc: { current_A: 1 }, for_s: 9 }, ${eis}`)).not.toThrow();
  });

  it('refuses a peak beyond the limits, and says what fits', () => {
    const above = { of: 'current', side: 'above', limit: 2.05, what: 'set limits', armed: 'always' } as const;
    const peaks = [above, { ...above, side: 'below', limit: -1 } as const];
    const of = (direct_A: number, amplitude: string) => () => {
      const steps = `{ cc: { current_A: ${direct_A} }, for_s: 9 }, { eis: { ${amplitude}, from_Hz: 1000, to_Hz: 1 }, within_min: 9 }`;
      const file = readWithCalls('m.yaml', `method: x\nversion: 2\nsteps: [${steps}]\n`, read);
      longestTime(file, { ...bench, peaks }, read, {});
    };
    expect(of(2, 'amplitude_pct: 5')).toThrow(
      'a peak current of 2.1 A (2 A + 0.1 A of amplitude), expected at most 2.05 A (set limits): here an amplitude of at most 2.5 % fits, or a direct current of at most 1.95 A',
    );
    expect(of(1.95, 'amplitude_pct: 5')).not.toThrow();
    expect(of(2, 'amplitude_pct: 2.5')).not.toThrow();
    expect(of(2, 'amplitude_A: 0.1')).toThrow(
      'here an amplitude of at most 0.05 A fits, or a direct current of at most 1.95 A',
    );
    expect(of(-0.98, 'amplitude_pct: 5')).toThrow(
      /at most 2.04 % fits, or a direct current of at least -0\.952 A/,
    );
    expect(of(2.1, 'amplitude_A: 0.1')).toThrow(/expected at most 2.05 A \(set limits\)\n/);
  });

  it('refuses a deadline before the end of its ramp', () => {
    const steps =
      '[{ set: { cathode.pressure_barg: 0 } }, { ramp: { cathode.pressure_barg: 30, per_min: 1 }, within_min: 20 }]';
    const message = 'm.yaml:3:111: within_min: is shorter than the ramp, which takes 30 min';
    expect(() => longest(`method: x\nversion: 2\nsteps: ${steps}\n`)).toThrow(message);
  });

  it('refuses lists that do not go in step, wherever they come from', () => {
    const text =
      'method: x\nversion: 2\nparameters: { a_s: [1, 2, 3] }\nsteps: [{ each: { x_s: a_s, y_s: [1, 2] }, steps: [{ rest: {}, for_s: x_s + y_s }] }]\n';
    expect(() => longest(text)).toThrow('m.yaml:4:29: y_s: 2 values, but x_s has 3: lists go in step');
  });
});
