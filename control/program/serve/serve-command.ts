import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { MODES } from '../../../dashboards/door/lab.ts';
import { DoorRefusal, type Tls } from '../../../dashboards/door/own-address.ts';
import {
  Accounts,
  accountNameSchema,
  newAccountNameSchema,
  withoutKeysOf,
} from '../../../dashboards/door/people/accounts.ts';
import { FileLocked } from '../../../dashboards/door/people/file-lock.ts';
import { keptOf } from '../../../dashboards/door/people/password.ts';
import { type LabServer, serveLab } from '../../../dashboards/door/serve-lab.ts';
import { explain } from '../../../dashboards/refusals.ts';
import { table } from '../../../dashboards/terminal/table.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { openLab } from '../lab/lab.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { software } from '../result/software.ts';
import { SIGNALS } from '../signals.ts';
import { askPassword } from './ask-password.ts';
import { openDoorAudit } from './door-audit.ts';
import { takeDoor } from './door-lock.ts';
import { type LadsView, openLadsView } from './lads/open-view.ts';

const schema = z.strictObject({
  lab: z.string(),
  port: numberOption(0, 65_535, 'a whole number').default(8090),
  host: z.string().default('127.0.0.1'),
  'tls-cert': z.string().optional(),
  'tls-key': z.string().optional(),
  'add-admin': accountNameSchema.optional(),
  opcua: numberOption(0, 65_535, 'a whole number').optional(),
  'opcua-mode': z.enum(MODES).default('real'),
  accounts: z.boolean().default(false),
  help: z.boolean().default(false),
});
type ServeOptions = z.output<typeof schema>;

/** `cellbench serve LAB`. Returns the exit code when a signal has closed the door, or nothing was to be opened. */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['accounts', 'help'],
    words: ['lab'],
    help: 'npx cellbench serve --help',
  });
  const folder = resolve(options.lab);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`${options.lab}: no folder, expected that of a laboratory`);
  if (options.accounts) return listAccounts(folder);
  const name = options['add-admin'];
  try {
    return await (name === undefined ? serve(folder, options) : addAdmin(folder, name));
  } catch (error) {
    if (error instanceof FileLocked) throw new UsageError(error.message);
    throw error;
  }
}

async function serve(folder: string, options: ServeOptions): Promise<number> {
  const { port, host } = options;
  const tls = tlsOf(options);
  const clock = realClock();
  const accounts = accountsOf(folder);
  const closing = Promise.withResolvers<void>();
  for (const signal of SIGNALS) process.on(signal, () => closing.resolve());
  using lock = takeDoor(folder, clock.utc_ms());
  const audit = openDoorAudit(folder, clock);
  if (!accounts.areThere && audit.hadAccounts)
    throw new UsageError(
      `${accounts.path}: there is no account in it, and the audit tells of some: without them whoever is on this machine might do everything; expected it put back from a copy, or a new one (--add-admin NAME)`,
    );
  await using lab = await openLab(folder);
  let server: LabServer;
  try {
    server = await serveLab(lab, { folder, port, host, clock, audit, ...(tls === undefined ? {} : { tls }) });
  } catch (error) {
    if (error instanceof DoorRefusal) throw new UsageError(error.message);
    if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL')
      throw new UsageError(`--host ${host}: is no address of this machine`);
    throw error;
  }
  lock.isAt(server.url);
  const { n, hash, found } = audit.last(0);
  console.log(`${lab.name}: ${server.url}`);
  if (server.fingerprint !== '') console.log(`certificate, SHA-256: ${server.fingerprint}`);
  if (server.withoutAccounts)
    console.log(
      'no accounts: whoever is on this machine may do everything (--add-admin NAME for the first one)',
    );
  console.log(`audit: ${n} lines${n === 0 ? '' : `, chain ${hash}`}`);
  for (const finding of found) console.error(`.cellbench/audit.jsonl: ${finding}`);
  const view = await viewOf(server, folder, options);
  if (view !== undefined) console.log(`OPC UA (${options['opcua-mode']} runs): ${view.endpoint}`);
  await closing.promise;
  await view?.close();
  await server.close();
  console.log('The door is closed; runs and campaigns under way go on.');
  return EXIT.completed;
}

/** The laboratory over OPC UA, where it is asked for. Without it the door stays open all the same. */
async function viewOf(
  { door }: LabServer,
  folder: string,
  { opcua: port, 'opcua-mode': mode, host }: ServeOptions,
): Promise<LadsView | undefined> {
  if (port === undefined) return undefined;
  try {
    const own = join(folder, '.cellbench', 'opcua');
    return await openLadsView(door, { folder: own, host, port, mode, version: software().version });
  } catch (error) {
    console.error(`OPC UA: not opened (${messageOf(error)})`);
    return undefined;
  }
}

function tlsOf({ 'tls-cert': cert, 'tls-key': key }: ServeOptions): Tls | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new UsageError('--tls-cert and --tls-key: one of them is missing, expected both');
  return { cert: readTextFile(cert), key: readTextFile(key) };
}

/** @throws UsageError where they cannot be read */
function accountsOf(folder: string): Accounts {
  try {
    return new Accounts(folder);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

async function addAdmin(folder: string, name: string): Promise<number> {
  const accounts = accountsOf(folder);
  const isNew = !accounts.now().accounts.some(account => account.name.toLowerCase() === name.toLowerCase());
  const wrong = isNew ? newAccountNameSchema.safeParse(name).error : undefined;
  if (wrong !== undefined) throw new UsageError(`--add-admin: ${explain(wrong)}`);
  const password = await keptOf(await askPassword());
  const clock = realClock();
  const sinceUtc = new Date(clock.utc_ms()).toISOString();
  let isThere = false;
  accounts.change(file => {
    const others = file.accounts.filter(account => account.name.toLowerCase() !== name.toLowerCase());
    isThere = others.length < file.accounts.length;
    return {
      ...withoutKeysOf(file, name),
      accounts: [...others, { name, role: 'admin', password, sinceUtc }],
    };
  });
  openDoorAudit(folder, clock).write({
    by: null,
    how: null,
    from: 'terminal',
    what: 'addAdmin',
    to: { name },
    asked: null,
    status: 200,
    outcome: isThere ? 'another password' : 'added',
  });
  console.log(`${accounts.path}: ${name} is admin${isThere ? ', with another password' : ''}`);
  return EXIT.completed;
}

function listAccounts(folder: string): number {
  const { accounts, tokens, guestLinks } = accountsOf(folder).now();
  if (accounts.length === 0) {
    console.log(`${folder}: no accounts: whoever is on this machine may do everything`);
    return EXIT.completed;
  }
  const countOf = (all: readonly { readonly account: string }[], name: string): string =>
    String(all.filter(({ account }) => account === name).length);
  const rows = accounts.map(({ name, role, sinceUtc }) => [
    name,
    role,
    sinceUtc.slice(0, 16).replace('T', ' '),
    countOf(tokens, name),
    countOf(guestLinks, name),
  ]);
  console.log(
    table(['name', 'role', 'password since UTC', 'tokens', 'guest links'], rows, [3, 4]).join('\n'),
  );
  return EXIT.completed;
}
