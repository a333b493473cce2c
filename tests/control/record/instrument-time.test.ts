import { expect, it } from 'vitest';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { eventsOf, readEvents } from '../../../control/record/recorded-events.ts';
import { noteClock } from '../../../control/watch/instrument-clock.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { type Device, timeChannel } from '../../../drivers/contract/device.ts';
import { openDevice } from '../../../drivers/open-device.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';
import { openRows } from '../../support/plain-rows.ts';

/** A meter whose answers come `late_s` after it has measured, by a clock that is set back by an hour at 30 s. */
function lateMeter(clock: Clock, late_s: number): Device {
  const accuracy = { reading_pct: 0, abs: 0.1, basis: 'default' } as const;
  return openDevice<'read', { readonly value: number; readonly at_s: number }>(
    'meter',
    {
      description: {
        driver: 'test/late',
        channels: [
          { name: 'flow_L_per_min', range: [0, 100], accuracy },
          timeChannel('flowInstrumentTime_s', { clock: 'utc', of: [0] }),
        ],
        settables: [],
        onLoss: 'hold',
        safeList: [],
      },
      reply_ms: 1000,
      gap_ms: 0,
      makeLink: () => ({
        where: 'late',
        namesReplies: true,
        open: () => Promise.resolve(),
        async send() {
          const at_s = clock.utc_ms() / 1000 - (clock.now_s() > 30 ? 3600 : 0);
          await clock.sleep(late_s);
          return { value: 2, at_s };
        },
        flush: () => Promise.resolve(),
        onLost() {},
        close: () => Promise.resolve(),
      }),
      identify: () => Promise.resolve({ ask: 'read', isAnswer: () => true }),
      reads: [
        {
          ask: 'read',
          channels: [0, 1],
          into({ value, at_s }, values) {
            values.set([value, at_s]);
          },
        },
      ],
      writes: {},
    },
    { clock },
  );
}

it('what an instrument says of its time stands in the record beside arrival; a clock that was set is an event', async () => {
  const bench = {
    ...MINI_BENCH,
    devices: { ...MINI_BENCH.devices, meter: { ...MINI_BENCH.devices['plc'], driver: 'test/late' } },
  };
  let meter: Device | undefined;
  const mini = await miniRun('- { wait: {}, for_s: 60 }', {
    bench,
    also: clock => {
      meter = lateMeter(clock, 0.25);
      return meter;
    },
  });
  await mini.clock.runUntil(
    (async () => {
      const session = await mini.open();
      if (meter !== undefined) noteClock(meter, (body, text) => session.note(body, text));
      await mini.execute();
    })(),
  );
  await mini.journal.close();
  const rows = openRows(mini.path);
  const read = rows.prepare('SELECT * FROM frames_meter ORDER BY rowid').all() as Record<string, number>[];
  rows.close();
  expect(read.length).toBeGreaterThan(50);
  const key = Object.keys(read[0]).find(name => name.includes('flowInstrumentTime_s')) ?? '';
  for (const [i, row] of read.entries()) {
    if (i > 0) expect(row['t_s']).toBeGreaterThan(read[i - 1]['t_s']);
    // Taken a quarter of a second before it arrived, by a clock that is right until then.
    expect(row[key]).toBeCloseTo(row['t_s'] - 0.25 > 30 ? -3600.25 : -0.25, 6);
  }
  const db = openReadOnly(mini.path);
  const notes = eventsOf(readEvents(db), 'instrumentClock').map(({ data }) => data);
  db.close();
  expect(notes.map(({ device, what, by_s }) => [device, what, Math.round(by_s)])).toEqual([
    ['meter', 'offset', -3600],
    ['meter', 'jump', -3600],
  ]);
});
