import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** What a method and its procedures return. */

describe('what is returned', () => {
  it.each([
    [
      'known at its end',
      '- { call: discharge.yaml, id: a }',
      /^returns {"out_Ah":0.012[45]\d*,"out_h":0.0025}$/,
    ],
    [
      'not known where no step that gives it was come to',
      '- { ask: { text: Ready }, within_s: 5 }\n- { call: discharge.yaml, id: a }',
      /^returns {"out_Ah":null,"out_h":null}$/,
    ],
  ])('what the method itself returns is told: %s', (_what, steps, expected) => {
    const bench = new Bench(steps, { head: 'returns: { out_Ah: a.out_Ah, out_h: a.time_h }\n' }).go(20);
    expect(bench.told.lines.find(line => line.startsWith('returns'))).toMatch(expected);
    const call = bench.told.lines.find(line => line.startsWith('a returns'));
    if (call !== undefined) expect(call).toMatch(/^a returns {"out_Ah":0.012[45]\d*}$/);
    expect(call === undefined).toBe(expected.source.includes('null'));
  });

  it('a name of let may be returned from inside a loop: its last value, none where it was not come to', () => {
    const loop =
      '- { each: { t_s: [1, 2, 3] }, steps: [{ rest: {}, for_s: t_s }, { if: t_s > MOST, then: leave }, { let: { last_s: t_s } }] }';
    const of = (most: string) =>
      new Bench(loop.replace('MOST', most), { head: 'returns: { last_s: last_s }\n' })
        .go(20)
        .told.lines.find(line => line.startsWith('returns'));
    expect(of('9')).toBe('returns {"last_s":3}');
    expect(of('2')).toBe('returns {"last_s":2}');
    expect(of('0')).toBe('returns {"last_s":null}');
  });

  it('what a procedure returns is meant by its name, not what the call has counted under the same one', () => {
    const head =
      'returns: { charge_Ah: k.charge_Ah, out_mAh: k.chargeOut_mAh, energy_Wh: k.energy_Wh, time_min: k.time_min, in_Ah: k.chargeIn_Ah }\n';
    const bench = new Bench('- { call: part.yaml, id: k }', { head }).go(60);
    const told = (who: string): Record<string, number> =>
      JSON.parse(bench.told.lines.find(line => line.startsWith(who))?.slice(who.length) ?? '{}');
    const call = told('k returns ');
    const own = told('returns ');
    expect(call).toMatchObject({ time_s: 9 });
    expect(own).toMatchObject({ charge_Ah: call['charge_Ah'], energy_Wh: call['energy_Wh'], time_min: 0.15 });
    expect(own['out_mAh']).toBeCloseTo(1000 * call['chargeOut_Ah'], 9);
    // What it does not return is what all of the call has counted: 25 s in.
    expect(own['in_Ah'] / call['charge_Ah']).toBeCloseTo(25 / 9, 1);
  });

  it('what the call before has named is not returned by the next', () => {
    const bench = new Bench(
      '- { call: kept.yaml, id: a }\n- { call: kept.yaml, id: b, with: { most_s: 0 } }\n',
    ).go(20);
    expect(bench.told.lines.filter(line => / returns /.test(line))).toEqual([
      'a returns {"last_s":2}',
      'b returns {"last_s":null}',
    ]);
  });
});
