import type { CarriedCourse } from '../../../control/view.ts';
import type { LabCampaign } from '../../door/lab.ts';
import type { Change } from './change-dialog.tsx';

/** What may be asked of a campaign and of each row of it as it stands, and what follows from it. Pure. */

type CourseRun = CarriedCourse['runs'][number];

/** What is asked of the whole. */
export interface WholeAsks {
  readonly hold: boolean;
  readonly resume: boolean;
  readonly stop: boolean;
}

/** Of a campaign as a whole: nothing is held twice, resumed that is not held, or stopped that nobody carries out. */
export function wholeAsks(is: LabCampaign['is'], course: CarriedCourse | null | undefined): WholeAsks {
  const isGoing = is === 'under way';
  const isHeld = course?.held != null;
  const isToCome = course?.runs.some(({ state }) => state === 'waiting' || state === 'running') === true;
  return { hold: isGoing && isToCome && !isHeld, resume: isHeld && is !== 'over', stop: isGoing };
}

/** Whether another run can be put in its place: only while nothing of it has begun or was skipped. */
export function canReplace({ runs }: CarriedCourse, { run }: CourseRun): boolean {
  return runs.every(one => one.run !== run || (one.state === 'waiting' && one.beginUtc === null));
}

/** What else is not done once this one time is removed: all that comes after its run, where nothing of that is left. */
export function skippedWith({ runs }: CarriedCourse, { id, run }: CourseRun): readonly string[] {
  const rest = runs.filter(one => one.run === run && one.id !== id);
  const isLeft = rest.some(({ state }) => ['waiting', 'running', 'completed'].includes(state));
  // Another try of one that failed: without it that one has failed for good.
  const isRetry = rest.some(one => one.state === 'failed' && id.startsWith(one.id));
  if (isLeft && !isRetry) return [];
  const gone = new Set([run]);
  const skipped: string[] = [];
  for (let before = -1; before < skipped.length; ) {
    before = skipped.length;
    for (const one of runs) {
      if (one.state !== 'waiting' || skipped.includes(one.id) || !one.after.some(name => gone.has(name)))
        continue;
      skipped.push(one.id);
      gone.add(one.run);
    }
  }
  return skipped;
}

/** What is to be said of a change before it is made; undefined: nothing of this kind. */
export function removedWith(
  course: CarriedCourse,
  change: Change,
): { readonly skipped: readonly string[]; readonly isOneOfMore: boolean } | undefined {
  if (change.do !== 'remove') return undefined;
  const row = course.runs.find(({ id }) => id === change.run);
  if (row === undefined) return undefined;
  return { skipped: skippedWith(course, row), isOneOfMore: row.id !== row.run };
}
