import { constants, getPriority, setPriority } from 'node:os';

/** So much nicer are threads that can wait: a third of what one that cannot wait gets, where both want the same core. */
const NICER = 5;

/**
 * Puts the thread that calls it behind those that cannot wait: sampling, and with it a trip, runs in the main thread. For
 * threads that decode or write to disk. Only where a priority belongs to a thread: elsewhere the call would slow down the
 * whole program, sampling too.
 */
export function letOthersGoFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + NICER));
  } catch {
    // A system that does not allow it runs as it would have run without.
  }
}
