import { ALARM_RULES, type AlarmRules } from '../../control/bench/alarm-rules.ts';
import type { InterlockSpec } from '../../control/bench/bench.ts';
import type { EventBody } from '../../control/record/events.ts';
import { AlarmBook } from '../../control/watch/alarms/book.ts';
import { Interlocks } from '../../control/watch/interlocks.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { ROLES, spec } from './interlock-bench.ts';

/** Interlocks and their list of alarms on hand-made readings, as a session puts them together. */

const HIGH = { kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10, rearm: 10 };
export const WARN = spec({ ...HIGH, id: 'warn', reaction: 'warn' });
export const TRIP = spec({ ...HIGH, id: 'trip', reaction: 'trip', limit: 20, rearm: 20 });
export const LOW = spec({
  kind: 'threshold',
  id: 'low',
  role: 'b.pressure_barg',
  trips: '<',
  limit: 1,
  rearm: 1,
  reaction: 'hold',
});

export interface AlarmBench {
  readonly locks: Interlocks;
  readonly book: AlarmBook;
  /** What was written down, in order. */
  readonly events: EventBody[];
  /** What the interlocks asked to be done: names of those that act, in order. */
  readonly done: string[];
  /** The book hears nothing: what the interlocks do alone. */
  at(t_s: number): void;
  one(value: number): void;
  two(value: number): void;
  tick(): void;
}

export function alarmBench(
  specs: readonly InterlockSpec[] = [WARN, TRIP, LOW],
  rules: Partial<AlarmRules> = {},
): AlarmBench {
  const events: EventBody[] = [];
  const done: string[] = [];
  let now_s = 0;
  const book: AlarmBook = new AlarmBook({
    interlocks: specs,
    rules: { ...ALARM_RULES, ...rules },
    now_s: () => now_s,
    note: body => void events.push(body),
    look: id => locks.look(id),
  });
  const locks: Interlocks = new Interlocks(specs, ROLES, {
    raised: ({ id, reaction, t_s }) => {
      if (reaction !== 'warn') done.push(id);
      const said = book.raised(id, t_s, false);
      if (said !== undefined) events.push({ kind: 'alarm', data: { id, reaction, ...said } });
    },
    cleared: (id, _text, peak) => {
      const said = book.cleared(id, now_s, peak);
      if (said !== undefined) events.push({ kind: 'clear', data: { id, ...said } });
    },
    failed: error => {
      throw error;
    },
    applied: () => Number.NaN,
  });
  locks.begin(0);
  const frame = (device: string, values: Float64Array): void =>
    locks.check({ device, t_s: now_s, values, quality: new Uint8Array(values.length).fill(QUALITY.good) });
  return {
    locks,
    book,
    events,
    done,
    at: t_s => {
      now_s = t_s;
    },
    one: value => frame('one', Float64Array.of(value, 1, 1, 1)),
    two: value => frame('two', Float64Array.of(value)),
    tick: () => book.tick(),
  };
}
