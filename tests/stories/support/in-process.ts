import { format } from 'node:util';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Ended } from './program.ts';

const wall = realClock();

/**
 * The program in the test's own process, which spares a start of Node: for command lines that it refuses before anything is
 * opened. What a process of its own prints and ends with `cellbench()` shows.
 */
export async function refusedHere(...args: readonly string[]): Promise<Ended> {
  const { runProgram } = await import('../../../control/program/program.ts');
  const [log, error] = [console.log, console.error];
  let [stdout, stderr] = ['', ''];
  console.log = (...what: unknown[]) => {
    stdout += `${format(...what)}\n`;
  };
  console.error = (...what: unknown[]) => {
    stderr += `${format(...what)}\n`;
  };
  const start_s = wall.now_s();
  try {
    const code = await runProgram(args);
    return { code, signal: null, stdout, stderr, wall_s: wall.now_s() - start_s };
  } finally {
    [console.log, console.error] = [log, error];
  }
}
