import { expect, it } from 'vitest';
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
