import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { over } from '../../../../control/campaign/over.ts';
import { begun, newQueue } from '../../../../control/campaign/queue.ts';
import { changedTo, newCampaign, toldOf } from '../../../../control/campaign/state.ts';
import { changedIn, verifyCampaign } from '../../../../control/program/campaign/audit-campaign.ts';
import { EVENTS_FILE, keepState, readState } from '../../../../control/program/campaign/folder.ts';
import { campaignStatus } from '../../../../control/program/campaign/status-campaign.ts';
import { campaignOf, good, run } from '../../../support/campaign-parts.ts';

/** What was told of a campaign, decisions of its rules first of all, is chained: a word that is changed afterwards is found. */

const dir = mkdtempSync(join(tmpdir(), 'cellbench-changed-'));
afterAll(() => rmSync(dir, { recursive: true }));
const log = join(dir, EVENTS_FILE);
let written = '';

beforeAll(() => {
  const settings = {
    mode: 'rehearsal' as const,
    seed: 1,
    minutes: null,
    pace: null,
    operator: null,
    planned_s: {},
  };
  const { campaign, rules } = campaignOf([
    run('a', { rules: [{ if: 'a.capacity_Ah > 0 Ah', end: 'campaign', because: 'worn out' }] }),
    run('b'),
  ]);
  let state = newCampaign({ file: join(dir, 'c.yaml'), settings, campaign, queue: newQueue(campaign) }, 0);
  keepState(dir, state);
  const keep = (change: Partial<typeof state>, told: Parameters<typeof changedTo>[2]): void => {
    state = changedTo(state, change, told, 1000);
    keepState(dir, state);
  };
  keep({}, [{ kind: 'supervised', text: 'begins' }]);
  keep({ queue: begun(state.queue, 'a', 0) }, [{ kind: 'begun', id: 'a', text: 'a begins' }]);
  const queue = over(campaign, rules, state.queue, 'a', good(5), 1000);
  keep({ queue }, toldOf(state.queue, queue));
  keep({ is: 'over' }, [{ kind: 'over', text: 'through' }]);
  keep({}, []);
  written = readFileSync(log, 'utf8');
});

/** What is found where the log has become this. */
function foundIn(text: string): string[] {
  writeFileSync(log, text);
  const state = readState(dir);
  if (state === undefined) throw new Error('no state');
  return changedIn(dir, state);
}
const lines = () => written.trimEnd().split('\n');
const textOf = (all: readonly string[]): string => all.map(line => `${line}\n`).join('');

describe('what was told of a campaign', () => {
  it('is as it was written: nothing is found', () => {
    expect(foundIn(written)).toEqual([]);
    expect(lines()).toHaveLength(6);
  });

  it('a last change that is on its way into the log, or into it in part, is no finding', () => {
    const state = readState(dir);
    if (state === undefined) throw new Error('no state');
    const more = changedTo(
      state,
      {},
      [
        { kind: 'stopping', text: 'x' },
        { kind: 'stopped', text: 'y' },
      ],
      2000,
    );
    const [first] = more.last.map(event => `${JSON.stringify(event)}\n`);
    for (const text of [written, `${written}${first}`, `${written}${first}{"id"`]) {
      writeFileSync(log, text);
      expect(changedIn(dir, more)).toEqual([]);
    }
  });

  it.each<[what: string, change: (all: string[]) => string[], found: string[]]>([
    [
      'a word of a decision',
      all => all.map(line => line.replace('worn out', 'torn out')),
      ['line 4', 'line 5'],
    ],
    ['a decision taken out', all => all.toSpliced(3, 1), ['line 4: entry 4 is missing before it']],
    ['the end taken out', all => all.slice(0, 5), ['entry 6 is missing at the end']],
    ['all taken out', () => [], ['entries 1 to 6 are missing at the end']],
    [
      'two swapped',
      ([a, b, ...rest]) => [b ?? '', a ?? '', ...rest],
      ['line 1: entry 1 is missing before it', 'line 2: entry 1 was moved behind entry 2'],
    ],
    ['one put in twice', all => [...all, all[3] ?? ''], ['line 7: entry 4 stands there a second time']],
  ])('%s is found at its line', (_, change, found) => {
    const all = foundIn(textOf(change(lines())));
    expect(all).toHaveLength(found.length);
    for (const [i, text] of found.entries()) expect(all[i]).toContain(`${EVENTS_FILE}: ${text}`);
  });

  it('whichever character becomes another one: it is found', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...'aZ09"{}:, .é'), (at, letter) => {
        const i = at % written.length;
        fc.pre(written[i] !== '\n' && written[i] !== letter);
        expect(foundIn(`${written.slice(0, i)}${letter}${written.slice(i + 1)}`)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('verify and status --audit say so, with the file', () => {
    const said: string[] = [];
    const spy = vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
    try {
      writeFileSync(log, written);
      expect(verifyCampaign(dir)).toBe(0);
      expect(said.join('\n')).toMatch(
        /audit\.jsonl: 1 entries, nothing was changed\nchain \w{64}\n.*events\.jsonl: 6 events, nothing was changed\nchain \w{64}/,
      );
      writeFileSync(log, written.replace('worn out', 'torn out'));
      said.length = 0;
      expect(verifyCampaign(dir)).toBe(1);
      expect(said).toEqual([
        expect.stringMatching(/events\.jsonl: line \d: entry \d is not what was written/),
      ]);
      said.length = 0;
      expect(campaignStatus(join(dir, 'c.yaml'), dir, { json: false, audit: true })).toBe(1);
      expect(said.at(-1)).toMatch(/^CHANGED: events\.jsonl: line \d: entry \d is not what was written/);
    } finally {
      spy.mockRestore();
    }
  });
});
