import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

/** A run by the command line, of which only run.sqlite is left: the commands answer out of it. */

const ROOT = new URL('../..', import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), 'left-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function cellbench(...args: string[]): { code: number | null; said: string } {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const program = ['--disable-warning=ExperimentalWarning', join(ROOT, 'control/program/main.ts'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    env,
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

it('verdict, figures, operator and report are those of the run', () => {
  const method = join(dir, 'short.yaml');
  writeFileSync(
    method,
    `method: short
version: 2
phases:
- name: work
  steps:
  - set: { chamber.temperature_degC: 25 }
  - cc: { current_A: 2 }
    for_s: 600
  - cc: { current_A: -2 }
    for_s: 600
finally:
- rest: {}
  for_s: 1
`,
  );
  const made = join(dir, 'made');
  const bench = join(ROOT, 'examples/cell-cycling/bench.yaml');
  const options = [
    '--bench',
    bench,
    '--method',
    method,
    '--out',
    made,
    '--no-serve',
    '--operator',
    'A. Tester',
  ];
  expect(cellbench(...options)).toMatchObject({ code: 0 });
  expect(readdirSync(made).sort()).toEqual(['SHA256SUMS', 'report.html', 'result.json', 'run.sqlite']);
  const alone = join(dir, 'runs', 'alone');
  mkdirSync(alone, { recursive: true });
  copyFileSync(join(made, 'run.sqlite'), join(alone, 'run.sqlite'));
  const [listed] = JSON.parse(cellbench('runs', join(dir, 'runs'), '--json').said) as Record<
    string,
    unknown
  >[];
  expect(listed).toMatchObject({ name: 'alone', verdict: 'completed', open: false });
  const compared = cellbench('compare', join(alone, 'run.sqlite'), join(made, 'result.json'), '--json');
  const { figures, notes } = JSON.parse(compared.said) as { figures: { as: string }[]; notes: string[] };
  expect(notes).toEqual([]);
  expect(figures.length).toBeGreaterThan(3);
  expect(figures.filter(({ as }) => as !== 'same' && as !== 'unknown')).toEqual([]);
  expect(cellbench('report', alone)).toMatchObject({ code: 0 });
  const again = readFileSync(join(alone, 'report.html'), 'utf8');
  expect(again).toContain('operator A. Tester');
  // The same to the last letter, but for what was recorded after the report had been made.
  const later = /<tr><td class="n">[0-9:]+<\/td><td>device<\/td><td>cycler closed: asked to<\/td><\/tr>/;
  expect(again.replace(later, '')).toBe(readFileSync(join(made, 'report.html'), 'utf8'));
  expect(cellbench('report', alone)).toMatchObject({
    code: 2,
    said: expect.stringContaining('is there, expected the name of a new file'),
  });
  expect(cellbench('verify', join(alone, 'run.sqlite'))).toMatchObject({ code: 0 });
});
