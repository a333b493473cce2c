import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ownCertificate } from './certificate.ts';
import { ask, movableClock, openedDoor, PASSWORD, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
const now_ms = movableClock().utc_ms();

/** What a socket is sent until it is closed, and after how long, s. */
function talk(port: number, first: string, after?: { readonly every_ms: number; readonly text: string }) {
  const begun = performance.now();
  return new Promise<{ text: string; after_s: number }>(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(first));
    let text = '';
    const drip =
      after === undefined ? undefined : setInterval(() => socket.write(after.text), after.every_ms);
    socket.on('data', data => {
      text += data.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(drip);
      resolve({ text, after_s: (performance.now() - begun) / 1000 });
    });
  });
}

describe('TLS', () => {
  it('opens the door to other machines, with accounts, under the names of the certificate', async () => {
    const tls = await ownCertificate(['bench.lab', '127.0.0.1'], now_ms);
    await using door = await openedDoor({ tls, host: '0.0.0.0' });
    const { server } = door;
    expect(server.url).toBe(`https://bench.lab:${server.port}`);
    expect(server.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const host = `bench.lab:${server.port}`;
    const statusOf = async (headers: Record<string, string>): Promise<number> =>
      (await ask(server, `${API}/me`, { headers })).status;
    expect(await statusOf({ host })).toBe(200);
    expect(await statusOf({ host, origin: `https://${host}` })).toBe(200);
    expect(await statusOf({ host, origin: `http://${host}` })).toBe(403);
    expect(await statusOf({ host: `evil.lab:${server.port}` })).toBe(403);
    expect(await statusOf({ host: `10.0.0.1:${server.port}` })).toBe(403);
    const reply = await ask(server, `${API}/session`, {
      method: 'POST',
      headers: { host },
      body: { name: 'viewer', password: PASSWORD },
    });
    expect(reply.headers['strict-transport-security']).toBe('max-age=15552000');
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^__Host-cellbench-session-\d+=.*; Secure; SameSite=Strict$/,
    );
    const [other] = Object.values(networkInterfaces())
      .flatMap(addresses => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    if (other === undefined) console.log('no other address of this machine: not tried from there');
    else expect(await handshake(other.address, server.port)).toBe('TLSv1.3');
  });

  it('is refused where it would not be safe, or the certificate is none', async () => {
    const tls = await ownCertificate(['bench.lab'], now_ms);
    const other = await ownCertificate(['bench.lab'], now_ms);
    const old = await ownCertificate(['bench.lab'], now_ms - 40 * 86_400_000);
    const cases: [object, string][] = [
      [
        { host: '0.0.0.0' },
        '--host 0.0.0.0: other machines reach it, expected TLS (--tls-cert, --tls-key); or 127.0.0.1',
      ],
      [{ host: '0.0.0.0', tls, withAccounts: false }, 'expected accounts (--add-admin NAME); or 127.0.0.1'],
      [
        { host: '::', withAccounts: false },
        'expected TLS (--tls-cert, --tls-key) and accounts (--add-admin NAME)',
      ],
      [{ tls: { ...tls, key: other.key } }, '--tls-key: is not the key of the certificate'],
      [{ tls: { ...tls, cert: 'x' } }, '--tls-cert: is no certificate, expected PEM'],
      [{ tls: { ...tls, key: 'x' } }, '--tls-key: is no private key, expected PEM without a password'],
      [{ tls: old }, '--tls-cert: was valid until'],
    ];
    for (const [options, text] of cases) await expect(openedDoor(options)).rejects.toThrow(text);
  });
});

function handshake(host: string, port: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('what one may take of the door', () => {
  it('lets nobody keep a connection by sending a byte now and then', async () => {
    await using door = await openedDoor({ crowd: { headers_s: 1, request_s: 2 } });
    const { port } = door.server;
    const token = tokenOf(door.accounts, 'operator');
    const head = `POST ${API}/control HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n`;
    const [headers, body] = await Promise.all([
      talk(port, head, { every_ms: 200, text: 'x: y\r\n' }),
      talk(port, `${head}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`, {
        every_ms: 200,
        text: ' ',
      }),
    ]);
    expect(headers.text).toContain('408');
    expect(headers.after_s).toBeLessThan(4);
    expect(body.text).toContain('408');
    expect(body.after_s).toBeLessThan(5);
  });

  it('turns away more connections of one address than it may have', async () => {
    await using door = await openedDoor({ crowd: { mostEach: 3 } });
    const { port } = door.server;
    const held = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    await Promise.all(held.map(socket => new Promise(resolve => socket.once('connect', resolve))));
    const fourth = await talk(port, `GET ${API}/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    expect(fourth.text).toMatch(/^HTTP\/1.1 503 .*retry-after: 2\r\n.*too many connections/s);
    for (const socket of held) socket.destroy();
    await expect
      .poll(async () => (await ask(door.server, `${API}/health`).catch(() => null))?.status)
      .toBe(200);
  });

  it('refuses what is too long, is no JSON, or is too much at once', async () => {
    await using door = await openedDoor({
      limits: { requests: 20, commands: 3, signIns: 4, signInsOfName: 2 },
    });
    const { server } = door;
    const headers = withToken(tokenOf(door.accounts, 'operator'));
    const post = (body: unknown, more: Record<string, string> = {}) =>
      ask(server, `${API}/control`, { method: 'POST', headers: { ...headers, ...more }, body });
    expect((await post({ reason: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post('{"__proto__":{}}')).status).toBe(400);
    expect((await post({})).status).toBe(200);
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) statuses.push((await ask(server, `${API}/runs`, { headers })).status);
    expect(statuses.slice(0, 10)).not.toContain(429);
    expect(statuses.at(-1)).toBe(429);
    // The stop is counted apart, and other people are let in.
    const stop = await ask(server, `${API}/runs/run-1/commands`, {
      method: 'POST',
      headers,
      body: { command: 'stop' },
    });
    expect(stop.status).toBe(200);
    const other = withToken(tokenOf(door.accounts, 'viewer'));
    expect((await ask(server, `${API}/runs`, { headers: other })).status).toBe(200);
    const signIn = async (name: string): Promise<number> =>
      (await ask(server, `${API}/session`, { method: 'POST', body: { name, password: 'guess' } })).status;
    expect([await signIn('admin'), await signIn('Admin'), await signIn('ADMIN')]).toEqual([401, 401, 429]);
    expect([await signIn('viewer'), await signIn('operator')]).toEqual([401, 429]);
  });

  it('tells browsers what they may', async () => {
    await using door = await openedDoor();
    const headers = withToken(tokenOf(door.accounts, 'viewer'));
    const health = await ask(door.server, `${API}/health`);
    expect(health.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(health.headers['content-security-policy']).toContain("default-src 'self'");
    const report = await ask(door.server, `${API}/runs/run-1/report`, { headers });
    expect(report.headers['content-security-policy']).toContain("default-src 'none'");
    expect(report.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    const file = await ask(door.server, `${API}/runs/run-1/exports/csv/data%2Fcycler.csv`, { headers });
    expect(file.headers['content-disposition']).toBe("attachment; filename*=UTF-8''cycler.csv");
    expect(file.text).toContain('cell.voltage_V');
  });
});
