import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import { plainReason } from '../../../../drivers/contract/errors.ts';
import type { Campaign, PlacedCampaign } from '../../../campaign/campaign-file.ts';
import type { Notification } from '../../../campaign/notify/notices.ts';
import { wayOf } from '../../../campaign/notify/notify-file.ts';
import { readSecret, type SecretPlace } from '../../../send/secret.ts';

/** The three ways to a person: an e-mail, a webhook, a program. */

/** Sends a message; rejects where it was not taken, in half a minute at most. */
export type Send = (notification: Notification) => Promise<void>;

const MAIL_MS = 20_000;
const WEBHOOK_MS = 15_000;
const COMMAND_MS = 30_000;
const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/**
 * A way to each target of a campaign, with its secrets.
 * `command_ms`: so long a program may take.
 * @throws FileError naming the line of a secret or a program that is not there
 */
export function waysOf(
  yaml: PlacedCampaign,
  baseDir: string,
  env: SecretPlace['env'] = process.env,
  command_ms: number = COMMAND_MS,
): Send[] {
  const { notify, mail } = yaml.value;
  const place: SecretPlace = { baseDir, env, error: (at, text) => yaml.error(at, text) };
  const password =
    mail?.password === undefined
      ? undefined
      : readSecret(mail.password, ['mail', 'password'], 'the mail server', place);
  return notify.map((target, i) => {
    const { to, token } = target;
    if (typeof to !== 'string') {
      const program = programOf(to[0], baseDir, env['PATH'] ?? '');
      if (program === undefined)
        throw yaml.error(
          ['notify', i, 'to', 0],
          `"${to[0]}" is no program here, expected one that can be started`,
        );
      return byCommand(program, to.slice(1), baseDir, command_ms);
    }
    if (wayOf(target) === 'webhook') {
      const secret =
        token === undefined ? undefined : readSecret(token, ['notify', i, 'token'], 'the webhook', place);
      return byWebhook(to, secret);
    }
    if (mail === undefined) throw new RangeError('an e-mail without a mail server');
    return byMail(mail, password, to);
  });
}

function byMail(mail: NonNullable<Campaign['mail']>, password: string | undefined, to: string): Send {
  const { host, security, from, user } = mail;
  const transport = createTransport({
    host,
    port: mail.port ?? PORTS[security],
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    connectionTimeout: MAIL_MS,
    greetingTimeout: MAIL_MS,
    socketTimeout: MAIL_MS,
    dnsTimeout: MAIL_MS,
    // Nothing of a message names a file or an address that would be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ id, kind, subject, text, run, bench, utc }) => {
    const about = [
      `When: ${utc}`,
      run === null ? [] : `Run: ${run}`,
      bench === null ? [] : `Bench: ${bench}`,
    ];
    await transport.sendMail({
      from: { name: 'cellbench', address: from },
      to: { name: '', address: to },
      subject: `[cellbench] ${subject}`,
      text: `${text}\n\n${about.flat().join('\n')}\nMessage: ${id} (the same when it comes twice)\n`,
      messageId: `<${id.replaceAll(/[^A-Za-z0-9.-]/g, '-')}@cellbench>`,
      headers: { 'X-Cellbench-Id': id, 'X-Cellbench-Kind': kind, 'Auto-Submitted': 'auto-generated' },
      ...(kind === 'trip' || kind === 'held' ? { priority: 'high' as const } : {}),
    });
  };
}

function byWebhook(url: string, token: string | undefined): Send {
  return async notification => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': notification.id,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(notification),
      // A token is for the server that is named.
      redirect: 'error',
      signal: AbortSignal.timeout(WEBHOOK_MS),
    }).catch((error: unknown) => {
      throw new Error(`the webhook cannot be reached: ${causeOf(error)}`);
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the webhook answers ${response.status}, expected 200 to 299`);
  };
}

/** It has a process group of its own: one that fails or hangs ends with all that it has started. */
function byCommand(program: string, args: readonly string[], cwd: string, within_ms: number): Send {
  return notification =>
    new Promise((done, failed) => {
      const child = spawn(program, args, {
        cwd,
        shell: false,
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      const { pid } = child;
      if (pid !== undefined) {
        groups.add(pid);
        AbortSignal.timeout(within_ms).addEventListener('abort', () => {
          if (groups.has(pid)) endGroup(pid);
        });
      }
      child.once('error', error => failed(new Error(`the command cannot be started: ${plainReason(error)}`)));
      child.once('exit', (code, signal) => {
        if (code === 0) done();
        else failed(new Error(`the command ended with ${code ?? signal}, expected 0`));
        if (pid === undefined) return;
        // What a command that is done has left going is meant so; of one that is tried again it would pile up.
        if (code !== 0) endGroup(pid);
        groups.delete(pid);
      });
      // One that does not read its input may still succeed.
      child.stdin.on('error', () => {});
      child.stdin.end(`${JSON.stringify(notification)}\n`);
    });
}

/** Process groups of commands that are under way: they end with the program. */
const groups = new Set<number>();
process.once('exit', () => {
  for (const pid of groups) endGroup(pid);
});

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** Where a program lies; undefined: there is none that can be started. */
function programOf(name: string, baseDir: string, path: string): string | undefined {
  const places =
    isAbsolute(name) || name.includes('/')
      ? [resolve(baseDir, name)]
      : path.split(delimiter).map(folder => join(folder, name));
  return places.find(place => {
    try {
      accessSync(place, constants.X_OK);
      return statSync(place).isFile();
    } catch {
      return false;
    }
  });
}

function causeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  return error instanceof Error && error.cause !== undefined ? plainReason(error.cause) : plainReason(error);
}
