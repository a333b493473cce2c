import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../../drivers/contract/text-file.ts';
import { emptyOutbox, type Outbox, outboxSchema } from '../../../campaign/notify/outbox.ts';
import { type CampaignEvent, campaignEventSchema } from '../../../campaign/state.ts';
import { EVENTS_FILE, writeDurably } from '../folder.ts';

/** Messages that are on their way, and the events that they are made of, in the folder of a campaign. */

export const OUTBOX_FILE = 'outbox.json';

/** What waits there. @throws FileError where it cannot be read */
export function readOutbox(dir: string): Outbox {
  const path = join(dir, OUTBOX_FILE);
  if (!existsSync(path)) return emptyOutbox;
  try {
    return outboxSchema.parse(JSON.parse(readTextFile(path)));
  } catch {
    throw new FileError(path, 0, 'is not what cellbench wrote, expected the messages of a campaign');
  }
}

/** Keeps it whole at any moment, also after a power cut. Throws what the disk says. */
export function keepOutbox(dir: string, outbox: Outbox): void {
  writeDurably(dir, OUTBOX_FILE, `${JSON.stringify(outbox)}\n`);
}

/** Events of a campaign behind the one of that number. A line that is not whole is left out: it is being written. */
export function eventsAfter(dir: string, n: number): CampaignEvent[] {
  const path = join(dir, EVENTS_FILE);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap(line => {
      if (line === '') return [];
      try {
        const event = campaignEventSchema.parse(JSON.parse(line));
        return event.n > n ? [event] : [];
      } catch {
        return [];
      }
    });
}
