import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../control/program/build/schemas.ts';
import { ROOT } from './support/program.ts';

/** The package as somebody gets it who has npm and an empty folder: packed, installed, used. */

const folder = mkdtempSync(join(tmpdir(), 'cellbench-packed-'));
const PACKAGE = join(folder, 'node_modules/cellbench');

/** Runs a command as a person would: with the machine's npm settings, without those of the npm that runs the tests. */
function run(cwd: string, command: string, ...args: string[]): Promise<{ code: number; out: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(npm_(package|lifecycle|command|config_local_prefix)|INIT_CWD|NODE_OPTIONS|NODE_ENV|VITEST)/.test(
          name,
        ),
    ),
  );
  // npm runs the build with the Node that runs these tests.
  env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return new Promise(resolve => {
    execFile(command, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out: `${stdout}${stderr}` });
    });
  });
}

const done = async (cwd: string, command: string, ...args: string[]): Promise<string> => {
  const { code, out } = await run(cwd, command, ...args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code}\n${out}`);
  return out;
};

describe('the packed program in an empty folder', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    await done(ROOT, 'npm', 'pack', '--silent', '--pack-destination', folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const [tarball] = readdirSync(folder).filter(name => name.endsWith('.tgz'));
    await done(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has page, examples and schemas, and nothing that only its makers need', () => {
    for (const name of [
      'dashboards/page/dist/index.html',
      'control/program/main.js',
      'control/program/main.js.map',
    ])
      expect(existsSync(join(PACKAGE, 'dist', name)), name).toBe(true);
    for (const dist of ['dist/dashboards/page/dist', 'dist/dashboards/workshop/dist']) {
      const page = readFileSync(join(PACKAGE, dist, 'index.html'), 'utf8');
      const scripts = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) => name);
      expect(scripts.length).toBeGreaterThan(1);
      for (const name of scripts) expect(existsSync(join(PACKAGE, dist, name)), name).toBe(true);
    }
    for (const [name, schema] of Object.entries(jsonSchemas())) {
      const published = JSON.parse(readFileSync(join(PACKAGE, 'schemas', name), 'utf8'));
      expect(published, name).toEqual(JSON.parse(JSON.stringify(schema)));
    }
    const left = readdirSync(PACKAGE, { recursive: true, encoding: 'utf8' });
    expect(left.filter(name => /\.tsx?$/.test(name) || name.startsWith('tests'))).toEqual([]);
    for (const name of ['typescript', 'vite', 'vitest', 'preact'])
      expect(existsSync(join(folder, 'node_modules', name)), name).toBe(false);
  });

  it('says what it can do', async () => {
    expect(await done(folder, 'npx', 'cellbench', '--help')).toMatch(
      /cellbench: rehearse and run[\s\S]*--wire[\s\S]*Exit codes/,
    );
  });

  it('explains a built-in method', async () => {
    const args = ['explain', 'capacity-check', '--bench', 'examples/cell-cycling/bench.yaml'];
    expect(await done(folder, 'npx', 'cellbench', ...args)).toMatch(
      /procedure capacity-check[\s\S]*4 down \(cc\): -0\.3333 C \(-rate_C\) = -1\.667 A until cell voltage/,
    );
  });

  it('rehearses its own example, in threads as well, though the folder has no examples', async () => {
    const args = ['rehearse', 'examples/cell-cycling/bench.yaml', 'examples/cell-cycling/cycling.yaml'];
    const { code, out } = await run(
      folder,
      'npx',
      '--no',
      'cellbench',
      ...args,
      '--monte-carlo',
      '2',
      '--out',
      'night',
    );
    expect([0, 1], out).toContain(code);
    expect(readdirSync(join(folder, 'night'))).toEqual(
      expect.arrayContaining(['report.html', 'rehearsal.json', 'result.json', 'run.sqlite']),
    );
    const found = JSON.parse(readFileSync(join(folder, 'night/rehearsal.json'), 'utf8')) as {
      outcome: string;
      monteCarlo: { asked: number; done: number };
    };
    expect(found.outcome).toBe('completed');
    expect(found.monteCarlo).toMatchObject({ asked: 2, done: 2, failed: [] });
  });

  it('passes exit codes on, with a message and no stack', async () => {
    const { code, out } = await run(folder, 'npx', 'cellbench', 'rehearse', 'none.yaml', 'none.yaml');
    expect(code).toBe(2);
    expect(out).toMatch(/none\.yaml: cannot be opened/);
    expect(out).not.toMatch(/\n\s+at /);
  });
});
