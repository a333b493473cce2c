import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newQueue } from '../../../../control/campaign/queue.ts';
import { type CampaignEvent, changedTo, newCampaign } from '../../../../control/campaign/state.ts';
import {
  EVENTS_FILE,
  keepState,
  mendEvents,
  readState,
  STATE_FILE,
} from '../../../../control/program/campaign/folder.ts';
import { answerEdit, askFor, editsIn, withdraw } from '../../../../control/program/campaign/inbox.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { campaignOf, run } from '../../../support/campaign-parts.ts';

/** What a campaign keeps on disk, as a kill at any moment leaves it. */

const dir = mkdtempSync(join(tmpdir(), 'cellbench-folder-'));
afterAll(() => rmSync(dir, { recursive: true }));
const { campaign } = campaignOf([run('a')]);
const settings = {
  mode: 'rehearsal' as const,
  seed: 1,
  minutes: null,
  pace: null,
  operator: null,
  planned_s: {},
};
const first = newCampaign({ file: 'c.yaml', settings, campaign, queue: newQueue(campaign) }, 0);
const log = join(dir, EVENTS_FILE);
const numbers = () =>
  readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => (JSON.parse(line) as CampaignEvent).n);
const two = changedTo(
  first,
  {},
  [
    { kind: 'supervised', text: 'x' },
    { kind: 'over', text: 'y' },
  ],
  0,
);

describe('the folder of a campaign', () => {
  it.each<[what: string, log: string]>([
    ['no line of the last change', ''],
    ['a line that is cut off', '{"id":null,"by":nu'],
    ['the first of its lines', `${JSON.stringify(two.last[0])}\n`],
    ['the second cut off', `${JSON.stringify(two.last[0])}\n{"n":2`],
    ['all of them', two.last.map(event => `${JSON.stringify(event)}\n`).join('')],
  ])('has each event once, killed with %s in the log', (_, text) => {
    writeFileSync(join(dir, STATE_FILE), JSON.stringify(two));
    writeFileSync(log, text);
    const state = readState(dir);
    expect(state).toEqual(two);
    if (state !== undefined) mendEvents(dir, state);
    expect(numbers()).toEqual([1, 2]);
    keepState(dir, changedTo(two, { is: 'over' }, [{ kind: 'over', text: 'z' }], 0));
    expect(numbers()).toEqual([1, 2, 3]);
    expect(readState(dir)).toMatchObject({ is: 'over', n: 3 });
  });

  it('goes on behind a line that somebody has broken', () => {
    writeFileSync(log, `${JSON.stringify(two.last[0])}\n{"n":}\n`);
    mendEvents(dir, two);
    expect(readFileSync(log, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  it('refuses a state that is none, with its file', () => {
    writeFileSync(join(dir, STATE_FILE), '{"schema":"cellbench/campaign-state"}');
    expect(() => readState(dir)).toThrow(/state\.json: version: /);
    writeFileSync(join(dir, STATE_FILE), '{');
    expect(() => readState(dir)).toThrow(/state\.json: is not what cellbench wrote/);
  });

  it('takes an edit through its inbox and hands back the answer; what is no edit is cleared away', async () => {
    const clock = realClock();
    const edit = { id: 'one', by: 'Ada', because: 'x', change: { do: 'hold' as const } };
    const asked = askFor(dir, edit, clock, () => true);
    appendFileSync(join(dir, 'inbox', 'none.json'), '{');
    expect(editsIn(dir)).toEqual([edit]);
    answerEdit(dir, edit, 'it is too late');
    expect(await asked).toEqual({ refusal: 'it is too late' });
    expect(editsIn(dir)).toEqual([]);
  });

  it('waits for no answer once nobody is there to give one', async () => {
    const clock = realClock();
    const edit = { id: 'two', by: 'Ada', because: 'x', change: { do: 'resume' as const } };
    let looks = 0;
    expect(await askFor(dir, edit, clock, () => ++looks < 3)).toBeUndefined();
    expect(clock.now_s()).toBeLessThan(5);
    expect(editsIn(dir)).toEqual([edit]);
    withdraw(dir, edit);
    expect(editsIn(dir)).toEqual([]);
  });
});
