import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab } from '../../control/program/lab/lab.ts';
import { type CampaignStart, type Lab, LabRefusal } from '../../dashboards/door/lab.ts';
import { type LabFolder, LONG, labFolder, SHORT, until, withCells } from './support/lab-folder.ts';
import { RUN_TIMEOUT_MS } from './support/program.ts';

/** Campaigns that are started, edited, stopped and taken up again from a laboratory. */

const WHO = 'A. Volta';
const start: CampaignStart = { file: 'nights', mode: 'twin', pace: 600, hasLooked: false };
let folder: LabFolder;
let lab: Lab;

beforeAll(async () => {
  folder = await labFolder({
    'methods/short.yaml': SHORT,
    'methods/long.yaml': LONG,
    'nights.yaml': `campaign: two nights
version: 1
bench: cells/bench.yaml
runs:
- { run: long, method: methods/long.yaml, subject: nickel }
- { run: later, method: methods/short.yaml, subject: nickel }
- { run: last, method: methods/short.yaml, subject: nickel }
`,
    'wrong.yaml':
      'campaign: wrong\nversion: 1\nbench: cells/bench.yaml\nruns:\n- { run: a, method: methods/no-such.yaml, subject: nickel }\n',
  });
  withCells(folder.path);
  lab = folder.lab;
});
afterAll(() => folder.remove());

async function refusal(work: Promise<unknown>): Promise<LabRefusal> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LabRefusal)) throw new Error(`expected a refusal, found ${String(error)}`);
  return error;
}

interface Course {
  readonly runs: readonly { readonly id: string; readonly run: string; readonly state: string }[];
}

async function stateOf(id: string, run: string): Promise<string | undefined> {
  const course = (await lab.campaign(id)).course as unknown as Course | null;
  return course?.runs.findLast(one => one.run === run)?.state;
}

it('a campaign that is wrong is refused with its place, and one that is not there', async () => {
  const wrong = await refusal(lab.startCampaign({ ...start, file: 'wrong' }, WHO));
  expect(wrong).toMatchObject({ why: 'bad', findings: [{ severity: 'error', line: 5 }] });
  expect((await refusal(lab.startCampaign({ ...start, file: 'no-such' }, WHO))).why).toBe('missing');
  expect((await refusal(lab.startCampaign({ ...start, file: 'cells/bench' }, WHO))).why).toBe('missing');
  expect(await lab.campaigns()).toEqual([]);
});

it('a campaign that is starting is ended by stop', { timeout: RUN_TIMEOUT_MS }, async () => {
  const known = new Set((await lab.campaigns()).map(({ id }) => id));
  const starting = lab.startCampaign(start, WHO);
  let id = '';
  await until('listed', async () => {
    id = (await lab.campaigns()).find(one => !known.has(one.id))?.id ?? '';
    return id !== '';
  });
  expect((await lab.campaign(id)).is).toBe('starting');
  expect((await lab.editCampaign(id, { do: 'stop' }, 'not now', WHO)).accepted).toBe(true);
  await starting;
  await until('over', async () => ['over', 'stopped'].includes((await lab.campaign(id)).is));
  expect((await lab.campaign(id)).reason).toContain(`stopped by ${WHO}`);
  expect((await lab.runs()).filter(({ campaign }) => campaign === id)).toEqual([]);
});

it('a campaign is started, held, edited, resumed, stopped, and goes on', {
  timeout: 2 * RUN_TIMEOUT_MS,
}, async () => {
  const { id, file } = await lab.startCampaign(start, WHO);
  expect([id, file]).toEqual(['campaign-two-nights', 'nights']);
  await until('the first run under way', async () => (await stateOf(id, 'long')) === 'running');
  expect((await lab.campaign(id)).is).toBe('under way');
  expect((await refusal(lab.startCampaign(start, WHO))).why).toBe('clash');
  const edit = (change: Record<string, unknown>, because = 'as agreed') =>
    lab.editCampaign(id, change, because, WHO);
  expect(await edit({ do: 'hold' })).toMatchObject({ accepted: true });
  const added = { run: 'more', method: 'methods/short.yaml', subject: 'iron', with: { charge_min: 2 } };
  expect(await edit({ do: 'add', runs: [added], before: 'last' })).toMatchObject({ accepted: true });
  expect(await edit({ do: 'move', run: 'last', before: 'later' })).toMatchObject({ accepted: true });
  expect(await edit({ do: 'remove', run: 'later' })).toMatchObject({ accepted: true });
  const no = await edit({ do: 'remove', run: 'no-such' });
  expect(no).toMatchObject({ accepted: false, text: expect.stringContaining('no-such') });
  for (const method of ['/etc/passwd', '../../away.yaml', 'methods/../../away.yaml'])
    expect(await edit({ do: 'add', runs: [{ ...added, run: 'away', method }] })).toMatchObject({
      accepted: false,
      text: expect.stringContaining('outside of the laboratory'),
    });
  expect((await refusal(edit({ do: 'explode' }))).why).toBe('bad');
  expect((await refusal(edit({ do: 'hold' }, ' '))).why).toBe('bad');
  // Of two words of one moment none is lost.
  const both = await Promise.all([edit({ do: 'hold', run: 'last' }), edit({ do: 'hold', run: 'more' })]);
  expect(both.every(({ accepted }) => accepted)).toBe(true);
  for (const run of ['last', 'more']) expect((await edit({ do: 'resume', run })).accepted).toBe(true);
  await until('its page', () => lab.livePage(`${id}/long`) !== undefined);
  await until('heard', async () => Object.keys((await lab.campaignChannels(id)).readings).length > 0);
  expect(await lab.campaignChannels(id)).toMatchObject({
    benches: [{ bench: 'cells/bench.yaml', subjects: ['nickel', 'iron'] }],
    withPage: ['long'],
    readings: { long: { alarm: null, isLive: true } },
    silent: {},
  });
  const runs = (await lab.runs()).filter(({ campaign }) => campaign === id);
  expect(runs).toMatchObject([{ id: `${id}/long`, state: 'going' }]);
  expect(lab.livePage(`${id}/long`)).toMatch(/^http:/);
  expect((await lab.command(`${id}/long`, { command: 'hold' }, WHO)).accepted).toBe(true);
  expect(await edit({ do: 'stop' })).toMatchObject({ accepted: true });
  await until('stopped', async () => (await lab.campaign(id)).is === 'stopped');
  expect((await lab.run(`${id}/long`)).state).toBe('over');

  // A door that comes later finds it as it was left, and goes on with it.
  await using later = await openLab(folder.path);
  expect((await later.campaigns()).map(({ id: one, is }) => [one, is])).toEqual([[id, 'stopped']]);
  expect(await later.editCampaign(id, { do: 'resume' }, 'the night begins', WHO)).toMatchObject({
    accepted: true,
  });
  expect((await later.startCampaign(start, WHO)).id).toBe(id);
  // What was stopped with the campaign is done once more; this one for the last time.
  await until('the first run again', async () => (await stateOf(id, 'long')) === 'running');
  const ended = await later.editCampaign(id, { do: 'stop', run: 'long' }, 'long enough', WHO);
  expect(ended).toMatchObject({ accepted: true });
  await until('over', async () => (await later.campaign(id)).is === 'over');
  const course = (await later.campaign(id)).course as unknown as Course;
  expect(JSON.stringify(course)).not.toContain(folder.path);
  expect(course.runs.map(one => [one.id, one.state])).toEqual(
    expect.arrayContaining([
      ['later', 'skipped'],
      ['more', 'completed'],
      ['last', 'completed'],
    ]),
  );
  expect(await later.morning(id)).toMatch(/<html/);
  expect((await later.run(`${id}/more`)).verdict).toBe('completed');
  expect(existsSync(join(folder.path, 'runs', id, 'state.json'))).toBe(true);

  // Once more is another one.
  const again = await later.startCampaign(start, WHO);
  expect(again.id).toBe(`${id}-2`);
  await until('its first run', async () => (await stateOf(again.id, 'long')) === 'running');
  await until(
    'taken',
    async () => (await later.editCampaign(again.id, { do: 'stop' }, 'enough', WHO)).accepted,
  );
  await until('its end', async () => (await later.campaign(again.id)).is === 'stopped');
});
