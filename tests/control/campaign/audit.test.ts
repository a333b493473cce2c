import { describe, expect, it } from 'vitest';
import { digestOfCampaign, reviewAudit } from '../../../control/campaign/audit.ts';
import type { Change } from '../../../control/campaign/edits.ts';
import { campaignOf, good, run } from '../../support/campaign-parts.ts';
import { CampaignWorld } from '../../support/campaign-world.ts';

/** The trail of who did what: chained, so that each change of it is found at its line. */

const EVENING = Date.parse('2026-03-02T18:00Z');

/** A campaign with five entries: its begin, three edits and one that is refused. */
async function audited() {
  const { campaign } = campaignOf([run('a'), run('b', { after: ['a'] }), run('c')]);
  const world = new CampaignWorld(campaign, EVENING, () => ({ ...good(5), duration_s: 3600 }));
  const begin = world.state.audited.last;
  const changes: readonly Change[] = [
    { do: 'hold', run: 'c' },
    { do: 'move', run: 'b' },
    { do: 'remove', run: 'z' },
    { do: 'resume', run: 'c' },
  ];
  for (const [i, change] of changes.entries())
    world.clock.schedule(600 * (i + 1), () => {
      world.edits.push({ id: `e${i}`, by: `Person ${i}`, because: 'it must be', change });
    });
  await world.supervisor({ look_s: 60 });
  const lines = [...begin, ...world.trail].map(entry => JSON.stringify(entry));
  return { lines, world };
}

describe('the trail of a campaign', () => {
  it('has its begin and every edit: who, what, why, when, and what it made; refused ones too', async () => {
    const { lines, world } = await audited();
    const { entries, found } = reviewAudit(lines, world.state.audited);
    expect(found).toEqual([]);
    expect(entries.map(({ by, what, refused }) => [by, what, refused])).toEqual([
      [null, 'begin', null],
      ['Person 0', 'hold', null],
      ['Person 1', 'move', null],
      ['Person 2', 'remove', expect.stringContaining('"z" is not known')],
      ['Person 3', 'resume', null],
    ]);
    expect(entries[1]).toMatchObject({ utc: '2026-03-02T18:10:00.000Z', change: { do: 'hold', run: 'c' } });
    // Taken: something else stands there; refused: the same.
    expect(entries.map(({ before, after }) => before === after)).toEqual([true, false, false, true, false]);
    expect(world.state.audited).toMatchObject({ n: 5, hash: entries[4]?.hash });
    expect(digestOfCampaign(world.state)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[what: string, change: (lines: string[]) => string[], found: string[]]>([
    [
      'changed',
      lines => lines.map((line, i) => (i === 2 ? line.replace('Person 1', 'Nobody') : line)),
      ['line 3: entry 3 is not what was written, or was put in'],
    ],
    [
      'no JSON any more',
      lines => lines.map((line, i) => (i === 1 ? line.slice(2) : line)),
      ['line 2: is no entry any more', 'line 3: entry 2 is missing before it'],
    ],
    ['removed', lines => lines.toSpliced(1, 1), ['line 2: entry 2 is missing before it']],
    ['removed at the end', lines => lines.slice(0, 3), ['entries 4 to 5 are missing at the end']],
    ['all removed', () => [], ['entries 1 to 5 are missing at the end']],
    [
      'put in',
      lines => lines.toSpliced(2, 0, lines[1] ?? ''),
      ['line 3: entry 2 stands there a second time, or was put in'],
    ],
    [
      'put in at the end',
      lines => [...lines, (lines[4] ?? '').replace('"n":5', '"n":6')],
      [
        'line 6: entry 6 is not what was written, or was put in',
        'the campaign knows of 5 entries, there are more',
      ],
    ],
    [
      'moved',
      lines => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)],
      ['line 2: entry 2 is missing before it', 'line 3: entry 2 was moved behind entry 3'],
    ],
  ])('names what was %s', async (_, change, found) => {
    const { lines, world } = await audited();
    expect(reviewAudit(change(lines), world.state.audited).found).toEqual(found);
  });
});
