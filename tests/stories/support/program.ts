import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';

/** The program as a person starts it: a process of its own, its exit code, and what it printed. */

/** Folder of the project; relative paths of the command line start here. */
export const ROOT = new URL('../../..', import.meta.url).pathname;
const MAIN = join(ROOT, 'control/program/main.ts');
const EXAMPLE = join(ROOT, 'examples/pem-500kw');
const LEAST_NODE = 24;
const wall = realClock();

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wall_s: number;
}

/** Runs `control/program/main.ts` with these arguments to its end. Rejects on a Node that cannot run TypeScript as it stands. */
export function cellbench(...args: readonly string[]): Promise<Ended> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < LEAST_NODE) {
    throw new Error(
      `these tests start the program with their own Node, found ${process.version}, expected v${LEAST_NODE} or newer: ` +
        'run them with npm test, or node_modules/.bin/node node_modules/.bin/vitest run',
    );
  }
  return new Promise((resolve, reject) => {
    const start_s = wall.now_s();
    // Options of the test runner's own Node must not reach the program.
    const { NODE_OPTIONS: _options, ...env } = process.env;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr, wall_s: wall.now_s() - start_s });
    });
  });
}

/** A folder of its own for one test file. */
export interface ScratchFolder {
  readonly path: string;
  /** Writes a file into it and gives its path. */
  write(name: string, text: string): string;
  /** Deletes the folder with all in it. */
  remove(): void;
}

/** Makes a folder of its own for one test file. */
export function scratchFolder(): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), 'cellbench-story-'));
  return {
    path,
    write(name, text) {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/**
 * Copies the example bench (bench, method and data files) into a folder and changes one piece of one file.
 * Throws if the piece does not stand there exactly once, so that a case cannot pass without its fault.
 */
export function copyExample(to: string, change?: { file: string; from: string; to: string }): void {
  cpSync(EXAMPLE, to, { recursive: true });
  if (change === undefined) return;
  const path = join(to, change.file);
  const text = readFileSync(path, 'utf8');
  const found = text.split(change.from).length - 1;
  if (found !== 1) throw new Error(`"${change.from}" stands ${found} times in ${change.file}, expected once`);
  writeFileSync(
    path,
    text.replace(change.from, () => change.to),
  );
}

/** Line (from 1) of the first place in a file where a piece of text stands. */
export function lineOf(path: string, piece: string): number {
  const before = readFileSync(path, 'utf8').split(piece);
  if (before.length < 2) throw new Error(`"${piece}" does not stand in ${path}`);
  return before[0].split('\n').length;
}

/** How a run ended, for the message of a failed test rather than for a log. */
export function told(ended: Ended): string {
  return `exit ${ended.code} after ${ended.wall_s.toFixed(1)} s\n${ended.stderr}`;
}

/** Longest wait for one rehearsal, ms: it takes 6 s on a free core, and the machine may not be free. */
export const RUN_TIMEOUT_MS = 180_000;

/** How a process came to its end, and what it said until then. */
export function endOf(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', data => {
    stdout += String(data);
  });
  child.stderr?.on('data', data => {
    stderr += String(data);
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}
