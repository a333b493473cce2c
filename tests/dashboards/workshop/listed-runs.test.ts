import { expect, it } from 'vitest';
import { withOlder } from '../../../dashboards/workshop/door/listed-runs.ts';
import { fakeRuns } from './fake-lab.ts';

const runs = (from: number, to: number, verdict = 'completed') =>
  Array.from({ length: from - to }, (_, i) => ({ ...fakeRuns()[0], id: `run-${from - i}`, verdict }));

it('older runs stay behind the newest that come with each change', () => {
  const known = runs(300, 0);
  const told = runs(301, 101, 'tripped');
  const all = withOlder(told, known);
  expect(all.length).toBe(301);
  expect([all[0].id, all[0].verdict, all[200].id, all[200].verdict]).toEqual([
    'run-301',
    'tripped',
    'run-101',
    'completed',
  ]);
});

it('where all of them come there are no others: one that was removed is gone', () => {
  expect(withOlder(runs(3, 1), runs(3, 0)).map(({ id }) => id)).toEqual(['run-3', 'run-2']);
});
