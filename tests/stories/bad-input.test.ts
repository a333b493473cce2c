import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BAD_COMMANDS } from './support/bad-commands.ts';
import { BAD_BENCHES, BAD_METHODS, type BadInput, layOut, snapshot } from './support/bad-input.ts';
import { BAD_WIND } from './support/bad-wind.ts';
import { refusedHere } from './support/in-process.ts';
import { cellbench, copyExample, type Ended, lineOf, ROOT, scratchFolder } from './support/program.ts';

/** Bad input gives one message with file, line and what was expected; exit code 2; nothing started, nothing left. */

const LONGEST_S = 30;
const scratch = scratchFolder();
afterAll(() => scratch.remove());
let cases = 0;
const nextFolder = (): string => join(scratch.path, `case-${++cases}`);

/** One message for a person: no stack trace, no jargon of the validator, nothing on stdout. */
function expectOneMessage(ended: Ended): string {
  const told = `exit ${ended.code}\nstdout: ${ended.stdout}\nstderr: ${ended.stderr}`;
  expect(ended.code, told).toBe(2);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/^cellbench: \S/);
  expect(ended.stderr.split('cellbench: '), told).toHaveLength(2);
  const message = ended.stderr.slice('cellbench: '.length).trimEnd();
  const [first, ...more] = message.split('\n');
  // A usage error may add where to read on; of a method file the line is shown, marked below.
  expect(
    more.filter(line => line !== 'See npm start -- --help' && !line.startsWith('  ')),
    told,
  ).toEqual([]);
  expect(ended.stderr, 'no stack trace').not.toMatch(/^\s+at |node:internal|file:\/\//m);
  expect(first, 'in words for people').not.toMatch(
    /Invalid input|received|Too (big|small)|ZodError|\[object/,
  );
  return message;
}

/** Each case in this process, and every twentieth in one of its own: both must say the same. */
let tried = 0;
async function refuses(bad: BadInput): Promise<void> {
  const dir = nextFolder();
  const out = join(dir, 'run');
  const { args, where } = layOut(dir, bad);
  const before = snapshot(dir);
  const line = [...args, '--no-serve', '--out', out];
  const ended = await refusedHere(...line);
  if (tried++ % 20 === 0) {
    const { code, stdout, stderr } = await cellbench(...line);
    expect({ code, stdout, stderr }).toEqual({
      code: ended.code,
      stdout: ended.stdout,
      stderr: ended.stderr,
    });
  }
  const message = expectOneMessage(ended);
  expect(message.startsWith(where), `${message}\nexpected to start with ${where}`).toBe(true);
  for (const piece of bad.says) expect(message).toMatch(piece);
  expect(existsSync(out), 'no run folder').toBe(false);
  expect(snapshot(dir)).toEqual(before);
  expect(ended.wall_s).toBeLessThan(LONGEST_S);
}

describe('bench file', () => {
  it.each(BAD_BENCHES)('$what', refuses);
});
describe('method file', () => {
  it.each(BAD_METHODS)('$what', refuses);
});
describe('wind series', () => {
  it.each(BAD_WIND)('$what', refuses);
});
describe('command line', () => {
  it.each(BAD_COMMANDS)('$what', refuses);
});

describe('folder of the run', () => {
  it('holds a run already: nothing is overwritten', async () => {
    const out = nextFolder();
    mkdirSync(out);
    writeFileSync(join(out, 'run.sqlite'), 'the only record of a week');
    const before = snapshot(out);
    const ended = await cellbench('--no-serve', '--out', out);
    const message = expectOneMessage(ended);
    expect(message.startsWith(`${out} `), message).toBe(true);
    expect(message).toMatch(/holds a run already/);
    expect(message).toMatch(/expected a new or empty folder/);
    expect(snapshot(out)).toEqual(before);
    expect(ended.wall_s).toBeLessThan(LONGEST_S);
  });

  it('holds other files', async () => {
    const out = nextFolder();
    mkdirSync(out);
    writeFileSync(join(out, 'notes.txt'), 'notes');
    const before = snapshot(out);
    const message = expectOneMessage(await cellbench('--no-serve', '--out', out));
    expect(message).toBe(
      `${out} holds other files (notes.txt), expected a new or empty folder; nothing is overwritten`,
    );
    expect(snapshot(out)).toEqual(before);
  });

  it('lies where no folder can be made, and the program comes back', async () => {
    const ended = await cellbench('--no-serve', '--out', '/proc/cellbench/run');
    expect(expectOneMessage(ended)).toMatch(/^\/proc\/cellbench\/run: cannot be made: .*expected/);
    expect(ended.wall_s).toBeLessThan(LONGEST_S);
  });

  it('lies below a file', async () => {
    const dir = nextFolder();
    mkdirSync(dir);
    const file = join(dir, 'notes.txt');
    writeFileSync(file, 'notes');
    const out = join(file, 'run');
    const ended = await cellbench('--no-serve', '--out', out);
    const message = expectOneMessage(ended);
    expect(message.startsWith(`${out}: `), message).toBe(true);
    expect(message).toMatch(/cannot be made/);
    expect(message).toMatch(/expected/);
    expect(snapshot(dir)).toEqual({ [file]: Buffer.from('notes').toString('base64') });
  });
});

it('a wire run of a bench with a device that has no emulator: no folder is left', async () => {
  const dir = nextFolder();
  const out = join(dir, 'run');
  mkdirSync(dir);
  // A family of the lab itself: nobody has written an instrument that speaks so.
  copyFileSync(join(ROOT, 'drivers/generic/scpi/keysight-n5700.yaml'), join(dir, 'own.yaml'));
  const own = supplyOnly(5025)
    .replace('driver: ea/psb-10000', 'driver: generic/scpi')
    .replace('host: 127.0.0.1', 'host: 127.0.0.1\n      family: own.yaml\n      model: N8757A');
  writeFileSync(join(dir, 'bench.yaml'), own);
  writeFileSync(join(dir, 'night.yaml'), HOLD);
  const files = ['--bench', join(dir, 'bench.yaml'), '--method', join(dir, 'night.yaml')];
  const { code, stderr } = await cellbench('--wire', ...files, '--no-serve', '--out', out);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/^cellbench: .*supply: .*no emulator speaks as "own\.yaml".*\n$/);
  expect(existsSync(out), 'no run folder').toBe(false);
});

describe('instruments that are not there', () => {
  /** A bench of the supply alone, so that no other device can be the first to fail. */
  async function realRun(dir: string): Promise<string> {
    const out = join(dir, 'run');
    const files = ['--bench', join(dir, 'bench.yaml'), '--method', join(dir, 'night.yaml')];
    const ended = await cellbench('--real', ...files, '--no-serve', '--out', out);
    const message = expectOneMessage(ended);
    expect(existsSync(join(out, 'run.sqlite')), 'no journal of a run that never was').toBe(false);
    expect(existsSync(out), 'no run folder').toBe(false);
    expect(ended.wall_s).toBeLessThan(LONGEST_S);
    return message;
  }

  it('a TCP port where nobody listens', async () => {
    const dir = nextFolder();
    const port = await deadPort();
    mkdirSync(dir);
    writeFileSync(join(dir, 'bench.yaml'), supplyOnly(port));
    writeFileSync(join(dir, 'night.yaml'), HOLD);
    const message = await realRun(dir);
    expect(message).toMatch(/\bsupply\b/);
    expect(message).toContain(`127.0.0.1:${port}`);
    expect(message).toMatch(/nobody answers there \(connection refused\)/);
    expect(message).toMatch(/^supply \(ea\/psb-10000, tcp:/);
    expect(message).toContain(`bench.yaml:${lineOf(join(dir, 'bench.yaml'), '  supply:')}`);
  });

  it('a serial line that does not exist', async () => {
    const dir = nextFolder();
    const tty = join(dir, 'no-such-tty');
    copyExample(dir, {
      file: 'bench.yaml',
      from: 'path: /dev/serial/by-id/usb-cell-rack',
      to: `path: ${tty}`,
    });
    const message = await realRun(dir);
    expect(message).toMatch(/\brack\b/);
    expect(message.split(tty), 'the path once').toHaveLength(2);
    expect(message).toMatch(/no such file|does not exist/i);
    expect(message).not.toMatch(/Error/);
    expect(message).toContain(`bench.yaml:${lineOf(join(dir, 'bench.yaml'), '  rack:')}`);
  });
});

/** A port of this machine that was free a moment ago. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const HOLD = `method: nothing
version: 2
phases:
- name: nothing
  steps:
  - wait: {}
    for_s: 1
finally:
- set: { stack.output_on: off }
`;

function supplyOnly(port: number): string {
  return `bench: supply-only
version: 1
stack:
  name: short stack
  type: pem
  cells: 10
  activeArea_cm2: 1000
  currentNominal_A: 2000
  powerNominal_kW: 40
  pressureMax_barg: 30
devices:
  supply:
    driver: ea/psb-10000
    poll_s: 1
    stale_after_s: 3
    watchdog: { timeout_s: 10 }
    options:
      host: 127.0.0.1
      port: ${port}
      voltageNominal_V: 360
      currentNominal_A: 2400
      powerNominal_W: 600000
roles:
  stack.current_A: supply.current_A
  stack.outputSet_on: supply.outputSet_on
limits:
  stack.outputSet_on: { min: 0, max: 1 }
interlocks:
  - { id: current-high, kind: threshold, role: stack.current_A, trips: '>', limit: 2150, reaction: trip, basis: default }
safeState:
  steps:
    - { device: supply, within_s: 0.3, otherwise: open the DC contactor }
  proof:
    - { role: stack.current_A, is: '<', limit: 5, within_s: 1, otherwise: open the DC contactor }
`;
}
