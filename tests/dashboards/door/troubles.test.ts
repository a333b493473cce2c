import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderAskedSchema } from '../../../dashboards/door/lab/order.ts';
import { LabRefusal, nameSchema } from '../../../dashboards/door/lab.ts';
import { accountNameSchema, newAccountNameSchema } from '../../../dashboards/door/people/accounts.ts';
import { ask, openedDoor, PASSWORD, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
const hasIpv6 = Object.values(networkInterfaces()).some(all => all?.some(({ address }) => address === '::1'));

describe('while the accounts cannot be read', () => {
  const TROUBLES: readonly (readonly [string, (path: string, text: string) => void])[] = [
    ['cut', (path, text) => writeFileSync(path, text.slice(0, 200))],
    ['emptied', path => writeFileSync(path, '')],
    ['gone', path => rmSync(path)],
    ['readable by others', path => chmodSync(path, 0o644)],
  ];

  it('whoever was in stops a run, and all else is closed until the file is good again', async () => {
    await using door = await openedDoor();
    const { server, accounts } = door;
    const token = withToken(tokenOf(accounts, 'operator'));
    const viewer = withToken(tokenOf(accounts, 'viewer'));
    const person = await signedIn(server, 'operator');
    const good = readFileSync(accounts.path, 'utf8');
    const command = (headers: Record<string, string>, name: string, path = `${API}/runs/run-1/commands`) =>
      ask(server, path, { method: 'POST', headers, body: { command: name } });
    for (const [what, spoil] of TROUBLES) {
      spoil(accounts.path, good);
      for (const name of ['stop', 'abort'])
        for (const headers of [token, person])
          expect([what, (await command(headers, name)).status]).toEqual([what, 200]);
      expect((await command(person, 'stop', '/run/run-1/api/command')).status, what).toBe(200);
      const edit = (change: object) =>
        ask(server, `${API}/campaigns/campaign-1/edits`, {
          method: 'POST',
          headers: person,
          body: { change, because: 'x' },
        });
      expect((await edit({ do: 'stop' })).status, what).toBe(200);
      const closed = [
        await edit({ do: 'hold' }),
        await command(person, 'hold'),
        await command({}, 'stop'),
        await ask(server, `${API}/runs`, { headers: token }),
        await ask(server, `${API}/me`),
        await ask(server, `${API}/session`, {
          method: 'POST',
          body: { name: 'operator', password: PASSWORD },
        }),
      ];
      expect(
        closed.map(({ status }) => status),
        what,
      ).toEqual([503, 503, 503, 503, 503, 503]);
      expect((await command(viewer, 'stop')).status, what).toBe(403);
      expect((await command(withToken('cb_no'), 'stop')).status, what).toBe(503);
      writeFileSync(accounts.path, good, { mode: 0o600 });
      chmodSync(accounts.path, 0o600);
      expect((await ask(server, `${API}/runs`, { headers: person })).status, what).toBe(200);
    }
  });
});

describe('names', () => {
  it('are refused where a file system would not take them; none makes a 500', {
    timeout: 60_000,
  }, async () => {
    for (const name of ['a'.repeat(201), `x/${'é'.repeat(101)}`, 'a.', 'a ', 'a./b', 'a /b'])
      expect([name, nameSchema.safeParse(name).success]).toEqual([name, false]);
    for (const name of ['a'.repeat(200), 'é'.repeat(100), 'a.b/c d', '運転/1'])
      expect([name, nameSchema.safeParse(name).success]).toEqual([name, true]);
    // One complaint of each, and not the same one twice.
    for (const name of ['', '../etc', 'a.', 'x'.repeat(400)])
      expect(nameSchema.safeParse(name).error?.issues).toHaveLength(1);
    const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.oneof(part, fc.stringMatching(/^[\p{L} .]{1,280}$/u)), name => {
        const isTaken = nameSchema.safeParse(name).success;
        const parts = name.split('/');
        if (isTaken)
          expect(parts.every(one => Buffer.byteLength(one) <= 200 && !/[. ]$/.test(one))).toBe(true);
      }),
      { numRuns: 500 },
    );
    await using door = await openedDoor();
    const headers = withToken(tokenOf(door.accounts, 'admin'));
    await fc.assert(
      fc.asyncProperty(part, async name => {
        for (const path of ['methods/%', 'benches/%', 'runs/%', 'campaigns/%', 'rehearsals/%']) {
          const { status } = await ask(door.server, `${API}/${path.replace('%', encodeURIComponent(name))}`, {
            headers,
          });
          expect(status).toBeLessThan(500);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of people are of one script', () => {
    for (const [name, isOne] of [
      ['Ada', true],
      ['Ада', true],
      ['Αγγελος', true],
      ['運転 Ada 1', true],
      ['Zoë.Müller', true],
      ['Аda', false],
      ['Pαul', false],
    ] as const)
      expect([name, accountNameSchema.safeParse(name).success]).toEqual([name, isOne]);
  });

  it('of new accounts are taken for no guest and for no other account', () => {
    for (const [name, isOne] of [
      ['Ada Min', true],
      ['guest of Ada Min', false],
      ['Guest Of Ada Min', false],
      ['Ada  Min', false],
      ['Ａda', false],
      ['Ada\u115f', false],
      ['guesthouse', true],
    ] as const)
      expect([name, newAccountNameSchema.safeParse(name).success]).toEqual([name, isOne]);
  });

  it('another system calls a run by lines of text that look as they are', () => {
    for (const [word, isOne] of [
      ['J 1 é "a" 運転', true],
      ['a\0b', false],
      ['a\nb', false],
      ['a\u202eb', false],
      ['\ud800', false],
    ] as const)
      for (const order of [{ job: word }, { samples: ['x', word] }, { places: [{ custom: word }] }])
        expect([order, orderAskedSchema.safeParse(order).success]).toEqual([order, isOne]);
  });
});

it('what cannot be done now and can be later says when; a path asked in another way says how it is asked', async () => {
  await using door = await openedDoor();
  const headers = withToken(tokenOf(door.accounts, 'viewer'));
  Object.assign(door.fake.lab, {
    methods: async () => {
      throw new LabRefusal('busy', '64 questions are waiting already, expected another try later');
    },
  });
  const busy = await ask(door.server, '/api/v1/methods', { headers });
  expect([busy.status, busy.headers['retry-after']]).toEqual([503, '2']);
  for (const [method, path, status, allow] of [
    ['POST', '/api/v1/methods', 405, 'GET'],
    ['GET', '/api/v1/runs/x/commands', 405, 'POST'],
    ['PUT', '/api/v1/accounts/x?y=1', 405, 'PATCH, DELETE'],
    ['GET', '/api/v1/nothing', 404, undefined],
  ] as const) {
    const reply = await ask(door.server, path, { method, headers });
    expect([method, path, reply.status, reply.headers['allow']]).toEqual([method, path, status, allow]);
  }
});

it('a disk that takes nothing more is told, in place of a failure of our own', async () => {
  await using door = await openedDoor();
  const person = await signedIn(door.server, 'operator');
  for (const [code, status, words] of [
    ['ENOSPC', 507, 'no room'],
    ['EDQUOT', 507, 'quota'],
    ['EROFS', 503, 'only be read'],
    ['EIO', 503, 'gives an error'],
  ] as const) {
    const full = Object.assign(new Error(`${code}: /srv/lab`), { code, syscall: 'write' });
    door.fake.lab.runs = async () => {
      throw full;
    };
    const reply = await ask(door.server, `${API}/runs`, { headers: person });
    expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(words)]);
    expect(reply.text).not.toContain('/srv');
  }
});

it('connections that say nothing keep nobody out', async () => {
  await using door = await openedDoor({ crowd: { most: 30, mostEach: 30, strangers: 8, strangersEach: 6 } });
  const { port } = door.server;
  const headers = withToken(tokenOf(door.accounts, 'operator'));
  const silent = Array.from({ length: 60 }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume(),
  );
  const stop = () =>
    ask(door.server, `${API}/runs/run-1/commands`, { method: 'POST', headers, body: { command: 'stop' } });
  await expect.poll(async () => (await stop().catch(() => null))?.status).toBe(200);
  expect((await stop()).status).toBe(200);
  await expect
    .poll(() => silent.filter(socket => !socket.destroyed && socket.readyState === 'open').length)
    .toBeLessThan(7);
  for (const socket of silent) socket.destroy();
});

it('what is no request of the door is answered in its form', async () => {
  await using door = await openedDoor();
  const { port } = door.server;
  const said = (text: string): Promise<string> =>
    new Promise(resolve => {
      let got = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', data => {
        got += data.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(got));
    });
  const end = `host: 127.0.0.1:${port}\r\nconnection: close\r\n`;
  for (const [what, text, status] of [
    ['broken address', `GET ${API}/runs/%ff HTTP/1.1\r\n${end}\r\n`, 400],
    ['unknown verb', `WHAT / HTTP/1.1\r\n${end}\r\n`, 400],
    ['verb of others', `PROPFIND / HTTP/1.1\r\n${end}\r\n`, 404],
    ['long headers', `GET / HTTP/1.1\r\n${end}x: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
  ] as const) {
    const got = await said(text);
    expect([what, got.slice(9, 12)]).toEqual([what, String(status)]);
    const body = JSON.parse(got.slice(got.indexOf('\r\n\r\n') + 4)) as object;
    expect([what, Object.keys(body)]).toEqual([what, ['error']]);
    expect(got.toLowerCase()).toContain('x-content-type-options: nosniff');
  }
});

it.runIf(hasIpv6)('the address that is printed is the one that is listened on', async () => {
  await using door = await openedDoor({ host: '::1' });
  expect(door.server.url).toBe(`http://[::1]:${door.server.port}`);
  expect((await fetch(`${door.server.url}${API}/health`)).status).toBe(200);
});
