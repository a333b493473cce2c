import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import { processesWith } from '../../support/processes.ts';
import { ROOT, scratchFolder } from './program.ts';

/** `cellbench serve LAB` as a person starts it, a process of its own, on a folder that a test has filled. */

const clock = realClock();
const OPENS_S = 60;

export interface ServedLab {
  readonly path: string;
  readonly url: string;
  /** Ends the door and whatever was started through it. */
  remove(): Promise<void>;
}

/** Fills a folder (`files`: by path below it; `fill`: anything else), and opens its door. */
export async function servedLab(
  files: Readonly<Record<string, string>>,
  fill: (folder: string) => void,
): Promise<ServedLab> {
  const scratch = scratchFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = join(scratch.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  fill(scratch.path);
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const mark = ['CELLBENCH_TEST_SERVED', scratch.path] as const;
  const main = join(ROOT, 'control/program/main.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, 'serve', scratch.path, '--port=0'],
    { cwd: ROOT, env: { ...env, [mark[0]]: mark[1] }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const remove = async (): Promise<void> => {
    for (const pid of processesWith(mark.join('=')))
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    await clock.sleep(0.2);
    scratch.remove();
  };
  try {
    return { path: scratch.path, url: await urlOf(child), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function urlOf(child: ChildProcess): Promise<string> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const start_s = clock.now_s();
  while (clock.now_s() - start_s < OPENS_S && child.exitCode === null) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    if (url !== undefined) return url;
    await clock.sleep(0.1);
  }
  throw new Error(`cellbench serve did not open its door: ${said}`);
}
