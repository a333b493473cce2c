import { describe, expect, it } from 'vitest';
import { carriedCourseOf, carriedCourseSchema } from '../../../control/campaign/carried-course.ts';
import { choose } from '../../../control/campaign/choose.ts';
import { type Change, edited } from '../../../control/campaign/edits.ts';
import { heldIn } from '../../../control/campaign/held.ts';
import { newQueue } from '../../../control/campaign/queue.ts';
import { type CampaignState, newCampaign } from '../../../control/campaign/state.ts';
import { carriedText } from '../../../dashboards/terminal/carried.ts';
import { campaignOf, run, settings } from '../../support/campaign-parts.ts';

/** One time of a run that is done several times is changed by its own name; a hold stands where everybody sees it. */

const BEGIN = Date.parse('2026-03-02T18:00Z');
const parts = { rulesOf: () => new Map(), heldBy: () => undefined };
const NO_BENCH = { keptFrom: () => undefined } as never;

function begun(): CampaignState {
  const { campaign } = campaignOf([
    run('first'),
    run('ageing', { times: 3 }),
    run('last', { after: ['ageing'] }),
  ]);
  return newCampaign({ file: 'c.yaml', settings, campaign, queue: newQueue(campaign) }, BEGIN);
}
function changed(state: CampaignState, change: Change): CampaignState {
  return edited(state, { id: 'x', by: 'Ada', because: 'so', change }, BEGIN + 60_000, parts).state;
}
const statesOf = ({ queue }: CampaignState) => queue.items.map(({ id, state }) => `${id} ${state}`);
const done = (state: CampaignState, ...ids: readonly string[]): CampaignState => ({
  ...state,
  queue: {
    ...state.queue,
    items: state.queue.items.map(item => (ids.includes(item.id) ? { ...item, state: 'completed' } : item)),
  },
});
const chosen = (state: CampaignState) => choose(state.campaign, state.queue, BEGIN, heldIn(state, NO_BENCH));

describe('one time of a run that is done several times', () => {
  it('is removed alone: the others are done, and what comes after them', () => {
    const state = changed(begun(), { do: 'remove', run: 'ageing-2' });
    expect(statesOf(state)).toEqual([
      'first waiting',
      'ageing-1 waiting',
      'ageing-2 skipped',
      'ageing-3 waiting',
      'last waiting',
    ]);
    expect(chosen(state).skip).toEqual([]);
    expect(chosen(done(state, 'first', 'ageing-1')).begin.map(({ id }) => id)).toEqual(['ageing-3']);
    expect(chosen(done(state, 'first', 'ageing-1', 'ageing-3')).begin.map(({ id }) => id)).toEqual(['last']);
  });

  it('where nothing is left of the run, what comes after it is not done', () => {
    const none = ['ageing-1', 'ageing-2', 'ageing-3'].reduce(
      (state, id) => changed(state, { do: 'remove', run: id }),
      begun(),
    );
    expect(chosen(none).skip.map(({ id }) => id)).toEqual(['last']);
    expect(chosen(changed(begun(), { do: 'remove', run: 'ageing' })).skip.map(({ id }) => id)).toEqual([
      'last',
    ]);
  });

  it('is moved alone, and the whole run still is', () => {
    const ids = (state: CampaignState) => state.queue.items.map(({ id }) => id);
    expect(ids(changed(begun(), { do: 'move', run: 'ageing-3', before: 'first' }))).toEqual([
      'ageing-3',
      'first',
      'ageing-1',
      'ageing-2',
      'last',
    ]);
    expect(ids(changed(begun(), { do: 'move', run: 'first', before: 'ageing-2' }))).toEqual([
      'ageing-1',
      'first',
      'ageing-2',
      'ageing-3',
      'last',
    ]);
    expect(ids(changed(begun(), { do: 'move', run: 'ageing' }))).toEqual([
      'first',
      'last',
      'ageing-1',
      'ageing-2',
      'ageing-3',
    ]);
  });

  it('is held and resumed alone', () => {
    const held = changed(begun(), { do: 'hold', run: 'ageing-1' });
    expect(chosen(done(held, 'first')).waits).toContainEqual(
      expect.objectContaining({ id: 'ageing-1', for: 'person', what: 'ageing-1' }),
    );
    expect(() => changed(held, { do: 'resume', run: 'ageing' })).toThrow('ageing is not held');
    expect(changed(held, { do: 'resume', run: 'ageing-1' }).runsHeld).toEqual({});
  });

  it('of a name that is nothing of the campaign is refused with what there is', () => {
    expect(() => changed(begun(), { do: 'remove', run: 'ageing-9' })).toThrow(/"ageing-9" is not known/);
    expect(() => changed(done(begun(), 'ageing-1'), { do: 'remove', run: 'ageing-1' })).toThrow(
      /ageing-1 waits no more/,
    );
  });
});

describe('a hold in the course', () => {
  const courseOf = (state: CampaignState) => carriedCourseOf(state, [], BEGIN + 120_000);
  const word = { by: 'Ada', because: 'so', sinceUtc: '2026-03-02T18:01:00.000Z' };

  it('says of all, and of each run that waits, who holds it, why and since when', () => {
    const state = changed(changed(changed(begun(), { do: 'hold' }), { do: 'hold', run: 'ageing' }), {
      do: 'hold',
      run: 'last',
    });
    const course = courseOf(state);
    expect(carriedCourseSchema.parse(course)).toEqual(course);
    expect(course.held).toEqual(word);
    expect(course.runs.map(({ held }) => held)).toEqual([
      null,
      { what: 'ageing', ...word },
      { what: 'ageing', ...word },
      { what: 'ageing', ...word },
      { what: 'last', ...word },
    ]);
    const text = carriedText(course, 200);
    expect(text).toContain('c is held since 2026-03-02 18:01 UTC, nothing more begins (Ada: so)');
    expect(text).toContain('last is held since 2026-03-02 18:01 UTC (Ada: so)');
    expect(
      courseOf(changed(changed(state, { do: 'resume' }), { do: 'resume', run: 'ageing' })),
    ).toMatchObject({
      held: null,
      runs: [{ held: null }, { held: null }, { held: null }, { held: null }, { held: { what: 'last' } }],
    });
  });

  it('is none of a run that is over; what one comes after stands there', () => {
    const course = courseOf(done(changed(begun(), { do: 'hold', run: 'first' }), 'first'));
    expect(course.runs[0].held).toBe(null);
    expect(course.runs.at(-1)?.after).toEqual(['ageing']);
  });

  it('of a campaign of an older version is none', () => {
    const { held: _, runs, ...old } = courseOf(begun());
    const without = runs.map(({ held: __, after: ___, ...one }) => one);
    expect(carriedCourseSchema.parse({ ...old, runs: without })).toMatchObject({ held: null });
  });
});
