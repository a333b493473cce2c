import { describe, expect, it } from 'vitest';
import type { CarriedCourse } from '../../../control/view.ts';
import { canReplace, skippedWith, wholeAsks } from '../../../dashboards/workshop/campaigns/row-facts.ts';
import { fakeCourse } from './fake-course.ts';

/** What may be asked of a campaign and of its rows, and what goes with one that is removed. */

type Run = CarriedCourse['runs'][number];
function courseOf(...runs: readonly (Partial<Run> & { readonly id: string })[]): CarriedCourse {
  const course = fakeCourse();
  return { ...course, runs: runs.map(one => ({ ...course.runs[2], run: one.id, waitsFor: null, ...one })) };
}
const ageing = (n: number, more: Partial<Run> = {}) => ({ id: `ageing-${n}`, run: 'ageing', ...more });
const skipped = (course: CarriedCourse, id: string): readonly string[] =>
  skippedWith(course, course.runs.find(one => one.id === id) as Run);

describe('a row of a campaign', () => {
  it('goes alone where other times of its run are left; else what comes after it goes too, to the last', () => {
    const last = [
      { id: 'last', after: ['ageing'] },
      { id: 'report', after: ['last'] },
    ];
    expect(skipped(courseOf(ageing(1), ageing(2), ...last), 'ageing-2')).toEqual([]);
    expect(skipped(courseOf(ageing(1, { state: 'skipped' }), ageing(2), ...last), 'ageing-2')).toEqual([
      'last',
      'report',
    ]);
    expect(skipped(courseOf({ id: 'ageing' }, ...last), 'ageing')).toEqual(['last', 'report']);
    const again = { id: 'ageing-1b', run: 'ageing' };
    expect(skipped(courseOf(ageing(1, { state: 'failed' }), again, ageing(2), ...last), 'ageing-1b')).toEqual(
      ['last', 'report'],
    );
  });

  it('is replaced only while nothing of its run has begun or was skipped', () => {
    const waiting = courseOf(ageing(1), ageing(2));
    expect(canReplace(waiting, waiting.runs[1])).toBe(true);
    const begun = courseOf(ageing(1, { state: 'completed' }), ageing(2));
    expect(canReplace(begun, begun.runs[1])).toBe(false);
  });
});

describe('a campaign as a whole', () => {
  const course = fakeCourse();
  const held = { ...course, held: { by: 'ada', because: 'valve', sinceUtc: '2026-11-30T09:00:00.000Z' } };
  it.each([
    ['under way', course, { hold: true, resume: false, stop: true }],
    ['under way', held, { hold: false, resume: true, stop: true }],
    ['stopped', course, { hold: false, resume: false, stop: false }],
    ['stopped', held, { hold: false, resume: true, stop: false }],
    ['over', held, { hold: false, resume: false, stop: false }],
    ['starting', null, { hold: false, resume: false, stop: false }],
  ] as const)('%s (%#): asks only for what can be', (is, of, asks) => {
    expect(wholeAsks(is, of)).toEqual(asks);
  });
});
