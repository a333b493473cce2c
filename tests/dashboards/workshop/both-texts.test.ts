import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BothRow, bothTexts, shortened } from '../../../dashboards/workshop/methods/both-texts.ts';

/** Two texts beside each other: what belongs together stands in one row, what differs is marked. */

const told = (rows: readonly BothRow[]) =>
  rows.map(({ mine, theirs, isSame }) => `${mine?.text ?? '-'} ${isSame ? '=' : '|'} ${theirs?.text ?? '-'}`);

describe('two texts', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', ['a = a', 'b = b', 'c = c']],
    ['a\nx\nc', 'a\ny\nc', ['a = a', 'x | y', 'c = c']],
    ['a\nc', 'a\nb\nc', ['a = a', '- | b', 'c = c']],
    ['a\nb\nc', 'a', ['a = a', 'b | -', 'c | -']],
    ['k\na\nm\nb', 'a\nn\nb\nz', ['k | -', 'a = a', 'm | n', 'b = b', '- | z']],
    // A line that both have, in another place, is a difference all the same.
    ['a\nb', 'b\na', ['a | -', 'b = b', '- | a']],
  ])('%j and %j', (mine, theirs, rows) => {
    expect(told(bothTexts(mine, theirs))).toEqual(rows);
  });

  it('whatever they are: each line of each stands there once, in its order', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map(lines => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (mine, theirs) => {
        const rows = bothTexts(mine, theirs);
        const side = (of: 'mine' | 'theirs') => rows.flatMap(row => row[of] ?? []);
        expect(
          side('mine')
            .map(one => one.text)
            .join('\n'),
        ).toBe(mine);
        expect(
          side('theirs')
            .map(one => one.text)
            .join('\n'),
        ).toBe(theirs);
        expect(side('mine').map(one => one.line)).toEqual(side('mine').map((_, i) => i + 1));
        for (const row of rows) expect(row.isSame).toBe(row.mine?.text === row.theirs?.text);
      }),
    );
  });

  it('what is far from any difference is left out, and counted', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const parts = shortened(bothTexts(lines.join('\n'), lines.with(10, 'other').join('\n')));
    expect(parts.map(part => ('left' in part ? part.left : part.mine?.line))).toEqual([
      8, 9, 10, 11, 12, 13, 7,
    ]);
  });
});
