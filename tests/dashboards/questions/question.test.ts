import { expect, it } from 'vitest';
import type { LiveSnapshot } from '../../../control/view.ts';
import { goneBy, questionOf } from '../../../dashboards/page/ask/question.ts';
import { fakeRun } from '../fake-view.ts';

/** A question on the page belongs to the run and the step of which it was asked. */

type Heard = Pick<LiveSnapshot, 'run' | 'allowed'>;

const now = fakeRun().view.snapshot();
const rest = { step: 'rest', began_s: 12.5 };
const heard = (run: Partial<LiveSnapshot['run']> = {}, allowed = ['stop', 'skip', 'limit']): Heard => ({
  run: { ...now.run, step: 'rest', skips: rest, ...run },
  allowed: allowed as unknown as Heard['allowed'],
});
const next = { startedUtc: '2026-05-02T06:00:00.000Z' };
const fill = { step: 'fill', skips: { step: 'fill', began_s: 40 } };

it.each([
  ['stop', 'nothing has changed', heard(), true, undefined],
  ['stop', 'another step', heard(fill), true, undefined],
  ['stop', 'the next run of the session', heard(next), true, 'run'],
  ['limit', 'the next run of the session', heard(next), true, 'run'],
  ['stop', 'another record', heard({ id: 'run-2' }), true, 'run'],
  ['stop', 'it may not be asked now', heard({}, []), true, 'now'],
  ['stop', 'nobody knows: the line is down', heard(next, []), false, undefined],
  ['skip', 'nothing has changed', heard(), true, undefined],
  ['skip', 'the next step', heard(fill), true, 'step'],
  ['skip', 'the same step once more', heard({ skips: { ...rest, began_s: 90 } }), true, 'step'],
  [
    'skip',
    'a step that may not be skipped',
    heard({ step: 'press', skips: undefined }, ['stop']),
    true,
    'step',
  ],
  ['skip', 'held in the step', heard({ skips: undefined }, ['stop']), true, 'now'],
  ['skip', 'the next run', heard(next), true, 'run'],
] as const)('%s, %s', (what, _, then, isHeard, gone) => {
  expect(goneBy(questionOf(what, heard()), then as Heard, isHeard)).toBe(gone);
});

it('asked of a run of which nothing was heard, it stands for whatever is heard then', () => {
  expect(goneBy(questionOf('stop', undefined), heard(), true)).toBeUndefined();
});

it('the step that a skip would end is not always the one that began last', () => {
  expect(questionOf('skip', heard({ step: 'beside' }))).toMatchObject(rest);
});
