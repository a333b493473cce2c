import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DashboardServer } from '../../dashboards/server.ts';
import { serveDashboard } from '../../dashboards/server.ts';
import type { FakeRun } from './fake-view.ts';
import { fakeRun } from './fake-view.ts';

let pageDir: string;
let run: FakeRun;
let server: DashboardServer;

beforeAll(() => {
  pageDir = mkdtempSync(join(tmpdir(), 'cellbench-dist-'));
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>page</title>');
});
afterAll(() => rmSync(pageDir, { recursive: true }));
beforeEach(async () => {
  run = fakeRun();
  server = await serveDashboard(run.view, { port: 0, pageDir });
});
afterEach(() => server.close());

/** fetch() does not let us lie about Host and Origin; a hostile page's browser does send them so. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sending = request({ host: '127.0.0.1', port: server.port, path, method, headers }, reply => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

function command(body: unknown, headers: Record<string, string> = {}) {
  return ask('/api/command', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

interface LiveMessage {
  readonly snapshot?: { readonly run: { readonly time_s: number } };
  readonly alive?: boolean;
}

function openLive(): Promise<{ socket: WebSocket; messages: LiveMessage[] }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    const messages: LiveMessage[] = [];
    socket.onmessage = event => {
      messages.push(JSON.parse(String(event.data)));
      resolve({ socket, messages });
    };
    socket.onerror = () => reject(new Error('the live connection was refused'));
  });
}

describe('where it listens', () => {
  it('answers on 127.0.0.1 and on no other address of this machine', async () => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect((await ask('/')).text).toContain('<title>page</title>');
    const others = Object.values(networkInterfaces())
      .flatMap(addresses => addresses ?? [])
      .filter(address => address.family === 'IPv4' && !address.internal)
      .map(address => address.address);
    for (const host of [...others, '127.0.0.2']) {
      await expect(tryConnect(host, server.port), host).resolves.toBe('refused');
    }
  });

  it('takes the next free port and says which', async () => {
    const second = await serveDashboard(run.view, { port: server.port, pageDir });
    try {
      expect(second.port).toBeGreaterThan(server.port);
      expect((await fetch(`${second.url}/api/snapshot`)).status).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('passes over a port that another program holds', async () => {
    const holder = createServer();
    const held = await listen(holder);
    const passed = await serveDashboard(run.view, { port: held, pageDir });
    expect(passed.port).toBeGreaterThan(held);
    await passed.close();
    await new Promise(resolve => holder.close(resolve));
  });

  it('says what is missing when the page is not built', async () => {
    const missing = join(pageDir, 'nowhere');
    await expect(serveDashboard(run.view, { port: 0, pageDir: missing })).rejects.toThrow(
      `dashboard: cannot read the page in ${missing}; expected the output of vite build`,
    );
  });

  it('lets the port go when closed, live connections included', async () => {
    const { socket } = await openLive();
    const closed = new Promise(resolve => {
      socket.onclose = resolve;
    });
    await server.close();
    await closed;
    await expect(tryConnect('127.0.0.1', server.port)).resolves.toBe('refused');
    expect(run.listeners()).toBe(0);
  });
});

describe('what it gives', () => {
  it('hands out snapshot, trend list and history', async () => {
    expect(JSON.parse((await ask('/api/snapshot')).text).run.time_s).toBe(600);
    const trends = JSON.parse((await ask('/api/trends')).text);
    expect(trends.roles).toContain('stack.current_A');
    expect(trends.limits).toEqual([{ role: 'o2.h2_vol_pct', label: 'trip 2.0', value: 2 }]);
    const history = JSON.parse((await ask('/api/history?role=stack.current_A')).text);
    expect(history.t_s).toHaveLength(601);
    expect(history.value[310]).toBeNull();
  });

  it.each([
    ['/api/history', 400, 'history: role: '],
    ['/api/history?role=stack.current_A&x=1', 400, 'history: Unrecognized key: "x"'],
    [
      '/api/history?role=no.such_A',
      404,
      'history: no trend of "no.such_A"; expected one of stack.current_A,',
    ],
    ['/../package.json', 404, 'nothing at'],
    ['/%2e%2e/%2e%2e/package.json', 404, 'nothing at'],
    ['/report', 404, 'There is no report yet: it is written when the run has ended.'],
  ])('%s: %i with one sentence', async (path, status, sentence) => {
    const reply = await ask(path);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text).error).toContain(sentence);
  });

  it('gives the report once it exists, and lets no script run in it', async () => {
    run.finish('<!doctype html><title>report</title>');
    const reply = await ask('/report');
    expect(reply.text).toBe('<!doctype html><title>report</title>');
    expect(reply.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'/,
    );
  });

  it('allows the page nothing but its own origin', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('commands', () => {
  it('passes a command on and says what was decided', async () => {
    expect(JSON.parse((await command({ command: 'stop' })).text)).toEqual({
      accepted: true,
      text: 'heard stop',
    });
    expect(JSON.parse((await command({ command: 'hold' })).text).accepted).toBe(false);
    await command({ command: 'acknowledge', alarm: 'h2-in-o2-trip' });
    expect(run.asked).toEqual([
      { command: 'stop' },
      { command: 'hold' },
      { command: 'acknowledge', alarm: 'h2-in-o2-trip' },
    ]);
  });

  it.each([
    ['unknown word', { command: 'explode' }, 'command: command: Invalid option'],
    ['no command', {}, 'command: command: Invalid option'],
    ['unknown key', { command: 'stop', force: true }, 'Unrecognized key: "force"'],
    ['alarm with stop', { command: 'stop', alarm: 'x' }, 'alarm: only acknowledge takes an alarm'],
    ['not an object', [1], 'command: Invalid input: expected object'],
    ['not JSON', '{"command":', 'JSON'],
  ])('refuses %s with 400, and asks nothing', async (_name, body, sentence) => {
    const reply = await command(body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text).error).toContain(sentence);
    expect(run.asked).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'refuses %s, which a form elsewhere could send without leave',
    async type => {
      expect((await command({ command: 'stop' }, { 'content-type': type })).status).toBe(415);
      expect(run.asked).toEqual([]);
    },
  );

  it('refuses a body that is too long', async () => {
    expect((await command({ command: 'acknowledge', alarm: 'x'.repeat(5000) })).status).toBe(413);
    expect(run.asked).toEqual([]);
  });
});

describe('pages from elsewhere', () => {
  const own = () => `127.0.0.1:${server.port}`;
  it.each<[string, () => Record<string, string>]>([
    ['a foreign origin', () => ({ origin: 'http://evil.example' })],
    ['an opaque origin', () => ({ origin: 'null' })],
    ['another server on this machine', () => ({ origin: 'http://127.0.0.1:1' })],
    ['our name over another scheme', () => ({ origin: `https://${own()}` })],
    ['a rebound name', () => ({ host: `evil.example:${server.port}` })],
    ['a rebound name with its own origin', () => ({ host: 'evil.example', origin: 'http://evil.example' })],
    ['a name that begins like ours', () => ({ host: `127.0.0.1.evil.example:${server.port}` })],
  ])('%s can neither command, nor read, nor listen', async (_name, headers) => {
    expect((await command({ command: 'stop' }, headers())).status).toBe(403);
    expect((await ask('/api/snapshot', { headers: headers() })).status).toBe(403);
    expect(await upgradeStatus(headers())).toBe(403);
    expect(run.asked).toEqual([]);
    expect(run.listeners()).toBe(0);
  });

  it('our own page may, under both names of this machine', async () => {
    for (const host of [own(), `localhost:${server.port}`]) {
      expect((await command({ command: 'stop' }, { host, origin: `http://${host}` })).status).toBe(200);
    }
    expect(await upgradeStatus({ origin: `http://${own()}` })).toBe(101);
  });
});

describe('live', () => {
  it('sends the snapshot at once and each change after it', async () => {
    const { socket, messages } = await openLive();
    expect(messages[0]?.snapshot?.run.time_s).toBe(600);
    run.tick();
    await vi.waitFor(() => expect(newest_s(messages)).toBe(601));
    socket.close();
  });

  it('sends at most ten a second, and the last state always arrives', async () => {
    const { socket, messages } = await openLive();
    const start_ms = performance.now();
    while (performance.now() - start_ms < 500) {
      run.tick();
      await new Promise(resolve => setImmediate(resolve));
    }
    const last_s = run.view.snapshot().run.time_s;
    await vi.waitFor(() => expect(newest_s(messages)).toBe(last_s));
    const length_ms = performance.now() - start_ms;
    expect(last_s).toBeGreaterThan(700);
    expect(messages.length).toBeLessThanOrEqual(Math.ceil(length_ms / 100) + 2);
    socket.close();
  });

  it('sends nothing when told of a change that changed nothing', async () => {
    const { socket, messages } = await openLive();
    run.tellOnly();
    run.tick();
    await vi.waitFor(() => expect(newest_s(messages)).toBe(601));
    expect(messages.filter(message => message.snapshot !== undefined)).toHaveLength(2);
    socket.close();
  });

  it('gives a sign of life while nothing changes', async () => {
    const { socket, messages } = await openLive();
    await vi.waitFor(() => expect(messages.at(-1)).toEqual({ alive: true }), { timeout: 4000 });
    socket.close();
  });

  it('does nothing while nobody looks', async () => {
    run.tick();
    expect(run.listeners()).toBe(0);
    const { socket } = await openLive();
    expect(run.listeners()).toBe(1);
    socket.close();
    await vi.waitFor(() => expect(run.listeners()).toBe(0));
    const made = run.snapshots();
    run.tick();
    expect(run.snapshots()).toBe(made);
  });

  it('passes over a client that does not read: nothing piles up for it, the others go on', async () => {
    const megabyte = 1e6;
    run.pad(2 * megabyte);
    const deaf = await deafClient(server.port);
    const { socket, messages } = await openLive();
    for (let i = 1; i <= 15; i++) {
      run.tick();
      await vi.waitFor(() => expect(newest_s(messages)).toBe(600 + i), { timeout: 5000 });
    }
    socket.close();
    let received = 0;
    let tail = '';
    deaf.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tail = (tail + chunk.toString('latin1')).slice(-100);
    });
    deaf.resume();
    // The next sign of life brings it up to date; what it missed was never kept. The kernel's own buffers
    // hold some megabytes of the first messages (tcp_rmem, tcp_wmem).
    await vi.waitFor(() => expect(tail).toContain('{"alive":true}'), { timeout: 10_000 });
    expect(received).toBeGreaterThan(2 * megabyte);
    expect(received).toBeLessThan(20 * megabyte);
    deaf.destroy();
  }, 30_000);
});

/** Run time of the newest snapshot; signs of life may come after it. */
function newest_s(messages: readonly LiveMessage[]): number | undefined {
  return messages.findLast(message => message.snapshot !== undefined)?.snapshot?.run.time_s;
}

function tryConnect(host: string, port: number): Promise<'connected' | 'refused'> {
  return new Promise(resolve => {
    const socket = connect({ host, port });
    socket.on('connect', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', () => resolve('refused'));
  });
}

/** What the server answers to the upgrade of a WebSocket: 101 is a yes. */
function upgradeStatus(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/live',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    asking.on('upgrade', (_reply, socket) => {
      socket.destroy();
      resolve(101);
    });
    asking.on('response', reply => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}

function listen(holder: Server): Promise<number> {
  return new Promise(resolve => {
    holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port));
  });
}

/** A WebSocket client by hand that upgrades and then never reads again. */
function deafClient(port: number): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', reject);
    socket.once('data', () => {
      socket.pause();
      resolve(socket);
    });
    socket.write(
      `GET /live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
  });
}
