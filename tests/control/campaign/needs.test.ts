import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose } from '../../../control/campaign/choose.ts';
import { type Need, type NeedsOf, needsOf, stationOf, Taken } from '../../../control/campaign/needs.ts';
import { over } from '../../../control/campaign/over.ts';
import { begun, newQueue, type Queue } from '../../../control/campaign/queue.ts';
import { campaignOf, good, run } from '../../support/campaign-parts.ts';

/** Which runs of a campaign go on at a time: one a channel, and together only what agrees on what it shares. */

const CHAMBER = 'b.yaml chamber.temperatureSet_degC';
const at = (value?: number): Need =>
  value === undefined
    ? { for: 'set point', what: CHAMBER }
    : { for: 'set point', what: CHAMBER, value: String(value) };
const CHANNELS = new Set(['b.yaml']);

function needsBy(campaign: Parameters<typeof needsOf>[0], sets: Readonly<Record<string, Need>>): NeedsOf {
  return item => needsOf(campaign, item, CHANNELS, [sets[item.run] ?? []].flat());
}
const begins = (queue: Queue, campaign: Parameters<typeof needsOf>[0], needs: NeedsOf): string[] =>
  choose(campaign, queue, 0, undefined, needs).begin.map(({ id }) => id);

describe('runs on channels of one bench', () => {
  const { campaign, rules } = campaignOf([
    run('a', { subject: 'one' }),
    run('b', { subject: 'two' }),
    run('c', { subject: 'one' }),
    run('warm', { subject: 'three' }),
  ]);

  it('begin together, one a channel; who asks for another set point waits for it, and says for what', () => {
    const needs = needsBy(campaign, { a: at(25), b: at(25), c: at(25), warm: at(35) });
    let queue = newQueue(campaign);
    const { begin, waits } = choose(campaign, queue, 0, undefined, needs);
    expect(begin.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(waits).toEqual([
      { id: 'c', for: 'channel', what: 'b.yaml one', by: 'a' },
      { id: 'warm', for: 'set point', what: CHAMBER, by: 'a' },
    ]);
    for (const id of ['a', 'b']) queue = begun(queue, id, 0);
    queue = over(campaign, rules, queue, 'a', good(1), 1);
    expect(begins(queue, campaign, needs)).toEqual(['c']);
    queue = over(campaign, rules, begun(queue, 'c', 1), 'c', good(1), 2);
    expect(begins(queue, campaign, needs)).toEqual([]);
    queue = over(campaign, rules, queue, 'b', good(1), 3);
    expect(begins(queue, campaign, needs)).toEqual(['warm']);
  });

  it('a set point that changes on the way is one run’s', () => {
    const needs = needsBy(campaign, { a: at(), b: at(25), warm: at(25) });
    expect(begins(newQueue(campaign), campaign, needs)).toEqual(['a']);
  });

  it('where the subjects of a bench cannot go on at a time it is one run’s', () => {
    expect(choose(campaign, newQueue(campaign), 0).begin.map(({ id }) => id)).toEqual(['a']);
    expect(stationOf(campaign, { run: 'a' }, new Set())).toBe('b.yaml');
    expect(stationOf(campaign, { run: 'a' }, CHANNELS)).toBe('b.yaml one');
  });

  it('what is under way together always agrees, whoever comes and goes', () => {
    const need = fc.record({
      subject: fc.integer({ min: 0, max: 5 }),
      degC: fc.option(fc.constantFrom(25, 35), { nil: undefined }),
      sets: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(need, { minLength: 1, maxLength: 12 }), fc.array(fc.nat()), (runs, ends) => {
        const made = campaignOf(runs.map(({ subject }, i) => run(`r${i}`, { subject: `s${subject}` })));
        const sets = Object.fromEntries(
          runs.flatMap(({ degC, sets: isSet }, i) => (isSet ? [[`r${i}`, at(degC)]] : [])),
        );
        const needs = needsBy(made.campaign, sets);
        let queue = newQueue(made.campaign);
        for (const end of [...ends, ...runs.map((_, i) => i), ...runs.map(() => 0)]) {
          for (const id of begins(queue, made.campaign, needs)) queue = begun(queue, id, 0);
          const going = queue.items.filter(({ state }) => state === 'running');
          const taken = new Taken();
          for (const one of going) {
            expect(taken.against(one.id, needs(one))).toBeUndefined();
            taken.take(one.id, needs(one));
          }
          const one = going[end % Math.max(1, going.length)];
          if (one !== undefined) queue = over(made.campaign, made.rules, queue, one.id, good(1), 1);
        }
        expect(queue.items.every(({ state }) => state === 'completed')).toBe(true);
      }),
    );
  });
});
