import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** Limits of a method that end its run. */

it.each([
  [
    'of a step',
    '- { cc: { current_A: 5, per_s: 0.1 }, for_s: 99, limits: [{ when: cell.current_A > 1, then: stop }] }',
  ],
  [
    'of a block',
    '- steps: [{ cc: { current_A: 5, per_s: 0.1 }, for_s: 99 }]\n  limits: [{ when: cell.current_A > 1, then: trip }]',
  ],
  [
    'side by side',
    '- together:\n  - [{ cc: { current_A: 5, per_s: 0.1 }, for_s: 99, limits: [{ when: cell.current_A > 1, then: trip }] }]\n  - [{ repeat: { times: 9 }, steps: [{ wait: {}, for_s: 1 }, { set: { chamber.temperature_degC: 30 } }] }]',
  ],
])(
  'a limit %s that ends the run: nothing is asked for from then on, no step begins again',
  (_where, text) => {
    const bench = new Bench(text);
    let asks = Number.NaN;
    bench.go(60, b => {
      if (Number.isNaN(asks) && b.env.value('cell.current_A') > 1) asks = b.env.asks.length;
    });
    expect(bench.told.lines.at(-1)).toMatch(/limit: cell.current_A > 1$/);
    expect(bench.env.asks).toHaveLength(asks);
  },
);

describe('a limit that holds', () => {
  const held = (bench: Bench): number => bench.told.lines.filter(line => line.startsWith('hold: ')).length;
  const METHOD =
    '- { cc: { current_A: 1 }, for_s: 300, limits: [{ when: cell.voltage_V > 4, then: hold }, { when: cell.current_A > 2, then: hold }, { when: cell.voltage_V > 4, then: warn }] }';

  it('holds again when its value has come back and is exceeded anew, and not while it stands', () => {
    const bench = new Bench(METHOD).go(5);
    bench.env.charge_Ah = 5;
    bench.go(20);
    expect(held(bench)).toBe(1);
    bench.env.charge_Ah = 2;
    bench.go(5);
    bench.env.charge_Ah = 5;
    bench.go(5);
    expect(held(bench)).toBe(2);
    expect(bench.told.lines.filter(line => line.startsWith('warn: '))).toHaveLength(1);
  });

  it('is known to stand after a cut', () => {
    const bench = new Bench(METHOD).go(5);
    bench.env.charge_Ah = 5;
    bench.go(5);
    bench.cut();
    bench.go(5);
    expect(held(bench)).toBe(1);
  });

  it('does not hide another one that comes with it', () => {
    const bench = new Bench(METHOD.replace('cell.current_A > 2', 'cell.voltage_V > 4.2')).go(5);
    bench.env.charge_Ah = 5;
    bench.go(5);
    expect(held(bench)).toBe(2);
  });
});

describe('what is told of a limit', () => {
  it.each(['warn', 'stop'])('all that warn in one look, also where the gravest of them is a %s', then => {
    const warn = [1, 2, 3].map(s => `{ when: step.time_s > 4.0${s}, then: warn }`);
    const bench = new Bench(
      `- { cc: { current_A: 1 }, for_s: 6, limits: [${warn.join(', ')}, { when: step.time_s > 4.04, then: ${then} }] }`,
    );
    let looks = 0;
    bench.go(60, b => {
      const told = b.told.lines.filter(line => line.includes('step.time_s')).length;
      if (told > 0 && told < 4) looks++;
    });
    const told = bench.told.lines.filter(line => /^(warn|stop): step\.time_s/.test(line));
    expect(looks).toBe(0);
    expect(told).toHaveLength(4);
  });

  it('its own line, not that of the step around it', () => {
    const bench = new Bench(
      '- cc: { current_A: 1 }\n  for_s: 60\n  limits:\n  - { when: cell.current_A > 5, then: warn }\n  - { when: cell.current_A > 0.5, then: hold }',
    ).go(5);
    expect(bench.told.lines.at(-1)).toBe('hold: cell.current_A > 0.5 at m.yaml:8');
  });

  it('a reading that cannot be used is told as that by opposite limits, not as high and low', () => {
    const bench = new Bench(
      '- cc: { current_A: 1 }\n  for_s: 60\n  limits: [{ when: cell.current_A > 5, then: stop }, { when: cell.current_A < -5, then: warn }]',
    ).go(5);
    bench.env.isBlind = true;
    bench.go(5);
    expect(bench.told.lines.at(-1)).toBe(
      'stop: m.yaml:6: limit: cell.current_A > 5 (not usable: cell.current_A, which counts as exceeded)',
    );
  });
});
