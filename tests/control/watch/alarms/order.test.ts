import { expect, it } from 'vitest';
import { type InterlockSpec, interlockSchema } from '../../../../control/bench/bench.ts';
import { AlarmBook } from '../../../../control/watch/alarms/book.ts';
import type { Reaction } from '../../../../profiles/steps/recovery.ts';

/** In which order people see what stands: the reference puts trip before stop before hold before warn. */

const spec = (id: string, reaction: Reaction, priority?: 'high' | 'low'): InterlockSpec =>
  interlockSchema.parse({
    ...{ id, reaction, basis: 'default', kind: 'threshold', role: 'a.value_V', trips: '>', limit: 1 },
    ...(priority === undefined ? {} : { priority }),
    ...(reaction === 'suspend' ? { recover: { when: 'a.value_V < 1', within_s: 60 } } : {}),
  });

it('the urgent first, then the gravest, then what nobody has seen, then what came first, then the newest', () => {
  let t_s = 0;
  const book = new AlarmBook({
    interlocks: [
      spec('warn', 'warn'),
      spec('urgent-warn', 'warn', 'high'),
      spec('hold', 'hold'),
      spec('hold-later', 'hold'),
      spec('stop', 'stop'),
      spec('trip', 'trip'),
      spec('put-aside', 'warn', 'high'),
    ],
    rules: { shelve_h: 8, floodCount: 10, floodWithin_s: 600 },
    now_s: () => t_s,
    note: () => {},
    look: () => undefined,
  });
  for (const id of ['trip', 'hold', 'hold-later', 'warn', 'stop', 'urgent-warn', 'put-aside'])
    book.raised(id, ++t_s, true);
  book.acknowledge('hold-later', 'A. Miller');
  book.shelve({ id: 'put-aside', for_s: 60, by: 'A. Miller', reason: 'span gas' });
  expect(book.standing().map(({ id }) => id)).toEqual([
    'trip',
    'stop',
    'urgent-warn',
    'hold',
    'hold-later',
    'warn',
    'put-aside',
  ]);
});
