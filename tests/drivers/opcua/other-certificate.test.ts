import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpcuaAccess } from '../../../drivers/transport/opcua/access.ts';
import { channelFor } from '../../../drivers/transport/opcua/channel.ts';
import { prepareOpcuaLibrary } from '../../../drivers/transport/opcua/session.ts';
import { distrust, trust } from '../../../drivers/transport/opcua/trust.ts';
import { serverOf } from './typed-plc.ts';

/** A server whose certificate has been replaced, or has ended: told from one that was never trusted, with what to do. */

const folder = mkdtempSync(join(tmpdir(), 'opcua-user-'));
let server: Awaited<ReturnType<typeof serverOf>>;
let endpoint = '';
const security = { policy: 'Basic256Sha256', mode: 'signAndEncrypt' } as const;
const access: OpcuaAccess = { security, folder };

beforeAll(async () => {
  server = await serverOf([{ node: 's=a', type: 'Double', read: () => 7 }], {
    security: {
      policies: ['Basic256Sha256'],
      modes: ['SignAndEncrypt'],
      anonymous: true,
      users: {},
      trustsAll: true,
    },
  });
  endpoint = `opc.tcp://127.0.0.1:${server.port}`;
}, 120_000);
afterAll(async () => {
  await server?.end();
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(utc_ms = Date.now()): Promise<string> {
  const { opcua, certificates } = await prepareOpcuaLibrary();
  return channelFor(opcua, certificates, { endpoint, access, utc_ms, limit_ms: 5000 }).then(
    () => 'opened',
    (error: Error) => error.message,
  );
}

/** Another certificate of a server that calls itself so. */
async function certificateOf(applicationUri: string): Promise<Uint8Array> {
  const { opcua } = await prepareOpcuaLibrary();
  const rootFolder = join(folder, 'made');
  const manager = new opcua.OPCUACertificateManager({ rootFolder, disableFileWatchers: true });
  await manager.initialize();
  const outputFile = join(rootFolder, 'other.pem');
  const startDate = new Date('2026-01-01');
  const own = { applicationUri, dns: ['plc7'], subject: '/CN=plc7', startDate, validity: 730, outputFile };
  await manager.createSelfSignedCertificate(own);
  await manager.dispose();
  return new X509Certificate(readFileSync(outputFile)).raw;
}

describe('a server', () => {
  it('that shows another certificate than the one that was trusted', async () => {
    const first = await refusal();
    expect(first).toMatch(/its certificate is not trusted yet/);
    const shown = /--thumbprint ([0-9A-F]{64})$/.exec(first)?.[1];
    const stranger = await certificateOf('urn:somebody:else');
    trust(folder, stranger);
    expect(await refusal()).toBe(first);
    trust(folder, await certificateOf(/URI:([^,)]+)/.exec(first)?.[1] ?? ''));
    const text = await refusal();
    expect(text).toMatch(
      /shows another certificate than the one that is trusted for it, "plc7" \(.*SHA-256 [0-9A-F]{64}.*renewed, or somebody else answers there/,
    );
    expect(text).toMatch(new RegExp(`npx cellbench trust ${endpoint} --thumbprint ${shown}$`));
  });

  it('whose certificate has ended', async () => {
    const shown = /--thumbprint ([0-9A-F]{64})$/.exec(await refusal())?.[1] ?? '';
    const { opcua, certificates } = await prepareOpcuaLibrary();
    const { offersOf } = await import('../../../drivers/transport/opcua/endpoints.ts');
    const [{ certificate }] = await offersOf(opcua, certificates, endpoint, 5000);
    trust(folder, new X509Certificate(certificate).raw);
    expect(await refusal()).toBe('opened');
    const text = await refusal(Date.parse('2100-01-01'));
    // The address stands there once.
    expect(text.split(`${endpoint}:`)).toHaveLength(2);
    expect(text).toMatch(/the certificate of the server has ended on .*make a new one there, then trust it/);
    expect(distrust(folder, shown)).toBe(true);
  });
});
