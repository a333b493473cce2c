import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createLine } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCampaign } from '../../../../../control/campaign/campaign-file.ts';
import type { Notification } from '../../../../../control/campaign/notify/notices.ts';
import { type Send, waysOf } from '../../../../../control/program/campaign/notify/send.ts';

/** The three ways, against a real mail server, a real web server and a real program on this machine. */

const dir = mkdtempSync(join(tmpdir(), 'notify-'));
interface Mail {
  readonly user: string | undefined;
  readonly to: readonly string[];
  readonly text: string;
}
const mails: Mail[] = [];
let refusal: string | undefined;
const smtp = new SMTPServer({
  authOptional: true,
  authMethods: ['PLAIN'],
  allowInsecureAuth: true,
  disableReverseLookup: true,
  onAuth({ username, password }, _, done) {
    if (username === 'lab' && password === 's3cret') done(null, { user: username });
    else done(new Error('wrong password'));
  },
  onRcptTo(_, __, done) {
    done(refusal === undefined ? null : new Error(refusal));
  },
  onData(stream, { user, envelope }, done) {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      text += part;
    });
    stream.on('end', () => {
      mails.push({ user, to: envelope.rcptTo.map(({ address }) => address), text });
      done();
    });
  },
});
const posts: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
let status = 200;
const web: Server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => {
    body += part.toString('utf8');
  });
  request.on('end', () => {
    posts.push({ headers: request.headers, body });
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
});
let mailPort = 0;
let webPort = 0;
beforeAll(async () => {
  await new Promise<void>(done => smtp.listen(0, '127.0.0.1', done));
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done));
  mailPort = (smtp.server.address() as AddressInfo).port;
  webPort = (web.address() as AddressInfo).port;
});
afterAll(() => {
  smtp.close();
  web.closeAllConnections();
  web.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  mails.length = 0;
  posts.length = 0;
  refusal = undefined;
  status = 200;
});

const message: Notification = {
  schema: 'cellbench/notification',
  version: 1,
  id: '20260302180000-e12-0',
  campaign: 'c',
  kind: 'held',
  utc: '2026-03-02T18:00:00.000Z',
  run: 'a',
  bench: 'b.yaml',
  subject: 'c: b.yaml is held\r\nBcc: other@example.org',
  text: 'tripped: 85 °C over 80 °C',
};
function wayTo(notify: string, mail = '', env: Record<string, string> = {}, command_ms?: number): Send {
  const server = `mail: { host: 127.0.0.1, port: ${mailPort}, from: bench@example.org, security: none${mail} }`;
  const text = `campaign: c\nversion: 1\nbench: b.yaml\n${server}\nnotify:\n- { on: [ held ], ${notify} }\nruns: [ { run: a, method: m.yaml } ]\n`;
  return waysOf(readCampaign('c.yaml', text), dir, { PATH: process.env['PATH'], ...env }, command_ms)[0];
}
const secret = (mode: number, text = 's3cret\n'): string => {
  const path = join(dir, `secret${mode}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

describe('an e-mail', () => {
  it('goes with its id, once to the one who is named, whatever the subject tries', async () => {
    await wayTo('to: night@example.org')(message);
    expect(mails).toHaveLength(1);
    const [{ to, text, user }] = mails;
    expect([to, user]).toEqual([['night@example.org'], undefined]);
    expect(text).toContain('Message-ID: <20260302180000-e12-0@cellbench>');
    expect(text).toContain('X-Cellbench-ID: 20260302180000-e12-0');
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text).toContain('Run: a');
  });
  it('goes with a password of a file of mode 600; a wrong one is told without the password in it', async () => {
    await wayTo('to: a@example.org', `, user: lab, password: { file: ${secret(0o600)} }`)(message);
    expect(mails[0].user).toBe('lab');
    const wrong = wayTo('to: a@example.org', ', user: lab, password: { env: P }', { P: 'n0tright' })(message);
    await expect(wrong).rejects.toThrow(/Invalid login/);
    await expect(wrong).rejects.not.toThrow(/n0tright/);
    const open = () => wayTo('to: a@example.org', `, user: lab, password: { file: ${secret(0o644)} }`);
    expect(open).toThrow(/^c.yaml:4:\d+: file: ".*secret420" may be read by others \(mode 644\)/);
    expect(() => wayTo('to: a@example.org', ', user: lab, password: { env: P }')).toThrow(
      'P is empty or not set',
    );
  });
  it('that a server refuses, or one whose certificate nobody knows, has not gone', async () => {
    refusal = 'no such mailbox';
    await expect(wayTo('to: a@example.org')(message)).rejects.toThrow('no such mailbox');
    const text = `campaign: c\nversion: 1\nbench: b.yaml\nmail: { host: 127.0.0.1, port: ${mailPort}, from: bench@example.org }\nnotify: [ { on: [ held ], to: a@example.org } ]\nruns: [ { run: a, method: m.yaml } ]\n`;
    const [secured] = waysOf(readCampaign('c.yaml', text), dir, {});
    await expect(secured(message)).rejects.toThrow(/certificate/);
    expect(mails).toEqual([]);
  });
});

describe('a webhook', () => {
  it('gets the message as JSON with its id and the token', async () => {
    const to = `to: "http://127.0.0.1:${webPort}/hook?room=3", token: { env: T }`;
    await wayTo(to, '', { T: 't0ken' })(message);
    expect(JSON.parse(posts[0].body)).toEqual(message);
    expect(posts[0].headers).toMatchObject({
      authorization: 'Bearer t0ken',
      'content-type': 'application/json',
      'idempotency-key': message.id,
    });
  });
  it.each([500, 404, 302])('that answers %d has not taken it; the token goes nowhere else', async code => {
    status = code;
    await expect(wayTo(`to: "http://127.0.0.1:${webPort}/hook"`)(message)).rejects.toThrow('the webhook');
    expect(posts).toHaveLength(1);
  });
  it('that is not there says so in plain words', async () => {
    const line = createLine();
    await new Promise<void>(done => line.listen(0, '127.0.0.1', done));
    const { port } = line.address() as AddressInfo;
    await new Promise(done => line.close(done));
    await expect(wayTo(`to: "http://127.0.0.1:${port}/"`)(message)).rejects.toThrow(
      'the webhook cannot be reached',
    );
  });
});

describe('a command', () => {
  const script = (body: string): string => {
    const path = join(dir, 'tell.sh');
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  it('gets the message on its input and its arguments as they stand: no shell reads them', async () => {
    script(`cat > "${dir}/told.json"; printf %s "$1" > "${dir}/argument"`);
    await wayTo(`to: [ ./tell.sh, "$(touch ${dir}/made) ; a b" ]`)(message);
    expect(JSON.parse(readFileSync(join(dir, 'told.json'), 'utf8'))).toEqual(message);
    expect(readFileSync(join(dir, 'argument'), 'utf8')).toBe(`$(touch ${dir}/made) ; a b`);
    expect(existsSync(join(dir, 'made'))).toBe(false);
  });
  it('that fails has not told it; one that is not there is refused with its line', async () => {
    script('exit 3');
    await expect(wayTo('to: [ ./tell.sh ]')(message)).rejects.toThrow('ended with 3');
    expect(() => wayTo('to: [ ./no-such.sh ]')).toThrow(/^c.yaml:6:\d+: .*"\.\/no-such\.sh" is no program/);
  });

  it.each([
    ['hangs', 'wait', /ended with SIGKILL/],
    ['hangs and takes no notice of its end', 'trap "" TERM INT HUP; wait', /ended with SIGKILL/],
    ['fails', 'exit 3', /ended with 3/],
  ])('that %s leaves nothing of what it has started', async (_, end, says) => {
    const pids = join(dir, 'pids');
    rmSync(pids, { force: true });
    script(`sleep 600 &\necho $! > ${pids}\nsh -c 'sleep 600 & echo $! >> ${pids}; wait' &\necho $! >> ${pids}
while [ $(wc -l < ${pids}) -lt 3 ]; do sleep 0.02; done\n${end}`);
    await expect(wayTo('to: [ ./tell.sh ]', '', {}, 1500)(message)).rejects.toThrow(says);
    const children = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(children).toHaveLength(3);
    await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });
  it('that is done may leave something going on', async () => {
    const pid = join(dir, 'pid');
    script(`sleep 600 > /dev/null 2>&1 &\necho $! > ${pid}`);
    await wayTo('to: [ ./tell.sh ]')(message);
    const siren = Number(readFileSync(pid, 'utf8'));
    expect(isAlive(siren)).toBe(true);
    process.kill(siren, 'SIGKILL');
  });
  it('that is still under way ends with the program', async () => {
    const pid = join(dir, 'pid');
    rmSync(pid, { force: true });
    script(`sleep 600 &\necho $! > ${pid}\nwait`);
    const campaign = join(dir, 'exit.yaml');
    writeFileSync(
      campaign,
      'campaign: c\nversion: 1\nbench: b.yaml\nnotify: [ { on: [ held ], to: [ ./tell.sh ] } ]\nruns: [ { run: a, method: m.yaml } ]\n',
    );
    const of = (path: string) => JSON.stringify(resolve(path));
    const program = `import { existsSync, readFileSync } from 'node:fs';
import { readCampaign } from ${of('control/campaign/campaign-file.ts')};
import { waysOf } from ${of('control/program/campaign/notify/send.ts')};
const [way] = waysOf(readCampaign('c.yaml', readFileSync(${of(campaign)}, 'utf8')), ${of(dir)});
void way(${JSON.stringify(message)}).catch(() => {});
setInterval(() => { if (existsSync(${of(pid)})) process.exit(0); }, 20);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 30_000 });
    const child = Number(readFileSync(pid, 'utf8'));
    await expect.poll(() => isAlive(child), { timeout: 20_000 }).toBe(false);
  });
});

/** Goes on: one that has ended and that nobody has asked for yet does not. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
