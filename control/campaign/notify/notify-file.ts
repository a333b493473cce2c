import { z } from 'zod';
import { secretSchema } from '../../contract/sinks.ts';
import { windowSchema } from '../windows.ts';

/** `notify:` and `mail:` of a campaign: who is told of what, and by which way. */

/** What can be told. */
export const NOTICE_KINDS = [
  'start',
  'end',
  'failed',
  'cut off',
  'alarm',
  'alarm end',
  'trip',
  'held',
  'campaign end',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Told in quiet hours too: a bench is in its safe state, or waits for a person. */
export const BREAKS_QUIET: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['trip', 'held']);

const MOST_TARGETS = 20;
const address = z.email('expected an address like lab@example.org');
const webhook = z.string().refine(isWebhook, {
  error: 'expected http(s)://host[:port][/path] without user and password',
});
const command = z.array(z.string().min(1).max(1000)).min(1).max(50).meta({
  description: 'a program and its arguments, never a shell; it gets the message as JSON on its input',
});
// Which of them is meant shows in how it begins: so each slip is named as what it is.
const toSchema = z.union([z.string(), command]).superRefine((to, context) => {
  if (typeof to !== 'string') return;
  const schema = to.includes('://') ? webhook : address;
  const text = to.includes('://') || to.includes('@') ? undefined : ANY_TARGET;
  for (const { message } of schema.safeParse(to).error?.issues ?? [])
    context.addIssue({ code: 'custom', message: text ?? message });
});
const ANY_TARGET =
  'expected an address (lab@example.org), a webhook (https://...) or a command ([ program, argument, ... ])';

/** One who is told. */
export const notifySchema = z.strictObject({
  to: toSchema.meta({
    description: 'an e-mail address, the URL of a webhook, or a command as a list',
  }),
  on: z
    .array(z.enum(NOTICE_KINDS))
    .min(1)
    .meta({ description: `of what: ${NOTICE_KINDS.join(', ')}` }),
  quiet: windowSchema
    .optional()
    .meta({ description: 'hours in which only `trip` and `held` are told; the rest waits for their end' }),
  unacknowledged_min: z
    .number()
    .min(1)
    .max(1440)
    .optional()
    .meta({ description: 'nobody has acknowledged a held bench in this time, min: the next one is told' }),
  token: secretSchema
    .optional()
    .meta({ description: 'of a webhook: where the bearer token stands, { env: NAME } or { file: PATH }' }),
});
/** One who is told, as it stands in the file. */
export type NotifyTarget = z.output<typeof notifySchema>;

/** The server by which e-mails go. */
export const mailSchema = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.:-]+$/, 'expected the name of a mail server'),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .optional()
    .meta({ description: 'absent: 465 (tls), 587, 25 (none)' }),
  security: z
    .enum(['tls', 'starttls', 'none'])
    .default('starttls')
    .meta({ description: 'never replaced by a weaker one; none: for a server on this machine or network' }),
  from: address.meta({ description: 'who the e-mails are from' }),
  user: z.string().min(1).optional(),
  password: secretSchema
    .optional()
    .meta({ description: 'where the password stands: { env: NAME } or { file: PATH of mode 600 }' }),
});
export type MailServer = z.output<typeof mailSchema>;

export const notifyListSchema = z.array(notifySchema).max(MOST_TARGETS).default([]);

/** How a target is reached. */
export function wayOf({ to }: Pick<NotifyTarget, 'to'>): 'mail' | 'webhook' | 'command' {
  if (typeof to !== 'string') return 'command';
  return to.includes('://') ? 'webhook' : 'mail';
}

/** As people read it. Of a command its program only: an argument may be a secret of somebody. */
export function targetText({ to }: Pick<NotifyTarget, 'to'>): string {
  return typeof to === 'string' ? to.replace(/\?.*$/, '') : to[0];
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** What does not fit together, and at which place; undefined: nothing. */
export function notifySlip(
  notify: readonly NotifyTarget[],
  mail: MailServer | undefined,
): { readonly place: readonly (string | number)[]; readonly text: string } | undefined {
  for (const [i, target] of notify.entries()) {
    const slip = (key: string, text: string) => ({ place: ['notify', i, key], text });
    const way = wayOf(target);
    if (way === 'mail' && mail === undefined)
      return slip('to', 'is an e-mail address, expected `mail: { host, from }` in the campaign beside it');
    if (target.token !== undefined && way !== 'webhook')
      return slip('token', 'expected only beside the URL of a webhook');
    if (target.unacknowledged_min === undefined) continue;
    const isTold = target.on.includes('held') || notify[i - 1]?.unacknowledged_min !== undefined;
    if (!isTold) return slip('unacknowledged_min', 'expected `held` in `on`: nothing else is acknowledged');
    if (i === notify.length - 1)
      return slip('unacknowledged_min', 'there is no next one to be told, expected another target behind it');
  }
  if (mail === undefined) return undefined;
  if ((mail.user === undefined) !== (mail.password === undefined))
    return { place: ['mail'], text: 'expected user and password, or neither' };
  if (mail.password !== undefined && mail.security === 'none' && !LOOPBACK.test(mail.host))
    return {
      place: ['mail', 'security'],
      text: 'expected tls or starttls beside a password: it could be read',
    };
  return undefined;
}

function isWebhook(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
