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
