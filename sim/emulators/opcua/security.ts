import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { ServerSecurity } from '../../device/opcua/server-security.ts';

/** How the emulated server of a bench is approached: as its bench file says, and in no other way. */

const channel = z.union([
  z.literal('none'),
  z.object({
    policy: z.enum(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']),
    mode: z.enum(['sign', 'signAndEncrypt']),
  }),
]);
const secret = z.union([z.object({ env: z.string() }), z.object({ file: z.string() })]);
const user = z.union([
  z.object({ name: z.string(), password: secret }),
  z.object({ certificate: z.string(), key: z.string() }),
]);

/** Of the options of an OPC UA driver. */
export const accessOptions = { security: channel.default('none'), user: user.optional() };
const schema = z.object(accessOptions);

/**
 * The server that lets this bench in: its policy and mode only, its user only, whose password stands where the bench's does. It
 * takes every client's certificate; its own is the same at each start, so that it is trusted once. Undefined for an
 * open one. @throws RangeError where there is no password
 */
export function securityFor(
  { security, user }: z.infer<typeof schema>,
  baseDir: string,
  env: NodeJS.ProcessEnv = process.env,
): ServerSecurity | undefined {
  if (security === 'none') return undefined;
  return {
    policies: [security.policy],
    modes: [security.mode === 'sign' ? 'Sign' : 'SignAndEncrypt'],
    anonymous: user === undefined,
    users:
      user !== undefined && 'name' in user ? { [user.name]: passwordOf(user.password, baseDir, env) } : {},
    trustsAll: true,
  };
}

function passwordOf(given: z.infer<typeof secret>, baseDir: string, env: NodeJS.ProcessEnv): string {
  if ('env' in given) {
    const value = env[given.env] ?? '';
    if (value === '') throw new RangeError(`${given.env}: is empty or not set, expected the password`);
    return value;
  }
  const path = isAbsolute(given.file) ? given.file : join(baseDir, given.file);
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
