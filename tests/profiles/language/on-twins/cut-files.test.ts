import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from '../run/fake-cell.ts';

/** Example files cut off anywhere and taken up from what was saved: told and asked is the same as without a cut. */

const FILES = new URL('../files/', import.meta.url);
/** Method time to bench time: an hour in a minute. */
const SPEED = 60;

const ROWS: readonly (readonly [
  file: string,
  shorter: readonly (readonly [string, string])[],
  looks: number,
])[] = [
  [
    'gitt',
    [
      ['times: 40', 'times: 3'],
      ['for_h: 4', 'for_h: 1'],
    ],
    1400,
  ],
  ['ici', [['times: 300', 'times: 12']], 700],
  ['plating-stripping', [['times: 1000', 'times: 2']], 3100],
];

function benchOf(file: string, shorter: (typeof ROWS)[number][1]): Bench {
  let text = readFileSync(new URL(`${file}.yaml`, FILES), 'utf8');
  for (const [from, to] of shorter) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const [head, steps] = text.replace(/^.*version: 2\n/s, '').split(/^steps:\n/m);
  return new Bench(steps, { head, env: new FakeCell(SPEED) });
}

describe.each(ROWS)('%s', (file, shorter, looks) => {
  const whole = benchOf(file, shorter).go(900);

  it('goes through without a cut', () => {
    expect(whole.told.lines.at(-1)).toBe('complete: procedure completed');
  });

  it('is the same wherever it is cut', () => {
    const cutsAnywhere = fc.uniqueArray(fc.integer({ min: 1, max: looks }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(cutsAnywhere, cuts => {
        const bench = benchOf(file, shorter);
        let look = 0;
        bench.go(900, one => {
          if (cuts.includes(look++)) one.cut();
        });
        // Windows fill anew after a cut: then only the times are later.
        const shown = (lines: readonly string[]): readonly string[] =>
          file === 'gitt' ? lines.map(line => line.replace(/^[\d.]+ /, '')) : lines;
        expect(shown(bench.told.lines)).toEqual(shown(whole.told.lines));
        expect(shown(bench.env.asks)).toEqual(shown(whole.env.asks));
        expect(bench.env.t_s).toBeGreaterThanOrEqual(whole.env.t_s);
      }),
      { numRuns: 15 },
    );
  });
});
