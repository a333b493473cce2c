import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DeviceError, plainReason } from '../contract/errors.ts';
import { MODES, type OpcuaAccess, type OpcuaUser, POLICIES } from '../transport/opcua/access.ts';
import { opcuaFolder } from '../transport/opcua/trust.ts';

/** Of an entry of the bench file: how the channel is secured and who we are. Secrets stand elsewhere. */

const secret = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
    z.strictObject({ file: z.string().min(1) }),
  ],
  {
    error:
      'expected { env: NAME_OF_VARIABLE } or { file: path of a file with mode 600 }: a password itself is not taken, the bench file goes into every record',
  },
);

export const securityOption = z
  .union([z.literal('none'), z.strictObject({ policy: z.enum(POLICIES), mode: z.enum(MODES) })], {
    error: `expected none, or { policy: ${POLICIES.join(' | ')}, mode: ${MODES.join(' | ')} }`,
  })
  .default('none')
  .meta({
    description: 'none (only on a network of its own), or policy and mode; never replaced by another',
  });

const person = z.strictObject({ name: z.string().min(1), password: secret });
const certified = z.strictObject({ certificate: z.string().min(1), key: z.string().min(1) });

// Which of the two it is shows in its keys: so each slip is named where it is.
export const userOption = z
  .record(z.string(), z.unknown())
  .transform((given, context): z.output<typeof person> | z.output<typeof certified> => {
    const result = ('certificate' in given || 'key' in given ? certified : person).safeParse(given);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues)
      context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  })
  .optional()
  .meta({
    description:
      'absent: anonymous; { name, password: { env: NAME } or { file: PATH } }, or { certificate: FILE, key: FILE with mode 600 }',
  });

type Options = {
  readonly security: z.output<typeof securityOption>;
  readonly user?: z.output<typeof userOption>;
};

/** What is wrong with the two together, empty if nothing. */
export function accessSlip({ security, user }: Options): string {
  return user !== undefined && security === 'none'
    ? 'expected a secured channel beside a user ("security"): over an open one the secret could be read'
    : '';
}

/** Reads the secrets. Throws `config` that names the variable or the file, never what is in it. */
export function accessOf({ security, user }: Options, baseDir: string, env = process.env): OpcuaAccess {
  return {
    security,
    folder: opcuaFolder(env),
    ...(user === undefined ? {} : { user: userOf(user, baseDir, env) }),
  };
}

function userOf(user: NonNullable<Options['user']>, baseDir: string, env: NodeJS.ProcessEnv): OpcuaUser {
  if ('certificate' in user) {
    return {
      certificate: derOf(resolve(baseDir, user.certificate)),
      key: read(resolve(baseDir, user.key), 'secret').toString('utf8'),
    };
  }
  const { name, password } = user;
  if ('env' in password) {
    const value = env[password.env] ?? '';
    if (value === '')
      throw new DeviceError('config', password.env, `is empty or not set, expected the password of ${name}`);
    return { name, password: value };
  }
  const path = resolve(baseDir, password.file);
  // The line break at the end is the editor's.
  const value = read(path, 'secret')
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (value === '') throw new DeviceError('config', path, `is empty, expected the password of ${name}`);
  return { name, password: value };
}

/** A certificate, PEM or DER, as it goes over the wire. */
function derOf(path: string): Uint8Array {
  const bytes = read(path);
  try {
    return new X509Certificate(bytes).raw;
  } catch (error) {
    throw new DeviceError('config', path, 'is no certificate, expected one (PEM or DER)', error);
  }
}

const OTHERS = 0o077;

function read(path: string, kind?: 'secret'): Buffer {
  let mode: number;
  let bytes: Buffer;
  try {
    ({ mode } = statSync(path));
    bytes = readFileSync(path);
  } catch (error) {
    throw new DeviceError('config', path, `cannot be opened: ${plainReason(error)}`, error);
  }
  if (kind === 'secret' && process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, '0');
    throw new DeviceError(
      'config',
      path,
      `may be read by others (mode ${octal}), expected mode 600: chmod 600`,
    );
  }
  return bytes;
}
