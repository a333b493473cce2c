import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { DeviceError } from '../../contract/errors.ts';
import { type CertificateFacts, certificateFacts } from './trust.ts';

/** The certificate by which servers know this user's cellbench: made once (RSA 2048, SHA-256), kept in the user's folder. */
export interface OwnCertificate {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  /** Equal to the URI in the certificate, as servers demand (BadCertificateUriInvalid). */
  readonly applicationUri: string;
  readonly facts: CertificateFacts;
}

const OTHERS = 0o077;
/** So long is a certificate valid that nobody renews by a routine, days. */
const VALID_D = 10 * 365;

/** Where it lies in a user's folder. */
export function ownFiles(folder: string): Pick<OwnCertificate, 'certificateFile' | 'privateKeyFile'> {
  return {
    certificateFile: join(folder, 'own', 'certs', 'cellbench.pem'),
    privateKeyFile: join(folder, 'own', 'private', 'private_key.pem'),
  };
}

/** Reads the certificate, or makes it. Throws `config` where others may read its key, or it says no application URI. */
export async function ownCertificate(
  opcua: typeof import('node-opcua'),
  folder: string,
): Promise<OwnCertificate> {
  const files = ownFiles(folder);
  if (!existsSync(files.certificateFile)) await make(opcua, folder);
  const mode = statSync(files.privateKeyFile).mode & 0o777;
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    const text = `others may read this key (mode ${mode.toString(8)}), expected mode 600 (chmod 600)`;
    throw new DeviceError('config', files.privateKeyFile, text);
  }
  const pem = await readFile(files.certificateFile);
  const uri = /(?:^|, )URI:([^,]+)/.exec(new X509Certificate(pem).subjectAltName ?? '')?.[1];
  if (uri === undefined)
    throw new DeviceError('config', files.certificateFile, 'names no application URI, expected one');
  return { ...files, applicationUri: uri, facts: certificateFacts(pem) };
}

/** Made beside and moved into place: two that make it at once end with the same. */
async function make(opcua: typeof import('node-opcua'), folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = mkdtempSync(join(folder, 'new-'));
  try {
    const manager = new opcua.OPCUACertificateManager({
      rootFolder: draft,
      keySize: 2048,
      disableFileWatchers: true,
    });
    await manager.initialize();
    const host = hostname();
    await manager.createSelfSignedCertificate({
      applicationUri: `urn:${host}:cellbench`,
      dns: [host],
      subject: `/CN=cellbench@${host}`,
      startDate: new Date(),
      validity: VALID_D,
      outputFile: ownFiles(draft).certificateFile,
    });
    await manager.dispose();
    renameSync(join(draft, 'own'), join(folder, 'own'));
  } catch (error) {
    if (!existsSync(ownFiles(folder).certificateFile)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
