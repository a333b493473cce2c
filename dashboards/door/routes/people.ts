import { z } from 'zod';
import {
  type AccountsFile,
  accountNameSchema,
  MOST,
  newAccountNameSchema,
  withoutKeysOf,
  withoutLinksOf,
} from '../people/accounts.ts';
import { hashOfKey, newId, newKey } from '../people/keys.ts';
import { keptOf, passwordSchema } from '../people/password.ts';
import { isAtLeast, ROLES, type Who } from '../people/roles.ts';
import { type Asked, DONE, type Door, doneSchema, Refusal, route } from '../route.ts';

/** Accounts, tokens of programs, links of guests. */

const role = z.enum(ROLES);
const utc = z.iso.datetime();
const id = z.string().regex(/^[0-9a-f]{12}$/, 'expected the id of one');
export const accountShownSchema = z.strictObject({ name: z.string(), role, sinceUtc: z.string() });
export const tokenShownSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  account: z.string(),
  role,
  madeUtc: z.string(),
  untilUtc: z.string(),
});
export const guestLinkShownSchema = tokenShownSchema.omit({ name: true, role: true });

/** Longest time for which a token or a link is given, s. */
const MOST_S = 366 * 24 * 3600;

function until(door: Door, text: string): string {
  const left_s = (Date.parse(text) - door.clock.utc_ms()) / 1000;
  if (left_s <= 0) throw new Refusal(400, `until_utc: ${text} is over, expected a time to come`);
  if (left_s > MOST_S) throw new Refusal(400, `until_utc: ${text}, expected a time within a year`);
  return text;
}

function nowUtc(door: Door): string {
  return new Date(door.clock.utc_ms()).toISOString();
}

/** Without what is over. */
function inForce(file: AccountsFile, door: Door): AccountsFile {
  const isInForce = (one: { untilUtc: string }): boolean => Date.parse(one.untilUtc) > door.clock.utc_ms();
  return { ...file, tokens: file.tokens.filter(isInForce), guestLinks: file.guestLinks.filter(isInForce) };
}

/** Only who has an account, and has come in with a password, gives what others come in with. */
function givingPerson({ visit }: Asked<unknown, unknown, unknown>): Who {
  const { who } = visit;
  if (who?.by === 'local')
    throw new Refusal(409, 'the lab has no accounts: cellbench serve LAB --add-admin NAME');
  if (who?.by !== 'session') throw new Refusal(403, 'expected a person who has signed in');
  return who;
}

function mustLeaveAnAdmin(file: AccountsFile): AccountsFile {
  if (file.accounts.some(account => account.role === 'admin')) return file;
  throw new Refusal(409, 'it is the last admin, expected another one before');
}

function mustBeThere(door: Door, name: string): void {
  if (door.accounts.of(name) === undefined) throw new Refusal(404, `no account "${name}"`);
}

export const ACCOUNT_ROUTES = [
  route({
    id: 'accounts',
    method: 'GET',
    path: '/accounts',
    role: 'admin',
    answer: z.array(accountShownSchema),
    doc: 'Who has an account.',
    run: ({ accounts }) =>
      accounts.now().accounts.map(({ name, role, sinceUtc }) => ({ name, role, sinceUtc })),
  }),
  route({
    id: 'addAccount',
    method: 'POST',
    path: '/accounts',
    role: 'admin',
    body: z.strictObject({ name: newAccountNameSchema, role, password: passwordSchema }),
    answer: accountShownSchema,
    status: 201,
    doc: 'Adds an account. The first one of a lab: cellbench serve LAB --add-admin NAME.',
    told: ({ name, role }) => ({ name, role }),
    before: (_door, asked) => void givingPerson(asked),
    async run(door, asked) {
      const { name, role, password } = asked.body;
      const isSame = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
      const mustBeNew = (file: AccountsFile): void => {
        if (file.accounts.some(one => isSame(one.name)))
          throw new Refusal(409, `there is an account "${name}", expected another name`);
        if (file.accounts.length >= MOST.accounts)
          throw new Refusal(409, `there are ${MOST.accounts} accounts, more are not kept`);
      };
      mustBeNew(door.accounts.now());
      const account = { name, role, password: await keptOf(password), sinceUtc: nowUtc(door) };
      door.accounts.change(file => {
        mustBeNew(file);
        return { ...file, accounts: [...file.accounts, account] };
      });
      return { name, role, sinceUtc: account.sinceUtc };
    },
  }),
  route({
    id: 'changeAccount',
    method: 'PATCH',
    path: '/accounts/:name',
    role: 'admin',
    params: z.strictObject({ name: accountNameSchema }),
    body: z
      .strictObject({ role: role.exactOptional(), password: passwordSchema.exactOptional() })
      .refine(body => body.role !== undefined || body.password !== undefined, 'expected role or password'),
    answer: accountShownSchema,
    doc: 'Another role, or another password: its sessions and tokens end with the old one, its links for guests with a role that may give none.',
    told: ({ role, password }) => ({
      ...(role === undefined ? {} : { role }),
      ...(password === undefined ? {} : { password: 'another one' }),
    }),
    before: (_door, asked) => void givingPerson(asked),
    async run(door, asked) {
      const { name } = asked.params;
      mustBeThere(door, name);
      const { role, password } = asked.body;
      const kept = password === undefined ? undefined : await keptOf(password);
      mustBeThere(door, name);
      const sinceUtc = nowUtc(door);
      door.accounts.change(file => {
        const all = role === undefined || isAtLeast(role, 'operator') ? file : withoutLinksOf(file, name);
        const rest = kept === undefined ? all : withoutKeysOf(all, name);
        const accounts = rest.accounts.map(one =>
          one.name !== name
            ? one
            : {
                ...one,
                ...(role === undefined ? {} : { role }),
                ...(kept === undefined ? {} : { password: kept, sinceUtc }),
              },
        );
        return mustLeaveAnAdmin({ ...rest, accounts });
      });
      const account = door.accounts.of(name);
      if (account === undefined || !isAtLeast(account.role, 'operator')) door.control.release(name);
      door.changed();
      if (account === undefined) throw new Refusal(404, `no account "${name}"`);
      return { name, role: account.role, sinceUtc: account.sinceUtc };
    },
  }),
  route({
    id: 'dropAccount',
    method: 'DELETE',
    path: '/accounts/:name',
    role: 'admin',
    params: z.strictObject({ name: accountNameSchema }),
    answer: doneSchema,
    doc: 'Takes an account away, with its sessions, tokens and links.',
    before: (_door, asked) => void givingPerson(asked),
    run(door, asked) {
      const { name } = asked.params;
      mustBeThere(door, name);
      door.accounts.change(file =>
        mustLeaveAnAdmin({
          ...withoutKeysOf(file, name),
          accounts: file.accounts.filter(account => account.name !== name),
        }),
      );
      door.control.release(name);
      door.changed();
      return DONE;
    },
  }),
];

export const KEY_ROUTES = [
  route({
    id: 'tokens',
    method: 'GET',
    path: '/tokens',
    role: 'viewer',
    answer: z.array(tokenShownSchema),
    doc: 'Own tokens; an admin sees all.',
    run: ({ accounts }, { visit, name }) =>
      accounts
        .now()
        .tokens.filter(({ account }) => account === name || visit.who?.role === 'admin')
        .map(({ sha256: _, ...token }) => token),
  }),
  route({
    id: 'addToken',
    method: 'POST',
    path: '/tokens',
    role: 'viewer',
    body: z.strictObject({ name: z.string().trim().min(1).max(60), role, until_utc: utc }),
    answer: z.strictObject({ id: z.string(), token: z.string() }),
    status: 201,
    doc: 'A token for a program, sent as `authorization: Bearer …`; shown once. It may no more than its account.',
    told: body => body,
    before(_door, asked) {
      const { role } = givingPerson(asked);
      if (!isAtLeast(role, asked.body.role))
        throw new Refusal(403, `role: ${asked.body.role} is more than your own, expected ${role} or less`);
    },
    run(door, asked) {
      const who = givingPerson(asked);
      const { name, role, until_utc } = asked.body;
      const untilUtc = until(door, until_utc);
      const token = newKey('cb_');
      const one = { id: newId(), name, account: who.name, role, sha256: hashOfKey(token) };
      door.accounts.change(before => {
        const file = inForce(before, door);
        if (file.tokens.filter(({ account }) => account === who.name).length >= MOST.tokensEach)
          throw new Refusal(409, `there are ${MOST.tokensEach} tokens of yours, expected one less before`);
        return { ...file, tokens: [...file.tokens, { ...one, madeUtc: nowUtc(door), untilUtc }] };
      });
      return { id: one.id, token };
    },
  }),
  route({
    id: 'dropToken',
    method: 'DELETE',
    path: '/tokens/:id',
    role: 'viewer',
    params: z.strictObject({ id }),
    answer: doneSchema,
    doc: 'Ends a token of your own; an admin ends any.',
    before({ accounts }, { params, visit, name }) {
      const token = accounts.now().tokens.find(one => one.id === params.id);
      if (token === undefined || (token.account !== name && visit.who?.role !== 'admin'))
        throw new Refusal(404, `no token "${params.id}" of yours`);
    },
    run({ accounts }, { params }) {
      accounts.change(file => ({ ...file, tokens: file.tokens.filter(one => one.id !== params.id) }));
      return DONE;
    },
  }),
  route({
    id: 'guestLinks',
    method: 'GET',
    path: '/guest-links',
    role: 'operator',
    answer: z.array(guestLinkShownSchema),
    doc: 'Own links for guests; an admin sees all.',
    run: ({ accounts }, { visit, name }) =>
      accounts
        .now()
        .guestLinks.filter(({ account }) => account === name || visit.who?.role === 'admin')
        .map(({ sha256: _, ...link }) => link),
  }),
  route({
    id: 'addGuestLink',
    method: 'POST',
    path: '/guest-links',
    role: 'operator',
    body: z.strictObject({ until_utc: utc }),
    answer: z.strictObject({ id: z.string(), url: z.string() }),
    status: 201,
    doc: 'A link with which whoever has it may look on, and nothing else, until a time; shown once.',
    told: body => body,
    before: (_door, asked) => void givingPerson(asked),
    run(door, asked) {
      const who = givingPerson(asked);
      const untilUtc = until(door, asked.body.until_utc);
      const key = newKey();
      const one = { id: newId(), account: who.name, sha256: hashOfKey(key) };
      door.accounts.change(before => {
        const file = inForce(before, door);
        if (file.guestLinks.filter(({ account }) => account === who.name).length >= MOST.linksEach)
          throw new Refusal(409, `there are ${MOST.linksEach} links of yours, expected one less before`);
        return { ...file, guestLinks: [...file.guestLinks, { ...one, madeUtc: nowUtc(door), untilUtc }] };
      });
      return { id: one.id, url: `${asked.visit.origin}/guest/${key}` };
    },
  }),
  route({
    id: 'dropGuestLink',
    method: 'DELETE',
    path: '/guest-links/:id',
    role: 'operator',
    params: z.strictObject({ id }),
    answer: doneSchema,
    doc: 'Ends a link of your own; an admin ends any.',
    before({ accounts }, { params, visit, name }) {
      const link = accounts.now().guestLinks.find(one => one.id === params.id);
      if (link === undefined || (link.account !== name && visit.who?.role !== 'admin'))
        throw new Refusal(404, `no link "${params.id}" of yours`);
    },
    run({ accounts }, { params }) {
      accounts.change(file => ({
        ...file,
        guestLinks: file.guestLinks.filter(one => one.id !== params.id),
      }));
      return DONE;
    },
  }),
];
