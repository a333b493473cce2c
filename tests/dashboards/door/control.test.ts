import { describe, expect, it } from 'vitest';
import { ask, FAR, type OpenedDoor, openedDoor, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
type Headers = Record<string, string>;

function send(door: OpenedDoor, method: string, path: string, headers: Headers, body?: unknown) {
  return ask(door.server, API + path, { method, headers, ...(body === undefined ? {} : { body }) });
}
const command = (door: OpenedDoor, headers: Headers, name: string, more: object = {}) =>
  send(door, 'POST', '/runs/run-1/commands', headers, { command: name, ...more });

describe('one in control', () => {
  it('is taken over with a reason only, and whoever had it no longer steers', async () => {
    await using door = await openedDoor();
    const [first, second] = [
      await signedIn(door.server, 'operator'),
      await signedIn(door.server, 'engineer'),
    ];
    const idle = await command(door, first, 'hold');
    expect([idle.status, idle.text]).toEqual([409, expect.stringContaining('nobody is in control')]);
    expect((await send(door, 'POST', '/control', first, {})).json).toMatchObject({
      by: 'operator',
      reason: '',
    });
    expect((await command(door, first, 'hold')).json).toEqual({ accepted: true, text: 'hold it is' });
    const bare = await send(door, 'POST', '/control', second, {});
    expect([bare.status, bare.text]).toEqual([400, expect.stringContaining('operator is in control')]);
    const taken = await send(door, 'POST', '/control', second, { reason: 'shift change' });
    expect(taken.json).toMatchObject({ by: 'engineer', reason: 'shift change' });
    expect((await command(door, first, 'resume')).status).toBe(409);
    expect((await command(door, second, 'resume')).status).toBe(200);
    expect((await send(door, 'DELETE', '/control', first)).status).toBe(409);
    expect((await send(door, 'DELETE', '/control', second)).status).toBe(200);
    expect((await send(door, 'GET', '/control', first)).json).toBeNull();
  });

  it('is free after 15 min without a sign of life, and when its holder may no longer operate', async () => {
    await using door = await openedDoor();
    const operator = await signedIn(door.server, 'operator');
    const admin = await signedIn(door.server, 'admin');
    await send(door, 'POST', '/control', operator, {});
    door.clock.later(14 * 60);
    await send(door, 'GET', '/runs', operator);
    door.clock.later(14 * 60);
    expect((await send(door, 'GET', '/control', admin)).json).toMatchObject({ by: 'operator' });
    door.clock.later(2 * 60);
    expect((await send(door, 'GET', '/control', admin)).json).toBeNull();
    await send(door, 'POST', '/control', operator, {});
    await send(door, 'PATCH', '/accounts/operator', admin, { role: 'viewer' });
    expect((await send(door, 'GET', '/control', admin)).json).toBeNull();
    expect((await command(door, operator, 'stop')).status).toBe(403);
  });

  it('never stands between a person and the stop', async () => {
    await using door = await openedDoor();
    const operator = withToken(tokenOf(door.accounts, 'operator'));
    await send(door, 'POST', '/control', await signedIn(door.server, 'engineer'), {});
    for (const name of ['stop', 'abort']) expect((await command(door, operator, name)).status).toBe(200);
    const edit = await send(door, 'POST', '/campaigns/campaign-1/edits', operator, {
      change: { do: 'stop' },
      because: 'smell of gas',
    });
    expect(edit.status).toBe(200);
    expect(door.fake.asked.map(({ what }) => what)).toEqual(['command', 'command', 'editCampaign']);
    expect((await command(door, withToken(tokenOf(door.accounts, 'viewer')), 'stop')).status).toBe(403);
  });

  it('asks for an engineer for limits, edits, real instruments and new runs of a campaign', async () => {
    await using door = await openedDoor();
    const sent = async (headers: Headers): Promise<number[]> => {
      await send(door, 'POST', '/control', headers, { reason: 'test' });
      const limit = { interlock: 'h2', value: 1, reason: 'safer' };
      const edit = { method: 'own', sha256: 'a'.repeat(64), from: 'b'.repeat(64), reason: 'longer' };
      const replies = [
        await command(door, headers, 'limit', limit),
        await command(door, headers, 'edit', edit),
        await send(door, 'POST', '/runs', headers, { bench: 'b', method: 'm', mode: 'real' }),
        await send(door, 'POST', '/campaigns', headers, { file: 'week', mode: 'real' }),
        await send(door, 'POST', '/campaigns/campaign-1/edits', headers, {
          change: { do: 'add', runs: [] },
          because: 'more',
        }),
      ];
      return replies.map(({ status }) => status);
    };
    expect(await sent(await signedIn(door.server, 'operator'))).toEqual([403, 403, 403, 403, 403]);
    expect(await sent(await signedIn(door.server, 'engineer'))).toEqual([200, 200, 202, 202, 200]);
  });

  it('gives the run the name of the account, and nobody else may be named', async () => {
    await using door = await openedDoor();
    const operator = await signedIn(door.server, 'operator');
    await send(door, 'POST', '/control', operator, {});
    expect((await command(door, operator, 'hold', { by: 'admin' })).status).toBe(400);
    await command(door, operator, 'skip', { reason: 'it is clear' });
    expect(door.fake.asked.at(-1)?.of).toEqual({
      id: 'run-1',
      command: { command: 'skip', reason: 'it is clear', by: 'operator' },
      who: 'operator',
    });
  });
});

describe('guests and tokens', () => {
  it('lets a guest look until the end of the link, and do nothing', async () => {
    await using door = await openedDoor();
    const operator = await signedIn(door.server, 'operator');
    const until_utc = new Date(door.clock.utc_ms() + 3600_000).toISOString();
    const { url, id } = (await send(door, 'POST', '/guest-links', operator, { until_utc })).json as {
      url: string;
      id: string;
    };
    const page = await ask(door.server, new URL(url).pathname);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('url=/')]);
    const guest = { cookie: String(page.headers['set-cookie']).split(';')[0] };
    expect((await send(door, 'GET', '/me', guest)).json).toMatchObject({
      name: 'guest of operator',
      role: 'viewer',
      guestUntilUtc: until_utc,
    });
    expect((await send(door, 'GET', '/runs', guest)).status).toBe(200);
    for (const name of ['stop', 'hold']) expect((await command(door, guest, name)).status).toBe(403);
    const own = await send(door, 'POST', '/tokens', guest, { name: 'x', role: 'viewer', until_utc });
    expect(own.status).toBe(403);
    door.clock.later(3601);
    expect((await send(door, 'GET', '/runs', guest)).status).toBe(401);
    expect((await ask(door.server, new URL(url).pathname)).status).toBe(404);
    const later = new Date(door.clock.utc_ms() + 3600_000).toISOString();
    const second = await send(door, 'POST', '/guest-links', operator, { until_utc: later });
    const key = (second.json as { url: string; id: string }).url.split('/').at(-1);
    expect((await ask(door.server, `/guest/${key}`)).status).toBe(200);
    await send(door, 'DELETE', `/guest-links/${(second.json as { id: string }).id}`, operator);
    expect((await ask(door.server, `/guest/${key}`)).status).toBe(404);
    expect(id).toMatch(/^[0-9a-f]{12}$/);
  });

  it('gives a token no more than its account has, then or later, and keeps its hash only', async () => {
    await using door = await openedDoor();
    const [operator, admin] = [await signedIn(door.server, 'operator'), await signedIn(door.server, 'admin')];
    const add = (role: string) =>
      send(door, 'POST', '/tokens', operator, { name: 'script', role, until_utc: FAR });
    expect((await add('engineer')).status).toBe(403);
    const { token } = (await add('operator')).json as { token: string };
    const headers = withToken(token);
    expect(JSON.stringify(door.accounts.now())).not.toContain(token);
    expect((await send(door, 'POST', '/control', headers, {})).status).toBe(200);
    expect(
      (await send(door, 'POST', '/tokens', headers, { name: 'y', role: 'viewer', until_utc: FAR })).status,
    ).toBe(403);
    await send(door, 'PATCH', '/accounts/operator', admin, { role: 'viewer' });
    expect((await send(door, 'GET', '/me', headers)).json).toMatchObject({ role: 'viewer' });
    await send(door, 'PATCH', '/accounts/operator', admin, { password: 'quite another one' });
    expect((await send(door, 'GET', '/runs', headers)).status).toBe(401);
    expect((await send(door, 'GET', '/runs', operator)).status).toBe(401);
  });

  it('keeps one admin, and tells the same names apart from nobody', async () => {
    await using door = await openedDoor();
    const admin = await signedIn(door.server, 'admin');
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { role: 'viewer' }],
    ] as const)
      expect((await send(door, method, '/accounts/admin', admin, body)).status).toBe(409);
    const twin = { name: 'Operator', role: 'viewer', password: 'correct horse' };
    expect((await send(door, 'POST', '/accounts', admin, twin)).status).toBe(409);
    expect((await send(door, 'POST', '/accounts', admin, { ...twin, name: 'local' })).status).toBe(400);
    expect(
      (await send(door, 'POST', '/accounts', admin, { ...twin, name: 'x', password: 'short' })).status,
    ).toBe(400);
    expect((await send(door, 'DELETE', '/accounts/operator', admin)).status).toBe(200);
    expect((await send(door, 'DELETE', '/accounts/operator', admin)).status).toBe(404);
  });
});

describe('a lab without accounts', () => {
  it('lets whoever is on this machine in, and says so', async () => {
    await using door = await openedDoor({ withAccounts: false });
    expect(door.server.withoutAccounts).toBe(true);
    expect((await send(door, 'GET', '/me', {})).json).toMatchObject({
      name: 'local',
      role: 'admin',
      withoutAccounts: true,
    });
    expect((await command(door, {}, 'hold')).status).toBe(409);
    expect((await send(door, 'POST', '/control', {}, {})).status).toBe(200);
    expect((await command(door, {}, 'hold')).status).toBe(200);
    expect((await send(door, 'POST', '/session', {}, { name: 'a', password: 'b' })).status).toBe(409);
    expect(
      (await send(door, 'POST', '/tokens', {}, { name: 'a', role: 'viewer', until_utc: FAR })).status,
    ).toBe(409);
    const foreign = { host: `127.0.0.1:${door.server.port}`, origin: 'http://evil.example' };
    expect((await command(door, foreign, 'stop')).status).toBe(403);
  });

  it('lets nobody in unnamed from the first account on, even when its file is gone', async () => {
    await using door = await openedDoor({ withAccounts: false });
    tokenOf(door.accounts, 'viewer');
    expect((await send(door, 'GET', '/runs', {})).status).toBe(200);
    await using other = await openedDoor();
    door.accounts.change(() => other.accounts.now());
    expect((await send(door, 'GET', '/runs', {})).status).toBe(401);
    door.accounts.change(file => ({ ...file, accounts: [] }));
    expect((await send(door, 'GET', '/runs', {})).status).toBe(401);
  });
});
