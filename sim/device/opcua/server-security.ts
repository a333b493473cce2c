import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { OPCUACertificateManager, OPCUAServerOptions } from 'node-opcua';

type Library = typeof import('node-opcua');

/** How the server may be approached. Absent in a server: policy None, anonymous. */
export interface ServerSecurity {
  readonly policies: readonly (
    | 'None'
    | 'Basic256Sha256'
    | 'Aes128_Sha256_RsaOaep'
    | 'Aes256_Sha256_RsaPss'
  )[];
  readonly modes: readonly ('None' | 'Sign' | 'SignAndEncrypt')[];
  readonly anonymous: boolean;
  /** Password by name. */
  readonly users: Readonly<Record<string, string>>;
  /** Whether it takes every client's and user's certificate, or, as a PLC in the field, none that nobody has imported. */
  readonly trustsAll: boolean;
}

/** Options of the library for it, and what undoes it. */
export async function serverSecurity(
  opcua: Library,
  security: ServerSecurity | undefined,
): Promise<{ readonly options: OPCUAServerOptions; end(): void }> {
  const { SecurityPolicy, MessageSecurityMode } = opcua;
  const made = await certificateFolder(opcua);
  // What one server came to trust must not be trusted by the next.
  const folder = security === undefined ? made : mkdtempSync(join(tmpdir(), 'cellbench-opcua-'));
  if (security !== undefined) cpSync(join(made, 'own'), join(folder, 'own'), { recursive: true });
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: security?.trustsAll ?? true,
  });
  await certificates.initialize();
  const { policies, modes, anonymous, users }: Omit<ServerSecurity, 'trustsAll'> = security ?? {
    policies: ['None'],
    modes: ['None'],
    anonymous: true,
    users: {},
  };
  return {
    options: {
      ...managers(certificates),
      securityPolicies: policies.map(policy => SecurityPolicy[policy]),
      securityModes: modes.map(mode => MessageSecurityMode[mode]),
      allowAnonymous: anonymous,
      userManager: { isValidUser: (name: string, password: string) => users[name] === password },
    },
    end() {
      if (security !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const managers = (manager: OPCUACertificateManager) => ({
  serverCertificateManager: manager,
  userCertificateManager: manager,
});

/**
 * Key and certificate of the emulated server, made once per user and library version (some seconds the first time).
 * They are made beside and moved into place, so that emulators which start together do not race for the files.
 */
async function certificateFolder(opcua: Library): Promise<string> {
  const folder = join(tmpdir(), `cellbench-opcua-server-${userInfo().username}`);
  if (existsSync(folder)) return folder;
  const fresh = mkdtempSync(`${folder}-`);
  const manager = new opcua.OPCUACertificateManager({ rootFolder: fresh });
  await manager.initialize();
  await manager.dispose();
  try {
    renameSync(fresh, folder);
  } catch {
    // Another emulator was first; its folder serves as well.
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}
