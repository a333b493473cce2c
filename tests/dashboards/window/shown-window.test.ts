import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL,
  between,
  following,
  moved,
  type ShownWindow,
  stretchOf,
  zoomed,
} from '../../../dashboards/page/window/shown-window.ts';

const LAST_10_MIN: ShownWindow = { kind: 'last', span_s: 600 };
const STILL: ShownWindow = { kind: 'still', from_s: 1000, to_s: 2000 };

describe('the window that charts show', () => {
  it.each([
    ['all of it grows', ALL, 7200, { from_s: 0, to_s: 7200 }],
    ['the last ten minutes go along', LAST_10_MIN, 7200, { from_s: 6600, to_s: 7200 }],
    ['of a shorter run all of it', LAST_10_MIN, 60, { from_s: 0, to_s: 60 }],
    ['one that stands still stays', STILL, 7200, { kind: 'still', from_s: 1000, to_s: 2000 }],
    ['of a run that has not begun a second', ALL, 0, { from_s: 0, to_s: 1 }],
  ])('%s', (_, shown, now_s, stretch) => {
    expect(stretchOf(shown, now_s)).toEqual(stretch);
  });

  it.each([
    ['marked from left to right', between(10, 30, 100), { kind: 'still', from_s: 10, to_s: 30 }],
    ['from right to left', between(30, 10, 100), { kind: 'still', from_s: 10, to_s: 30 }],
    ['beyond both ends of the run', between(-5, 130, 100), { kind: 'still', from_s: 0, to_s: 100 }],
    ['a point', between(50, 50, 100), { kind: 'still', from_s: 49, to_s: 50 }],
    ['narrower about the middle', zoomed(STILL, 0.5, 7200), { kind: 'still', from_s: 1250, to_s: 1750 }],
    ['wider, up to the begin', zoomed(STILL, 4, 7200), { kind: 'still', from_s: 0, to_s: 4000 }],
    ['wider, up to the end', zoomed(STILL, 2, 2100), { kind: 'still', from_s: 100, to_s: 2100 }],
    ['wider than the run: all of it', zoomed(STILL, 10, 7200), ALL],
    ['all of it, narrower: it follows', zoomed(ALL, 0.5, 7200), { kind: 'last', span_s: 3600 }],
    ['earlier', moved(STILL, -0.5, 7200), { kind: 'still', from_s: 500, to_s: 1500 }],
    ['no earlier than the begin', moved(STILL, -3, 7200), { kind: 'still', from_s: 0, to_s: 1000 }],
    ['later, up to the end: it follows', moved(STILL, 9, 7200), { kind: 'last', span_s: 1000 }],
    [
      'earlier than the last: it stands',
      moved(LAST_10_MIN, -1, 7200),
      { kind: 'still', from_s: 6000, to_s: 6600 },
    ],
    ['all of it is nowhere else', moved(ALL, -1, 7200), ALL],
    ['follows', following(STILL, true, 7200), { kind: 'last', span_s: 1000 }],
    ['all of it follows anyway', following(ALL, true, 7200), ALL],
    ['stands', following(LAST_10_MIN, false, 7200), { kind: 'still', from_s: 6600, to_s: 7200 }],
  ])('%s', (_, made, expected) => {
    expect(made).toEqual(expected);
  });

  it('property: however it is moved, it lies in the run and is a second long at least', () => {
    const move = fc.oneof(
      fc.record({ zoom: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
      fc.record({ move: fc.double({ min: -3, max: 3, noNaN: true }) }),
      fc.record({ follow: fc.boolean() }),
      fc.record({
        mark: fc.tuple(
          fc.double({ min: -10, max: 1e5, noNaN: true }),
          fc.double({ min: -10, max: 1e5, noNaN: true }),
        ),
      }),
    );
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 1e5, noNaN: true }),
        fc.array(move, { maxLength: 20 }),
        (now_s, moves) => {
          let shown: ShownWindow = ALL;
          for (const m of moves) {
            if ('zoom' in m) shown = zoomed(shown, m.zoom, now_s);
            else if ('move' in m) shown = moved(shown, m.move, now_s);
            else if ('follow' in m) shown = following(shown, m.follow, now_s);
            else shown = between(m.mark[0], m.mark[1], now_s);
            const { from_s, to_s } = stretchOf(shown, now_s);
            expect(from_s).toBeGreaterThanOrEqual(0);
            expect(to_s).toBeLessThanOrEqual(now_s * (1 + 1e-9));
            expect(to_s - from_s).toBeGreaterThanOrEqual(1 - 1e-6);
          }
        },
      ),
    );
  });
});
