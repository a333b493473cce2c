import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { trustCommand } from '../../../control/program/commands/opcua/trust.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { opcuaPlc } from '../../../drivers/opcua/plc.ts';
import { noticesOfNone } from '../../../drivers/transport/opcua/channel.ts';
import { datesOf, distrust, opcuaFolder } from '../../../drivers/transport/opcua/trust.ts';
import { deviceOf, fileOf, folder, serverOf } from './typed-plc.ts';

/** Secured channels: the one that is asked for, to a server that is trusted, as a user that it knows. */

// The key is made once per user and machine: some seconds.
const CONFIG = join(tmpdir(), `cellbench-opcua-user-${userInfo().username}`);
vi.stubEnv('XDG_CONFIG_HOME', CONFIG);
const PKI = opcuaFolder();
const SECURE = { policy: 'Basic256Sha256', mode: 'signAndEncrypt' };
const USER = { name: 'bench', password: { env: 'OPCUA_PASSWORD' } };
const NODES = [{ node: 's=a', type: 'Double', read: () => 7 }] as const;
const nodes = fileOf({ channels: ['name: a_V, node: "s=a", range: [0, 10]'] });

type Server = Awaited<ReturnType<typeof serverOf>>;
/** Both ways in; one that takes users only, encrypted; one that trusts no client. */
let both: Server;
let strict: Server;
let wary: Server;
let thumbprint = '';
const open: Device[] = [];
const device = (port: number, more: object): Device => {
  const made = deviceOf(port, nodes, more);
  open.push(made);
  return made;
};
const refusal = async (made: Device): Promise<string> =>
  made.connect().then(
    () => 'connected',
    (error: Error) => error.message,
  );

beforeAll(async () => {
  rmSync(join(PKI, 'trusted'), { recursive: true, force: true });
  const common = { users: { bench: 'right' }, trustsAll: true } as const;
  both = await serverOf(NODES, {
    security: {
      ...common,
      policies: ['None', 'Basic256Sha256'],
      modes: ['None', 'Sign', 'SignAndEncrypt'],
      anonymous: true,
    },
  });
  strict = await serverOf(NODES, {
    security: { ...common, policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'], anonymous: false },
  });
  wary = await serverOf(NODES, {
    security: {
      ...common,
      trustsAll: false,
      policies: ['Basic256Sha256'],
      modes: ['SignAndEncrypt'],
      anonymous: true,
    },
  });
}, 120_000);
afterAll(async () => {
  for (const made of open) await made.close();
  for (const server of [both, strict, wary]) await server?.end();
});

test('a server that nobody has trusted is refused, with what to compare and the command', async () => {
  const made = device(both.port, { security: SECURE });
  await expect(made.connect()).rejects.toMatchObject({ code: 'identity' });
  const text = await refusal(made);
  expect(text).toMatch(
    /its certificate is not trusted yet: ".+" \(.*URI:urn:cellbench:bench-plc:emulator.*\), valid \d{4}-\d\d-\d\d to .*, SHA-256 [0-9A-F]{64}, SHA-1 [0-9A-F]{40}\. .*npx cellbench trust opc\.tcp:/,
  );
  thumbprint = /--thumbprint ([0-9A-F]{64})$/.exec(text)?.[1] ?? '';
  expect(thumbprint).not.toBe('');
});

test('the command trusts the one that was compared, and no other', async () => {
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation(text => void said.push(String(text)));
  const endpoint = `opc.tcp://127.0.0.1:${both.port}`;
  expect(await trustCommand([endpoint])).toBe(1);
  expect(said.join('\n')).toContain(thumbprint);
  await expect(
    trustCommand([endpoint, '--thumbprint', thumbprint.replace(/.$/, c => (c === '0' ? '1' : '0'))]),
  ).rejects.toThrow(/shows no certificate/);
  expect(await refusal(device(both.port, { security: SECURE }))).toMatch(/not trusted yet/);
  expect(await trustCommand([endpoint, '--thumbprint', thumbprint])).toBe(0);
  log.mockRestore();
});

describe('with the certificate trusted', () => {
  test.each(['sign', 'signAndEncrypt'])(
    'the channel is %s, and no other, though None is offered too',
    async mode => {
      const made = device(both.port, { security: { policy: 'Basic256Sha256', mode } });
      await made.connect();
      const frame = await made.read();
      expect([frame.values[0], frame.quality[0]]).toEqual([7, QUALITY.good]);
      expect(made.notices).toEqual([]);
    },
  );

  test('none is told, but of a server on this machine', async () => {
    const made = device(both.port, {});
    await made.connect();
    expect(made.notices).toEqual([]);
    for (const host of ['10.0.0.7', 'plc.lab', 'localhost.lab'])
      expect(noticesOfNone(`opc.tcp://${host}:4840`)).toEqual([
        expect.stringMatching(/NOT SECURED \(security: none\)/),
      ]);
    expect(noticesOfNone('opc.tcp://localhost:4840/x')).toEqual([]);
  });

  test('our own certificate: RSA 2048, SHA-256, its application URI among its names, its key for us alone', () => {
    const certificate = new X509Certificate(readFileSync(join(PKI, 'own/certs/cellbench.pem')));
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(certificate.subjectAltName).toMatch(/URI:urn:[^,]+:cellbench/);
    expect(statSync(join(PKI, 'own/private/private_key.pem')).mode & 0o077).toBe(0);
  });

  test('a user with the right password', async () => {
    vi.stubEnv('OPCUA_PASSWORD', 'right');
    const made = device(strict.port, { security: SECURE, user: USER });
    await made.connect();
    expect((await made.read()).values[0]).toBe(7);
  });

  test('a user by certificate', async () => {
    const user = {
      certificate: join(PKI, 'own/certs/cellbench.pem'),
      key: join(PKI, 'own/private/private_key.pem'),
    };
    const made = device(strict.port, { security: SECURE, user });
    await made.connect();
    expect((await made.read()).values[0]).toBe(7);
  });

  test('a password from a file of mode 600', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'right\n', { mode: 0o600 });
    const user = { name: 'bench', password: { file: 'password' } };
    const made = device(strict.port, { security: SECURE, user });
    await made.connect();
    chmodSync(file, 0o644);
    expect(() => deviceOf(strict.port, nodes, { security: SECURE, user })).toThrow(
      /mode 644.*expected mode 600/,
    );
  });

  test('a password that is wrong when it reconnects is not tried again and again', async () => {
    vi.stubEnv('OPCUA_PASSWORD', 'right');
    const knows = (password: string, port?: number) =>
      serverOf(NODES, {
        port,
        security: {
          users: { bench: password },
          trustsAll: true,
          policies: ['Basic256Sha256'],
          modes: ['SignAndEncrypt'],
          anonymous: false,
        },
      });
    let server = await knows('right');
    try {
      const made = device(server.port, { security: SECURE, user: USER });
      await made.connect();
      const reasons: string[] = [];
      made.onState((_, reason) => reasons.push(reason));
      await server.end();
      server = await knows('another', server.port);
      await expect
        .poll(() => reasons.filter(reason => reason.includes('BadUserAccessDenied')), { timeout: 20_000 })
        .toHaveLength(1);
      expect(reasons.at(-1)).toMatch(/tried again at \d\d:\d\d:\d\d UTC/);
    } finally {
      await server.end();
    }
  }, 40_000);

  test.each([
    [
      'a wrong password',
      'strict',
      { security: SECURE, user: USER },
      /this user may not do that.*name or password wrong.*\(BadUserAccessDenied\)$/,
    ],
    [
      'nobody where a user is needed',
      'strict',
      { security: SECURE },
      /lets nobody without a name in.*Basic256Sha256 signAndEncrypt/,
    ],
    [
      'an open channel where none is',
      'strict',
      {},
      /takes no channel that is not secured.*name one of them as "security"/,
    ],
    [
      'a mode that is not offered',
      'strict',
      { security: { ...SECURE, mode: 'sign' } },
      /does not offer Basic256Sha256 sign, it offers/,
    ],
    [
      'a server that does not know our certificate',
      'wary',
      { security: SECURE },
      /import it there.*our certificate: .*cellbench\.pem/,
    ],
  ] as const)('%s is refused in plain words', async (_what, which, more, words) => {
    vi.stubEnv('OPCUA_PASSWORD', 'wrong');
    const text = await refusal(device(which === 'wary' ? wary.port : strict.port, more));
    expect(text).toMatch(words);
  });

  test('trust can be taken back', async () => {
    expect(distrust(PKI, thumbprint)).toBe(true);
    expect(await refusal(device(both.port, { security: SECURE }))).toMatch(/not trusted yet/);
  });
});

describe('options', () => {
  const parse = (more: object) =>
    opcuaPlc.options.safeParse({ endpoint: 'opc.tcp://plc:4840', nodes: 'n.yaml', ...more });
  test.each([
    [{ security: SECURE, user: { name: 'bench', password: 'secret' } }, /a password itself is not taken/],
    [{ user: USER }, /expected a secured channel beside a user/],
    [{ security: { policy: 'Basic256', mode: 'sign' } }, /expected none, or \{ policy: Basic256Sha256/],
    [{ security: SECURE, user: { certificate: 'a.pem' } }, /key|string/],
  ])('%o is refused', (more, words) => {
    const { error } = parse(more);
    expect(error?.issues[0].message).toMatch(words);
    expect(JSON.stringify(error?.issues)).not.toContain('secret"');
  });
  test('a variable that is not set is told by its name', () => {
    vi.stubEnv('OPCUA_PASSWORD', '');
    expect(() => deviceOf(1, nodes, { security: SECURE, user: USER })).toThrow(
      /OPCUA_PASSWORD: is empty or not set/,
    );
  });
});

test.each([
  ['2026-01-01', {}],
  ['2026-11-15', { ends: 'ends on 2026-12-01, in 16 days' }],
  ['2026-12-02', { wrong: 'has ended on 2026-12-01, today is 2026-12-02' }],
  ['2025-12-31', { wrong: expect.stringMatching(/valid from 2026-01-01 on only/) }],
])('dates of a certificate on %s', (day, said) => {
  const dates = { from_ms: Date.parse('2026-01-01T00:00:00Z'), to_ms: Date.parse('2026-12-01T00:00:00Z') };
  expect(datesOf(dates, Date.parse(`${day}T00:00:00Z`))).toEqual(said);
});
