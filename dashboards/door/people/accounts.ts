import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { explain } from '../../refusals.ts';
import { underLock } from './file-lock.ts';
import { hashOfKey } from './keys.ts';
import { keptPasswordSchema } from './password.ts';
import { isAtLeast, KEPT_NAMES, lesser, ROLES, type Who } from './roles.ts';

/** Who may come in: `.cellbench/accounts.json` of the lab, readable by its owner only. */

export const MOST = { accounts: 500, tokensEach: 50, linksEach: 50 } as const;

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
];

/** "Аda" with a Cyrillic A is not to be taken for "Ada"; scripts without look-alikes may stand together. */
function isOfOneScript(name: string): boolean {
  return SCRIPTS.filter(script => script.test(name)).length <= 1;
}

/** Name of a person. */
export const accountNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}_][\p{L}\p{N}_ .@-]{0,58}[\p{L}\p{N}_.-]$|^[\p{L}\p{N}_]$/u,
    'expected 1 to 60 letters, digits, or _ . - @ and blanks between them',
  )
  .refine(isOfOneScript, 'expected letters of one script: another one has letters that look alike')
  .refine(name => !KEPT_NAMES.includes(name.toLowerCase()), 'expected another name: this one has a meaning');
/** Name of a new account: none that is taken for another one, or for a guest, where it stands in the audit. */
export const newAccountNameSchema = accountNameSchema
  .refine(name => !/^guest of /i.test(name), 'expected another name: guests are called so')
  .refine(name => !/ {2}/.test(name), 'expected one blank between words')
  .refine(
    name => name === name.normalize('NFKC') && !/\p{Default_Ignorable_Code_Point}/u.test(name),
    'expected letters as they are usually written: these are taken for others, or for none',
  );
const utc = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const roleSchema = z.enum(ROLES);

const accountSchema = z.strictObject({
  name: accountNameSchema,
  role: roleSchema,
  password: keptPasswordSchema,
  /** Since when this password is in force. */
  sinceUtc: utc,
});
const keySchema = z.strictObject({
  id: z.string(),
  account: z.string(),
  sha256,
  madeUtc: utc,
  untilUtc: utc,
});
const tokenSchema = keySchema.extend({ name: z.string(), role: roleSchema });
const fileSchema = z.strictObject({
  version: z.literal(1),
  accounts: z.array(accountSchema).max(MOST.accounts),
  tokens: z.array(tokenSchema),
  guestLinks: z.array(keySchema),
});
export type Account = Readonly<z.output<typeof accountSchema>>;
export type Token = Readonly<z.output<typeof tokenSchema>>;
export type GuestLink = Readonly<z.output<typeof keySchema>>;
/** All that stands in the file. */
export type AccountsFile = z.output<typeof fileSchema>;

const NOBODY: AccountsFile = { version: 1, accounts: [], tokens: [], guestLinks: [] };

/** Without what an account has given: its tokens and links. */
export function withoutKeysOf(file: AccountsFile, name: string): AccountsFile {
  const isOfOther = (one: { readonly account: string }): boolean => one.account !== name;
  return { ...file, tokens: file.tokens.filter(isOfOther), guestLinks: file.guestLinks.filter(isOfOther) };
}

/** Without the links for guests that an account has given: whoever may give none any more has given none. */
export function withoutLinksOf(file: AccountsFile, name: string): AccountsFile {
  return { ...file, guestLinks: file.guestLinks.filter(({ account }) => account !== name) };
}

/** The accounts of a lab. The file is read again when it has changed, so that whoever is added comes in at once. */
export class Accounts {
  readonly path: string;
  #file: AccountsFile = NOBODY;
  #stamp = '';
  #hadAccounts = false;
  #isLastGood = false;

  /** @throws Error where the file is there and is none, or others may read it */
  constructor(folder: string) {
    this.path = join(folder, '.cellbench', 'accounts.json');
    this.now();
  }

  /** Whether anybody must say who they are: once somebody had to, it stays so until the door is closed. */
  get areThere(): boolean {
    return this.now().accounts.length > 0 || this.#hadAccounts;
  }

  /** What stands in the file now. @throws Error where it cannot be read: then nobody comes in */
  now(): AccountsFile {
    if (this.#isLastGood) return this.#file;
    const stat = statSync(this.path, { throwIfNoEntry: false });
    const stamp = stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs} ${stat.size} ${stat.mode}`;
    if (stamp !== this.#stamp) {
      if (stat === undefined && this.#hadAccounts) throw new Error(`${this.path}: is gone`);
      this.#file = stat === undefined ? NOBODY : this.#read(stat.mode);
      this.#stamp = stamp;
      this.#hadAccounts ||= this.#file.accounts.length > 0;
    }
    return this.#file;
  }

  /** Does something with the file as it was when it could be read last: who leads a bench to its safe state needs no more. */
  asOfLastGood<T>(work: () => T): T {
    this.#isLastGood = true;
    try {
      return work();
    } finally {
      this.#isLastGood = false;
    }
  }

  #read(mode: number): AccountsFile {
    const no = (text: string): Error => new Error(`${this.path}: ${text}`);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw no(`mode ${(mode & 0o777).toString(8)}, expected 600: others may read it (chmod 600)`);
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      throw no(`is no JSON or cannot be read (${error instanceof Error ? error.message : String(error)})`);
    }
    const file = fileSchema.safeParse(content);
    if (!file.success) throw no(explain(file.error));
    return file.data;
  }

  /** The account of this name. */
  of(name: string): Account | undefined {
    return this.now().accounts.find(one => one.name === name);
  }

  /** Writes what `change` makes of what stands there now, whole or not at all; of several processes one after the other. */
  change(change: (file: AccountsFile) => AccountsFile): void {
    underLock(join(dirname(this.path), 'accounts.lock'), () => {
      this.#stamp = 'not read';
      this.#write(fileSchema.parse(change(this.now())));
    });
    this.#stamp = 'not read';
    this.now();
  }

  #write(next: AccountsFile): void {
    const draft = `${this.path}.${process.pid}.part`;
    try {
      writeFileSync(draft, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600, flush: true });
      chmodSync(draft, 0o600);
      renameSync(draft, this.path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  /** Who has this token; undefined: nobody, or not any more. */
  ofToken(key: string, now_ms: number): Who | undefined {
    const hash = hashOfKey(key);
    const { tokens } = this.now();
    const token = tokens.find(one => one.sha256 === hash);
    if (token === undefined || Date.parse(token.untilUtc) <= now_ms) return undefined;
    const account = this.of(token.account);
    if (account === undefined) return undefined;
    const role = lesser(token.role, account.role);
    return { name: account.name, role, by: 'token', csrf: null, guestUntilUtc: null };
  }

  /** Who has this guest's link; undefined: nobody, or not any more. */
  ofGuestLink(key: string, now_ms: number): Who | undefined {
    const hash = hashOfKey(key);
    const link = this.now().guestLinks.find(one => one.sha256 === hash);
    if (link === undefined || Date.parse(link.untilUtc) <= now_ms) return undefined;
    // Who gave it may do so still.
    const account = this.of(link.account);
    if (account === undefined || !isAtLeast(account.role, 'operator')) return undefined;
    return {
      name: `guest of ${account.name}`,
      role: 'viewer',
      by: 'guest',
      csrf: null,
      guestUntilUtc: link.untilUtc,
    };
  }
}
