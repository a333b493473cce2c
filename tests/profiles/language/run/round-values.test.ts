import { expect, it } from 'vitest';
import { isToldRound } from '../../../../profiles/language/run/rounds/round-values.ts';
import type { RecordedRun } from '../../../../profiles/recorded-run.ts';
import { roundsTables } from '../../../../profiles/returns-table.ts';
import { Bench } from './fake-cell.ts';

/** What a `let` gives names in the rounds of a loop is told round by round. */

const told = (steps: string): string[] =>
  new Bench(steps).go(30).told.lines.filter(line => line.startsWith('let '));

it('in a loop, with its line, its round and its values; outside of one nothing is told', () => {
  const loop =
    '- repeat: { times: 3 }\n  steps:\n  - { rest: {}, for_s: 1 }\n  - { let: { n_count: round.count } }';
  expect(told(loop)).toEqual([1, 2, 3].map(n => `let m.yaml:7 round ${n} (${n}): {"n_count":${n}}`));
  expect(told('- { let: { a_s: 3 } }\n- { rest: {}, for_s: a_s }')).toEqual([]);
});

it('a thousand each, then ever fewer: some five hundred for each doubling', () => {
  const among = (to: number): number =>
    Array.from({ length: to }, (_, i) => i + 1).filter(isToldRound).length;
  expect(among(1000)).toBe(1000);
  expect(among(2000)).toBe(1500);
  expect(among(1_000_000)).toBeLessThan(7000);
});

it('stands in a table, null for what is not its own or not known', () => {
  const rounds = [
    { where: 'm.yaml:7', round: 1, nth: 1, t_s: 10, figures: { q_Ah: 4.9 } },
    { where: 'm.yaml:8', round: 1, nth: 1, t_s: 10, figures: { x_V: Number.NaN } },
  ];
  expect(roundsTables({ rounds } as unknown as RecordedRun)).toEqual([
    {
      id: 'let',
      columns: ['let', 'round', 'nth', 't_s', 'q_Ah', 'x_V'],
      rows: [
        ['m.yaml:7', 1, 1, 10, 4.9, null],
        ['m.yaml:8', 1, 1, 10, null, null],
      ],
    },
  ]);
  expect(roundsTables({} as RecordedRun)).toEqual([]);
});
