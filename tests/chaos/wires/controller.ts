import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { processesWith } from '../../support/processes.ts';
import { utc_s } from './seen.ts';

/** The program under test, as a person starts it. */

/** How a process came to its end; `code` null: a signal ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly at_s: number;
}

export interface Controller {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly started_s: number;
  /** Everything on stdout and stderr so far. */
  said(): string;
  exit(): Exit | undefined;
  /** Resolves when the process is gone, or undefined after this time. */
  gone(within_s: number): Promise<Exit | undefined>;
  /** Processes that it started and that live on. */
  leftBehind(): readonly number[];
}

/** Name of the variable that every process of one program inherits: by it those left behind are found. */
const MARK = 'CELLBENCH_CHAOS_MARK';
let started = 0;

/** Starts `control/program/main.ts` of a project folder with these arguments, all three pipes ours. */
export function startController(
  root: string,
  args: readonly string[],
  clock: Clock,
  more: NodeJS.ProcessEnv = {},
): Controller {
  const mark = `${process.pid}-${++started}`;
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const main = join(root, 'control/program/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: root,
    env: { ...env, ...more, [MARK]: mark },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  let exit: Exit | undefined;
  child.stdin?.on('error', () => {});
  for (const pipe of [child.stdout, child.stderr])
    pipe?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = new Promise<Exit>(resolve => {
    child.once('exit', (code, signal) => {
      exit = { code, signal, at_s: utc_s(clock) };
      resolve(exit);
    });
  });
  return {
    child,
    pid: child.pid ?? 0,
    started_s: utc_s(clock),
    said: () => said,
    exit: () => exit,
    gone: within_s => Promise.race([ended, clock.sleep(within_s).then(() => exit)]),
    leftBehind: () => processesWith(`${MARK}=${mark}`).filter(pid => pid !== child.pid),
  };
}
