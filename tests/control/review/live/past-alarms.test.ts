import { expect, it } from 'vitest';
import type { LiveAlarm } from '../../../../control/contract/alarm.ts';
import type { AlarmsAsked, PastAlarm } from '../../../../control/record/alarms/past-alarm.ts';
import { PastAlarms } from '../../../../control/review/live/past-alarms.ts';

/** Alarms of the runs of one session: a start again begins a new record, what was before can still be looked at. */

const recordOf = (dir: string, alarm: Partial<PastAlarm>) => ({
  dir,
  windows: {
    alarms: async (_: AlarmsAsked) => ({
      alarms: [{ id: 'a', cleared_s: null, peak: null, ...alarm } as PastAlarm],
      ...{ all: 1, standing: 1, open: 1, next: null, left: 0 },
    }),
  },
});
const ASKED = { which: 'all', most: 10 } as const;

it('what stands has its furthest value so far; a run before is asked by its name', async () => {
  const past = new PastAlarms();
  await expect(past.page(ASKED, [])).rejects.toThrow('no run has a record yet');
  past.show(recordOf('runs/night', { id: 'old' }));
  past.show(recordOf('runs/night-2', {}));
  const standing = [{ id: 'a', gone_s: null, peak: 1.5 } as LiveAlarm];
  expect(await past.page(ASKED, standing)).toMatchObject({
    run: 'night-2',
    runs: ['night-2', 'night'],
    alarms: [{ id: 'a', peak: 1.5 }],
  });
  expect(await past.page({ ...ASKED, run: 'night' }, standing)).toMatchObject({
    run: 'night',
    alarms: [{ id: 'old', peak: null }],
  });
  await expect(past.page({ ...ASKED, run: 'x' }, [])).rejects.toThrow(RangeError);
});
