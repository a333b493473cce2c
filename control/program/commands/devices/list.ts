import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../package-files.ts';

/** A driver as it is listed. */
export interface ListedDriver {
  readonly driver: string;
  readonly manual: string;
  readonly triedOn: string;
  /** It has an emulator. */
  readonly emulated: boolean;
  /** Options that a bench file must give; one list for each way to wire it. */
  readonly required: readonly (readonly string[])[];
  readonly families?: readonly {
    readonly family: string;
    readonly supply: string;
    readonly triedOn: string;
    readonly watchdog: boolean;
  }[];
}

/** Where the list stands that `npm run docs` makes: it is read, so that no driver need be loaded. */
export const DEVICES_FILE = 'devices.json';

/** `cellbench devices`: the drivers there are. Returns the exit code. */
export async function devicesCommand(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json');
  const given = args.filter(arg => /\.([cm]?[jt]s|ya?ml)$/.test(arg));
  const slip = args.find(arg => arg !== '--json' && !given.includes(arg));
  if (slip !== undefined) {
    // Loaded only where something is wrong: the list is to be there at once.
    const { UsageError } = await import('../../options.ts');
    throw new UsageError(
      `${slip}: unknown, expected --json, a bench file or a file with a driver\nSee cellbench devices --help`,
    );
  }
  const text = readFileSync(join(PACKAGE_FOLDER, 'docs/reference', DEVICES_FILE), 'utf8');
  const { devices: known } = JSON.parse(text) as { readonly devices: readonly ListedDriver[] };
  const own = given.length === 0 ? [] : (await import('./list-own.ts')).ownDriversIn(given);
  const devices = [...known, ...own];
  console.log(isJson ? JSON.stringify({ devices }, undefined, 2) : devices.map(textOf).join('\n\n'));
  return 0;
}

function textOf({ driver, manual, triedOn, emulated, required, families = [] }: ListedDriver): string {
  return [
    driver,
    `  written from: ${manual}`,
    `  ${triedText(triedOn, emulated)}`,
    ...required.map(keys => `  options: ${keys.join(', ')}`),
    ...families.map(
      one => `  family ${one.family}: ${one.supply}, ${one.watchdog ? 'watchdog' : 'no watchdog'}`,
    ),
  ].join('\n');
}

/** A driver of a lab's own may say "emulator only" before there is one. */
const triedText = (triedOn: string, emulated: boolean): string =>
  !emulated && triedOn === 'emulator only'
    ? 'tried on: nothing yet, for it has no emulator'
    : `tried on: ${triedOn}; ${emulated ? 'has an emulator' : 'has no emulator'}`;
