import { z } from 'zod';

/** What goes on in a campaign, channel by channel, beside its course. */
export const campaignChannelsSchema = z.strictObject({
  /** Benches with their subjects in the order of the bench file; one without subjects has one without a name. */
  benches: z.array(z.strictObject({ bench: z.string(), subjects: z.array(z.string()) })),
  /** Runs under way that have a live page now, by their id in the campaign. */
  withPage: z.array(z.string()),
  /** What each says of its channel (`control/contract/channel-shown.ts`); without those that do not answer. */
  readings: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Those whose process does not answer: when it did so last, UTC. */
  silent: z.record(z.string(), z.string()),
});
/** Likewise. */
export type CampaignChannels = z.output<typeof campaignChannelsSchema>;
