/** What the computer refuses (no room, no permission, no such folder), told from failures of our own. */

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'is there already',
  EFBIG: 'the file would be larger than files may be here',
  EIO: 'the disk gives an error',
  EISDIR: 'is a folder, expected a file',
  ELOOP: 'the links lead round in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no room on the disk',
  ENOTDIR: 'a part of the path is no folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'not permitted',
  EROFS: 'can only be read here',
  EXDEV: 'lies on another disk',
};

/** SQLite's own words are good; which of its errors are the computer's (https://www.sqlite.org/rescode.html). */
const SQLITE: ReadonlySet<number> = new Set([3, 5, 8, 10, 13, 14]);

/** The trouble in one line; undefined where the error is no refusal of the computer. */
export function systemTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code, message } = error;
  if (code === 'ERR_SQLITE_ERROR') {
    const number = 'errcode' in error ? Number(error.errcode) & 0xff : Number.NaN;
    return SQLITE.has(number) ? `the record: ${message}` : undefined;
  }
  const words = WORDS[String(code)];
  if (words === undefined || !('syscall' in error)) return undefined;
  const path = 'path' in error ? String(error.path) : '';
  const to = 'dest' in error ? ` -> ${String(error.dest)}` : '';
  return `${path}${to}${path === '' ? '' : ': '}${words} (${String(code)})`;
}
