import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/** The launcher `cellbench`, put before a program that says which signals reach it. */

const LAUNCHER = new URL('../../../control/program/cellbench.mjs', import.meta.url).pathname;
const PROGRAM = `
const [what, ...rest] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => { console.log('got ' + signal); process.exit(7); });
if (what === 'exit') process.exit(Number(rest[0]));
if (what === 'die') process.kill(process.pid, rest[0]);
console.log('pid ' + process.pid);
setInterval(() => {}, 1000);
`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Lays the launcher out as a checkout (\`main.ts\`) or as an installed package (\`dist/.../main.js\`). */
function layOut(as: 'checkout' | 'package'): string {
  const root = mkdtempSync(join(tmpdir(), 'cellbench-launcher-'));
  folders.push(root);
  const home = as === 'checkout' ? root : join(root, 'node_modules/cellbench');
  mkdirSync(join(home, 'control/program'), { recursive: true });
  mkdirSync(join(home, 'dist/control/program'), { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  const launcher = join(home, 'control/program/cellbench.mjs');
  copyFileSync(LAUNCHER, launcher);
  const [here, elsewhere] = ['control/program/main.ts', 'dist/control/program/main.js'];
  const wrong = "console.log('the wrong one');";
  writeFileSync(join(home, here), as === 'checkout' ? `const typed: number = 1;\n${PROGRAM}` : wrong);
  writeFileSync(join(home, elsewhere), as === 'package' ? PROGRAM : wrong);
  return launcher;
}

/** Starts the launcher; `when` is called with each line that the program prints. */
function launch(
  launcher: string,
  args: readonly string[],
  when?: (line: string, child: ChildProcess) => void,
) {
  return new Promise<{ code: number | null; signal: string | null; out: string }>(resolve => {
    const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    const take = (text: string): void => {
      out += text;
      when?.(text, child);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('close', (code, signal) => resolve({ code, signal, out }));
  });
}

describe.each(['checkout', 'package'] as const)('cellbench in a %s', layout => {
  const launcher = layOut(layout);

  it.each([0, 2, 4])('returns the exit code %i of the program', async code => {
    expect(await launch(launcher, ['exit', String(code)])).toEqual({ code, signal: null, out: '' });
  });

  it.each([
    ['SIGKILL', 137],
    ['SIGUSR2', 140],
  ])('returns 128 and the number of the signal that ended the program: %s', async (signal, code) => {
    const { code: found } = await launch(launcher, ['die', signal]);
    expect(found).toBe(code);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('hands %s on as what it is', async signal => {
    const ended = await launch(launcher, ['wait'], (text, child) => {
      if (text.startsWith('pid ')) child.kill(signal);
    });
    expect(ended.out).toMatch(new RegExp(`^pid \\d+\\ngot ${signal}\\n$`));
    expect(ended.code).toBe(7);
  });
});

/** The Nodes of this machine, the first of the search path that is none of the project. */
function nodeOfMachine(): string {
  const path = (process.env['PATH'] ?? '').split(':').filter(folder => !folder.includes('node_modules'));
  return execFileSync('sh', ['-c', 'command -v node || true'], {
    env: { PATH: path.join(':') },
    encoding: 'utf8',
  }).trim();
}

describe('cellbench under the Node of the machine', () => {
  // A name that a Node does not have ends it before the first line: it has to be asked for, not imported by name.
  it('imports by name only what Node 20 has', () => {
    const named = [...readFileSync(LAUNCHER, 'utf8').matchAll(/^import \{([^}]*)\} from '([^']+)'/gm)].map(
      ([, names = '', from]) => `${from}:${names.trim()}`,
    );
    expect(named).toEqual([
      'node:child_process:spawn',
      'node:fs:existsSync',
      'node:os:constants',
      'node:path:dirname, join',
      'node:url:fileURLToPath, pathToFileURL',
    ]);
  });

  it('hands everything to the Node that came with it, or says what is missing', () => {
    const node = nodeOfMachine() || process.execPath;
    const methods = execFileSync(node, [LAUNCHER, 'devices', '--json'], { encoding: 'utf8' });
    expect(JSON.parse(methods)).not.toEqual([]);
  });
});
