import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { FileError } from '../../../drivers/contract/file-error.ts';

/** Writes a file that is there whole or not at all, also when the disk is full. Throws what the disk says. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.part`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Refuses the name of a file that is there: what a person names is never written over. @throws FileError */
export function refuseIfThere(path: string): void {
  if (existsSync(path))
    throw new FileError(path, 0, 'is there, expected the name of a new file; nothing is overwritten');
}
