import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, FAR, type OpenedDoor, openedDoor, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
type Headers = Record<string, string>;

function stop(door: OpenedDoor, headers: Headers) {
  return ask(door.server, `${API}/runs/run-1/commands`, {
    method: 'POST',
    headers,
    body: { command: 'stop' },
  });
}

async function guestOf(door: OpenedDoor): Promise<string> {
  const headers = await signedIn(door.server, 'operator');
  const link = await ask(door.server, `${API}/guest-links`, {
    method: 'POST',
    headers,
    body: { until_utc: FAR },
  });
  const key = (link.json as { url: string }).url.split('/').at(-1);
  return `cookie: cellbench-guest-${door.server.port}=${key}`;
}

interface Kept {
  readonly socket: Socket;
  text(): string;
}

/** Asks on a connection that stays open; what has come on it, and whether it is open still. */
async function kept(door: OpenedDoor, path: string, ...lines: string[]): Promise<Kept> {
  const { port } = door.server;
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write([`GET ${API}${path} HTTP/1.1`, `host: 127.0.0.1:${port}`, ...lines, '', ''].join('\r\n'));
  await expect.poll(() => text !== '' || socket.destroyed).toBe(true);
  return { socket, text: () => text };
}

const LOOK = ['upgrade: websocket', 'connection: upgrade', 'sec-websocket-version: 13'];
const looking = (door: OpenedDoor, who: string) =>
  kept(door, '/live', who, ...LOOK, 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==');

describe('one who keeps many connections', () => {
  it('keeps nobody else out: of him the oldest goes', async () => {
    await using door = await openedDoor({ crowd: { mostEach: 12 } });
    const guest = await guestOf(door);
    const operator = withToken(tokenOf(door.accounts, 'operator'));
    const held: Kept[] = [];
    for (let n = 0; n < 12; n++) held.push(await kept(door, '/runs', guest));
    for (let n = 0; n < 3; n++) expect((await stop(door, operator)).status).toBe(200);
    await expect
      .poll(() => held.filter(({ socket }) => socket.readyState === 'closed').length)
      .toBeLessThan(4);
    expect(held[0].socket.readyState).toBe('closed');
    expect(held[11].socket.readyState).toBe('open');
    for (const { socket } of held) socket.destroy();
  });

  it('has so many at the most, and looks on by fewer', async () => {
    await using door = await openedDoor({ crowd: { mostOfOne: 4, lookingOn: 2 } });
    const guest = await guestOf(door);
    const operator = `authorization: Bearer ${tokenOf(door.accounts, 'operator')}`;
    const looks: Kept[] = [];
    for (let n = 0; n < 4; n++) looks.push(await looking(door, guest));
    const first = ({ text }: { text(): string }): string => text().slice(0, 12);
    expect(looks.map(first)).toEqual(['HTTP/1.1 101', 'HTTP/1.1 101', 'HTTP/1.1 503', 'HTTP/1.1 503']);
    expect(first(await looking(door, operator))).toBe('HTTP/1.1 101');
    const held: Kept[] = [];
    for (let n = 0; n < 4; n++) held.push(await kept(door, '/runs', guest));
    await expect.poll(() => looks.map(({ socket }) => socket.readyState)).toEqual(Array(4).fill('closed'));
    expect(held.map(({ socket }) => socket.readyState)).toEqual(Array(4).fill('open'));
    for (const { socket } of held) socket.destroy();
  });
});

it('100 first questions of one at once are answered, or told when to come again', async () => {
  await using door = await openedDoor();
  const operator = withToken(tokenOf(door.accounts, 'operator'));
  const all = await Promise.all(
    Array.from({ length: 100 }, () => ask(door.server, `${API}/runs`, { headers: operator })),
  );
  for (const { status, headers } of all)
    expect([200, 503]).toContain(headers['retry-after'] === undefined ? status : 503);
  expect(all.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(60);
});
