import { describe, expect, it } from 'vitest';
import type { AfterCut } from '../../../control/campaign/after-cut.ts';
import { StopWord } from '../../../control/campaign/carrier.ts';
import type { Change } from '../../../control/campaign/edits.ts';
import { noticeOf } from '../../../control/campaign/notify/notices.ts';
import { bad, campaignOf, good, run } from '../../support/campaign-parts.ts';
import { CampaignWorld, type Fate } from '../../support/campaign-world.ts';

/** A run that is cut off with its program goes on, is done anew, or waits for a person, by the rule of the campaign. */

const EVENING = Date.parse('2026-03-02T18:00Z');
const HOUR_S = 3600;
const CUT = { after_s: 1000, against: '', needsWord: false };
const LOST = { ...CUT, against: 'its files have changed' };

function worldOf(rule: AfterCut | undefined, cuts: Fate['cuts'], more: object = {}): CampaignWorld {
  const { campaign } = campaignOf([
    run('a', { ...(rule === undefined ? {} : { after_cut: rule }), ...more }),
    run('b', { after: ['a'] }),
    run('c'),
  ]);
  return new CampaignWorld(campaign, EVENING, id => ({
    ...good(5),
    duration_s: HOUR_S,
    ...(id === 'a' && cuts !== undefined ? { cuts } : {}),
  }));
}
const statesOf = (world: CampaignWorld) =>
  world.state.queue.items.map(
    ({ id, state, resumed }) => `${id} ${state}${resumed > 0 ? ` after ${resumed}` : ''}`,
  );
const kinds = (world: CampaignWorld, id: string) =>
  world.log.filter(one => one.id === id).map(({ kind }) => kind);
let n = 0;
const ask = (world: CampaignWorld, h: number, change: Change): void =>
  void world.clock.schedule(h * HOUR_S, () => {
    world.edits.push({ id: `e${++n}`, by: 'Ada', because: 'seen', change });
  });

describe('a run that is cut off', () => {
  it.each<[what: string, rule: AfterCut | undefined, cuts: Fate['cuts'], more: object, states: string[]]>([
    ['goes on', undefined, [CUT], {}, ['a completed after 1', 'b completed', 'c completed']],
    ['goes on twice', 'resume', [CUT, CUT], {}, ['a completed after 2', 'b completed', 'c completed']],
    [
      'goes on not more often than it may',
      { resume: 1 },
      [CUT, CUT],
      {},
      ['a failed after 1', 'b skipped', 'c completed'],
    ],
    [
      'beyond that on_failure decides',
      { resume: 1 },
      [CUT, CUT],
      { on_failure: { retry: 1 } },
      ['a failed after 1', 'a-1b completed', 'b completed', 'c completed'],
    ],
    ['cannot go on: on_failure decides', 'resume', [LOST], {}, ['a failed', 'b skipped', 'c completed']],
    [
      'is done anew, no retry',
      'anew',
      [CUT],
      {},
      ['a failed', 'a-1b completed', 'b completed', 'c completed'],
    ],
  ])('%s', async (_, rule, cuts, more, states) => {
    const world = worldOf(rule, cuts, more);
    // What cannot go on has left the bench as nobody knows.
    ask(world, 30, { do: 'acknowledge' });
    await world.supervisor({});
    expect(statesOf(world)).toEqual(states);
    expect(world.wrong).toEqual([]);
    expect(new Set(world.begun).size).toBe(world.begun.length);
  });

  it('keeps its counters, its folder and its place on the bench, and its begin', async () => {
    const world = worldOf(undefined, [CUT]);
    await world.supervisor({});
    expect(world.worked.get('a')).toBe(HOUR_S);
    expect(world.begun).toEqual(['a', 'b', 'c']);
    expect(world.resumed).toEqual(['a']);
    expect(world.state.carried['a']?.dir).toBe('a');
    expect(world.state.queue.items[0]?.begun_ms).toBe(EVENING);
    expect(kinds(world, 'a')).toEqual(['begun', 'cutOff', 'resumed', 'ended']);
  });

  it('waits for a word where the guard has left its mark, and nothing else begins on its bench', async () => {
    const world = worldOf(undefined, [{ ...CUT, needsWord: true }]);
    ask(world, 5, { do: 'acknowledge' });
    await world.supervisor({});
    const [a, , c] = world.state.queue.items;
    expect(statesOf(world)).toEqual(['a completed after 1', 'b completed', 'c completed']);
    expect(kinds(world, 'a')).toEqual(['begun', 'cutOff', 'benchHeld', 'resumed', 'ended']);
    expect(world.log.find(({ kind }) => kind === 'resumed')?.utc).toMatch(/T23:/);
    expect(c?.begun_ms).toBeGreaterThan(a?.over_ms ?? Infinity);
  });

  it.each<[word: 'resume' | 'remove', states: string[]]>([
    ['resume', ['a completed after 1', 'b completed', 'c completed']],
    ['remove', ['a failed', 'b skipped', 'c completed']],
  ])('hold: a person says how it goes on: %s', async (word, states) => {
    const world = worldOf('hold', [CUT]);
    ask(world, 4, { do: 'acknowledge' });
    ask(world, 6, { do: word, run: 'a' });
    await world.supervisor({});
    expect(statesOf(world)).toEqual(states);
    const cut = world.log.find(({ kind }) => kind === 'cutOff');
    if (cut === undefined) throw new Error('not told');
    expect(
      noticeOf(cut, { ...world.state, runsHeld: { a: { by: 'x', because: 'y', utc_ms: 0 } } }),
    ).toMatchObject({
      kind: 'held',
      text: expect.stringMatching(/edit FILE resume a/) as unknown,
    });
    // Nobody holds it: it goes on by itself. What is told is no failure, and says it once.
    const told = noticeOf(cut, { ...world.state, runsHeld: {} });
    expect(told).toMatchObject({ kind: 'cut off', subject: 'c: a was cut off, it is to go on' });
    expect(told?.text).toBe('a is to go on: cut off: its process was gone without an end');
    // Not before its word.
    const next = world.log.find(one => one.kind === 'resumed' || (one.kind === 'begun' && one.id === 'c'));
    expect(Date.parse(next?.utc ?? '')).toBeGreaterThanOrEqual(EVENING + 6 * 3.6e6);
    expect(
      world.state.queue.items.every(({ over_ms, state }) => over_ms !== null || state === 'skipped'),
    ).toBe(true);
  });

  it('hold, and cannot go on: it is done anew once a person says so', async () => {
    const world = worldOf('hold', [LOST]);
    ask(world, 4, { do: 'acknowledge' });
    ask(world, 6, { do: 'resume', run: 'a' });
    await world.supervisor({});
    expect(statesOf(world)).toEqual(['a failed', 'a-1b completed', 'b completed', 'c completed']);
    expect(world.state.queue.items[1]?.begun_ms).toBeGreaterThanOrEqual(EVENING + 6 * 3.6e6);
  });

  it('while a person had asked for its end does not go on', async () => {
    const world = worldOf(undefined, [CUT]);
    ask(world, 0.27, { do: 'stop', run: 'a' });
    ask(world, 5, { do: 'acknowledge' });
    await world.supervisor({ look_s: 10 });
    expect(statesOf(world)).toEqual(['a failed', 'b skipped', 'c completed']);
    expect(world.resumed).toEqual([]);
  });

  it('with its supervisor, and whenever that is killed: goes on once for each cut, and ends as if nothing had been', async () => {
    const calm = worldOf(undefined, [CUT, CUT]);
    await calm.through([]);
    for (let kill = 1; kill <= calm.log.length; kill++)
      for (const isKept of [false, true]) {
        const world = worldOf(undefined, [CUT, CUT]);
        await world.through([{ at: kill, isKept }]);
        expect(statesOf(world), `killed at ${kill}`).toEqual(statesOf(calm));
        expect(world.begun).toEqual(calm.begun);
        expect(world.resumed).toEqual(['a', 'a']);
        expect(world.worked.get('a')).toBe(HOUR_S);
        expect(world.wrong).toEqual([]);
        expect(world.log.map(event => event.n)).toEqual(world.log.map((_, i) => i + 1));
      }
  });

  it('as the campaign is stopped: goes on at the next start', async () => {
    const world = worldOf(undefined, [CUT]);
    const stop = new StopWord();
    world.clock.schedule(1000, () => stop.ask());
    await world.supervisor({ stop });
    expect(statesOf(world)).toEqual(['a waiting', 'b waiting', 'c waiting']);
    await world.supervisor({});
    expect(statesOf(world)).toEqual(['a completed after 1', 'b completed', 'c completed']);
  });

  it('and ends the subject by a rule of another run: failed, not skipped as if it had never begun', async () => {
    const { campaign } = campaignOf([
      run('a', { after_cut: 'hold' }),
      run('d', {
        bench: 'other.yaml',
        rules: [{ if: 'd.completed_on', end: 'campaign', because: 'enough' }],
      }),
    ]);
    const world = new CampaignWorld(campaign, EVENING, id =>
      id === 'a' ? { ...bad, duration_s: HOUR_S, cuts: [CUT] } : { ...good(5), duration_s: 2 * HOUR_S },
    );
    await world.supervisor({});
    expect(statesOf(world)).toEqual(['a failed', 'd completed']);
    expect(world.state.queue.items[0]?.reason).toMatch(/cut off.*enough/);
  });
});
