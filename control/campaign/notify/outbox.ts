import { z } from 'zod';
import { named } from '../../named.ts';
import type { Campaign } from '../campaign-file.ts';
import type { CampaignState } from '../state.ts';
import { openingAt } from '../windows.ts';
import { type Notice, notificationSchema } from './notices.ts';
import { BREAKS_QUIET } from './notify-file.ts';

/**
 * Messages on their way, as JSON: what of the campaign has been taken up, and who is still to be told. Pure. Each stays until
 * its receiver has taken it, so that after a kill in between it goes once more, with the same id.
 */

const messageSchema = z.strictObject({
  /** Who is told: by number, in `notify`. */
  target: z.number().int().min(0),
  notification: notificationSchema,
  /** Not before this, ms of UTC. */
  from_ms: z.number(),
  /** Not sent where somebody has looked at this bench since: the next one is told only where nobody has. */
  unlessSeen: z.strictObject({ bench: z.string(), since_ms: z.number() }).nullable(),
  tries: z.number().int().min(0),
  /** Why the last try failed. */
  reason: z.string(),
});
export type Message = Readonly<z.output<typeof messageSchema>>;

export const outboxSchema = z.strictObject({
  schema: z.literal('cellbench/campaign-outbox'),
  version: z.literal(1),
  /** Number of the last event of the campaign that was taken up. */
  readTo: z.number().int().min(0),
  /** By run: the last row of its record that was looked at for alarms. */
  alarmsTo: z.record(z.string(), z.number().int().min(0)),
  messages: z.array(messageSchema),
  /** How many have not been taken up because too many were waiting, or were given up. */
  lost: z.number().int().min(0),
});
export type Outbox = Readonly<z.output<typeof outboxSchema>>;

/** So many wait at most for one target. The oldest are kept: they say how it began. */
export const MOST_WAITING = 200;
const MOST_CHARACTERS = 8000;

export const emptyOutbox: Outbox = {
  schema: 'cellbench/campaign-outbox',
  version: 1,
  readTo: 0,
  alarmsTo: {},
  messages: [],
  lost: 0,
};

/** With what there is to tell: a message for each who wants to know, and for those who are told if nobody looks. */
export function withNotices(
  outbox: Outbox,
  campaign: Campaign,
  begunUtc: string,
  notices: readonly Notice[],
): Outbox {
  const messages = [...outbox.messages];
  let { lost } = outbox;
  const put = (message: Message): void => {
    if (messages.filter(({ target }) => target === message.target).length < MOST_WAITING)
      messages.push(message);
    else lost++;
  };
  for (const notice of notices) {
    for (const [target, { on }] of campaign.notify.entries()) {
      if (!on.includes(notice.kind)) continue;
      put(messageOf(campaign, begunUtc, notice, target, ''));
      if (notice.kind !== 'held' || notice.bench === null) continue;
      let after_min = 0;
      for (let next = target; campaign.notify[next]?.unacknowledged_min !== undefined; next++) {
        after_min += campaign.notify[next].unacknowledged_min ?? 0;
        put({
          ...messageOf(campaign, begunUtc, notice, next + 1, `-from${target}`, after_min),
          from_ms: notice.utc_ms + 60_000 * after_min,
          unlessSeen: { bench: notice.bench, since_ms: notice.utc_ms },
        });
      }
    }
  }
  return { ...outbox, messages, lost };
}

function messageOf(
  { campaign }: Campaign,
  begunUtc: string,
  { key, kind, utc_ms, run, bench, subject, text }: Notice,
  target: number,
  of: string,
  unseen_min?: number,
): Message {
  const begun = begunUtc.replaceAll(/[^0-9]/g, '').slice(0, 14);
  const lead = unseen_min === undefined ? '' : `Nobody has acknowledged it for ${unseen_min} min.\n`;
  return {
    target,
    notification: {
      schema: 'cellbench/notification',
      version: 1,
      id: `${begun}-${key}-${target}${of}`,
      campaign,
      kind,
      utc: new Date(utc_ms).toISOString(),
      run,
      bench,
      subject: (unseen_min === undefined ? subject : `${subject} (nobody has)`).slice(0, 200),
      text: `${lead}${text}`.slice(0, MOST_CHARACTERS),
    },
    from_ms: utc_ms,
    unlessSeen: null,
    tries: 0,
    reason: '',
  };
}

/** What is to be done for a target now: a message that is due, one that nobody needs any more, or when to look again. */
export type Next =
  | { readonly is: 'send' | 'needless'; readonly message: Message }
  | { readonly is: 'wait'; readonly until_ms: number };

/** Looks for it. The oldest first; what quiet hours hold back is no obstacle for what breaks them. */
export function nextFor(outbox: Outbox, state: CampaignState, target: number, now_ms: number): Next {
  const { campaign } = state;
  const { quiet } = campaign.notify[target];
  const opening = quiet === undefined ? undefined : openingAt(quiet, campaign.zone, now_ms);
  const quiet_ms = opening !== undefined && opening.from_ms <= now_ms ? opening.to_ms : 0;
  let until_ms = Number.POSITIVE_INFINITY;
  for (const message of outbox.messages) {
    if (message.target !== target) continue;
    const { notification } = message;
    if (isNeedless(message, state)) return { is: 'needless', message };
    const breaks = notification.kind !== 'test' && BREAKS_QUIET.has(notification.kind);
    const from_ms = Math.max(message.from_ms, breaks ? 0 : quiet_ms);
    if (from_ms <= now_ms) return { is: 'send', message };
    until_ms = Math.min(until_ms, from_ms);
  }
  return { is: 'wait', until_ms };
}

/** Somebody has looked at the bench before it was the turn of the next one. */
export function isNeedless({ unlessSeen }: Message, { acknowledged }: CampaignState): boolean {
  return unlessSeen !== null && (named(acknowledged, unlessSeen.bench)?.utc_ms ?? 0) >= unlessSeen.since_ms;
}

/** Without one: it was taken, or nobody needs it. */
export function without(outbox: Outbox, id: string): Outbox {
  return { ...outbox, messages: outbox.messages.filter(({ notification }) => notification.id !== id) };
}

/** With the try that failed. */
export function withFailure(outbox: Outbox, id: string, reason: string): Outbox {
  const messages = outbox.messages.map(message =>
    message.notification.id === id
      ? { ...message, tries: message.tries + 1, reason: reason.slice(0, 300) }
      : message,
  );
  return { ...outbox, messages };
}
