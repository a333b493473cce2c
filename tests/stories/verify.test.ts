import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellbench, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** `cellbench verify` as a person types it, on what a rehearsal has left. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const dir = join(scratch.path, 'run');
const METHOD = `method: short
version: 2
phases:
- name: rest
  steps:
  - rest: {}
    for_s: 1200
finally:
- rest: {}
  for_s: 1
`;

beforeAll(async () => {
  const method = scratch.write('short.yaml', METHOD);
  const ended = await cellbench('rehearse', 'examples/cell-cycling/bench.yaml', method, '--out', dir);
  expect([0, 1], told(ended)).toContain(ended.code);
}, RUN_TIMEOUT_MS);

describe('verify', () => {
  it('finds nothing in what nobody has touched', async () => {
    const ended = await cellbench('verify', dir);
    expect(ended.code, told(ended)).toBe(0);
    expect(ended.stdout).toMatch(
      /\d+ seals, nothing was changed, the files of .*run are what the run has left/,
    );
    expect(ended.stdout).toMatch(/^chain [0-9a-f]{64}$/m);
  });

  it('names the event whose words were changed, and the file', async () => {
    const db = new DatabaseSync(join(dir, 'run.sqlite'));
    db.exec("UPDATE events SET text = 'nothing happened' WHERE rowid = 2");
    db.close();
    const ended = await cellbench('verify', dir);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/run\.sqlite: is not the file that was summed/);
    expect(ended.stdout).toMatch(/run\.sqlite: event 2: is not what was sealed \(seal \d+\)/);
    expect(ended.stdout).not.toMatch(/nothing was changed/);
  });

  it('tells a file that is no record any more', async () => {
    const path = join(dir, 'run.sqlite');
    writeFileSync(path, readFileSync(path).fill(0, 0, 100));
    const ended = await cellbench('verify', dir);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/no record of a run/);
    expect((await cellbench('verify', path)).code).toBe(2);
  });

  it('of what is not there is bad input', async () => {
    const ended = await cellbench('verify', join(scratch.path, 'nowhere'));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/no such file, expected run\.sqlite of a run's folder/);
  });
});
