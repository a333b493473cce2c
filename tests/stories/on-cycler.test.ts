import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import { type Bts, btsServer } from '../../sim/device/neware/bts.ts';
import { cellRig } from '../drivers/palmsens/bench.ts';
import { ROOT, type ScratchFolder, scratchFolder } from './support/program.ts';
import { kpiOf, readResult } from './support/run-folder.ts';

/**
 * A method on a cycler as a person lives with it: begun on wires, the controller killed, taken up, begun once more in the same
 * process and ended by Ctrl-C.
 */

const PAGE = '8213';
const METHOD = `method: short
version: 2
record: { every_s: 1 }
steps:
- { rest: {}, for_s: 2 }
- { cc: { current_C: -1/2 }, id: down, for_s: 5 }
- { rest: {}, for_s: 1 }
`;
const MAIN = ['--disable-warning=ExperimentalWarning', 'control/program/main.ts'];
const { NODE_OPTIONS: _options, ...env } = process.env;

let scratch: ScratchFolder;
let emulator: Bts;
let terminal: IPty | undefined;
let printed = '';
let read = 0;

beforeAll(async () => {
  scratch = scratchFolder();
  const clock = realClock();
  const place = { ip: '127.0.0.1', devtype: 27, devid: 21, subdevid: 1, chlid: 1 };
  const file = (path: string): string | undefined =>
    existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  emulator = btsServer({ rig: cellRig(), clock }, { place, subject: 'cell', file });
  await emulator.start();
  const bench = readFileSync(join(ROOT, 'examples/neware/bench.yaml'), 'utf8');
  const at = `host: 127.0.0.1\n      port: ${emulator.port}`;
  scratch.write('bench.yaml', bench.replace('host: 192.168.0.60', at));
  scratch.write('method.yaml', METHOD);
});
afterAll(async () => {
  terminal?.kill('SIGKILL');
  await emulator.end();
  scratch.remove();
});

/** The program at a terminal. */
function start(name: string): { readonly pty: IPty; readonly ended: Promise<number> } {
  const at = (file: string): string => join(scratch.path, file);
  const run = ['--bench', at('bench.yaml'), '--method', at('method.yaml'), '--real', '--accept'];
  const args = [...MAIN, ...run, '--port', PAGE, '--out', at(name)];
  const pty = spawn(process.execPath, args, { cols: 120, rows: 24, cwd: ROOT, env });
  terminal = pty;
  printed = '';
  read = 0;
  pty.onData(text => {
    printed += text;
  });
  return { pty, ended: new Promise(resolve => pty.onExit(({ exitCode }) => resolve(exitCode))) };
}

/** Waits for a text that has not been waited for yet. */
async function see(text: string): Promise<void> {
  await expect
    .poll(() => printed.indexOf(text, read), { timeout: 60_000, message: text })
    .toBeGreaterThan(-1);
  read = printed.indexOf(text, read) + text.length;
}

const ticketFile = (): string => join(scratch.path, 'bench.cycler.program.json');
/** Number of the test on the cycler as it is kept; empty: none. */
function ticketOf(): string {
  if (!existsSync(ticketFile())) return '';
  return (JSON.parse(readFileSync(ticketFile(), 'utf8')) as { test: string }).test;
}

it('is begun, killed, taken up with figures of the whole test, begun again and stopped by Ctrl-C', async () => {
  const killed = start('first');

  await expect.poll(ticketOf, { timeout: 60_000 }).toBe('143');
  killed.pty.kill('SIGKILL');
  await killed.ended;

  const { pty, ended } = start('second');
  await see('was left on the cycler by an earlier run');
  await see('Verdict: completed');
  const out = kpiOf(readResult(join(scratch.path, 'second')), 'charge-out');
  expect(Math.abs((out.value ?? Number.NaN) - (2.5 * 5) / 3600)).toBeLessThan(out.u95 ?? 0);
  expect(out.definition).toMatch(/Readings: the \d+ rows that cycler itself has stored of test 143/);
  expect(existsSync(ticketFile())).toBe(false);

  await see('reset leads to the next run');
  pty.write('reset\r');
  await see('Ready: start runs the same method again');
  pty.write('start\r');
  await expect.poll(ticketOf, { timeout: 60_000 }).toBe('144');
  pty.write('\u0003');
  await see('Verdict: stopped by Ctrl-C');
  await see('The page stays up until Ctrl-C.');
  // Two signals within a quarter of a second are one that was passed on twice.
  await setTimeout(300);
  pty.write('\u0003');
  // Stopped by a person, and proved.
  expect(await ended).toBe(3);
  expect([emulator.channel.state, emulator.test.id]).toEqual(['stopped', 144]);
  const second = kpiOf(readResult(join(scratch.path, 'second-2')), 'charge-out');
  expect(second.definition).toMatch(/rows that cycler itself has stored of test 144/);
  expect(existsSync(ticketFile())).toBe(false);
}, 120_000);
