import { expect, it } from 'vitest';
import { rowsLostEvents } from '../../../../control/program/result/lost-rows.ts';
import { rowsLostIn, rowsLostText } from '../../../../control/review/lost/rows-lost.ts';

/** Rows that waited in memory when a run was killed. */

const POLLS = { cycler: { poll_s: 1 }, oven: { poll_s: 10 }, gas: { poll_s: 1 } };

it('names each instrument whose rows end well before the record does, once', () => {
  const rows = new Map([
    ['cycler', 64],
    ['oven', 90],
    ['gas', Number.NaN],
    // Computed roles.
    ['derived', 64],
  ]);
  const lost = rowsLostEvents(rows, POLLS, [], 113);
  expect(rowsLostIn(lost)).toEqual([
    { device: 'cycler', last_s: 64, cut_s: 113 },
    { device: 'gas', last_s: null, cut_s: 113 },
  ]);
  expect(lost.map(({ t_s }) => t_s)).toEqual([113, 113]);
  expect(rowsLostEvents(rows, POLLS, lost, 113)).toEqual([]);
  expect(rowsLostEvents(new Map([['cycler', 300]]), POLLS, lost, 301)).toEqual([]);
});

it('says so in a sentence', () => {
  expect(rowsLostText({ device: 'cycler', last_s: 64, cut_s: 113 })).toBe(
    'No row of cycler from 0:01:04 h to the cut at 0:01:53 h (49 s): what was read of it then is not in the record',
  );
  expect(rowsLostText({ device: 'gas', last_s: null, cut_s: 113 })).toContain('from 0:00:00 h to the cut');
});
