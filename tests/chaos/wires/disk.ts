import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A small disk of its own for a run's folder. */

const SIZE = '48m';
const CHUNK = Buffer.alloc(1 << 16);

/** Mounts a tmpfs on a new folder; false where this machine does not allow it. */
export function mountDisk(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]).status === 0;
}

/** Takes it away again; what was on it is gone. */
export function unmountDisk(folder: string): void {
  spawnSync('umount', ['-l', folder]);
}

/** Fills the disk of a folder to the last byte; the returned function makes room again. */
export function fillDisk(folder: string): () => void {
  const path = join(folder, 'filler');
  const file = openSync(path, 'w');
  for (const size of [CHUNK.length, 512, 1]) {
    try {
      for (;;) writeSync(file, CHUNK, 0, size);
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(file);
  return () => rmSync(path, { force: true });
}
