import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** A run that is cut at any moments and taken up as it was tells and asks the same as one that is not. */

const ran = (steps: string): Bench => new Bench(steps).go(1000);
const last = (bench: Bench): string | undefined => bench.told.lines.at(-1);

describe('a run that is cut off and taken up', () => {
  const METHOD =
    '- { set: { cell.soc_pct: 50 } }\n- repeat: { times: 3 }\n  until: run.charge_Ah > 1\n  steps:\n  - each: { i_A: [2, -1.5] }\n    steps: [{ cc: { current_A: i_A }, id: p, for_s: 4, average_s: 2 }]\n  - { cc: { current_A: 1, per_s: 0.5 }, tags: [slow], until: cell.voltage_V > 3.65 for 2 s, within_s: 20 }\n  - together:\n    - [{ rest: {}, for_s: 3 }]\n    - [{ wait: {}, for_s: 1 }, { wait: {}, for_s: 99 }]\n- { if: p.chargeOut_Ah > 0, then: next, else: stop }\n- { ramp: { chamber.temperature_degC: 30, per_min: 60 }, within_s: 60, otherwise: next }';
  const whole = ran(METHOD);

  it('goes through without a cut', () => {
    expect(last(whole)).toBe('complete: procedure completed');
  });

  it('tells and asks the same, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 480 }), { minLength: 1, maxLength: 12 }), cuts => {
        const bench = new Bench(METHOD);
        let look = 0;
        bench.go(1000, b => {
          if (cuts.includes(look++)) b.cut();
        });
        // Averages fill anew after a cut; everything else is as if nothing had been.
        expect(bench.told.lines).toEqual(whole.told.lines);
        expect(bench.env.asks).toEqual(whole.env.asks);
      }),
      { numRuns: 60 },
    );
  });
});
