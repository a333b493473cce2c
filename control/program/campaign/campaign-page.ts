import { join } from 'node:path';
import { serveCampaign } from '../../../dashboards/campaign/serve-campaign.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { CarriedCourse, ChannelsOfBench } from '../../view.ts';
import { openDoorOf } from '../steer/door.ts';

/**
 * The page of a campaign while it is carried out. Nobody needs it: where it cannot be served, that is said, and the campaign
 * goes on. Dispose of it at the end.
 */
export async function campaignPage(of: {
  readonly dir: string;
  /** Undefined: nobody wants one. */
  readonly port: number | undefined;
  readonly course: () => CarriedCourse;
  readonly channels: () => readonly ChannelsOfBench[];
  readonly say: (text: string) => void;
}): Promise<AsyncDisposable> {
  const pageOf = (id: string): string | undefined => {
    const run = of.course().runs.find(one => one.id === id && one.state === 'running');
    return run?.dir == null ? undefined : openDoorOf(join(of.dir, run.dir));
  };
  const { port } = of;
  const none = { [Symbol.asyncDispose]: () => Promise.resolve() };
  if (port === undefined) return none;
  try {
    const view = { course: of.course, pageOf, channels: of.channels, clock: realClock() };
    const server = await serveCampaign(view, { port });
    of.say(`Page of the campaign: ${server.url}`);
    return { [Symbol.asyncDispose]: () => server.close() };
  } catch (error) {
    of.say(`No page of the campaign: ${messageOf(error)}`);
    return none;
  }
}
