import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes that carry this entry (`NAME=value`) in their environment, as they inherited it. */
export function processesWith(entry: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(entry);
      } catch {
        // Gone meanwhile, or not ours to read.
        return false;
      }
    });
}
