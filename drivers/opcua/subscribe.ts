import { z } from 'zod';
import type { SubscriptionAsk } from '../transport/opcua/subscription.ts';

/** Of an entry of the bench file: whether values are asked for at each poll, or brought by the server. */

export const readOption = z.enum(['poll', 'subscribe']).default('poll').meta({
  description:
    'poll: values are asked for; subscribe: the server brings them, and is watched by its keep-alive',
});

const time_ms = z.number().min(10).max(60_000);

export const subscriptionOption = z
  .strictObject({
    sampling_ms: time_ms.default(100).meta({ description: 'the server looks at a node each so often, ms' }),
    publishing_ms: time_ms.default(200).meta({ description: 'it sends what it has each so often, ms' }),
    queue: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .meta({ description: 'values of a node that it keeps between two sendings' }),
  })
  .optional()
  .meta({
    description:
      'with read: subscribe: how often the server looks, how often it sends, how many values of a node it keeps (absent: 100 ms, 200 ms, 10)',
  });

interface Options {
  readonly read: z.output<typeof readOption>;
  readonly subscription?: z.output<typeof subscriptionOption>;
}

/** What is wrong with the two together, empty if nothing. */
export function subscriptionSlip({ read, subscription }: Options): string {
  return subscription !== undefined && read === 'poll' ? 'expected read: subscribe beside it' : '';
}

/** What the link is asked for; undefined where values are polled. `stamps`: whether source time stamps are watched. */
export function subscriptionAsk(
  { read, subscription }: Options,
  stamps: boolean,
): SubscriptionAsk | undefined {
  if (read === 'poll') return undefined;
  return { sampling_ms: 100, publishing_ms: 200, queue: 10, ...subscription, stamps };
}
