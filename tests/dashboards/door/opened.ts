import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoorAudit } from '../../../control/program/serve/door-audit.ts';
import { Accounts } from '../../../dashboards/door/people/accounts.ts';
import { hashOfKey, newId, newKey } from '../../../dashboards/door/people/keys.ts';
import { keptOf } from '../../../dashboards/door/people/password.ts';
import { ROLES, type Role } from '../../../dashboards/door/people/roles.ts';
import { type DoorOptions, type LabServer, serveLab } from '../../../dashboards/door/serve-lab.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import { type FakeLab, fakeLab } from './fake-lab.ts';

/** A door for tests, in a folder of its own. */
export interface OpenedDoor extends AsyncDisposable {
  readonly fake: FakeLab;
  readonly server: LabServer;
  readonly folder: string;
  readonly accounts: Accounts;
  readonly clock: Clock & { later(seconds: number): void };
}

/** Of each role there is one account, named like it, with this password. */
export const PASSWORD = 'correct horse battery';
export const FAR = '2026-12-24T00:00:00.000Z';
const kept = keptOf(PASSWORD);

/** Real time that can be moved on: timers go as they do. */
export function movableClock(): OpenedDoor['clock'] {
  const real = realClock();
  const start_ms = Date.parse('2026-11-30T12:00:00Z');
  let more_s = 0;
  return {
    ...real,
    now_s: () => real.now_s() + more_s,
    utc_ms: () => start_ms + (real.now_s() + more_s) * 1000,
    later: seconds => {
      more_s += seconds;
    },
  };
}

/** Opens it; `accounts: false`: whoever is on this machine is in. */
export async function openedDoor(
  options: Partial<DoorOptions> & { readonly withAccounts?: boolean } = {},
): Promise<OpenedDoor> {
  const { withAccounts = true, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'cellbench-door-'));
  const clock = movableClock();
  const accounts = new Accounts(folder);
  if (withAccounts) await addAccounts(accounts);
  const fake = fakeLab();
  fake.exported = join(folder, 'cycler.csv');
  writeFileSync(fake.exported, 'time_s,cell.voltage_V\n0,3.7\n');
  const pageDir = join(folder, 'no-page');
  const server = await serveLab(fake.lab, {
    folder,
    port: 0,
    clock,
    audit: openDoorAudit(folder, clock),
    pageDir,
    limits: { requests: 1e6, commands: 1e6, signIns: 1e6, signInsOfName: 1e6 },
    ...rest,
  });
  return {
    fake,
    server,
    folder,
    accounts,
    clock,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** An account for each role, named like it. */
export async function addAccounts(accounts: Accounts): Promise<void> {
  const password = await kept;
  const sinceUtc = '2026-11-30T11:00:00.000Z';
  accounts.change(file => ({
    ...file,
    accounts: ROLES.map(role => ({ name: role, role, password, sinceUtc })),
  }));
}

/** A token of the account that is named like its role. */
export function tokenOf(accounts: Accounts, role: Role, untilUtc = FAR): string {
  const token = newKey('cb_');
  const madeUtc = '2026-11-30T11:00:00.000Z';
  const one = { id: newId(), name: 'test', account: role, role, sha256: hashOfKey(token), madeUtc, untilUtc };
  accounts.change(file => ({ ...file, tokens: [...file.tokens, one] }));
  return token;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Of JSON. */
  readonly json: never;
}

/** How it is asked: a body that is no text is sent as JSON. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** fetch() does not let us lie about Host and Origin; a hostile page's browser does send them so. */
export function ask(server: LabServer, path: string, asking: Asking = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = asking;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  const url = new URL(server.url);
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  // A connection each: one that is closed on somebody else's account says nothing of what was asked.
  const where = {
    host: '127.0.0.1',
    port: server.port,
    path,
    method,
    agent: false,
    rejectUnauthorized: false,
  };
  return new Promise((resolve, reject) => {
    const sending = send({ ...where, headers: { ...type, ...headers } }, reply => {
      let got = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        got += chunk;
      });
      reply.on('error', reject);
      reply.on('end', () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: got, json: parsed(got) }),
      );
    });
    sending.on('error', reject);
    sending.end(text);
  });
}

function parsed(text: string): never {
  try {
    return JSON.parse(text) as never;
  } catch {
    return undefined as never;
  }
}

/** As a program with a token asks. */
export function withToken(
  token: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { authorization: `Bearer ${token}`, ...more };
}

/** A person who has signed in, as their browser asks from then on. */
export async function signedIn(server: LabServer, name: string): Promise<Record<string, string>> {
  const reply = await ask(server, '/api/v1/session', { method: 'POST', body: { name, password: PASSWORD } });
  if (reply.status !== 200) throw new Error(`sign in: ${reply.status} ${reply.text}`);
  const cookie = String(reply.headers['set-cookie']).split(';')[0];
  const { csrf } = reply.json as { csrf: string };
  return {
    cookie,
    'x-csrf-token': csrf,
    origin: `http://127.0.0.1:${server.port}`,
    host: `127.0.0.1:${server.port}`,
  };
}
