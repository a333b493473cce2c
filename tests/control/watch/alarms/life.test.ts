import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../../../control/contract/said/said.ts';
import {
  type Life,
  type LifeInput,
  lifeAfter,
  NORMAL,
  refusalToShelve,
  stateOf,
} from '../../../../control/watch/alarms/life.ts';
import { seededRandom } from '../../../../drivers/contract/random.ts';
import { runSequence } from '../../../fuzz/alarm-sequences.ts';

const WARN = { acts: false, shelve_s: 3600 };
const TRIP = { acts: true, shelve_s: 3600 };

const raised: LifeInput = { is: 'raised', t_s: 1, isFirstOut: false };
const cleared: LifeInput = { is: 'cleared', t_s: 2, peak: 7 };
const seen: LifeInput = { is: 'acknowledged', t_s: 3, by: 'A. Miller' };
const shelved: LifeInput = { is: 'shelved', t_s: 4, for_s: 60, by: 'A. Miller', reason: 'span gas' };
const back: LifeInput = { is: 'unshelved' };
const later = (t_s: number): LifeInput => ({ is: 'time', t_s });

const livedThrough = (inputs: readonly LifeInput[], rules = WARN): Life =>
  inputs.reduce((life, input) => lifeAfter(life, input, rules), NORMAL);

describe('the life of an alarm', () => {
  it.each([
    ['nothing', [], 'normal', 'normal'],
    ['risen', [raised], 'unacknowledged', 'unacknowledged'],
    ['risen twice', [raised, raised], 'unacknowledged', 'unacknowledged'],
    ['seen', [raised, seen], 'acknowledged', 'acknowledged'],
    ['seen, gone', [raised, seen, cleared], 'normal', 'normal'],
    ['gone', [raised, cleared], 'returned', 'latched'],
    ['gone, seen', [raised, cleared, seen], 'normal', 'normal'],
    ['gone, there again', [raised, cleared, raised], 'unacknowledged', 'unacknowledged'],
    ['seen, gone, there again', [raised, seen, cleared, raised], 'unacknowledged', 'unacknowledged'],
    ['seen before it rose', [seen, raised], 'unacknowledged', 'unacknowledged'],
    ['gone before it rose', [cleared], 'normal', 'normal'],
    ['shelved', [raised, shelved], 'shelved', 'unacknowledged'],
    ['shelved before it rose', [shelved, raised], 'shelved', 'unacknowledged'],
    ['shelved, its time not over', [raised, shelved, later(63.9)], 'shelved', 'unacknowledged'],
    ['shelved, comes back', [raised, shelved, later(64)], 'unacknowledged', 'unacknowledged'],
    ['shelved, brought back', [raised, shelved, back], 'unacknowledged', 'unacknowledged'],
    ['seen, shelved, comes back', [raised, seen, shelved, later(64)], 'acknowledged', 'acknowledged'],
    ['shelved, gone, time over', [raised, shelved, cleared, later(64)], 'normal', 'latched'],
    ['shelved, gone', [raised, shelved, cleared], 'shelved', 'latched'],
  ] as const)('%s', (_, inputs, warn, trip) => {
    expect([stateOf(livedThrough(inputs), true), stateOf(livedThrough(inputs, TRIP), true)]).toEqual([
      warn,
      trip,
    ]);
  });

  it('is suppressed by design only while nothing stands', () => {
    expect(stateOf(NORMAL, false)).toBe('suppressed');
    expect(stateOf(livedThrough([raised]), false)).toBe('unacknowledged');
  });

  it('counts, and remembers when, who and how far', () => {
    expect(livedThrough([raised, cleared, seen])).toMatchObject({
      count: 1,
      on_s: 1,
      off_s: 2,
      acknowledged_s: 3,
      acknowledgedBy: 'A. Miller',
      peak: 7,
    });
    expect(livedThrough([raised, cleared, raised])).toMatchObject({
      count: 2,
      off_s: null,
      acknowledgedBy: '',
    });
    expect(livedThrough([raised, { ...cleared, peak: Number.NEGATIVE_INFINITY }]).peak).toBeNull();
  });

  it.each([
    [{}, WARN, undefined],
    [{}, TRIP, 'only a warning can be shelved'],
    [{ for_s: 0 }, WARN, 'expected a time > 0'],
    [{ for_s: Number.NaN }, WARN, 'expected a time > 0'],
    [{ for_s: 3601 }, WARN, 'expected at most 3600 s'],
    [{ by: ' ' }, WARN, 'expected a name'],
    [{ reason: '' }, WARN, 'expected one'],
  ])('shelving %o is refused or not', (fields, rules, text) => {
    const asked = { for_s: 60, by: 'A. Miller', reason: 'span gas', ...fields };
    const refusal = refusalToShelve(asked, rules);
    if (text === undefined) expect(refusal).toBeUndefined();
    else {
      expect(refusal && inEnglish(refusal)).toContain(text);
      const life = livedThrough([raised]);
      expect(lifeAfter(life, { is: 'shelved', t_s: 2, ...asked }, rules)).toBe(life);
    }
  });

  it('a trip is never lost and never cleared without acknowledgement and all clear: 100 000 random steps', () => {
    const found: string[] = [];
    for (let k = 0; k < 500; k++) {
      const wrong = runSequence(200, seededRandom(1000 + k));
      if (wrong !== undefined) found.push(wrong);
    }
    expect(found).toEqual([]);
  });
});
