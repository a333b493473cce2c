import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, VirtualClock } from '../../drivers/contract/clock.ts';
import {
  type ChannelSpec,
  type ClockNote,
  INSTRUMENT_TIME_RANGE,
  type InstrumentTime,
} from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { InstrumentClocks } from '../../drivers/instrument-clock.ts';

const UTC_s = 1.8e9;
const exact = { reading_pct: 0, abs: 0, basis: 'default' } as const;

/** Channels `voltage_V` and one time for each of `times`, in front of a clock that is set by hand. */
function bench(...times: Partial<InstrumentTime>[]) {
  let now_s = 100;
  const clock: Clock = Object.assign(new VirtualClock({ utcStart_ms: 0 }), {
    now_s: () => now_s,
    utc_ms: () => 1000 * (UTC_s + now_s),
  });
  const channels: ChannelSpec[] = [
    { name: 'voltage_V', range: [-10, 10], accuracy: exact },
    ...times.map((time, k) => ({
      name: `t${k}InstrumentTime_s` as const,
      range: INSTRUMENT_TIME_RANGE,
      accuracy: exact,
      instrumentTime: { clock: 'utc', of: [0], ...time } as const,
    })),
  ];
  const clocks = InstrumentClocks.of(channels, clock);
  if (clocks === undefined) throw new Error('no channel is a time');
  const notes: ClockNote[] = [];
  clocks.onNote(note => notes.push(note));
  return {
    notes,
    /** A frame that arrives at `t_s` and says these times, s since 1970 less `UTC_s` (`own`: as they are). */
    frame(t_s: number, ...said: number[]) {
      now_s = t_s;
      const values = Float64Array.of(1.5, ...said.map((s, k) => s + (times[k].clock === 'own' ? 0 : UTC_s)));
      const quality = new Uint8Array(values.length);
      const reasons: string[] = [];
      clocks.place(values, quality, t_s, reason => reasons.push(reason));
      return { values, quality, offset_s: values[1], reason: reasons[0] ?? '' };
    },
  };
}

describe("the instrument's own time", () => {
  it('is kept as its distance from arrival; a late answer is no other clock', () => {
    const { frame, notes } = bench({});
    expect(frame(100, 99.9).offset_s).toBeCloseTo(-0.1, 6);
    expect(frame(101.4, 100.9).offset_s).toBeCloseTo(-0.5, 6);
    expect(frame(103.9, 100.9).offset_s).toBeCloseTo(-3, 6);
    // One that is late by more than a jump is, and the next in time again.
    expect(frame(104, 101).offset_s).toBeCloseTo(-3, 6);
    expect(frame(104.1, 104).offset_s).toBeCloseTo(-0.1, 6);
    expect(notes).toEqual([]);
  });

  it('of a clock without a calendar counts from the first frame', () => {
    const { frame } = bench({ clock: 'own' });
    expect(frame(100, 5000).offset_s).toBe(0);
    // It runs slow by 1 %.
    expect(frame(200, 5099).offset_s).toBeCloseTo(-1, 9);
  });

  it('that stands still makes stale what was taken at it, and only that', () => {
    const { frame } = bench({ stale_s: 1 });
    expect(frame(100, 100)).toMatchObject({ reason: '', quality: Uint8Array.of(0, 0) });
    expect(frame(101, 100).quality[0]).toBe(QUALITY.good);
    const stood = frame(101.5, 100);
    expect([...stood.quality]).toEqual([QUALITY.stale, QUALITY.good]);
    expect(stood.values[0]).toBe(1.5);
    expect(stood.reason).toBe(
      "t0InstrumentTime_s: the instrument's own time has stood still for 1.5 s, at most 1 s is taken as alive",
    );
    expect(frame(102, 102).quality[0]).toBe(QUALITY.good);
  });

  it('that is not said is no time, and nothing is fresh by it', () => {
    const silent = bench({ stale_s: 1 }).frame(100, Number.NaN);
    expect(silent.offset_s).toBeNaN();
    expect(silent.quality[0]).toBe(QUALITY.stale);
    expect(bench({}).frame(100, Number.NaN).quality[0]).toBe(QUALITY.good);
  });

  it.each([
    ['ahead', 7, 7],
    ['behind', -3600, -3600],
  ])('of a clock that is %s is told once', (_, off_s, by_s) => {
    const { frame, notes } = bench({}, {});
    for (let t_s = 100; t_s < 110; t_s += 0.5) frame(t_s, t_s + off_s, t_s + off_s);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({ what: 'offset', channel: 't0InstrumentTime_s' });
    expect(notes[0].by_s).toBeCloseTo(by_s, 3);
  });

  it('of a value that seldom changes says nothing against the clock', () => {
    const { frame, notes } = bench({});
    // Old at first sight, then each change is seen at the next poll, at times a minute after the last one.
    for (const [t_s, said] of [
      [100, 40],
      [110, 40],
      [120, 119.9],
      [180, 121],
      [181, 180.5],
      // Taken soon after the poll before, twice in a row.
      [240, 190],
      [300, 245],
      [301, 300.9],
    ])
      frame(t_s, said);
    expect(notes).toEqual([]);
  });

  it.each([
    ['on', 30],
    ['back', -30],
  ])('that was set %s is told once, whichever channel shows it, and each time', (_, by_s) => {
    const { frame, notes } = bench({ clock: 'own' }, { clock: 'own' });
    let off_s = 0;
    for (let n = 0; n < 60; n++) {
      if (n === 20 || n === 40) off_s += by_s;
      const t_s = 100 + n / 2;
      // The second changes with every fourth poll only.
      frame(t_s, t_s + off_s, 100 + Math.floor(n / 4) * 2 + off_s);
    }
    expect(notes.map(note => note.what)).toEqual(['jump', 'jump']);
    for (const note of notes) expect(note.by_s).toBeCloseTo(by_s, 3);
  });

  it('a counter that begins anew is told with how far it fell', () => {
    const { frame, notes } = bench({ clock: 'own' });
    for (let n = 0; n < 10; n++) frame(100 + n, n < 5 ? 9000 + n : n - 5);
    expect(notes).toEqual([{ what: 'jump', channel: 't0InstrumentTime_s', by_s: -9005 }]);
  });

  it('with any delays below a second and any pauses of polls no clock is blamed, and nothing is lost', () => {
    const delays = fc.array(
      fc.tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.integer({ min: 1, max: 50 })),
      {
        minLength: 3,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(delays, steps => {
        const { frame, notes } = bench({});
        let t_s = 100;
        for (const [delay_s, pause_s] of steps) {
          t_s += pause_s;
          const { offset_s } = frame(t_s, t_s - delay_s);
          // Time of arrival and offset give the instrument's time back.
          expect(t_s + offset_s).toBeCloseTo(t_s - delay_s, 5);
        }
        expect(notes).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
