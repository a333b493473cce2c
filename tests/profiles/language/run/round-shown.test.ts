import { expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

it('the round that is told is that of the outermost loop, from 1, and none outside of one', () => {
  const bench = new Bench(
    '- { rest: {}, for_s: 2 }\n- repeat: { times: 3 }\n  steps:\n  - repeat: { times: 2 }\n    steps: [{ rest: {}, for_s: 2 }]\n- { rest: {}, for_s: 2 }',
  );
  const seen: string[] = [];
  for (let s = 0; s < 17; s++) {
    const { round, rounds } = bench.run.round() ?? {};
    const now = round === undefined ? 'none' : `${round}/${rounds}`;
    if (seen.at(-1) !== now) seen.push(now);
    bench.go(1);
  }
  expect(seen).toEqual(['none', '1/3', '2/3', '3/3', 'none']);
  expect(bench.isOver).toBe(true);
});
