import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process for ever: its number may be given to another one later, together with its start time it is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start in ticks of the machine since its boot (field 22 of `/proc/<pid>/stat`); empty where there is no such file. */
  readonly processStart: string;
}

/** Who we are. */
export function ourIdentity(): ProcessIdentity {
  return { pid: process.pid, processStart: startOf(process.pid) ?? '' };
}

/** Whether that very process still runs; where the system does not say when it started, one of its number does. */
export function isRunning({ pid, processStart }: ProcessIdentity): boolean {
  return processStart === '' ? isAlive(pid) : startOf(pid) === processStart;
}

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

/** Who a process is that we have just started and that runs. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, processStart: startOf(pid) ?? '' };
}

let taken: number | undefined;

/** We stand in for a process that has ended: its word is ours from now on. */
export function takeWord(word: number): void {
  taken = word;
}

/** A whole number, 1..2^31-1, that no other process of any machine is likely to have: our word in a PLC. */
export function ourWord(): number {
  if (taken !== undefined) return taken;
  const { pid, processStart } = ourIdentity();
  const text = `${hostname()} ${pid} ${processStart}`;
  return (createHash('sha256').update(text).digest().readUInt32BE(0) & 0x7fffffff) | 1;
}

function startOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return hasEnded(stat) ? undefined : stat?.[19];
}

/** A process that has ended and is not yet forgotten by its parent runs no more. */
function hasEnded(stat: readonly string[] | undefined): boolean {
  return stat?.[0] === 'Z' || stat?.[0] === 'X';
}

/** `/proc/<pid>/stat` from its field 3 on; undefined: no such process, or no such system. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may itself hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
