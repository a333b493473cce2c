import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';

/** The key by which this user's exports are signed: made when first used, never handed out. */
export interface SigningKey {
  readonly key: KeyObject;
  /** The public half as PEM. */
  readonly publicKey: string;
  /** First 16 hex digits of the SHA-256 of the public half (SPKI, DER): what to compare by telephone. */
  readonly id: string;
}

/** Number of a public key: the first 16 hex digits of the SHA-256 of its SPKI, DER. What to compare by telephone. */
export function keyNumber(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

const OTHERS = 0o077;

/** Where the user's key lies: the configuration folder of the user. */
export function keyPath(env: NodeJS.ProcessEnv = process.env): string {
  const config = env['XDG_CONFIG_HOME'] || env['APPDATA'] || join(env['HOME'] || homedir(), '.config');
  return join(config, 'cellbench', 'signing-key.pem');
}

/** Reads the key, or makes it (mode 600). @throws FileError where others may read it, or it is none */
export function signingKey(path = keyPath()): SigningKey {
  if (!existsSync(path)) makeKey(path);
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0) {
    const mode = (statSync(path).mode & 0o777).toString(8);
    throw new FileError(path, 0, `others may read this key (mode ${mode}), expected mode 600 (chmod 600)`);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch (error) {
    throw new FileError(path, 0, `no private key: ${messageOf(error)}, expected an Ed25519 key as PEM`);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new FileError(path, 0, `a key of kind ${key.asymmetricKeyType}, expected an Ed25519 key as PEM`);
  const half = createPublicKey(key);
  return {
    key,
    publicKey: String(half.export({ type: 'spki', format: 'pem' })),
    id: keyNumber(half),
  };
}

/** Two that make it at once end with the same key: a name is linked to one file only. */
function makeKey(path: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    linkSync(draft, path);
    writeFileSync(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
