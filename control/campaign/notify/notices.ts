import { z } from 'zod';
import { named } from '../../named.ts';
import { runOf } from '../queue.ts';
import type { CampaignEvent, CampaignState } from '../state.ts';
import { NOTICE_KINDS, type NoticeKind } from './notify-file.ts';

/** What of a campaign's course is told to people: made of its numbered events, and of the alarms of its runs. Pure. */

/** Something that happened, before it is known who is told. */
export interface Notice {
  /** Its own, so that it is told once each: the number of an event, or of an alarm in its run. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly utc_ms: number;
  readonly run: string | null;
  readonly bench: string | null;
  readonly subject: string;
  readonly text: string;
}

/** What a webhook gets as JSON and a command on its input; an e-mail has subject and text. */
export const notificationSchema = z.strictObject({
  schema: z.literal('cellbench/notification'),
  version: z.literal(1),
  /** The same when it comes a second time: at least once each is promised, not once at most. */
  id: z.string(),
  campaign: z.string(),
  kind: z.enum([...NOTICE_KINDS, 'test']),
  /** When it happened. */
  utc: z.iso.datetime(),
  run: z.string().nullable(),
  bench: z.string().nullable(),
  subject: z.string(),
  text: z.string(),
});
export type Notification = Readonly<z.output<typeof notificationSchema>>;

/** What an event tells; undefined: it is nobody's alarm clock. */
export function noticeOf(event: CampaignEvent, state: CampaignState): Notice | undefined {
  const { id, n, text } = event;
  const { campaign, queue, benches, runsHeld } = state;
  const item = queue.items.find(one => one.id === id);
  const bench = item === undefined ? null : (runOf(campaign, item).bench ?? campaign.bench);
  const about = { key: `e${n}`, utc_ms: Date.parse(event.utc), run: id, bench };
  const name = campaign.campaign;
  switch (event.kind) {
    case 'begun':
      return { ...about, kind: 'start', subject: `${name}: ${id} begins`, text };
    case 'resumed':
      return { ...about, kind: 'start', subject: `${name}: ${id} goes on`, text };
    case 'cutOff': {
      const subject = `${name}: ${id} was cut off`;
      if (item === undefined || named(runsHeld, item.run) === undefined)
        return { ...about, kind: 'cut off', subject: `${subject}, it is to go on`, text };
      const how = `campaign edit FILE resume ${item.run} --by NAME --because WHY lets it go on; remove ${item.run} ends it`;
      return {
        ...about,
        kind: 'held',
        subject: `${subject}, somebody must say how it goes on`,
        text: `${text}\n${how}`,
      };
    }
    case 'ended': {
      const isGood = item?.state === 'completed';
      const subject = `${name}: ${id} ${isGood ? 'completed' : 'did not complete'}`;
      return { ...about, kind: isGood ? 'end' : 'failed', subject, text };
    }
    case 'benchHeld': {
      const subject = `${name}: ${bench} is held, somebody must look`;
      const how = 'Nothing begins on it until then: campaign edit FILE acknowledge --by NAME';
      return { ...about, kind: 'held', subject, text: `${text}\n${how}` };
    }
    case 'stopped':
    case 'over': {
      const held = Object.entries(benches).map(([one, why]) => `${one} is held: ${why}`);
      const subject = `${name}: ${event.kind === 'over' ? 'the campaign is through' : 'the campaign was stopped'}`;
      return { ...about, kind: 'campaign end', subject, text: [countsText(state), ...held].join('\n') };
    }
    default:
      return undefined;
  }
}

function countsText({ queue }: CampaignState): string {
  const counts = new Map<string, number>();
  for (const { state } of queue.items) counts.set(state, (counts.get(state) ?? 0) + 1);
  return `${queue.items.length} runs: ${[...counts].map(([state, n]) => `${n} ${state}`).join(', ')}`;
}

/** An alarm that a run raised, or its end; `row`: its own in the record. */
export interface RunAlarm {
  readonly row: number;
  readonly is: 'raised' | 'cleared';
  readonly alarm: string;
  readonly reaction: string;
  readonly text: string;
}

/** So many alarms of one look stand in the text. */
const MOST_NAMED = 10;

/** What the alarms of a run since the last look tell: one notice a kind, however many there are. */
export function alarmNotices(
  state: CampaignState,
  id: string,
  alarms: readonly RunAlarm[],
  now_ms: number,
): Notice[] {
  const { campaign, queue } = state;
  const item = queue.items.find(one => one.id === id);
  const bench = item === undefined ? null : (runOf(campaign, item).bench ?? campaign.bench);
  const of = (kind: NoticeKind, own: readonly RunAlarm[], what: string): Notice[] => {
    if (own.length === 0) return [];
    const names = [...new Set(own.map(({ alarm }) => alarm))];
    const more = own.length > MOST_NAMED ? [`and ${own.length - MOST_NAMED} more in its record`] : [];
    const text = [...own.slice(0, MOST_NAMED).map(one => one.text), ...more].join('\n');
    const subject = `${campaign.campaign}: ${id}: ${what} ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`;
    const key = `${kind.replace(' ', '-')}-${id}-${own[0].row}`;
    return [{ key, kind, utc_ms: now_ms, run: id, bench, subject, text }];
  };
  const raised = alarms.filter(one => one.is === 'raised');
  const trips = raised.filter(({ reaction }) => reaction === 'trip');
  return [
    ...of('trip', trips, 'trip'),
    ...of(
      'alarm',
      raised.filter(one => !trips.includes(one)),
      'alarm',
    ),
    ...of(
      'alarm end',
      alarms.filter(one => one.is === 'cleared'),
      'over:',
    ),
  ];
}
