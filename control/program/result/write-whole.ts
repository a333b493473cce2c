import { renameSync, rmSync, writeFileSync } from 'node:fs';

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
