import { readFileSync } from 'node:fs';

/** True while a process of this number runs on this computer, whoever's it is; not of one that has ended and that its parent has not looked for. */
export function isAlive(pid: number): boolean {
  if (hasEnded(statOf(pid))) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process that has ended and is not yet forgotten by its parent runs no more. */
export function hasEnded(stat: readonly string[] | undefined): boolean {
  return stat?.[0] === 'Z' || stat?.[0] === 'X';
}

/** `/proc/<pid>/stat` from its field 3 on; undefined: no such process, or no such system. */
export function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may itself hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
