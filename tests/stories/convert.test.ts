import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellbench, ROOT, scratchFolder, told } from './support/program.ts';

/** `cellbench convert` as a person types it. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const at = (name: string): string => join(scratch.path, name);
const METHOD = `method: mine
version: 2
steps:
- { cc: { current_C: 1/2 }, until: cell.voltage_V > subject.voltageMax_V, for_h: 3 }
- { call: down.yaml }
`;
const DOWN = `procedure: down
version: 2
steps:
- { cc: { current_C: -1/2 }, until: cell.voltage_V < subject.voltageMin_V, for_h: 3 }
`;
beforeAll(() => {
  writeFileSync(at('mine.yaml'), METHOD);
  writeFileSync(at('down.yaml'), DOWN);
  writeFileSync(
    at('deadline.yaml'),
    METHOD.replace('for_h', 'within_h').replace('subject.voltageMax_V', '4.2'),
  );
  writeFileSync(at('e.py'), '["Charge at 1 A for 1 hour", "Rest for 5 minutes"]\n');
});
const BENCH = join(ROOT, 'examples/cell-cycling/bench.yaml');

describe('convert', { timeout: 60_000 }, () => {
  it('prints the file alone', async () => {
    const ended = await cellbench('convert', at('e.py'), '--to', 'cellbench');
    expect(ended.code, told(ended)).toBe(0);
    expect(ended.stdout).toMatch(/^# Read from a PyBaMM experiment/);
    expect(ended.stdout).toMatch(/ {2}- { rest: {}, for_min: 5 }\n$/);
  });

  it('takes figures of a bench, and procedures beside the method', async () => {
    const ended = await cellbench(
      'convert',
      at('mine.yaml'),
      '--to',
      'biologic',
      '--bench',
      BENCH,
      '--out',
      at('mine.mps'),
    );
    // The cell of the example has 5 Ah: more than the ranges that are known.
    expect(ended.code, told(ended)).toBe(2);
    expect(ended.stderr).toMatch(/mine.yaml:4:\d+: cc: no current range is known there/);
    expect(existsSync(at('mine.mps'))).toBe(false);
    const small = await cellbench(
      'convert',
      at('mine.yaml'),
      '--to',
      'biologic',
      '--bench',
      BENCH,
      '--capacity',
      '0.0002',
      '--out',
      at('mine.mps'),
    );
    expect(small.code, told(small)).toBe(0);
    expect(small.stdout).toMatch(/mine\.mps: biologic, of .*mine\.yaml \(cellbench\)/);
    // Micro is one byte: read as two it would be milli.
    expect(readFileSync(at('mine.mps')).includes(Buffer.from([0xb5]))).toBe(true);
    expect(readFileSync(at('mine.mps'), 'latin1')).toMatch(/\r\nlim2_value {10}4\.200/);
  });

  it('a difference is refused, or listed with exit code 1', async () => {
    const refused = await cellbench(
      'convert',
      at('deadline.yaml'),
      '--to',
      'neware',
      '--bench',
      BENCH,
      '--out',
      at('d.xml'),
    );
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /deadline.yaml:4:\d+: within_h: a deadline cannot be said in a Neware step file.*--accept/,
    );
    expect(existsSync(at('d.xml'))).toBe(false);
    const accepted = await cellbench(
      'convert',
      at('deadline.yaml'),
      '--to',
      'neware',
      '--bench',
      BENCH,
      '--accept',
      '--out',
      at('d.xml'),
    );
    expect(accepted.code, told(accepted)).toBe(1);
    expect(accepted.stdout).toMatch(/otherwise there: .*deadline.yaml:4: within_h: a deadline cannot/);
    expect(readFileSync(at('d.xml'), 'utf8')).toMatch(/<Time Value="10800000.000000"\/>/);
  });

  it('a built-in method stands in its place; its figures are a difference', async () => {
    writeFileSync(at('check.yaml'), 'method: check\nversion: 2\nsteps: [{ call: full-charge }]\n');
    const ended = await cellbench(
      'convert',
      at('check.yaml'),
      '--to',
      'maccor',
      '--bench',
      BENCH,
      '--accept',
    );
    expect(ended.code, told(ended)).toBe(1);
    expect(ended.stderr).toMatch(/check.yaml:3: call: its steps are written, its figures are not made there/);
    expect(ended.stdout.match(/<TestStep>/g)).toHaveLength(3);
  });

  it.each([
    ['no format', ['e.py'], /expected --to unicycler, pybamm/],
    ['a format that is none', ['e.py', '--to', 'arbin'], /--to arbin: expected unicycler/],
    ['a file that is not there', ['nowhere.py', '--to', 'cellbench'], /nowhere\.py.*no such file/],
    ['a file that is there', ['e.py', '--to', 'cellbench', '--out', 'mine.yaml'], /mine\.yaml: is there/],
    ['a file of a cycler', ['mine.xml', '--to', 'cellbench'], /files of cyclers are only written/],
    ['a method into a method', ['mine.yaml', '--to', 'cellbench'], /is a method of cellbench already/],
    [
      'a figure that nobody said',
      ['mine.yaml', '--to', 'neware'],
      /mine.yaml:4:\d+: until: subject.voltageMax_V is not known, expected --bench/,
    ],
    ['a slip of the file', ['e.txt', '--to', 'cellbench'], /e\.txt:2:1: "Rst" is no instruction/],
  ])('%s: one message, exit code 2', async (_, args, says) => {
    writeFileSync(at('mine.xml'), '<root/>');
    writeFileSync(at('e.txt'), 'Rest for 1 hour\nRst for 1 hour\n');
    const before = readFileSync(at('mine.yaml'), 'utf8');
    const ended = await cellbench('convert', ...args.map(arg => (/\.\w+$/.test(arg) ? at(arg) : arg)));
    expect(ended.code, told(ended)).toBe(2);
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr.split('cellbench: ')).toHaveLength(2);
    expect(readFileSync(at('mine.yaml'), 'utf8')).toBe(before);
  });

  it('--help says what is read and written', async () => {
    const { stdout, code } = await cellbench('convert', '--help');
    expect(code).toBe(0);
    for (const word of ['unicycler', 'pybamm', 'battinfo', 'neware', 'biologic', 'maccor', '--accept'])
      expect(stdout).toContain(word);
  });
});
