import { describe, expect, it } from 'vitest';
import { ALARM_RULES } from '../../../../control/bench/rules/alarm-rules.ts';
import { FLOOD_ALARM } from '../../../../control/contract/alarm.ts';
import { AlarmBook } from '../../../../control/watch/alarms/book.ts';
import type { Interlocks } from '../../../../control/watch/interlocks.ts';
import type { Json } from '../../../../profiles/steps/step.ts';
import { measureFlood } from '../../../measure/alarm-flood.ts';
import { alarmBench, LOW, TRIP, WARN } from '../../../support/alarm-bench.ts';

const alarmBook = (from: Json, locks: Interlocks): AlarmBook => {
  const look = (id: string) => locks.look(id);
  return new AlarmBook(
    { interlocks: [WARN, TRIP, LOW], rules: ALARM_RULES, now_s: () => 2000, note: () => {}, look },
    from,
  );
};

const SHELVE = { id: WARN.id, for_s: 60, by: 'A. Miller', reason: 'span gas' };

describe('the list of alarms', () => {
  it('says priority, count, peak, first out and who has seen it', () => {
    const { at, one, two, book, locks } = alarmBench();
    at(1);
    one(25);
    at(2);
    two(0.25);
    at(3);
    one(30);
    book.acknowledge('warn', 'A. Miller (page)');
    locks.acknowledge('warn');
    at(4);
    one(22);
    expect(book.standing()).toMatchObject([
      { id: 'trip', priority: 'high', state: 'unacknowledged', since_s: 1, peak: 30, isFirstOut: true },
      { id: 'low', priority: 'medium', state: 'unacknowledged', since_s: 2, peak: 0.25, isFirstOut: false },
      { id: 'warn', priority: 'low', state: 'acknowledged', acknowledgedBy: 'A. Miller (page)', count: 1 },
    ]);
    at(5);
    one(5);
    expect(book.stateOf('trip')).toBe('latched');
    expect(book.stateOf('warn')).toBe('normal');
    expect(book.isOpen).toBe(true);
  });

  it('what came first keeps its words, time and value until a person has seen it, though it fires once more', () => {
    const { at, one, book, locks } = alarmBench();
    const first = () => book.standing().find(({ id }) => id === 'trip');
    at(1);
    one(25);
    at(2);
    one(30);
    const { text = '' } = first() ?? {};
    expect(text).toContain('25');
    at(3);
    one(5);
    at(2000);
    one(Number.NaN);
    const asFirst = { isFirstOut: true, text, since_s: 1, peak: 30 };
    expect(first()).toMatchObject({ ...asFirst, state: 'unacknowledged', count: 2 });
    // Over a restart, too.
    expect(alarmBook(book.state(), locks).standing()).toMatchObject([asFirst, {}]);
    at(2001);
    one(40);
    expect(first()).toMatchObject({ ...asFirst, peak: 40 });
    book.acknowledge(undefined, 'A. Miller');
    locks.acknowledge(undefined);
    at(2002);
    one(5);
    expect(book.standing()).toEqual([]);
    at(2003);
    one(Number.NaN);
    expect(first()).toMatchObject({
      isFirstOut: true,
      text: expect.stringContaining('not usable'),
      since_s: 2003,
    });
  });

  it('shelves a warning for its time, tells nobody meanwhile, and brings it back', () => {
    const { at, one, tick, book, events, locks } = alarmBench();
    expect(book.shelve({ ...SHELVE, id: 'trip' })).toContain('only a warning can be shelved');
    expect(book.shelve({ ...SHELVE, id: 'nothing' })).toContain(
      'no alarm nothing, expected one of warn, trip',
    );
    expect(book.shelve(SHELVE)).toBe('');
    at(10);
    one(15);
    expect(events.at(-1)).toMatchObject({ kind: 'alarm', data: { id: 'warn', isShelved: true } });
    expect(book.standing()).toMatchObject([{ id: 'warn', state: 'shelved', shelved: { until_s: 60 } }]);
    at(59.9);
    tick();
    expect(book.stateOf('warn')).toBe('shelved');
    at(60);
    tick();
    expect(book.stateOf('warn')).toBe('unacknowledged');
    expect(events.at(-1)).toMatchObject({
      kind: 'shelve',
      data: { id: 'warn', what: 'unshelved', by: '', isStanding: true },
    });
    expect(book.unshelve('warn', 'A. Miller')).toBe('warn is not shelved');
    // What the interlock itself says never changed.
    expect(locks.alarms()).toMatchObject([{ id: 'warn', state: 'active' }]);
  });

  it('a trip that comes while a warning is shelved is told and latches as ever', () => {
    const { at, one, book, events, done, locks } = alarmBench();
    book.shelve(SHELVE);
    at(1);
    one(25);
    expect(done).toEqual(['trip']);
    expect(locks.blocking()).toEqual(['trip']);
    const trip = events.find(({ kind, data }) => kind === 'alarm' && data.id === 'trip');
    expect(trip?.data).toMatchObject({ id: 'trip', isFirstOut: true });
    expect(trip?.data).not.toHaveProperty('isShelved');
  });

  it('more than 10 alarms in 10 min are a flood, which is an alarm itself and ends below 5', () => {
    const { at, one, two, tick, book, events } = alarmBench();
    const flood = (): unknown[] =>
      events.filter(e => e.data !== undefined && 'id' in e.data && e.data.id === FLOOD_ALARM);
    let t_s = 0;
    for (let k = 0; k < 5; k++) {
      t_s += 30;
      at(t_s);
      one(15);
      two(0.5);
      one(5);
      two(2);
      tick();
    }
    expect(flood()).toEqual([]);
    t_s += 30;
    at(t_s);
    one(15);
    tick();
    expect(flood()).toMatchObject([
      { kind: 'alarm', data: { reaction: 'warn', flood: { limit: 10, within_s: 600, count: 11 } } },
    ]);
    expect(book.standing().find(({ id }) => id === FLOOD_ALARM)).toMatchObject({
      state: 'unacknowledged',
      text: '11 alarms in 600 s (limit 10)',
    });
    t_s += 420;
    at(t_s);
    tick();
    expect(book.stateOf(FLOOD_ALARM)).toBe('unacknowledged');
    t_s += 120;
    at(t_s);
    tick();
    expect(book.stateOf(FLOOD_ALARM)).toBe('returned');
    expect(flood()).toHaveLength(2);
  });

  it('what chatters is written three times a minute and then counted; the record ends as it is', () => {
    const { at, one, tick, events } = alarmBench([WARN]);
    for (let i = 0; i < 100; i++) {
      at(i * 0.5);
      one(i % 2 === 0 ? 15 : 5);
      tick();
    }
    const kinds = (): string[] =>
      events
        .map(({ kind, data }) => (data && 'id' in data && data.id === 'warn' ? kind : ''))
        .filter(Boolean);
    expect(kinds()).toEqual(['alarm', 'clear', 'alarm', 'clear', 'alarm', 'clear']);
    at(60);
    one(15);
    tick();
    expect(kinds().slice(6)).toEqual(['chatter', 'alarm']);
    expect(events.find(({ kind }) => kind === 'chatter')).toMatchObject({ data: { count: 47 } });
  });

  it('goes on from what it remembers: shelved, seen, first out, a flood', () => {
    const { at, one, two, book, locks } = alarmBench();
    book.shelve(SHELVE);
    at(1);
    one(25);
    two(0.5);
    book.acknowledge('low', 'A. Miller');
    const again = new AlarmBook(
      {
        interlocks: [WARN, TRIP, LOW],
        rules: { shelve_h: 8, floodCount: 10, floodWithin_s: 600 },
        now_s: () => 61,
        note: () => {},
        look: id => locks.look(id),
      },
      JSON.parse(JSON.stringify(book.state())),
    );
    expect(again.standing()).toEqual(book.standing());
    again.tick();
    expect(again.stateOf('warn')).toBe('unacknowledged');
    expect(again.raised('low', 62, true)).not.toHaveProperty('isFirstOut');
  });

  it('a thousand alarms a second cost a tick little, and a record some lines a minute for each alarm', () => {
    const { alarms_per_s, raised, flood_us, events } = measureFlood(
      1,
      () => performance.now() * 1000,
      () => 0,
    );
    expect(alarms_per_s).toBe(1000);
    expect(raised).toBe(60_000);
    // Of 100 ms; half a millisecond on a machine at rest.
    expect(flood_us).toBeLessThan(10_000);
    // 200 alarms in three minutes of theirs: three rises and ends each, what is left out, and how it stands.
    expect(events).toBeLessThan(3 * 200 * 8 + 10);
  });
});
