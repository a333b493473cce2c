import { describe, expect, it } from 'vitest';
import { alarmsSection } from '../../dashboards/report/alarms.ts';
import { startSection } from '../../dashboards/report/start-list.ts';
import { startListLines } from '../../dashboards/terminal/start-list.ts';

/** Alarms and the list before a start as report and terminal draw them. */

const HOSTILE = '<script>alert(1)</script>';

describe('the report', () => {
  it('alarms: when, limit, peak, how long, who saw it; hostile words stay words', () => {
    const alarm = {
      id: 'h2-in-o2-high',
      reaction: 'trip',
      text: HOSTILE,
      raised_s: 3661,
      acknowledged_s: null,
      cleared_s: 3671,
      phase: 'wind',
      step: HOSTILE,
      limit: 2,
      unit: 'vol_pct',
      peak: 2.5,
      priority: 'high',
      isFirstOut: true,
      count: 12,
    } as const;
    const html = alarmsSection([
      alarm,
      { ...alarm, cleared_s: null, acknowledged_s: 3700, acknowledgedBy: HOSTILE, peak: null },
    ]);
    expect(html).toContain('came first');
    expect(html).toContain('<td class="n">12</td>');
    // Both stood at the same time: one bar.
    expect(html.match(/class="bar bad"/g)).toHaveLength(1);
    expect(html).not.toContain('<script');
    expect(html).toContain('1:01:01');
    expect(html).toContain('2.500 vol %');
    expect(html).toContain('by nobody');
    expect(html).toContain('to the end');
    expect(html).not.toMatch(/NaN|undefined|null/);
    expect(alarmsSection([])).toContain('None was raised');
    const own = {
      kind: 'limit',
      by: 'step lim',
      where: 'm.yaml:4',
      condition: HOSTILE,
      reaction: 'warn',
    } as const;
    const at = { t_s: 3661, phase: 'run', step: 'lim' };
    const ofMethod = alarmsSection([], [{ ...own, within_s: null, longest_s: 9, fired: 1, at }]);
    expect(ofMethod).toContain('limit of step lim (m.yaml:4)');
    expect(ofMethod).toContain('1:01:01');
    expect(ofMethod).not.toContain('<script');
    expect(alarmsSection([], [{ ...own, within_s: null, longest_s: 9, fired: 0, at: null }])).toContain(
      'None was raised',
    );
  });

  it('draws the list before a start, what failed by name; hostile words stay words', () => {
    const row = { check: 'polarity', what: HOSTILE, expected: '> 0', seen: '-3.7 V', reason: '' } as const;
    const rows = [
      { ...row, outcome: 'failed' },
      { ...row, outcome: 'accepted', reason: 'measured from the other side' },
    ] as const;
    const html = startSection(rows);
    expect(html).toContain('<span class="bad">failed</span>');
    expect(html).toContain('accepted</span>: measured from the other side');
    expect(html).not.toContain('<script');
    expect(startSection([])).toBe('');
    expect(startListLines(rows)[0]).toBe('Before the start: 0 ok, 1 failed, 1 accepted, 0 not applicable');
    expect(startListLines(rows)[2]).toMatch(/^ {2}FAILED +polarity/);
  });
});
