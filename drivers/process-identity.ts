import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasEnded, isAlive, statOf } from './contract/code/alive.ts';

/** One process for ever: its number may be given to another one later, together with its start time it is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * Start in ticks of the machine since its boot (field 22 of `/proc/<pid>/stat`), and which boot that was; empty where there
   * is no such file.
   */
  readonly processStart: string;
}

/** Who we are. */
export function ourIdentity(): ProcessIdentity {
  return { pid: process.pid, processStart: startOf(process.pid) ?? '' };
}

/** Whether that very process still runs; where the system does not say when it started, one of its number does. */
export function isRunning({ pid, processStart }: ProcessIdentity): boolean {
  if (processStart === '') return isAlive(pid);
  const start = startOf(pid);
  // One that an earlier version of the program has written down says nothing of the boot.
  return start === processStart || (!processStart.includes(' ') && start?.split(' ')[0] === processStart);
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
  if (stat === undefined || hasEnded(stat)) return undefined;
  return [stat[19], bootOf()].filter(word => word !== '').join(' ');
}

let boot: string | undefined;

/** Which boot of the machine this is; empty where it does not say. */
function bootOf(): string {
  if (boot !== undefined) return boot;
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    boot = '';
  }
  return boot;
}
