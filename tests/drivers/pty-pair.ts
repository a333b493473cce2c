import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPtyPair } from '../../sim/pty.ts';

/** Two serial ports joined by a wire: `a` for the driver, `b` for the instrument. */
export interface PtyPair {
  readonly a: string;
  readonly b: string;
  readonly dir: string;
  /** Pulls the adapter: both ports vanish. */
  unplug(): Promise<void>;
}

/** Makes a pair; `dir` of an earlier pair puts the ports back under their old names. */
export async function ptyPair(dir = mkdtempSync(join(tmpdir(), 'pty-'))): Promise<PtyPair> {
  const { bench, instrument, unplug } = await openPtyPair(dir, 'a');
  return { a: bench, b: instrument, dir, unplug };
}
