import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../dashboards/door/answers/turns.ts';
import { ask, FAR, type OpenedDoor, openedDoor, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
type Headers = Record<string, string>;

function send(door: OpenedDoor, method: string, path: string, headers: Headers, body?: unknown) {
  return ask(door.server, API + path, { method, headers, ...(body === undefined ? {} : { body }) });
}
const command = (door: OpenedDoor, headers: Headers, name: string, more: object = {}) =>
  send(door, 'POST', '/runs/run-1/commands', headers, { command: name, ...more });

/** Lines of the audit: who, what, which status, which outcome. */
function auditOf(door: OpenedDoor): (readonly [string | null, string, number, string])[] {
  const lines = readFileSync(`${door.folder}/.cellbench/audit.jsonl`, 'utf8').trim().split('\n');
  return lines
    .map(line => JSON.parse(line) as { by: string | null; what: string; status: number; outcome: string })
    .map(({ by, what, status, outcome }) => [by, what, status, outcome] as const);
}

async function guestOf(door: OpenedDoor): Promise<Headers> {
  const link = await send(door, 'POST', '/guest-links', await signedIn(door.server, 'operator'), {
    until_utc: FAR,
  });
  const key = (link.json as { url: string }).url.split('/').at(-1);
  return { cookie: `cellbench-guest-${door.server.port}=${key}` };
}

describe('a stop', () => {
  it('is refused for no count, also when all else is', async () => {
    await using door = await openedDoor({
      limits: { requests: 3, commands: 2, signIns: 9, signInsOfName: 9 },
    });
    const operator = withToken(tokenOf(door.accounts, 'operator'));
    await send(door, 'POST', '/control', operator, {});
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await command(door, operator, 'hold')).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    for (let n = 0; n < 5; n++)
      for (const name of ['stop', 'abort']) expect((await command(door, operator, name)).status).toBe(200);
    const edit = (change: object) =>
      send(door, 'POST', '/campaigns/campaign-1/edits', operator, { change, because: 'x' });
    const edits: number[] = [];
    for (let n = 0; n < 4; n++) edits.push((await edit({ do: 'hold' })).status);
    for (let n = 0; n < 4; n++) edits.push((await edit({ do: 'stop' })).status);
    expect(edits).toEqual([200, 200, 429, 429, 200, 200, 200, 200]);
    expect(auditOf(door).filter(([, , status]) => status === 429)).toHaveLength(1);
  });

  it('is taken whatever else stands there, and says why where somebody says it', async () => {
    await using door = await openedDoor();
    const operator = withToken(tokenOf(door.accounts, 'operator'));
    const bodies = [
      { reason: 'smoke!' },
      { reason: '' },
      { reason: 5, by: 'me' },
      { alarm: 'x', value: null, force: true },
      { reason: `${'x'.repeat(2000)}\u0000\u202e` },
    ];
    for (const more of bodies)
      expect([more, (await command(door, operator, 'stop', more)).status]).toEqual([more, 200]);
    expect((await command(door, operator, 'abort', { reason: 'fire' })).status).toBe(200);
    const asked = door.fake.asked.map(({ of }) => (of as { command: object }).command);
    expect(asked.slice(0, 4)).toEqual([
      { command: 'stop', reason: 'smoke!', by: 'operator' },
      ...Array.from({ length: 3 }, () => ({ command: 'stop', by: 'operator' })),
    ]);
    expect(asked[5]).toEqual({ command: 'abort', reason: 'fire', by: 'operator' });
    const edit = await send(door, 'POST', '/campaigns/campaign-1/edits', operator, {
      change: { do: 'stop', now: true },
      because: 'y'.repeat(500),
      by: 'me',
    });
    expect(edit.status).toBe(200);
    expect(door.fake.asked.at(-1)?.of).toEqual({
      change: { do: 'stop' },
      because: 'y'.repeat(200),
      who: 'operator',
    });
  });

  it('asked twice while it is on its way is one', async () => {
    await using door = await openedDoor();
    const operator = withToken(tokenOf(door.accounts, 'operator'));
    let taken = 0;
    let answer = (): void => {};
    const held = new Promise<void>(resolve => {
      answer = resolve;
    });
    Object.assign(door.fake.lab, {
      command: async () => {
        taken++;
        await held;
        return { accepted: true, text: 'stopping' };
      },
    });
    const all = Array.from({ length: 30 }, () => command(door, operator, 'stop', { reason: 'smoke' }));
    await expect.poll(() => taken).toBe(1);
    // All of them have come in by now.
    for (let n = 0; n < 5; n++) await send(door, 'GET', '/me', operator);
    answer();
    expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true);
    expect(taken).toBe(1);
    await door.server.close();
    const told = auditOf(door).filter(([, what]) => what === 'command');
    expect(told.map(([, , status, outcome]) => [status, outcome])).toEqual([
      [200, 'accepted: stopping'],
      [200, '29 more of these, the last one: accepted: stopping'],
    ]);
  });
});

describe('what is denied', () => {
  it('stands in the audit once a minute, with how often it was asked', async () => {
    await using door = await openedDoor();
    const viewer = withToken(tokenOf(door.accounts, 'viewer'));
    const guest = await guestOf(door);
    const before = auditOf(door).length;
    const start = { bench: 'b', method: 'm', mode: 'twin' };
    for (const who of [viewer, guest])
      for (let n = 0; n < 5; n++) {
        expect((await command(door, who, 'stop')).status).toBe(403);
        expect((await send(door, 'POST', '/control', who, {})).status).toBe(403);
        expect((await send(door, 'POST', '/runs', who, start)).status).toBe(403);
        expect(
          (await send(door, 'POST', '/tokens', who, { name: 't', role: 'viewer', until_utc: FAR })).status,
        ).toBe(403);
      }
    for (let n = 0; n < 5; n++) await send(door, 'DELETE', '/session', guest);
    await door.server.close();
    const told = auditOf(door).slice(before);
    for (const name of ['viewer', 'guest of operator'])
      expect(told.filter(([by]) => by === name).map(([, what, status]) => [what, status])).toEqual([
        ...['command', 'takeControl', 'startRun', 'addToken'].map(what => [what, 403]),
        ...['command', 'takeControl', 'startRun', 'addToken'].map(what => [what, 403]),
      ]);
    expect(told).toHaveLength(16);
    expect(told.at(-1)?.[3]).toContain('4 more of these');
  });
});

it('links of whoever may give none any more are over for good', async () => {
  await using door = await openedDoor();
  const guest = await guestOf(door);
  const admin = await signedIn(door.server, 'admin');
  const role = (role: string) => send(door, 'PATCH', '/accounts/operator', admin, { role });
  const look = async (): Promise<number> => (await send(door, 'GET', '/runs', guest)).status;
  expect(await look()).toBe(200);
  await role('engineer');
  expect(await look()).toBe(200);
  await role('viewer');
  expect(await look()).toBe(401);
  await role('operator');
  expect(await look()).toBe(401);
});

describe('turns', () => {
  /** Runs what is asked for the next turn of the loop when it is told to. */
  function loop() {
    const due: (() => void)[] = [];
    return {
      nextTurn: (call: () => void) => void due.push(call),
      async turn(): Promise<void> {
        due.shift()?.();
        for (let n = 0; n < 5; n++) await Promise.resolve();
      },
    };
  }

  it('go from one to the next, one in each turn of the loop, so many of each', async () => {
    const clock = loop();
    const turns = new Turns(clock, { most: 2, waiting: 4 });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const asked = (who: string, what: string): boolean => {
      const turn = turns.take(who);
      void turn?.then(end => {
        begun.push(what);
        ends.push(end);
      });
      return turn !== undefined;
    };
    expect(['a1', 'a2', 'a3', 'a4', 'a5'].map(what => asked('a', what))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    asked('b', 'b1');
    for (const expected of [['a1'], ['a1', 'b1'], ['a1', 'b1', 'a2'], ['a1', 'b1', 'a2']]) {
      await clock.turn();
      expect(begun).toEqual(expected);
    }
    ends[0]();
    ends[0]();
    await clock.turn();
    await clock.turn();
    expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  });
});

it('many questions of one wait for their turn, too many are told when to come again, a stop waits for nothing', async () => {
  await using door = await openedDoor({
    crowd: { strangersEach: 400, strangers: 400, mostEach: 400, most: 500 },
  });
  const [guest, operator] = [await guestOf(door), withToken(tokenOf(door.accounts, 'operator'))];
  let answer = (): void => {};
  let most = 0;
  let going = 0;
  const held = new Promise<void>(resolve => {
    answer = resolve;
  });
  Object.assign(door.fake.lab, {
    methods: async () => {
      most = Math.max(most, ++going);
      await held;
      going--;
      return [];
    },
  });
  const all = Array.from({ length: 230 }, () => send(door, 'GET', '/methods', guest));
  await expect.poll(() => going).toBe(8);
  expect((await command(door, operator, 'stop')).status).toBe(200);
  expect((await send(door, 'GET', '/runs', operator)).status).toBe(200);
  answer();
  const replies = await Promise.all(all);
  const late = replies.filter(({ status }) => status === 503);
  expect(replies.filter(({ status }) => status === 200).length + late.length).toBe(230);
  expect(late.every(({ headers }) => headers['retry-after'] === '2')).toBe(true);
  expect(most).toBe(8);
});
