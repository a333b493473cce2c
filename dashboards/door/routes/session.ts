import { z } from 'zod';
import { TooBusy } from '../people/password.ts';
import { ROLES } from '../people/roles.ts';
import { DONE, doneSchema, Refusal, route } from '../route.ts';

/** Who comes in, and who is in control. */

const role = z.enum(ROLES);
export const controlSchema = z.strictObject({ by: z.string(), sinceUtc: z.string(), reason: z.string() });
export const meSchema = z.strictObject({
  name: z.string().nullable(),
  role: role.nullable(),
  /** Sent along with each change in the header `x-csrf-token`; null: nothing is asked for. */
  csrf: z.string().nullable(),
  withoutAccounts: z.boolean(),
  control: controlSchema.nullable(),
  guestUntilUtc: z.string().nullable(),
});
const signedInSchema = z.strictObject({ name: z.string(), role, csrf: z.string() });

export const SESSION_ROUTES = [
  route({
    id: 'signIn',
    method: 'POST',
    path: '/session',
    role: 'open',
    body: z.strictObject({ name: z.string().min(1).max(100), password: z.string().min(1).max(1000) }),
    answer: signedInSchema,
    doc: 'Signs in with name and password; a cookie holds the session, `csrf` is sent along with each change.',
    // A password may have been typed in place of the name.
    told: () => null,
    async run({ accounts, passwords, sessions }, { body, visit }) {
      if (!accounts.areThere)
        throw new Refusal(409, 'the lab has no accounts: whoever is on this machine is in already');
      const account = accounts.of(body.name);
      const isRight = await passwords.isRight(body.password, account?.password).catch(error => {
        if (error instanceof TooBusy) throw new Refusal(429, 'too many sign in at once, expected it later');
        throw error;
      });
      if (!isRight || account === undefined)
        throw new Refusal(401, 'no account with this name and password', { code: 'wrongPassword', with: {} });
      if (visit.sessionKey !== undefined) sessions.end(visit.sessionKey);
      const { key, csrf } = sessions.begin(account.name);
      visit.setSession(key);
      return { name: account.name, role: account.role, csrf };
    },
  }),
  route({
    id: 'signOut',
    method: 'DELETE',
    path: '/session',
    role: 'viewer',
    answer: doneSchema,
    doc: 'Signs out; whoever was in control by it no longer is.',
    run({ sessions, control, changed }, { visit, name }) {
      if (visit.sessionKey !== undefined) sessions.end(visit.sessionKey);
      visit.setSession(null);
      if (visit.who?.by === 'session') control.release(name);
      changed();
      return DONE;
    },
  }),
  route({
    id: 'me',
    method: 'GET',
    path: '/me',
    role: 'open',
    answer: meSchema,
    doc: 'Who asks, what they may, and who is in control; nulls for whoever has not signed in.',
    run({ accounts, control }, { visit: { who } }) {
      return {
        name: who?.name ?? null,
        role: who?.role ?? null,
        csrf: who?.csrf ?? null,
        withoutAccounts: !accounts.areThere,
        control: who === null ? null : control.now(),
        guestUntilUtc: who?.guestUntilUtc ?? null,
      };
    },
  }),
  route({
    id: 'control',
    method: 'GET',
    path: '/control',
    role: 'viewer',
    answer: controlSchema.nullable(),
    doc: 'Who is in control; null: nobody. After 15 min without a sign of life nobody is any more.',
    run: ({ control }) => control.now(),
  }),
  route({
    id: 'takeControl',
    method: 'POST',
    path: '/control',
    role: 'operator',
    body: z.strictObject({ reason: z.string().trim().min(1).max(200).exactOptional() }),
    answer: controlSchema,
    doc: 'Takes control. Where somebody else has it, a reason is needed; they are told.',
    told: body => body,
    run({ control, changed }, { body: { reason }, name }) {
      const before = control.now();
      if (before !== null && before.by !== name && reason === undefined)
        throw new Refusal(400, `reason: ${before.by} is in control, expected why it is taken over`);
      const now = control.take(name, reason ?? '');
      changed();
      return now;
    },
  }),
  route({
    id: 'releaseControl',
    method: 'DELETE',
    path: '/control',
    role: 'operator',
    answer: doneSchema,
    doc: 'Gives control back.',
    run({ control, changed }, { name }) {
      if (!control.is(name)) throw new Refusal(409, `${name} is not in control`);
      control.release(name);
      changed();
      return DONE;
    },
  }),
];
