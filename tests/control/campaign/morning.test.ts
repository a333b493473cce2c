import { describe, expect, it } from 'vitest';
import { carriedCourseOf } from '../../../control/campaign/carried-course.ts';
import { morningOf } from '../../../control/campaign/morning.ts';
import { newQueue, type QueueItem } from '../../../control/campaign/queue.ts';
import { changedTo, newCampaign } from '../../../control/campaign/state.ts';
import { renderMorning } from '../../../dashboards/morning.ts';
import { RETURNED } from '../../../profiles/run-kpis.ts';
import { campaignOf, run, settings } from '../../support/campaign-parts.ts';
import { plainResult } from '../../support/plain-result.ts';

/** What stands in the morning report, of a night with a trip. */

const BEGIN = Date.parse('2026-03-02T18:00Z');
const HOUR_MS = 3_600_000;

const entry = { change: { do: 'hold', run: 'e' }, before: '', after: '', hash: '' };
const TRAIL = [
  {
    ...entry,
    n: 1,
    utc: '2026-03-02T18:00:00Z',
    by: null,
    what: 'begin',
    because: 'c.yaml',
    change: null,
    refused: null,
  },
  {
    ...entry,
    n: 2,
    utc: '2026-03-02T21:00:00Z',
    by: 'B. Galvani',
    what: 'hold',
    because: '<no gas>',
    refused: null,
  },
  {
    ...entry,
    n: 3,
    utc: '2026-03-02T21:05:00Z',
    by: 'B. Galvani',
    what: 'hold',
    because: 'again',
    refused: 'it is held',
  },
];

function night() {
  const { campaign } = campaignOf(
    [
      run('a'),
      run('b', { priority: 5 }),
      run('c'),
      run('d', { bench: 'other.yaml', method: 'n.yaml' }),
      run('e'),
    ],
    { zone: 'Europe/Berlin', campaign: 'c <night>' },
  );
  const at = (h: number): number => BEGIN + h * HOUR_MS;
  const items: Record<string, Partial<QueueItem>> = {
    a: { state: 'completed', begun_ms: at(0), over_ms: at(1) },
    b: { state: 'completed', begun_ms: at(1), over_ms: at(2) },
    c: { state: 'completed', begun_ms: at(2), over_ms: at(3), resumed: 2 },
    d: { state: 'failed', begun_ms: at(0), over_ms: at(2), reason: 'tripped: <hot>' },
  };
  const queue = newQueue(campaign);
  const own = {
    ...queue,
    items: queue.items.map(item => ({ ...item, ...items[item.id] }) as QueueItem),
  };
  const fresh = newCampaign({ file: 'c.yaml', settings, campaign, queue: own }, BEGIN);
  const carried = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map(id => [id, { dir: id, seed: 1, handle: null, stop: null }]),
  );
  const benches = { 'other.yaml': 'd: tripped: <hot>' };
  const state = changedTo(
    { ...fresh, carried },
    { benches },
    [{ kind: 'benchHeld', id: 'd', text: 'held' }],
    at(2),
  );
  const values: Record<string, number> = { a: 5, b: 4.99, c: 4.5 };
  const resultOf = (id: string) => {
    const value = values[id];
    const kpis =
      value === undefined
        ? []
        : [{ id: 'capacity_Ah', value, unit: 'Ah', u95: 0.02, definition: 'q', basis: 'sourced' as const }];
    const edit = { by: 'A. Volta (page)', reason: 'enough', path: 'm.yaml', from: 'a1', to: 'b2' };
    const edits = id === 'c' ? { edits: [{ ...edit, t_s: 60, changes: ['+ 2 rest for 1 h'] }] } : {};
    const cause = { by: 'person' as const, id: 'A. Volta (API)', because: 'a <leak>' };
    const ended =
      id === 'd'
        ? {
            verdict: 'aborted by a person',
            cause,
            startedUtc: '2026-03-02T18:00:00.000Z',
            simulated_s: 36_000,
          }
        : { verdict: 'completed' };
    return plainResult({ ...ended, kpis, ...edits });
  };
  const now_ms = at(4);
  const course = carriedCourseOf(state, [], now_ms);
  return { state, course, events: state.last, untold: [], trail: TRAIL, resultOf, now_ms };
}

describe('the morning report', () => {
  it('has what needs a person, figures against the first run with both uncertainties, and how benches were used', () => {
    const morning = morningOf(night());
    expect(morning.needs).toEqual([
      { what: 'bench other.yaml', why: 'd: tripped: <hot>', sinceUtc: '2026-03-02T20:00:00.000Z' },
    ]);
    expect(morning.series).toHaveLength(1);
    const [{ baseline, newest, figures }] = morning.series;
    expect([baseline, newest]).toEqual(['a', 'c']);
    expect(figures[0]).toMatchObject({ as: 'differs', u95: Math.hypot(0.02, 0.02) });
    expect(figures[0].difference).toBeCloseTo(-0.5, 9);
    expect(figures[0].values.map(({ value }) => value)).toEqual([5, 4.99, 4.5]);
    expect(morning.use).toEqual([
      { bench: 'b.yaml', run_s: 3 * 3600, held_s: 0, idle_s: 3600 },
      { bench: 'other.yaml', run_s: 2 * 3600, held_s: 2 * 3600, idle_s: 0 },
    ]);
  });
  it('compares with the run that is named; a bench that somebody looked at is held until then', () => {
    const parts = night();
    const runs = parts.state.campaign.runs.map(one => (one.run === 'c' ? { ...one, baseline: 'b' } : one));
    const word = { by: 'Ada', because: 'looked', utc_ms: BEGIN + 3 * HOUR_MS };
    const state = {
      ...parts.state,
      campaign: { ...parts.state.campaign, runs },
      acknowledged: { 'other.yaml': word },
    };
    const { series, use } = morningOf({ ...parts, state });
    expect(series[0].baseline).toBe('b');
    expect(use[1]).toMatchObject({ held_s: 3600, idle_s: 3600 });
  });
  it('a run that was cut off uses its bench until then and from when it goes on, not while somebody is waited for', () => {
    const parts = night();
    const at = (h: number): string => new Date(BEGIN + h * HOUR_MS).toISOString();
    const event = { n: 1, by: null, hash: '', text: '' };
    const events = [
      { ...event, kind: 'begun' as const, id: 'd', utc: at(0) },
      { ...event, kind: 'cutOff' as const, id: 'd', utc: at(0.5) },
      { ...event, kind: 'benchHeld' as const, id: 'd', utc: at(0.5) },
      { ...event, kind: 'resumed' as const, id: 'd', utc: at(1.5) },
      { ...event, kind: 'cutOff' as const, id: 'd', utc: at(2) },
      { ...event, kind: 'benchHeld' as const, id: 'd', utc: at(2) },
    ];
    const word = { by: 'Ada', because: 'looked', utc_ms: BEGIN + 3 * HOUR_MS };
    const items = parts.state.queue.items.map(item =>
      item.id === 'd'
        ? { ...item, state: 'waiting' as const, over_ms: null, cut_ms: BEGIN + 2 * HOUR_MS }
        : item,
    );
    const queue = { ...parts.state.queue, items };
    const state = { ...parts.state, queue, acknowledged: { 'other.yaml': word } };
    const { use } = morningOf({ ...parts, state, events });
    // Run 0..0.5 and 1.5..2, held 0.5..1.5 and 2..3 of four hours.
    expect(use[1]).toEqual({ bench: 'other.yaml', run_s: 3600, held_s: 2 * 3600, idle_s: 3600 });
  });
  it('figures that its method returns, which rules read, stand first, however many others there are', () => {
    const parts = night();
    const kpi = { value: 1, unit: 'Ah', u95: 0.1, definition: 'q', basis: 'sourced' as const };
    const others = Array.from({ length: 20 }, (_, i) => ({ ...kpi, id: `other-${i}` }));
    const kpis = [
      ...others,
      { ...kpi, id: 'charge', phase: 'work' },
      { ...kpi, id: 'mine', phase: RETURNED },
    ];
    const { series } = morningOf({
      ...parts,
      resultOf: () => plainResult({ verdict: 'completed', kpis }),
    });
    expect(series[0].figures.map(({ id }) => id).slice(0, 2)).toEqual(['mine', 'other-0']);
    expect(series[0].more).toBe(10);
  });
  it('what is held and has nothing left to come needs nobody', () => {
    const parts = night();
    const word = { by: 'Ada', because: 'gas', utc_ms: BEGIN };
    const held = { ...parts.state, runsHeld: { a: word, e: word }, held: word };
    const needs = (state: typeof parts.state) => morningOf({ ...parts, state }).needs.map(({ what }) => what);
    expect(needs(held)).toEqual(['bench other.yaml', 'the campaign', 'run e']);
    const items = held.queue.items.map(item =>
      item.id === 'e' ? { ...item, state: 'skipped' as const } : item,
    );
    expect(needs({ ...held, queue: { ...held.queue, items } })).toEqual(['bench other.yaml']);
  });
  it('says of which runs nothing is known', () => {
    const parts = night();
    const morning = morningOf({
      ...parts,
      resultOf: id => (id === 'd' ? undefined : parts.resultOf(id)),
    });
    expect(morning.gaps).toEqual([
      { run: 'd', text: expect.stringMatching(/no result.*alarms.*not known/) as string },
    ]);
    expect(renderMorning(morning)).not.toContain('None was raised in the runs that are over.');
  });
  it('has the times without a row of each run, and what was not read', () => {
    const parts = night();
    const lost = {
      rowGaps: [{ device: 'cycler', count: 1, all_s: 61, from_s: 80, long_s: 61 }],
      unread: [{ device: 'gas', roles: ['h2.flow_NL_per_min'], part_frac: 0.1, from_s: 0, long_s: 60 }],
    };
    const resultOf = (id: string) => ({ ...parts.resultOf(id), ...(id === 'b' ? lost : {}) });
    const morning = morningOf({ ...parts, resultOf });
    expect(morning.gaps).toEqual([
      { run: 'b', text: 'Gap: no row of cycler for 61 s from 0:01:20 h on' },
      { run: 'b', text: expect.stringMatching(/^gas: no usable reading for 10 % of the run/) as string },
    ]);
    expect(renderMorning(morning)).not.toContain('No reading is known to be missing');
  });
  it('is one page of its own: the person first, what was written escaped, nothing fetched, times of the campaign', () => {
    const html = renderMorning(morningOf(night()));
    expect(html).toContain('One thing needs a person');
    expect(html.indexOf('needs a person')).toBeLessThan(html.indexOf('What did not run'));
    expect(html).toContain('tripped: &lt;hot&gt;');
    expect(html).not.toContain('<hot>');
    expect(html).toContain('href="a/report.html"');
    expect(html).toContain('2026-03-02 21:00');
    expect(html).toMatch(/<svg class="spark"/);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\/|<script|@import|url\(/);
  });

  it('says who changed what, in the campaign and in its runs, what was resumed, and what goes before', () => {
    const morning = morningOf(night());
    expect(morning.changes.map(({ by, run: of, what, refused }) => [by, of, what, refused])).toEqual(
      expect.arrayContaining([
        [null, null, 'begin', null],
        ['B. Galvani', 'e', 'hold', null],
        ['B. Galvani', 'e', 'hold', 'it is held'],
        ['A. Volta (page)', 'c', 'edit: + 2 rest for 1 h', null],
        ['A. Volta (API)', 'd', 'aborted by a person', null],
      ]),
    );
    // The clock of a twin runs ahead: no stop comes behind the end of its run.
    expect(morning.changes.find(({ run: of }) => of === 'd')?.utc).toBe('2026-03-02T20:00:00.000Z');
    const stamps = morning.changes.map(({ utc }) => Date.parse(utc));
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    expect(morning.priorities).toEqual({ b: 5 });
    const html = renderMorning(morning);
    expect(html).toContain('completed, resumed 2x');
    expect(html).toContain('priority 5');
    expect(html).toMatch(/A\. Volta \(API\)<\/th><td>d<\/td><td>aborted by a person<\/td><td>a &lt;leak&gt;/);
    expect(html).toMatch(/Who changed what[\s\S]*B\. Galvani[\s\S]*&lt;no gas&gt;[\s\S]*refused: it is held/);
  });
});
