import { describe, expect, it } from 'vitest';
import type { PastAlarm } from '../../../control/view.ts';
import { paceAfter } from '../../../dashboards/page/ask/pace.ts';
import { fromNow } from '../../../dashboards/page/ask/shelve-form.tsx';
import { alarmsCsv } from '../../../dashboards/page/history/history-csv.ts';
import { stretchOfAlarm } from '../../../dashboards/page/history/history-dialog.tsx';
import { textsOf } from '../../../dashboards/page/history/history-table.tsx';
import { HISTORY_DE } from '../../../dashboards/page/words/history/de.ts';
import { HISTORY_EN } from '../../../dashboards/page/words/history/en.ts';

/** What the history of alarms says, as a table, as a file and in the charts; and how run time is told from the clock. */

const ALARM: PastAlarm = {
  ...{ n: 7, id: 'h2-in-o2-warn', reaction: 'warn', priority: 'low', state: 'normal' },
  ...{ text: 'o2.h2_vol_pct 1.10 > 1.0', raised_s: 3600, cleared_s: 3660, isFirstOut: false, count: 3 },
  ...{ value: 1.1, peak: 1.31449, limit: 1, unit: 'vol_pct' },
  ...{ acknowledged_s: 3670, acknowledgedBy: 'A. Miller (page)', phase: 'wind', step: 'follow the wind' },
  shelved: { by: 'B. Sato (page)', reason: 'span gas' },
};
const EN = { say: HISTORY_EN, digits: (text: string) => text };

describe('a row of the history', () => {
  it('says all that is known of one', () => {
    expect(textsOf(ALARM, EN)).toEqual({
      ...{ priority: 'low', gone: '1:01:00', stood: '60 s', value: '1.100 vol %', peak: '1.314 vol %' },
      ...{ limit: '1 vol %', times: '3', acknowledged: '1:01:10 by A. Miller (page)' },
      ...{ shelved: 'by B. Sato (page): span gas', where: 'wind, follow the wind' },
    });
  });

  it('of one that stands and waits says so; what an old record lacks is empty', () => {
    const bare = { value: null, peak: null, limit: null, unit: '', step: '', phase: '', shelved: null };
    const open = { state: 'unacknowledged', cleared_s: null, acknowledged_s: null } as const;
    expect(textsOf({ ...ALARM, ...bare, ...open }, EN)).toMatchObject({
      ...{ gone: 'stands', stood: '', value: '', peak: '', limit: '', acknowledged: 'not yet' },
      ...{ shelved: '', where: '' },
    });
  });

  it('in German with a comma', () => {
    const digits = (text: string): string => text.replace('.', ',');
    expect(textsOf(ALARM, { say: HISTORY_DE, digits })['peak']).toBe('1,314 vol %');
  });
});

describe('the file', () => {
  it('has a row each, quoted where it must be, and no formulas', () => {
    const odd = { id: '=1+1', text: 'a "b", c', cleared_s: null, peak: null, shelved: null };
    const [head, first, second, end] = alarmsCsv([ALARM, { ...ALARM, ...odd }]).split('\r\n');
    expect(head.split(',')).toHaveLength(19);
    expect(first).toBe(
      '3600,3660,60,h2-in-o2-warn,warn,low,0,1.1,1.31449,1,vol_pct,3,3670,A. Miller (page),B. Sato (page),span gas,wind,follow the wind,o2.h2_vol_pct 1.10 > 1.0',
    );
    expect(second).toBe(
      `3600,,,'=1+1,warn,low,0,1.1,,1,vol_pct,3,3670,A. Miller (page),,,wind,follow the wind,"a ""b"", c"`,
    );
    expect(end).toBe('');
  });
});

describe('its time in the charts', () => {
  it.each([
    ['short: a minute to either side', 3600, 3660, 9000, 3540, 3720],
    ['long: a quarter of it', 3600, 7600, 9000, 2600, 8600],
    ['standing: up to now', 3600, null, 4000, 3500, 4000],
    ['at the begin of the run', 5, 10, 9000, 0, 70],
  ])('%s', (_, raised_s, cleared_s, now_s, from_s, to_s) => {
    expect(stretchOfAlarm({ ...ALARM, raised_s, cleared_s }, now_s)).toEqual({ kind: 'still', from_s, to_s });
  });
});

describe('run time beside the clock', () => {
  it('the pace is what was seen in the last seconds', () => {
    const first = paceAfter(undefined, 100, 0);
    expect(first.pace).toBeUndefined();
    const second = paceAfter(first, 1300, 2000);
    expect(second.pace).toBe(600);
    expect(paceAfter(second, 1400, 2500)).toBe(second);
    expect(paceAfter(second, 10, 3000).pace).toBeUndefined();
  });

  it('half an hour at 600 s a second is 3 s; in real time nothing is said', () => {
    expect(fromNow(1800, { now_s: 0, isSimulated: true, pace: 600 })).toMatch(/3(\.0)? s/);
    expect(fromNow(1800, { now_s: 0, isSimulated: false, pace: 1 })).toBe('');
    expect(fromNow(1800, { now_s: 0, isSimulated: true, pace: undefined })).toBe('');
  });
});
