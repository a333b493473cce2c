import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FileLocked, takeLock } from '../../../dashboards/door/people/file-lock.ts';
import { UsageError } from '../options.ts';

/**
 * One door for a laboratory: two would each have their own one in control. `.cellbench/door.lock` is locked in the kernel
 * while a door is open, and free again when it was killed; `door.json` beside it says which process that is.
 */

const holderSchema = z.object({ pid: z.number(), sinceUtc: z.string(), url: z.string().nullable() });

/** The lock of an open door. */
export interface DoorLock extends Disposable {
  /** Where its page is from now on, for whoever is refused. */
  isAt(url: string): void;
}

/** Takes the door of a lab. @throws UsageError where one is open: which process, and where its page is */
export function takeDoor(folder: string, utc_ms: number): DoorLock {
  const own = join(folder, '.cellbench');
  const saysWho = join(own, 'door.json');
  let lock: Disposable;
  try {
    lock = takeLock(join(own, 'door.lock'), 0);
  } catch (error) {
    if (!(error instanceof FileLocked)) throw error;
    throw new UsageError(
      `${folder}: its door is open already (${whoIn(saysWho)}), expected one for a laboratory`,
    );
  }
  const sinceUtc = new Date(utc_ms).toISOString();
  const say = (url: string | null): void =>
    writeFileSync(saysWho, `${JSON.stringify({ pid: process.pid, sinceUtc, url })}\n`, { mode: 0o600 });
  say(null);
  return {
    isAt: say,
    [Symbol.dispose]: () => {
      rmSync(saysWho, { force: true });
      lock[Symbol.dispose]();
    },
  };
}

function whoIn(path: string): string {
  try {
    const { pid, sinceUtc, url } = holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return `process ${pid} since ${sinceUtc}, ${url === null ? 'its page is not there yet' : `its page: ${url}`}`;
  } catch {
    return 'by a process that does not say who it is';
  }
}
