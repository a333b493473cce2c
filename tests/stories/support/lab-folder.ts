import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openLab } from '../../../control/program/lab/lab.ts';
import type { Lab } from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { processesWith } from '../../support/processes.ts';
import { ROOT, scratchFolder } from './program.ts';

/** A folder of a laboratory with one bench of two cells and short methods, and the lab that is opened on it. */

const clock = realClock();

/** Rests and a charge with a current that some of its figures come from. */
export const SHORT = `method: short
version: 2
doc: a short charge
parameters:
  charge_min: { default: 5, min: 1, max: 100000, doc: length of the charge }
returns: { charge_Ah: up.chargeIn_Ah }
steps:
- { rest: {}, for_min: 2 }
- { cc: { current_A: 0.5 }, id: up, for_min: charge_min, until: cell.voltage_V >= 4.15 }
finally:
- { rest: {}, for_s: 10 }
`;
/** Long enough to be held, and ended by a person. */
export const LONG = `method: long
version: 2
steps:
- { rest: {}, for_h: 1000 }
finally:
- { rest: {}, for_s: 1 }
`;

/** A laboratory for one test file. */
export interface LabFolder {
  readonly path: string;
  readonly lab: Lab;
  write(name: string, text: string): string;
  /** Closes it and ends whatever was started in it. */
  remove(): Promise<void>;
}

/** Makes the folder; `files`: by path below it. */
export async function labFolder(files: Readonly<Record<string, string>>): Promise<LabFolder> {
  const scratch = scratchFolder();
  // What is started inherits it, so that it can be found again.
  const mark = ['CELLBENCH_TEST_LAB', scratch.path] as const;
  process.env[mark[0]] = mark[1];
  const write = (name: string, text: string): string => {
    const path = join(scratch.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const lab = await openLab(scratch.path);
  return {
    path: scratch.path,
    lab,
    write,
    async remove() {
      await lab[Symbol.asyncDispose]();
      for (const pid of processesWith(mark.join('=')))
        try {
          if (pid !== process.pid) process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended.
        }
      await clock.sleep(0.1);
      scratch.remove();
    },
  };
}

/** Copies the bench with two cells into a folder. */
export function withCells(folder: string): void {
  cpSync(join(ROOT, 'examples/two-cells'), join(folder, 'cells'), { recursive: true });
}

/** Waits until something is so. Rejects after two minutes. */
export async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const start_s = clock.now_s();
  while (!(await is())) {
    if (clock.now_s() - start_s > 120) throw new Error(`${what}: not within two minutes`);
    await clock.sleep(0.1);
  }
}
