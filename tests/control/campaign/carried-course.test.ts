import { describe, expect, it } from 'vitest';
import { carriedCourseOf, carriedCourseSchema } from '../../../control/campaign/carried-course.ts';
import { choose } from '../../../control/campaign/choose.ts';
import { over } from '../../../control/campaign/over.ts';
import { begun, newQueue } from '../../../control/campaign/queue.ts';
import { newCampaign } from '../../../control/campaign/state.ts';
import { carriedText } from '../../../dashboards/terminal/carried.ts';
import { campaignOf, good, run } from '../../support/campaign-parts.ts';

/** What a campaign under way says of itself. */

const BEGIN = Date.parse('2026-03-02T18:00Z');
const HOUR_MS = 3_600_000;

describe('the course of a campaign under way', () => {
  const { campaign, rules } = campaignOf(
    [
      run('a'),
      run('b', { after: ['a'] }),
      run('c', { window: 'night' }),
      run('d', { bench: 'other.yaml' }),
      run('e', { after: ['b'] }),
    ],
    { windows: { night: { from: '22:00', to: '06:00' } } },
  );
  const settings = { mode: 'bench' as const, seed: 1, minutes: null, pace: null, operator: null };
  let queue = begun(newQueue(campaign), 'a', BEGIN);
  queue = begun(over(campaign, rules, queue, 'a', good(5), BEGIN + HOUR_MS), 'b', BEGIN + HOUR_MS);
  const planned = { ...settings, planned_s: { a: 3600, b: 7200 } };
  const about = { file: 'c.yaml', settings: planned, campaign, queue };
  const state = { ...newCampaign(about, BEGIN), benches: { 'other.yaml': 'd: tripped: too hot' } };
  const { waits } = choose(campaign, queue, BEGIN + HOUR_MS, ({ run: of }) =>
    of === 'd' ? { what: 'other.yaml', reason: 'd: tripped: too hot' } : undefined,
  );
  const course = carriedCourseOf(state, waits, BEGIN + 1.5 * HOUR_MS);

  it('has what ran, what runs until when, and what waits for what', () => {
    expect(carriedCourseSchema.parse(course)).toEqual(course);
    expect(course.counts).toEqual({ completed: 1, failed: 0, skipped: 0, waiting: 3, running: 1 });
    expect(course.runs[0]).toMatchObject({ duration_s: 3600, values: { 'a.capacity_Ah': 5 } });
    expect(course.runs[1]).toMatchObject({ state: 'running', expectedEndUtc: '2026-03-02T21:00:00.000Z' });
    expect(course.runs.map(({ waitsFor }) => waitsFor)).toEqual([
      null,
      null,
      'window night, 2026-03-02T22:00:00.000Z',
      'a person: d: tripped: too hot',
      'run b',
    ]);
    expect(course.benches).toEqual([
      { bench: 'b.yaml', held: null, busy_s: 3600 },
      { bench: 'other.yaml', held: 'd: tripped: too hot', busy_s: 0 },
    ]);
  });

  it('is a table at a terminal, no line wider than that', () => {
    const lines = carriedText(course, 80).split('\n');
    expect(Math.max(...lines.slice(0, 6).map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines[2]).toMatch(/b +running +2026-03-02 19:00 +0:30:00 so far +2026-03-02 21:00/);
    expect(lines.at(-1)).toBe('c: under way, 1 completed, 3 waiting, 1 running; begun 2026-03-02 18:00 UTC');
    expect(lines).toContain('other.yaml is held until somebody has looked: d: tripped: too hot');
  });
});
