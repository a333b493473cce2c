import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two serial ports joined by a wire: `a` for the driver, `b` for the instrument. */
export interface PtyPair {
  readonly a: string;
  readonly b: string;
  /** Pulls the adapter: both ports vanish. */
  unplug(): Promise<void>;
}

/** Makes a pair with socat; `dir` of an earlier pair puts the ports back under their old names. */
export async function ptyPair(dir = mkdtempSync(join(tmpdir(), 'pty-'))): Promise<PtyPair & { dir: string }> {
  const a = join(dir, 'a');
  const b = join(dir, 'b');
  const child: ChildProcess = spawn('socat', [`pty,raw,echo=0,link=${a}`, `pty,raw,echo=0,link=${b}`]);
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
  for (let n = 0; !(existsSync(a) && existsSync(b)); n++) {
    if (n > 400) throw new Error('socat made no ports within 4 s');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return {
    a,
    b,
    dir,
    async unplug() {
      child.kill('SIGKILL');
      await ended;
      // Killed, socat leaves its links behind; a pulled adapter does not.
      rmSync(a, { force: true });
      rmSync(b, { force: true });
    },
  };
}
