/** What a disk refuses, told from failures of our own. */

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no room on the disk of the lab',
  EDQUOT: 'the quota of the disk of the lab is used up',
  EROFS: 'the disk of the lab can only be read',
  EIO: 'the disk of the lab gives an error',
  EACCES: 'the door has no permission to write in the lab',
  EPERM: 'the door is not permitted to write in the lab',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** In words, without the path; undefined: it is none of the disk. */
export function diskTrouble(error: unknown): { readonly text: string; readonly isFull: boolean } | undefined {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string' || typeof syscall !== 'string' || !Object.hasOwn(WORDS, code))
    return undefined;
  return { text: `${WORDS[code]} (${code})`, isFull: code === 'ENOSPC' || code === 'EDQUOT' };
}
