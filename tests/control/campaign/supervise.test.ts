import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopWord } from '../../../control/campaign/carrier.ts';
import { type Change, edited } from '../../../control/campaign/edits.ts';
import { courseOf } from '../../../control/campaign/rehearse.ts';
import { campaignStateSchema } from '../../../control/campaign/state.ts';
import { bad, campaignOf, good, run } from '../../support/campaign-parts.ts';
import { CampaignWorld, type Fate } from '../../support/campaign-world.ts';

/** A campaign that is carried out, in virtual time; its supervisor is killed wherever it can be. */

const EVENING = Date.parse('2026-03-02T18:00Z');
const HOUR_S = 3600;
const hour = (end = good(5)): Fate => ({ ...end, duration_s: HOUR_S });

function worldOf(runs: readonly object[], fates: Readonly<Record<string, Fate>> = {}, more: object = {}) {
  const of = campaignOf(runs, more);
  return new CampaignWorld(of.campaign, EVENING, id => fates[id] ?? hour());
}
const statesOf = (world: CampaignWorld) => world.state.queue.items.map(({ id, state }) => `${id} ${state}`);

let edits = 0;
function ask(world: CampaignWorld, change: Change, by = 'Ada'): string {
  const id = `e${++edits}`;
  world.edits.push({ id, by, because: 'it must be', change });
  return id;
}
/** At so many hours, once: then something is done. */
function at(world: CampaignWorld, h: number, what: () => void): void {
  world.clock.schedule(h * HOUR_S, what);
}

describe('a supervisor', () => {
  it('killed at any change, before or after it was kept: each run once, the same results, no event lost or told twice', async () => {
    const runs = [
      run('a', { on_failure: { retry: 1 } }),
      run('b', {
        after: ['a'],
        rules: [{ if: 'b.capacity_Ah < 4 Ah', repeat: ['b'], at_most: 1, because: 'low' }],
      }),
      run('c', { bench: 'other.yaml', window: 'night' }),
      run('d', { after: ['b', 'c'] }),
    ];
    const more = { windows: { night: { from: '22:00', to: '06:00' } } };
    const fates = { a: hour(bad), b: { ...hour(good(3)), duration_s: 5000 } };
    const { campaign, rules } = campaignOf(runs, more);
    const course = await courseOf(campaign, rules, EVENING, ({ id }) =>
      Promise.resolve((fates as Record<string, Fate>)[id] ?? hour()),
    );
    const calm = worldOf(runs, fates, more);
    await calm.through([]);
    expect(calm.state.queue).toEqual(course.queue);
    const changes = calm.log.length;
    expect(changes).toBeGreaterThan(15);
    for (let kill = 1; kill <= changes; kill++) {
      for (const isKept of [false, true]) {
        const world = worldOf(runs, fates, more);
        await world.through([{ at: kill, isKept }]);
        expect(world.state.queue, `killed at ${kill}`).toEqual(course.queue);
        expect(world.begun).toEqual(calm.begun);
        expect(world.wrong).toEqual([]);
        expect(world.log.map(({ n }) => n)).toEqual(world.log.map((_, i) => i + 1));
      }
    }
  });

  it('whatever the campaign and however often killed: as its rehearsal says', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const made = fc.tuple(
      ...names.map((name, i) =>
        fc.record({
          run: fc.constant(name),
          method: fc.constant('m.yaml'),
          bench: fc.constantFrom('b.yaml', 'other.yaml'),
          after: fc.subarray(names.slice(0, i)),
          priority: fc.integer({ min: -1, max: 1 }),
          times: fc.integer({ min: 1, max: 2 }),
          resources: fc.subarray(['gas']),
          on_failure: fc.constantFrom<unknown>('skip', 'stop all', { retry: 1 }),
        }),
      ),
    );
    const kills = fc.array(fc.record({ at: fc.integer({ min: 1, max: 12 }), isKept: fc.boolean() }), {
      maxLength: 6,
    });
    const ends = [good(5), good(3), bad];
    await fc.assert(
      fc.asyncProperty(made, kills, fc.nat(), async (runs, when, salt) => {
        const { campaign, rules } = campaignOf(runs, { resources: ['gas'] });
        // Of no two runs the ends fall together: which of them comes first is nobody's promise.
        const fateOf = (id: string): Fate => {
          const n = [...id].reduce(
            (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 99_991,
            salt % 99_991,
          );
          return { ...(ends[n % ends.length] ?? bad), duration_s: 600 + n * 0.731 };
        };
        const course = await courseOf(campaign, rules, EVENING, ({ id }) => Promise.resolve(fateOf(id)));
        const world = new CampaignWorld(campaign, EVENING, fateOf);
        await world.through(when);
        const states = (queue: typeof course.queue) =>
          queue.items.map(({ id, state, reason, values }) => ({ id, state, reason, values }));
        expect(states(world.state.queue)).toEqual(states(course.queue));
        expect(world.wrong).toEqual([]);
        expect(new Set(world.begun).size).toBe(world.begun.length);
        expect(world.log.map(({ n }) => n)).toEqual(world.log.map((_, i) => i + 1));
        expect(campaignStateSchema.safeParse(world.state).error?.issues).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('is stopped: the runs end in order, and are done once more at the next start without using up a retry', async () => {
    const world = worldOf([run('a', { on_failure: { retry: 1 } }), run('b', { after: ['a'] })], {
      'a-1b': hour(bad),
    });
    const stop = new StopWord();
    at(world, 0.5, () => stop.ask());
    expect((await world.supervisor({ stop })).is).toBe('stopped');
    expect(world.clock.now_s()).toBeCloseTo(0.5 * HOUR_S + 60, 6);
    expect(statesOf(world)).toEqual(['a failed', 'a-1b waiting', 'b waiting']);
    await world.supervisor({});
    expect(statesOf(world)).toEqual(['a failed', 'a-1b failed', 'a-1c completed', 'b completed']);
    expect(world.state.is).toBe('over');
  });

  it('stopped by a person: each run says who it was and why, and is done once more at the next start', async () => {
    const world = worldOf([run('a')]);
    at(world, 0.5, () => ask(world, { do: 'stop' }));
    expect((await world.supervisor({})).is).toBe('stopped');
    expect(statesOf(world)).toEqual(['a failed', 'a-1b waiting']);
    expect(world.state.queue.items[0].reason).toBe('the campaign was stopped: Ada: it must be');
  });

  it('holds a bench after a trip until a person has looked; others go on; also after a restart', async () => {
    const world = worldOf(
      [run('a', { on_failure: { retry: 1 } }), run('b', { bench: 'other.yaml', times: 3 })],
      { a: { ...hour(bad), person: 'tripped: too hot' } },
    );
    at(world, 2.5, () => ask(world, { do: 'acknowledge' }));
    await world.through([{ at: 9, isKept: true }]);
    const [, again] = world.state.queue.items;
    expect(statesOf(world)).toEqual([
      'a failed',
      'a-1b completed',
      'b-1 completed',
      'b-2 completed',
      'b-3 completed',
    ]);
    expect(((again?.begun_ms ?? 0) - EVENING) / 3.6e6).toBeGreaterThanOrEqual(2.5);
    expect(world.log.find(({ kind }) => kind === 'benchHeld')?.text).toMatch(/b\.yaml is held.*too hot/);
    expect(world.log.find(({ kind }) => kind === 'edited')).toMatchObject({ by: 'Ada' });
  });

  it('begins nothing on a bench that something was left behind on', async () => {
    const world = worldOf([run('a'), run('b', { bench: 'other.yaml' })]);
    world.kept.set('b.yaml', { reason: 'its guard is at work', needsPerson: false });
    at(world, 3, () => world.kept.clear());
    await world.supervisor({});
    expect(world.begun).toEqual(['b', 'a']);
  });
});

describe('an edit', () => {
  const chain = () => worldOf([run('a'), run('b', { after: ['a'] }), run('c', { after: ['b'] }), run('d')]);

  it.each<[what: string, change: Change, begun: string[], states: string[]]>([
    [
      'add',
      {
        do: 'add',
        runs: campaignOf([run('x', { after: ['a'], times: 2 })]).campaign.runs.slice(),
        before: 'b',
      },
      ['a', 'x-1', 'x-2', 'b', 'c', 'd'],
      ['a completed', 'x-1 completed', 'x-2 completed', 'b completed', 'c completed', 'd completed'],
    ],
    [
      'remove',
      { do: 'remove', run: 'b' },
      ['a', 'd'],
      ['a completed', 'b skipped', 'c skipped', 'd completed'],
    ],
    [
      'move',
      { do: 'move', run: 'd', before: 'b' },
      ['a', 'd', 'b', 'c'],
      ['a completed', 'd completed', 'b completed', 'c completed'],
    ],
    [
      'replace',
      { do: 'replace', run: 'd', with: campaignOf([run('d', { priority: 5 })]).campaign.runs[0] as never },
      ['a', 'd', 'b', 'c'],
      ['a completed', 'b completed', 'c completed', 'd completed'],
    ],
    ['hold', { do: 'hold', run: 'b' }, ['a', 'd'], ['a completed', 'b waiting', 'c waiting', 'd completed']],
    ['hold of all', { do: 'hold' }, ['a'], ['a completed', 'b waiting', 'c waiting', 'd waiting']],
    ['stop', { do: 'stop', run: 'a' }, ['a', 'd'], ['a failed', 'b skipped', 'c skipped', 'd completed']],
  ])('%s', async (_, change, begun, states) => {
    const world = chain();
    at(world, 0.4, () => ask(world, change));
    const stop = new StopWord();
    at(world, 40, () => stop.ask());
    await world.supervisor({ stop });
    expect([...world.answers.values()]).toEqual([undefined]);
    expect(world.begun).toEqual(begun);
    expect(statesOf(world)).toEqual(states);
  });

  it.each<[what: string, change: Change, says: RegExp]>([
    ['a run that is not there', { do: 'remove', run: 'z' }, /"z" is not known.*a, b, c, d/],
    ['a run that has begun', { do: 'remove', run: 'a' }, /a waits no more/],
    ['another name', { do: 'replace', run: 'd', with: run('e') as never }, /expected the same name/],
    ['one that is there', { do: 'add', runs: [run('d') as never] }, /d is a run of the campaign already/],
    ['a stop of what is not under way', { do: 'stop', run: 'd' }, /d is not under way/],
    ['a resume of what is not held', { do: 'resume' }, /not held/],
    ['a word for a bench that is not held', { do: 'acknowledge' }, /no bench waits/],
    [
      'a rule that nobody can decide',
      {
        do: 'add',
        runs: campaignOf([run('x')]).campaign.runs.map(one => ({
          ...one,
          rules: [{ if: 'x.capacity_Ah > 1 V', end: 'campaign' as const, because: 'x', at_most: 3 }],
        })),
      },
      /cannot be compared/,
    ],
  ])('is refused, and nothing changes: %s', async (_, change, says) => {
    const world = chain();
    let before: unknown;
    at(world, 0.1, () => {
      before = world.state.queue;
      ask(world, change);
    });
    at(world, 0.5, () => expect(world.state.queue).toEqual(before));
    await world.supervisor({});
    expect([...world.answers.values()][0]).toMatch(says);
    expect(world.log.find(({ kind }) => kind === 'editRefused')).toMatchObject({ by: 'Ada' });
    expect(world.begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is taken once, however often the supervisor is killed', async () => {
    for (let kill = 1; kill <= 12; kill++) {
      const world = chain();
      world.edits.push({
        id: 'once',
        by: 'Ada',
        because: 'more',
        change: { do: 'add', runs: campaignOf([run('x')]).campaign.runs.slice() },
      });
      await world.through([{ at: kill, isKept: kill % 2 === 0 }]);
      expect(world.begun).toEqual(['a', 'b', 'c', 'd', 'x']);
      expect(world.log.filter(({ kind }) => kind === 'edited' || kind === 'editRefused')).toHaveLength(1);
      expect(world.answers.get('once')).toBeUndefined();
    }
  });

  it.each<Change>([
    { do: 'hold', run: 'a' },
    { do: 'resume', run: 'a' },
    { do: 'stop', run: 'a' },
    { do: 'remove', run: 'a' },
  ])('of a run that is over is refused: $do', async change => {
    const world = worldOf([run('a'), run('b', { after: ['a'] })]);
    at(world, 0.5, () => ask(world, { do: 'hold', run: 'a' }));
    at(world, 1.5, () => ask(world, change));
    await world.supervisor({});
    expect([...world.answers.values()]).toEqual([
      undefined,
      expect.stringMatching(/^a (is over|waits no more)/),
    ]);
    expect(statesOf(world)).toEqual(['a completed', 'b completed']);
  });

  it('a hold of all is refused where nothing is to come', () => {
    const { state } = worldOf([run('a')]);
    const items = state.queue.items.map(item => ({ ...item, state: 'completed' as const }));
    const over = { ...state, queue: { ...state.queue, items } };
    const hold = { id: 'x', by: 'Ada', because: 'x', change: { do: 'hold' as const } };
    const parts = { rulesOf: () => new Map(), heldBy: () => undefined };
    expect(() => edited(over, hold, 0, parts)).toThrow(/the campaign is over/);
  });
});
