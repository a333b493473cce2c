import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Passwords: what is kept is what argon2id makes of them (RFC 9106), never they themselves. */

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/, 'expected base64');
/** What is kept of a password, with what it was made by, so that other parameters can come later. */
export const keptPasswordSchema = z.strictObject({
  algorithm: z.literal('argon2id'),
  memory_KiB: z.number().int().min(8).max(1_048_576),
  passes: z.number().int().min(1).max(100),
  lanes: z.number().int().min(1).max(64),
  salt: base64,
  hash: base64,
});
export type KeptPassword = Readonly<z.output<typeof keptPasswordSchema>>;

export const PASSWORD_CHARACTERS = { least: 10, most: 500 } as const;
/** A password as a person gives it. */
export const passwordSchema = z
  .string()
  .min(PASSWORD_CHARACTERS.least, `expected ${PASSWORD_CHARACTERS.least} characters or more`)
  .max(PASSWORD_CHARACTERS.most, `expected ${PASSWORD_CHARACTERS.most} characters at most`);

/** 19 MiB, 2 passes, 1 lane: what OWASP's Password Storage Cheat Sheet asks of argon2id at least; some 70 ms. */
const PARAMETERS = { memory_KiB: 19_456, passes: 2, lanes: 1 } as const;
const HASH_BYTES = 32;
/** So many are reckoned at once: the cores are for the runs. */
const AT_ONCE = 2;
const MOST_WAITING = 16;

type Parameters = Pick<KeptPassword, 'memory_KiB' | 'passes' | 'lanes'>;

/** Too many passwords are looked at already. */
export class TooBusy extends Error {}

function derived(password: string, salt: Buffer, { memory_KiB, passes, lanes }: Parameters): Promise<Buffer> {
  const options = { message: password.normalize('NFC'), nonce: salt, parallelism: lanes };
  return new Promise((resolve, reject) => {
    argon2('argon2id', { ...options, tagLength: HASH_BYTES, memory: memory_KiB, passes }, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    );
  });
}

/** What is kept of a new password. */
export async function keptOf(password: string): Promise<KeptPassword> {
  const salt = randomBytes(16);
  const hash = await derived(password, salt, PARAMETERS);
  return {
    algorithm: 'argon2id',
    ...PARAMETERS,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  };
}

/** Stands for the password of an account that there is not, so that the answer takes as long. */
const NOBODY: KeptPassword = {
  algorithm: 'argon2id',
  ...PARAMETERS,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(HASH_BYTES).toString('base64'),
};

/** Looks at passwords, a few at a time. */
export class PasswordChecks {
  #now = 0;
  readonly #waiting: (() => void)[] = [];

  /** Whether it is this password; `kept` undefined: there is no such account, which takes as long. @throws TooBusy */
  async isRight(password: string, kept: KeptPassword | undefined): Promise<boolean> {
    if (this.#now >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw new TooBusy();
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    } else this.#now++;
    try {
      const against = kept ?? NOBODY;
      const hash = await derived(password, Buffer.from(against.salt, 'base64'), against);
      const expected = Buffer.from(against.hash, 'base64');
      return hash.length === expected.length && timingSafeEqual(hash, expected) && kept !== undefined;
    } finally {
      // Who waits takes the place; else it is free.
      const next = this.#waiting.shift();
      if (next === undefined) this.#now--;
      else next();
    }
  }
}
