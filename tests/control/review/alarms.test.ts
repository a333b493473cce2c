import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmLives } from '../../../control/record/alarms/lives.ts';
import type { RecordedEvent } from '../../../control/record/recorded-events.ts';
import { AlarmPeaks, firedOften } from '../../../control/review/alarms/fired.ts';

const alarm = (t_s: number, id: string): RecordedEvent => ({
  t_s,
  kind: 'alarm',
  text: `${id} says why`,
  data: { id, reaction: 'trip' },
});
const clear = (t_s: number, id: string): RecordedEvent => ({ t_s, kind: 'clear', text: '', data: { id } });
const acknowledge = (t_s: number, which?: string, accepted = true): RecordedEvent => ({
  t_s,
  kind: 'command',
  text: '',
  data: {
    command: 'acknowledge',
    by: 'page',
    accepted,
    ...(which === undefined ? {} : { alarm: which }),
  },
});

describe('alarms of a record', () => {
  it('each rise is one, with its own end and the moment when a person saw it', () => {
    const events = [
      alarm(10, 'a'),
      alarm(11, 'b'),
      clear(12, 'a'),
      acknowledge(13, 'b'),
      alarm(14, 'a'),
      acknowledge(15, undefined, false),
      acknowledge(16),
    ];
    expect(alarmLives(events).map(l => [l.id, l.raised_s, l.acknowledged_s, l.cleared_s])).toEqual([
      ['a', 10, 16, 12],
      ['b', 11, 13, null],
      ['a', 14, 16, null],
    ]);
    expect([...firedOften(events)]).toEqual([
      ['a', { fired: 2, firedUnusable: 0 }],
      ['b', { fired: 1, firedUnusable: 0 }],
    ]);
  });

  it('an acknowledgement before an alarm does not count for it', () => {
    expect(alarmLives([acknowledge(1), alarm(2, 'a')])[0].acknowledged_s).toBeNull();
  });

  it('the peak is the largest figure from the reading that raised it to the one that cleared it', () => {
    const lives = alarmLives([alarm(3, 'a'), clear(6, 'a'), alarm(8, 'a')]);
    const peaks = new AlarmPeaks('a', lives);
    [1, 2, 7, 5, 6, 4, 99, 3, Number.NaN, Infinity].forEach((figure, t_s) => {
      peaks.take(t_s, figure);
    });
    // 7 was read at 2, just before the alarm at 3; 99 at 6 is still inside; at 8 and 9 nothing usable, 3 at 7 raised it.
    expect([peaks.of(0), peaks.of(1), peaks.of(2)]).toEqual([99, 3, Number.NaN]);
  });

  it('one that nothing usable was read of has none', () => {
    const peaks = new AlarmPeaks('a', alarmLives([alarm(1, 'a')]));
    for (const t_s of [0, 1, 2]) peaks.take(t_s, Infinity);
    expect(peaks.of(0)).toBeNaN();
  });

  it('is never below any figure while the alarm stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 40 }),
        fc.nat(20),
        fc.nat(20),
        (figures, from, long) => {
          const lives = alarmLives([alarm(from, 'a'), clear(from + long, 'a')]);
          const peaks = new AlarmPeaks('a', lives);
          for (const [t_s, figure] of figures.entries()) peaks.take(t_s, figure);
          const inside = figures.slice(from, from + long + 1);
          for (const figure of inside) expect(peaks.of(0)).toBeGreaterThanOrEqual(figure);
        },
      ),
    );
  });
});
