import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sinksSchema } from '../../../control/contract/sinks.ts';
import type { SecretPlace } from '../../../control/send/secret.ts';
import { targetsFor } from '../../../control/send/targets.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';

/** The sinks of a bench file: which are sent to, and the secrets that are refused. */

let baseDir: string;
beforeEach(() => {
  baseDir = mkdtempSync(join(tmpdir(), 'sinks-'));
});
afterEach(() => rmSync(baseDir, { recursive: true }));

const place = (env: Record<string, string> = {}): SecretPlace => ({
  baseDir,
  env,
  error: (at, text) => new FileError('bench.yaml', 7, `${at.join('.')}: ${text}`),
});
const spec = (more: object) =>
  sinksSchema.parse({
    lab: { kind: 'influxdb', url: 'http://127.0.0.1:8086', org: 'o', bucket: 'b', ...more },
  });

describe('a run', () => {
  it.each([
    { mode: 'bench', more: {}, buckets: ['b'] },
    { mode: 'rehearsal', more: {}, buckets: [] },
    { mode: 'wire', more: {}, buckets: [] },
    { mode: 'rehearsal', more: { rehearsals: 'try' }, buckets: ['try'] },
    { mode: 'wire', more: { rehearsals: 'try' }, buckets: ['try'] },
    { mode: 'bench', more: { rehearsals: 'try' }, buckets: ['b'] },
  ])('of mode $mode with $more goes to $buckets', ({ mode, more, buckets }) => {
    expect(targetsFor(mode, spec(more), place()).map(target => target.bucket)).toEqual(buckets);
  });
});

describe('a secret', () => {
  const secret = (token: object, env = {}) => targetsFor('bench', spec({ token }), place(env))[0]?.token;
  const file = (mode: number, text: string): object => {
    writeFileSync(join(baseDir, 'token'), text);
    chmodSync(join(baseDir, 'token'), mode);
    return { file: 'token' };
  };

  it('comes from the environment or from a file with mode 600', () => {
    expect(secret({ env: 'T' }, { T: 'abc' })).toBe('abc');
    expect(secret(file(0o600, 'abc==\n'))).toBe('abc==');
    expect(secret(file(0o400, 'abc'))).toBe('abc');
  });

  it.each([0o644, 0o640, 0o604, 0o666, 0o610])('in a file with mode %o is refused', mode => {
    expect(() => secret(file(mode, 'abc'))).toThrow(
      `bench.yaml:7: sinks.lab.token.file: "token" may be read by others (mode ${mode.toString(8)}), expected mode 600`,
    );
  });

  it('that is not there, empty or not one word is refused', () => {
    expect(() => secret({ env: 'T' })).toThrow('sinks.lab.token.env: T is empty or not set');
    expect(() => secret({ file: 'nowhere' })).toThrow('sinks.lab.token.file: "nowhere" cannot be opened');
    expect(() => secret(file(0o600, ' \n'))).toThrow('"token" is empty');
    expect(() => secret(file(0o600, 'a b'))).toThrow('"token" holds blanks or several lines');
  });
});

describe('a bench file', () => {
  it.each([
    { url: 'ftp://x' },
    { url: 'http://user:secret@x' },
    { url: 'http://x/?q=1' },
    { url: 'x' },
    { rehearsals: 'b' },
    { kind: 'influx' },
    { token: 'abc' },
    { token: { env: 'A', file: 'b' } },
    { timeout_s: 0 },
    { bucket: '' },
    { more: 1 },
  ])('with %o is refused', more => {
    expect(() => spec(more)).toThrow();
  });
});
