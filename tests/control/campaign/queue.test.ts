import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../control/campaign/campaign-file.ts';
import { choose } from '../../../control/campaign/choose.ts';
import { over } from '../../../control/campaign/over.ts';
import {
  begun,
  newQueue,
  queueSchema,
  type Rules,
  type RunEnd,
  skipped,
} from '../../../control/campaign/queue.ts';
import { courseOf } from '../../../control/campaign/rehearse.ts';
import { bad, campaignOf, good, run } from '../../support/campaign-parts.ts';

/** What may begin, and what the end of a run does to the queue. */

const EVENING = Date.parse('2026-03-02T18:00Z');

/** Goes through it, an hour a run; `ends` by item, else good with 5 Ah. */
async function through(
  of: { campaign: Campaign; rules: Rules },
  ends: Readonly<Record<string, RunEnd>> = {},
) {
  const course = await courseOf(of.campaign, of.rules, EVENING, item =>
    Promise.resolve({ duration_s: 3600, ...(ends[item.id] ?? good(5)) }),
  );
  const states = course.queue.items.map(({ id, state }) => `${id} ${state}`);
  return { course, states, reasons: Object.fromEntries(course.queue.items.map(i => [i.id, i.reason])) };
}
describe('a queue', () => {
  it('goes by priority, then by the file; what comes after waits; one run a bench', async () => {
    const { course } = await through(
      campaignOf([
        run('a', { priority: -1 }),
        run('b', { after: ['c'] }),
        run('c'),
        run('d', { bench: 'other.yaml' }),
      ]),
    );
    const at_h = (id: string) =>
      ((course.queue.items.find(i => i.id === id)?.begun_ms ?? NaN) - EVENING) / 3.6e6;
    expect([at_h('c'), at_h('d'), at_h('b'), at_h('a')]).toEqual([0, 0, 1, 2]);
  });

  it('a resource belongs to one run, on whatever bench', async () => {
    const gas = { resources: ['gas'] };
    const { course } = await through(
      campaignOf([run('a', gas), run('b', { ...gas, bench: 'other.yaml' })], { resources: ['gas'] }),
    );
    expect(course.queue.items.map(({ begun_ms }) => ((begun_ms ?? NaN) - EVENING) / 3.6e6)).toEqual([0, 1]);
    expect(course.waited.get('b')?.map(({ what }) => what)).toEqual([
      { id: 'b', for: 'resource', what: 'gas', by: 'a' },
    ]);
  });

  it('a second try has a name of its own, whatever the other runs are called', async () => {
    const { states } = await through(campaignOf([run('a', { on_failure: { retry: 1 } }), run('ab')]), {
      a: bad,
    });
    expect(states).toEqual(['a failed', 'a-1b completed', 'ab completed']);
  });

  it('of a run that was done several times the last one counts, also where it gave nothing', async () => {
    const rule = { if: 'b.capacity_Ah < 3', end: 'campaign', because: 'worn' };
    const again = { if: 'b.capacity_Ah < 3', repeat: ['b'], at_most: 1, because: 'twice' };
    const { states, reasons } = await through(
      campaignOf([run('b', { rules: [again] }), run('c', { rules: [rule] }), run('d')]),
      { b: good(2), 'b-2': bad },
    );
    expect(states).toEqual(['b completed', 'b-2 failed', 'c failed', 'd completed']);
    expect(reasons['c']).toMatch(/cannot be decided: b\.capacity_Ah has no value/);
  });

  it('a window is waited for', async () => {
    const { course } = await through(
      campaignOf([run('a', { window: 'night' })], { windows: { night: { from: '22:00', to: '06:00' } } }),
    );
    expect(course.queue.items[0]?.begun_ms).toBe(Date.parse('2026-03-02T22:00Z'));
  });

  it.each<[what: string, onFailure: unknown, ends: Record<string, RunEnd>, states: string[]]>([
    ['skip', 'skip', { a: bad }, ['a failed', 'b skipped', 'c completed']],
    ['stop all', 'stop all', { a: bad }, ['a failed', 'b skipped', 'c skipped']],
    ['one more try', { retry: 1 }, { a: bad }, ['a failed', 'a-1b completed', 'b completed', 'c completed']],
    [
      'tries that do not help',
      { retry: 2, otherwise: 'stop all' },
      { a: bad, 'a-1b': bad, 'a-1c': bad },
      ['a failed', 'a-1b failed', 'a-1c failed', 'b skipped', 'c skipped'],
    ],
  ])('on a failure: %s', async (_, on_failure, ends, states) => {
    const of = campaignOf([run('a', { on_failure }), run('b', { after: ['a'] }), run('c')]);
    expect((await through(of, ends)).states).toEqual(states);
  });

  it.each<[what: string, rule: object, ends: Record<string, RunEnd>, states: string[], reason: RegExp]>([
    [
      'the end of a sample',
      { if: 'b.capacity_Ah < 0.8 * a.capacity_Ah', end: 'subject' },
      { b: good(3.9) },
      ['a completed', 'b completed', 'c skipped', 'd completed'],
      /^worn \(b: b\.capacity_Ah < 0\.8/,
    ],
    [
      'nothing, where it does not hold',
      { if: 'b.capacity_Ah < 0.8 * a.capacity_Ah', end: 'subject' },
      { b: good(4.1) },
      ['a completed', 'b completed', 'c completed', 'd completed'],
      /^$/,
    ],
    [
      'a repeat, before what comes after, and only so often',
      { if: 'b.capacity_Ah < 4 Ah', repeat: ['b'], at_most: 2 },
      { b: good(3), 'b-2': good(3), 'b-3': good(3) },
      ['a completed', 'b completed', 'b-2 completed', 'b-3 completed', 'c completed', 'd completed'],
      /^$/,
    ],
    [
      'a failure, where nobody can know',
      { if: 'b.capacity_Ah < 4 Ah', end: 'campaign' },
      { b: good(Number.NaN) },
      ['a completed', 'b failed', 'c skipped', 'd completed'],
      /comes after b/,
    ],
    [
      'the end of all',
      { if: 'b.completed_on', end: 'campaign' },
      {},
      ['a completed', 'b completed', 'c skipped', 'd skipped'],
      /^worn/,
    ],
  ])('a rule decides: %s', async (_, rule, ends, states, reason) => {
    const of = campaignOf([
      run('a'),
      run('b', { after: ['a'], rules: [{ because: 'worn', ...rule }] }),
      run('c', { after: ['b'] }),
      run('d', { subject: 'other', priority: -1 }),
    ]);
    const { states: found, reasons } = await through(of, ends);
    expect(found).toEqual(states);
    expect(reasons['c']).toMatch(reason);
  });

  it.each<[text: string, says: RegExp]>([
    ['b.capacity_mAh > 1', /gives no such value.*capacity_Ah/],
    ['x.capacity_Ah > 1 Ah', /of no run/],
    ['b.capacity_Ah', /expected a condition/],
    ['b.capacity_Ah > 1 V', /cannot be compared/],
    ['b.capacity_Ah > 1 Ah for 5 min', /without times or means/],
  ])('a rule over what nobody gives is refused: %s', (text, says) => {
    expect(() => campaignOf([run('b', { rules: [{ if: text, end: 'campaign', because: 'x' }] })])).toThrow(
      says,
    );
  });

  it('whatever happens: it ends, all is accounted for, nothing is shared, and it is the same after a restart', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const runs = fc.tuple(
      ...names.map((name, i) =>
        fc.record({
          run: fc.constant(name),
          method: fc.constant('m.yaml'),
          bench: fc.constantFrom('b.yaml', 'other.yaml'),
          after: fc.subarray(names.slice(0, i)),
          priority: fc.integer({ min: -1, max: 1 }),
          times: fc.integer({ min: 1, max: 2 }),
          resources: fc.subarray(['gas', 'chamber']),
          on_failure: fc.constantFrom<unknown>('skip', 'stop all', { retry: 1 }),
          rules: fc.array(
            fc.record({
              if: fc.constantFrom(`${name}.capacity_Ah < 4 Ah`, `${name}.passed_on`),
              repeat: fc.subarray(names, { minLength: 1 }),
              at_most: fc.constant(1),
              because: fc.constant('x'),
            }),
            { maxLength: 1 },
          ),
        }),
      ),
    );
    const kinds = [good(5), good(3), good(Number.NaN), bad];
    fc.assert(
      fc.property(runs, fc.infiniteStream(fc.nat()), (made, chance) => {
        const { campaign, rules } = campaignOf(made, { resources: ['gas', 'chamber'] });
        let queue = newQueue(campaign);
        const draw = (below: number): number => Number(chance.next().value) % below;
        for (let step = 0; step < 500; step++) {
          // As it would be read again after a restart.
          queue = queueSchema.parse(JSON.parse(JSON.stringify(queue)));
          const { begin, skip } = choose(campaign, queue, EVENING);
          for (const { id, reason } of skip) queue = skipped(queue, id, reason);
          for (const { id } of begin) queue = begun(queue, id, EVENING + step);
          const running = queue.items.filter(({ state }) => state === 'running');
          const taken = running.flatMap(item => {
            const of = campaign.runs.find(one => one.run === item.run);
            return [of?.bench, ...(of?.resources ?? [])];
          });
          expect(new Set(taken).size).toBe(taken.length);
          const next = running[draw(Math.max(1, running.length))];
          if (next === undefined && skip.length === 0) break;
          if (next !== undefined)
            queue = over(campaign, rules, queue, next.id, kinds[draw(kinds.length)] ?? bad, EVENING + step);
        }
        expect(new Set(queue.items.map(({ id }) => id)).size).toBe(queue.items.length);
        const open = queue.items.filter(({ state }) => state === 'waiting' || state === 'running');
        expect(open).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
