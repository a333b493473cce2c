import { describe, expect, it } from 'vitest';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { eventsOf, readEvents } from '../../../control/record/recorded-events.ts';
import { UtcTable } from '../../../control/record/utc.ts';
import { ClockWatch } from '../../../control/run/clock-watch.ts';
import { noteClock } from '../../../control/watch/instrument-clock.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { type Device, timeChannel } from '../../../drivers/contract/device.ts';
import { openDevice } from '../../../drivers/open-device.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';
import { openRows } from '../../support/plain-rows.ts';

/** The computer's clock against the one that the run counts on: a step is seen, noise is not. */

/** Looks each second; `apart_ms` says by how much the computer's clock is ahead of the monotonic one then. */
function looked(apart_ms: (s: number) => number, seconds = 100, readTakes_s = 0) {
  let now_s = 0;
  const notes: { at_s: number; what: string; step_s: number; utc: string }[] = [];
  const clock = {
    now_s: () => {
      now_s += readTakes_s / 2;
      return now_s;
    },
    utc_ms: () => Date.UTC(2026, 4, 1) + 1000 * now_s + apart_ms(now_s),
  } as Clock;
  const watch = new ClockWatch(clock, body => {
    if (body.kind === 'clock') notes.push({ at_s: Math.round(now_s), ...body.data });
  });
  for (let s = 1; s <= seconds; s++) {
    now_s = s;
    watch.look();
  }
  return notes;
}

describe('the clock of the computer', () => {
  it.each<[what: string, apart_ms: (s: number) => number, seen: object[]]>([
    ['goes as it should', () => 0, []],
    ['is read some ms apart', s => 3 * Math.sin(17 * s), []],
    [
      'is set back by an hour, seen within a second',
      s => (s < 40 ? 0 : -3_600_000),
      [{ at_s: 40, what: 'step', step_s: -3600, utc: '2026-04-30T23:00:40.000Z' }],
    ],
    [
      'is set forward by a quarter of a second',
      s => (s < 7 ? 0 : 250),
      [{ at_s: 7, what: 'step', step_s: 0.25, utc: '2026-05-01T00:00:07.250Z' }],
    ],
    [
      'is set and set back',
      s => (s >= 10 && s < 20 ? 5000 : 0),
      [
        { at_s: 10, what: 'step', step_s: 5, utc: '2026-05-01T00:00:15.000Z' },
        { at_s: 20, what: 'step', step_s: -5, utc: '2026-05-01T00:00:20.000Z' },
      ],
    ],
  ])('%s', (_what, apart_ms, seen) => {
    expect(looked(apart_ms)).toEqual(seen);
  });

  it('wanders by 1 ms a second: what is written down is never off by more than 0.06 s', () => {
    const notes = looked(s => s, 200);
    expect(notes.map(note => note.what)).toEqual(['drift', 'drift', 'drift']);
    for (const note of notes) expect(note.step_s).toBeCloseTo(0.051, 3);
  });

  it('is not judged by a reading that took too long', () => {
    expect(looked(s => (s < 40 ? 0 : -3_600_000), 100, 0.02)).toEqual([]);
  });
});

it('a session on a bench notes it, and its record counts UTC from there', async () => {
  const mini = await miniRun('- { wait: {}, for_s: 400 }');
  // The mini bench hands its record over each minute: looked at as often.
  Object.assign(mini.clock, {
    utc_ms: () => 1000 * mini.clock.now_s() + (mini.clock.now_s() < 200 ? 0 : -60_000),
  });
  await mini.clock.runUntil(mini.execute());
  const events = await mini.events();
  expect(events.filter(({ kind }) => kind === 'clock').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^the computer's clock was set by -60\.000 s/),
  ]);
  const db = openReadOnly(mini.path);
  const { stretches } = new UtcTable(db);
  db.close();
  const { from_s } = stretches[stretches.length - 1];
  expect(from_s).toBeGreaterThanOrEqual(200);
  expect(from_s).toBeLessThanOrEqual(261);
  expect(stretches.at(-1)).toEqual({ from_s, utc_ms: 1000 * from_s - 60_000, step_s: -60, cause: 'step' });
});

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
