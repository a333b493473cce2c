import { dirname, resolve } from 'node:path';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { readTextFile } from '../../../../drivers/contract/text-file.ts';
import { readCampaign } from '../../../campaign/campaign-file.ts';
import { targetText } from '../../../campaign/notify/notify-file.ts';
import { isNeedless, type Outbox, withFailure, without } from '../../../campaign/notify/outbox.ts';
import { UsageError } from '../../options.ts';
import { EXIT } from '../../result/outcome.ts';
import { folderOf, lockCampaign, stateIn } from '../where.ts';
import { keepOutbox, readOutbox } from './outbox-file.ts';
import { type Send, waysOf } from './send.ts';

/** `campaign notify FILE`: sends what waits in the folder of a campaign; with --test a message to each target. */

const wall = realClock();

/** Returns the exit code: 1 where one was not taken. Bad input throws before anything is sent. */
export async function campaignNotify(file: string, out: string | undefined, test: boolean): Promise<number> {
  const yaml = readCampaign(file, readTextFile(file));
  const { campaign, notify } = yaml.value;
  if (notify.length === 0)
    throw new UsageError(`${file}: nobody is told of anything, expected \`notify:\` with its targets`);
  const ways = waysOf(yaml, dirname(resolve(file)));
  if (!test) return await sendWaiting(folderOf(file, out), file, ways);
  const utc = new Date(wall.utc_ms()).toISOString();
  let missed = 0;
  for (const [i, target] of notify.entries()) {
    const text = `A test by campaign notify --test. This one is told of: ${target.on.join(', ')}.`;
    const said = await outcomeOf(ways[i], {
      schema: 'cellbench/notification',
      version: 1,
      id: `test-${utc.replaceAll(/[^0-9]/g, '')}-${i}`,
      campaign,
      kind: 'test',
      utc,
      run: null,
      bench: null,
      subject: `${campaign}: test`,
      text,
    });
    if (said !== undefined) missed++;
    console.log(`${i + 1}. ${targetText(target)}: ${said ?? 'taken'}`);
  }
  return missed === 0 ? EXIT.completed : EXIT.notProved;
}

/** Once each, whether it is quiet or not: somebody has asked for it. */
async function sendWaiting(dir: string, file: string, ways: readonly Send[]): Promise<number> {
  const state = stateIn(dir, file);
  if (state === undefined)
    throw new UsageError(`${dir}: no campaign has begun there, expected one, or --test for a test`);
  using _lock = await lockCampaign(dir, state.campaign.campaign, wall.utc_ms());
  let outbox: Outbox = readOutbox(dir);
  let sent = 0;
  for (const message of outbox.messages) {
    const { target, notification } = message;
    const { id } = notification;
    const way = target < ways.length ? ways[target] : undefined;
    const said = isNeedless(message, state)
      ? undefined
      : way === undefined
        ? 'its target is no longer in the file'
        : await outcomeOf(way, notification);
    if (said === undefined) sent++;
    else console.log(`${notification.subject}: ${said}`);
    outbox = said === undefined ? without(outbox, id) : withFailure(outbox, id, said);
    keepOutbox(dir, outbox);
  }
  console.log(`${sent} messages went out, ${outbox.messages.length} wait`);
  return outbox.messages.length === 0 ? EXIT.completed : EXIT.notProved;
}

async function outcomeOf(way: Send, notification: Parameters<Send>[0]): Promise<string | undefined> {
  try {
    await way(notification);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
