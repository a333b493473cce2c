import type { ClientSession, ClientSubscription, NodeId } from 'node-opcua';
import { DeviceError } from '../../contract/errors.ts';
import { inBatches, type Limits } from './limits.ts';
import { readingOf } from './reading.ts';
import type { OpcuaReading } from './request.ts';

/**
 * Values that a server brings by itself (OPC UA part 4, 5.13 and 5.14): monitored items with a queue each. A server that has
 * nothing new says so (keep-alive): so what it brought last holds for as long as it is heard, and no longer.
 */

/** How a subscription is asked for; a server may answer with other times. */
export interface SubscriptionAsk {
  /** How often the server looks at a value, ms. */
  readonly sampling_ms: number;
  /** How often it sends what it has seen, ms. */
  readonly publishing_ms: number;
  /** So many values of a node it keeps from one sending to the next. */
  readonly queue: number;
  /** A new source time stamp alone is worth a message too: where it is watched. */
  readonly stamps: boolean;
}

/** A server with nothing to say must be heard after this, ms. */
const KEEP_ALIVE_MS = 1_000;
/** Beyond the time of a keep-alive before it counts as silent, ms: an answer on its way, a slow cycle. */
const LATE_MS = 500;
/** A subscription must outlive its session (UA-.NETStandard #2790), ms. */
const LIFETIME_MS = 300_000;

/** Bits of a status code (part 4, 7.39): info type DataValue with its flag overflow. */
const OVERFLOW = 0x480;

interface Item {
  reading: OpcuaReading | undefined;
  /** That it is not good has been handed out. */
  isTold: boolean;
  missed: string;
}
interface Running {
  readonly items: ReadonlyMap<string, Item>;
  readonly subscription: ClientSubscription;
  heard_s: number;
  /** Why it is over; empty while it goes on. */
  ended: string;
}

/** Of a session that goes on over a fresh channel its server still keeps the subscription of the channel that was cut. */
const subscribed = new WeakMap<ClientSession, ClientSubscription>();

/** Makes the subscription of one session when it is first asked for. */
export function subscriber(
  opcua: typeof import('node-opcua'),
  session: ClientSession,
  of: {
    readonly endpoint: string;
    readonly limits: Limits;
    idOf(node: string): NodeId;
    read(nodes: readonly string[]): Promise<OpcuaReading[]>;
    now_s(): number;
  },
): { latest(nodes: readonly string[], ask: SubscriptionAsk): Promise<OpcuaReading[]> } {
  const { endpoint, limits, idOf, read, now_s } = of;
  let running: Promise<Running> | undefined;

  const closed = (text: string): DeviceError =>
    new DeviceError('closed', endpoint, `the subscription ${text}`);

  async function start(nodes: readonly string[], ask: SubscriptionAsk): Promise<Running> {
    const { publishing_ms } = ask;
    await subscribed.get(session)?.terminate();
    subscribed.delete(session);
    const keepAlive = Math.max(1, Math.ceil(KEEP_ALIVE_MS / publishing_ms));
    const subscription = await session.createSubscription2({
      requestedPublishingInterval: publishing_ms,
      requestedMaxKeepAliveCount: keepAlive,
      requestedLifetimeCount: Math.max(3 * keepAlive, Math.ceil(LIFETIME_MS / publishing_ms)),
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 0,
    });
    subscribed.set(session, subscription);
    slower('publishing_ms', publishing_ms, subscription.publishingInterval);
    const items = new Map(
      nodes.map(node => [node, { reading: undefined, isTold: false, missed: '' } as Item]),
    );
    const made: Running = { items, subscription, heard_s: now_s(), ended: '' };
    hear(made);
    const filter = new opcua.DataChangeFilter({
      trigger: opcua.DataChangeTrigger.StatusValueTimestamp,
      deadbandType: opcua.DeadbandType.None,
    });
    const asked = [...items.keys()];
    await inBatches(asked, limits.read, async some => {
      const group = await subscription.monitorItems(
        some.map(node => ({ nodeId: idOf(node), attributeId: opcua.AttributeIds.Value })),
        {
          samplingInterval: ask.sampling_ms,
          queueSize: ask.queue,
          discardOldest: true,
          ...(ask.stamps ? { filter } : {}),
        },
        opcua.TimestampsToReturn.Both,
      );
      group.on('changed', (_, value, index) => {
        const item = items.get(some[index]);
        if (item !== undefined)
          take(item, readingOf(value), (value.statusCode.value & OVERFLOW) === OVERFLOW);
      });
      for (const [k, { statusCode, result }] of group.monitoredItems.entries()) {
        const item = items.get(some[k]);
        slower('sampling_ms', ask.sampling_ms, result?.revisedSamplingInterval ?? 0);
        // Such a node is bad by itself; the others are none the worse for it.
        if (!statusCode.isGood() && item !== undefined)
          item.reading = { status: statusCode.name, severity: 'bad', value: Number.NaN };
      }
      return some;
    });
    // The first values at once, and those that came before anybody listened.
    const first = await read(asked);
    for (const [k, node] of asked.entries()) {
      const item = items.get(node);
      if (item !== undefined) item.reading ??= first[k];
    }
    return made;
  }

  /** What a server does less often than it was asked for would be older than the bench file says. */
  function slower(key: string, asked_ms: number, given_ms: number): void {
    if (given_ms <= asked_ms * (1 + 1e-6)) return;
    const text = `the server takes ${given_ms} ms for subscription.${key}: ${asked_ms}, expected that figure or more`;
    throw new DeviceError('refused', endpoint, text);
  }

  /** Notes each sign of life, the messages that are missing, and the end. */
  function hear(made: Running): void {
    const { subscription } = made;
    let next = Number.NaN;
    subscription.on('raw_notification', message => {
      made.heard_s = now_s();
      const isKeepAlive = (message.notificationData ?? []).length === 0;
      const { sequenceNumber } = message;
      // The number of a keep-alive is that of the next message with something in it.
      if (!Number.isNaN(next) && sequenceNumber !== next)
        for (const item of made.items.values()) item.missed = 'a message of the subscription is missing';
      next = isKeepAlive ? sequenceNumber : sequenceNumber === 0xffff_ffff ? 1 : sequenceNumber + 1;
    });
    const end = (text: string): void => {
      if (made.ended === '') made.ended = text;
    };
    subscription.on('status_changed', status => end(`was ended by the server: ${status.name}`));
    subscription.on('terminated', () => end('has ended'));
    subscription.on('internal_error', error => end(`failed: ${error.message}`));
  }

  return {
    async latest(nodes, ask) {
      running ??= start(nodes, ask);
      const made = await running;
      const { subscription, items } = made;
      const limit_ms = subscription.publishingInterval * (subscription.maxKeepAliveCount + 1) + LATE_MS;
      const silent_s = now_s() - made.heard_s;
      if (made.ended !== '') throw closed(made.ended);
      if (1000 * silent_s > limit_ms) {
        const text = `is silent for ${silent_s.toFixed(1)} s, expected a keep-alive within ${(limit_ms / 1000).toFixed(1)} s`;
        throw closed(text);
      }
      return nodes.map(node => {
        const item = items.get(node);
        const reading = item?.reading ?? NOT_YET;
        if (item === undefined) return reading;
        item.isTold = true;
        if (item.missed === '') return reading;
        const { missed } = item;
        item.missed = '';
        return { ...reading, missed };
      });
    },
  };
}

const NOT_YET: OpcuaReading = {
  status: 'BadWaitingForInitialData',
  severity: 'bad',
  value: Number.NaN,
};

/** What comes and goes between two polls is not lost: one that was not good, or that the queue could not hold. */
function take(item: Item, reading: OpcuaReading, isOverflow: boolean): void {
  const before = item.reading;
  if (isOverflow) item.missed = "values were lost in the server's queue";
  else if (before !== undefined && before.severity !== 'good' && !item.isTold && item.missed === '')
    item.missed = `was ${before.status} between two polls`;
  item.reading = reading;
  item.isTold = false;
}
