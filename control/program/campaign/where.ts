import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { dotted } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type InstrumentLock, lockInstruments } from '../../../drivers/instrument-lock.ts';
import { isRunning, ourIdentity, type ProcessIdentity } from '../../../drivers/process-identity.ts';
import { type Campaign, type PlacedCampaign, placedBy, readCampaign } from '../../campaign/campaign-file.ts';
import type { CampaignState } from '../../campaign/state.ts';
import { UsageError } from '../options.ts';
import { readState, writeDurably } from './folder.ts';

/** Which folder a campaign is carried out in, and who does. */

const SUPERVISOR_FILE = 'supervisor.json';
const identitySchema = z.strictObject({ pid: z.number().int(), processStart: z.string() });

/** Folder of a campaign that nobody named: of its own name, so that the next start finds it again. */
export function folderOf(file: string, out: string | undefined): string {
  if (out !== undefined) return out;
  const { campaign } = readCampaign(file, readTextFile(file)).value;
  const word = campaign.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return join('runs', `campaign-${word.replaceAll(/^-|-$/g, '')}`);
}

/** The state of a campaign that has begun there; undefined: none has. @throws UsageError where it is another one's */
export function stateIn(dir: string, file: string): CampaignState | undefined {
  const state = readState(dir);
  if (state !== undefined && state.file !== resolve(file))
    throw new UsageError(
      `${dir} is the folder of ${state.file}, expected another one for ${file}: --out DIR`,
    );
  return state;
}

/** Two never carry out the same campaign. Rejects with DeviceError that says who does. */
export function lockCampaign(dir: string, campaign: string, utc_ms: number): Promise<InstrumentLock> {
  return lockInstruments({ campaign: realpathSync(dir) }, { bench: campaign, utc_ms });
}

/** Says in the folder that we carry it out. */
export function signSupervisor(dir: string): void {
  writeDurably(dir, SUPERVISOR_FILE, JSON.stringify(ourIdentity()));
}

/** The process that carries it out; undefined: none does. */
export function supervisorOf(dir: string): ProcessIdentity | undefined {
  const path = join(dir, SUPERVISOR_FILE);
  if (!existsSync(path)) return undefined;
  try {
    const identity = identitySchema.safeParse(JSON.parse(readTextFile(path))).data;
    return identity !== undefined && isRunning(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** A campaign as it stands by now, after edits: its lines in the file are not known any more. */
export function asItStands(file: string, value: Campaign): PlacedCampaign {
  return placedBy(value, (place, text) => new FileError(file, 0, `${dotted(place)}: ${text}`));
}
