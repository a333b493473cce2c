import { expect, it } from 'vitest';
import { rowGaps, rowGapsText } from '../../../control/review/lost/row-gaps.ts';

/** Times without a row of an instrument. */

const DEVICES = {
  cycler: { poll_s: 1, stale_after_s: 5 },
  chamber: { poll_s: 10, stale_after_s: 12 },
  gas: { poll_s: 1, stale_after_s: 5 },
};

const upTo = (from: number, to: number, by: number): Float64Array =>
  Float64Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);

const ROWS: Readonly<Record<string, readonly Float64Array[]>> = {
  // A block ends where the cut came, another gap lies in one.
  cycler: [upTo(0, 80, 1), Float64Array.of(141, 142, 149, 150)],
  // Three polls and no more.
  chamber: [Float64Array.of(0, 10, 40, 50)],
  gas: [Float64Array.of(0, 60, 120)],
};

function found(keptEvery_s: (device: string) => number = () => 0) {
  return rowGaps(DEVICES, {
    keptEvery_s,
    *times(device) {
      yield* ROWS[device];
    },
  });
}

it('are those longer than a reading is good for and than three polls', () => {
  expect(found(device => (device === 'gas' ? 60 : 0))).toEqual([
    { device: 'cycler', count: 2, all_s: 68, from_s: 80, long_s: 61 },
  ]);
  expect(found().map(({ device }) => device)).toEqual(['cycler', 'gas']);
});

it('in a sentence', () => {
  const [cycler, gas] = found();
  expect(rowGapsText(cycler)).toBe(
    'Gaps: no row of cycler for 68 s in all, 2 times, the longest 61 s from 0:01:20 h on',
  );
  expect(rowGapsText({ ...gas, count: 1, all_s: 60 })).toBe('Gap: no row of gas for 60 s from 0:00:00 h on');
});
