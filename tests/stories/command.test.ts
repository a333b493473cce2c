import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, RUN_TIMEOUT_MS, scratchFolder } from './support/program.ts';

/** The command as `npx cellbench` starts it: a launcher that must pass arguments, exit code and signals on. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

function launch(args: readonly string[], onText: (text: string, pid: number) => void = () => {}) {
  return new Promise<{ code: number | null; out: string }>(resolve => {
    const child = spawn(process.execPath, [join(ROOT, 'control/program/cellbench.mjs'), ...args], {
      cwd: ROOT,
    });
    let out = '';
    const take = (text: string): void => {
      out += text;
      onText(out, child.pid ?? 0);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('close', code => resolve({ code, out }));
  });
}

describe('the command cellbench', { timeout: RUN_TIMEOUT_MS }, () => {
  it('passes arguments and exit code on', async () => {
    const { code, out } = await launch(['rehearse', 'no-such-bench.yaml', 'method.yaml']);
    expect(code).toBe(2);
    expect(out).toMatch(/no-such-bench\.yaml: cannot be opened/);
  });

  it('prints all of it into a pipe that is read late', async () => {
    const command = `"${process.execPath}" control/program/cellbench.mjs methods --json | (sleep 3; cat)`;
    const text = await new Promise<string>((resolve, reject) =>
      execFile('sh', ['-c', command], { cwd: ROOT, maxBuffer: 1e7 }, (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      ),
    );
    // More than a pipe takes at a time.
    expect(text.length).toBeGreaterThan(65_536);
    expect(JSON.parse(text)).toHaveProperty('methods');
  });

  it('a signal to the launcher alone stops the run in order', async () => {
    let isTold = false;
    const out = join(scratch.path, 'stopped');
    const ended = await launch(['--pace', '20', '--no-serve', '--out', out], (text, pid) => {
      if (isTold || !/leak-test/.test(text)) return;
      isTold = true;
      process.kill(pid, 'SIGTERM');
    });
    expect(isTold).toBe(true);
    expect(ended.code, ended.out).toBe(3);
    expect(ended.out).toMatch(/Verdict: stopped/);
  });
});
