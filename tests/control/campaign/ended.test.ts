import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopWord } from '../../../control/campaign/carrier.ts';
import type { RunEnd } from '../../../control/campaign/queue.ts';
import { courseOf } from '../../../control/campaign/rehearse.ts';
import { bad, campaignOf, good, run } from '../../support/campaign-parts.ts';
import { CampaignWorld } from '../../support/campaign-world.ts';

/** What was ended stays ended, whatever runs that are still under way ask for; and what a rule decided can be read. */

const EVENING = Date.parse('2026-03-02T18:00Z');
const HOUR_S = 3600;
type Ends = Readonly<Record<string, RunEnd & { readonly duration_s?: number }>>;
/** On benches of their own, so that they are under way together. */
const beside = (name: string, more: object = {}) => run(name, { bench: `${name}.yaml`, ...more });
const always = { if: 'a.capacity_Ah > 0 Ah', at_most: 5, because: 'again' };

/** The same runs rehearsed and carried out; `a` takes two hours, all others one. */
async function both(runs: readonly object[], ends: Ends = {}) {
  const { campaign, rules } = campaignOf(runs);
  const fateOf = (id: string) => {
    const longest = id.startsWith('a') ? 2 : 1;
    return { ...good(5), duration_s: longest * HOUR_S, ...ends[id] };
  };
  const course = await courseOf(campaign, rules, EVENING, ({ id }) => Promise.resolve(fateOf(id)));
  const world = new CampaignWorld(campaign, EVENING, fateOf);
  await world.supervisor({});
  expect(world.state.queue).toEqual(course.queue);
  const { items } = course.queue;
  return {
    world,
    states: items.map(({ id, state }) => `${id} ${state}`),
    reasons: Object.fromEntries(items.map(({ id, reason }) => [id, reason])),
    told: world.log.filter(({ kind }) => kind === 'decided').map(({ id, text }) => `${id}: ${text}`),
  };
}

describe('what was ended stays ended', () => {
  const end = { if: 'w.capacity_Ah > 0 Ah', end: 'campaign', because: 'all is told' };
  const ALL_IS_TOLD = 'all is told (w: w.capacity_Ah > 0 Ah)';

  it.each<[what: string, a: object, ends: Ends, states: string[]]>([
    [
      'a repeat',
      { rules: [{ ...always, repeat: ['a', 'w'] }] },
      {},
      ['a completed', 'a-2 skipped', 'w-2 skipped', 'w completed'],
    ],
    ['a retry', { on_failure: { retry: 3 } }, { a: bad }, ['a failed', 'a-1b skipped', 'w completed']],
    [
      'a run that is done anew after a cut',
      { after_cut: 'anew' },
      { a: { ...bad, cut: { against: '', needsWord: false } } },
      ['a failed', 'a-1b skipped', 'w completed'],
    ],
  ])('the campaign, by a rule: %s of a run under way is not done', async (_, a, ends, states) => {
    const found = await both([beside('a', a), beside('w', { rules: [end] })], ends);
    expect(found.states).toEqual(states);
    for (const id of ['a-2', 'w-2', 'a-1b']) expect(found.reasons[id] ?? ALL_IS_TOLD).toBe(ALL_IS_TOLD);
    expect(found.world.log.filter(({ kind }) => kind === 'skipped').map(({ text }) => text)).toEqual(
      states.flatMap(text =>
        text.endsWith('skipped') ? [`${text.split(' ')[0]} is not run: ${ALL_IS_TOLD}`] : [],
      ),
    );
  });

  it('the campaign, by a failure', async () => {
    const { states, reasons } = await both(
      [
        beside('a', { rules: [{ ...always, repeat: ['a'] }] }),
        beside('t', { on_failure: { retry: 1, otherwise: 'stop all' } }),
        beside('u', { after: ['t'] }),
      ],
      { t: { ...bad, duration_s: 600 }, 't-1b': { ...bad, duration_s: 600 } },
    );
    expect(states).toEqual(['a completed', 'a-2 skipped', 't failed', 't-1b failed', 'u skipped']);
    expect(reasons['a-2']).toBe('all was stopped: t-1b did not complete');
  });

  it('a subject: what others repeat of it is not done, they themselves go on', async () => {
    const { states, reasons } = await both([
      run('a', {
        bench: 'a.yaml',
        subject: 'nickel',
        rules: [{ ...always, at_most: 1, repeat: ['w', 'a'] }],
      }),
      run('w', { subject: 'iron', rules: [{ ...end, end: 'subject', because: 'dead' }] }),
    ]);
    expect(states).toEqual(['a completed', 'w-2 skipped', 'a-2 completed', 'w completed']);
    expect(reasons['w-2']).toMatch(/^dead/);
  });

  it('also after a kill of the supervisor; a run that a person adds is another one, with its retries', async () => {
    const { campaign } = campaignOf([
      beside('a', { rules: [{ ...always, repeat: ['a'] }] }),
      beside('w', { rules: [end] }),
    ]);
    const world = new CampaignWorld(campaign, EVENING, id => ({
      ...(id === 'x' ? bad : good(5)),
      duration_s: (id === 'w' ? 1 : 2) * HOUR_S,
    }));
    const { runs } = campaignOf([run('x', { on_failure: { retry: 1 } })]).campaign;
    world.clock.schedule(1.5 * HOUR_S, () => {
      const change = { do: 'add' as const, runs: [...runs] };
      world.edits.push({ id: 'e', by: 'Ada', because: 'one more', change });
    });
    await world.through([{ at: 7, isKept: true }]);
    expect(world.state.queue.items.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a completed',
      'a-2 skipped',
      'w completed',
      'x failed',
      'x-1b completed',
    ]);
  });

  it('a run under way that is cut off meanwhile goes on in its own record to its end', async () => {
    const { campaign } = campaignOf([beside('a'), beside('w', { rules: [end] })]);
    const cuts = [{ after_s: 1.5 * HOUR_S, against: '', needsWord: false }];
    const world = new CampaignWorld(campaign, EVENING, id => ({
      ...good(5),
      duration_s: (id === 'w' ? 1 : 2) * HOUR_S,
      ...(id === 'a' ? { cuts } : {}),
    }));
    await world.supervisor({});
    expect(world.resumed).toEqual(['a']);
    expect(world.state.queue.items.map(({ state }) => state)).toEqual(['completed', 'completed']);
  });

  it('a run under way that was stopped with its supervisor is not done once more', async () => {
    const { campaign } = campaignOf([beside('a'), beside('w', { rules: [end] })]);
    const world = new CampaignWorld(campaign, EVENING, id => ({
      ...good(5),
      duration_s: (id === 'w' ? 1 : 2) * HOUR_S,
    }));
    const stop = new StopWord();
    world.clock.schedule(1.5 * HOUR_S, () => stop.ask());
    await world.supervisor({ stop });
    await world.supervisor({});
    expect(world.begun).toEqual(['a', 'w']);
    expect(world.state.queue.items.map(({ state }) => state)).toEqual(['failed', 'skipped', 'completed']);
  });

  it('whatever rules the others have: nothing of it begins after its end', async () => {
    const names = ['a', 'b', 'c'];
    const rule = fc.record({
      if: fc.constant('w.completed_on or not w.completed_on'),
      repeat: fc.subarray(names, { minLength: 1 }),
      at_most: fc.integer({ min: 1, max: 3 }),
      because: fc.constant('x'),
    });
    const made = fc.tuple(
      ...names.map(name =>
        fc.record({
          rules: fc.array(rule, { maxLength: 1 }),
          times: fc.integer({ min: 1, max: 2 }),
          on_failure: fc.constantFrom<unknown>('skip', { retry: 2 }),
          isGood: fc.boolean(),
          name: fc.constant(name),
          hours: fc.integer({ min: 1, max: 4 }),
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(made, async of => {
        const runs = of.map(({ name, isGood: _, hours: __, ...own }) => beside(name, own));
        const { campaign, rules } = campaignOf([...runs, beside('w', { rules: [end] })]);
        const { queue } = await courseOf(campaign, rules, EVENING, ({ run: name }) => {
          const own = of.find(one => one.name === name);
          const hours = own === undefined ? 1.5 : own.hours * 0.7;
          return Promise.resolve({ ...(own?.isGood === false ? bad : good(5)), duration_s: hours * HOUR_S });
        });
        const ended_ms = queue.items.find(({ id }) => id === 'w')?.over_ms ?? 0;
        expect(queue.items.filter(({ begun_ms }) => (begun_ms ?? 0) > ended_ms)).toEqual([]);
        expect(queue.items.filter(({ state }) => state === 'waiting' || state === 'running')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what was decided stands at the run that decided, also where nothing was left to skip', () => {
  it.each<[what: string, rule: object, text: string]>([
    ['the end of all', { end: 'campaign' }, 'nothing more is run'],
    ['the end of a subject', { end: 'subject' }, 'nothing more is run with this subject'],
    ['a skip of what waits no more', { skip: ['w'] }, 'nothing of w is left to skip'],
    ['a skip of what waits', { skip: ['z', 'w'] }, 'z is not run'],
  ])('%s', async (_, rule, text) => {
    const more = 'skip' in rule ? [beside('z', { after: ['w'] })] : [];
    const { reasons, told } = await both([
      beside('w', { rules: [{ if: 'w.capacity_Ah > 0 Ah', because: 'enough', ...rule }] }),
      ...more,
    ]);
    expect(reasons['w']).toBe(`enough (w: w.capacity_Ah > 0 Ah): ${text}`);
    expect(told).toEqual([`w: enough (w: w.capacity_Ah > 0 Ah): ${text}`]);
  });

  it('a failure that stops all', async () => {
    const { reasons, world } = await both([beside('w', { on_failure: 'stop all' })], { w: bad });
    expect(reasons['w']).toBe('tripped; all is stopped');
    expect(world.log.find(({ kind }) => kind === 'ended')?.text).toBe(
      'w did not complete: tripped; all is stopped',
    );
  });
});

describe('a run that a rule repeats comes after its own earlier one, whatever became of that', () => {
  const again = { if: 'd.capacity_Ah > 0 Ah', repeat: ['b'], at_most: 1, because: 'again' };
  it.each<[what: string, runs: readonly object[], ends: Ends, states: string[]]>([
    [
      'it failed',
      [beside('b'), beside('d', { after: [], rules: [again] })],
      { b: { ...bad, duration_s: 60 } },
      ['b failed', 'd completed', 'b-2 completed'],
    ],
    [
      'it was skipped',
      [
        beside('a', { rules: [{ if: 'a.completed_on', skip: ['b'], because: 'no need' }] }),
        beside('b', { after: ['a'] }),
        beside('c', { after: ['b'] }),
        beside('d', { after: ['a'], rules: [again] }),
      ],
      {},
      ['a completed', 'b skipped', 'c skipped', 'd completed', 'b-2 completed'],
    ],
    [
      'it is still under way',
      [beside('b'), beside('d', { rules: [again] })],
      { d: { ...good(5), duration_s: 60 } },
      ['b completed', 'd completed', 'b-2 completed'],
    ],
    [
      'one of several times failed: those behind it in the file are not done, the repeat is',
      [beside('b', { times: 3 }), beside('d', { rules: [again] })],
      { 'b-1': { ...bad, duration_s: 60 } },
      ['b-1 failed', 'b-2 skipped', 'b-3 skipped', 'd completed', 'b-4 completed'],
    ],
  ])('%s', async (_, runs, ends, states) => {
    expect((await both(runs, ends)).states).toEqual(states);
  });

  it('is not replaced by a person under the name of its earlier one', async () => {
    const { campaign } = campaignOf([
      beside('a', { rules: [{ if: 'a.completed_on', skip: ['b'], because: 'no need' }] }),
      beside('b', { after: ['a'] }),
      beside('d', { after: ['a'], rules: [again] }),
      run('e', { bench: 'b.yaml', priority: 9, after: ['d'] }),
    ]);
    const world = new CampaignWorld(campaign, EVENING, () => ({ ...good(5), duration_s: HOUR_S }));
    world.clock.schedule(2.5 * HOUR_S, () => {
      const change = { do: 'replace' as const, run: 'b', with: campaign.runs[1] };
      world.edits.push({ id: 'e', by: 'Ada', because: 'other', change });
    });
    await world.supervisor({});
    expect(world.answers.get('e')).toMatch(/b has begun or was skipped already/);
    const ids = world.state.queue.items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
