import { describe, expect, it } from 'vitest';
import { ask, openedDoor, PASSWORD, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';

describe('signing in', () => {
  it('gives a session in a cookie that scripts and other sites do not get', async () => {
    await using door = await openedDoor();
    const reply = await ask(door.server, `${API}/session`, {
      method: 'POST',
      body: { name: 'operator', password: PASSWORD },
    });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ name: 'operator', role: 'operator', csrf: expect.any(String) });
    expect(String(reply.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict$/);
    const me = await ask(door.server, `${API}/me`, { headers: await signedIn(door.server, 'operator') });
    expect(me.json).toMatchObject({ name: 'operator', role: 'operator', withoutAccounts: false });
  });

  it('says the same of a wrong password and of no such account', async () => {
    await using door = await openedDoor();
    const texts = [];
    for (const name of ['operator', 'nobody-there']) {
      const reply = await ask(door.server, `${API}/session`, {
        method: 'POST',
        body: { name, password: 'wrong horse battery' },
      });
      expect(reply.status).toBe(401);
      texts.push(reply.text);
    }
    expect(texts[0]).toBe(texts[1]);
  });

  it('ends by signing out, after 12 h without a word, after 7 days', async () => {
    await using door = await openedDoor();
    const statusOf = async (headers: Record<string, string>) =>
      (await ask(door.server, `${API}/benches`, { headers })).status;
    const out = await signedIn(door.server, 'viewer');
    expect(await statusOf(out)).toBe(200);
    expect((await ask(door.server, `${API}/session`, { method: 'DELETE', headers: out })).status).toBe(200);
    expect(await statusOf(out)).toBe(401);
    const idle = await signedIn(door.server, 'viewer');
    door.clock.later(12 * 3600 + 1);
    expect(await statusOf(idle)).toBe(401);
    const long = await signedIn(door.server, 'viewer');
    for (let half = 0; half < 14; half++) {
      door.clock.later(12 * 3600 - 10);
      expect(await statusOf(long), `half day ${half}`).toBe(200);
    }
    door.clock.later(200);
    expect(await statusOf(long)).toBe(401);
  });
});

describe('a change in a session', () => {
  it('needs the token of this session, not that of one before', async () => {
    await using door = await openedDoor();
    const first = await signedIn(door.server, 'operator');
    const second = await signedIn(door.server, 'operator');
    const take = (headers: Record<string, string>) =>
      ask(door.server, `${API}/control`, { method: 'POST', headers, body: {} });
    const { 'x-csrf-token': _, ...without } = second;
    for (const headers of [without, { ...second, 'x-csrf-token': first['x-csrf-token'] }]) {
      const reply = await take(headers);
      expect(reply.status).toBe(403);
      expect(reply.text).toContain('x-csrf-token');
    }
    expect((await take(second)).status).toBe(200);
  });

  it('is refused out of pages of others, and by other names', async () => {
    await using door = await openedDoor();
    const own = await signedIn(door.server, 'operator');
    const token = tokenOf(door.accounts, 'operator');
    const host = `127.0.0.1:${door.server.port}`;
    const cases: [string, Record<string, string>][] = [
      ['origin', { ...own, origin: 'http://evil.example' }],
      ['other port', { ...own, origin: 'http://127.0.0.1:1' }],
      ['null', { ...own, origin: 'null' }],
      ['rebound', { ...own, host: 'evil.example', origin: 'http://evil.example' }],
      ['fetch metadata', { ...own, 'sec-fetch-site': 'cross-site' }],
      ['same site', { ...own, 'sec-fetch-site': 'same-site' }],
      ['with a token', withToken(token, { host, origin: 'https://evil.example' })],
    ];
    for (const [what, headers] of cases) {
      const reply = await ask(door.server, `${API}/control`, { method: 'POST', headers, body: {} });
      expect([what, reply.status]).toEqual([what, 403]);
    }
    expect((await ask(door.server, `${API}/me`, { headers: { host: 'evil.example' } })).status).toBe(403);
  });
});
