import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rehearsal, rehearsalSchema } from '../../control/rehearse/summary.ts';
import { cellbench, type Ended, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { withTables } from './support/run-folder.ts';

/** `cellbench rehearse` as a person types it, on the example bench with a short method. */

const BENCH = 'examples/pem-500kw/bench.yaml';
const scratch = scratchFolder();
afterAll(() => scratch.remove());
const summaryOf = (ended: Ended): Rehearsal => {
  const lines = ended.stdout.trimEnd().split('\n');
  expect(lines, 'one line on stdout').toHaveLength(1);
  return rehearsalSchema.parse(JSON.parse(lines[0]));
};

const PURGE = `
- name: purge
  steps: [{ call: purge, with: { purge_min: 5 } }]`;
const LOAD = `
- name: load
  steps:
  - set: { water.pump_on: on, stack.current_A: 0 }
  - { wait: {}, for_s: 10 }
  - set: { stack.voltage_V: 300, stack.power_W: 600000, stack.output_on: on }
  - { name: load on, set: { stack.current_A: 1000 } }
  - { name: a minute of it, wait: {}, for_s: 60 }`;
const method = (phases: string): string => `method: short
version: 2
phases:${phases}
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;

describe('a method that runs to its end', () => {
  const dir = join(scratch.path, 'fine');
  let ended: Ended;
  beforeAll(async () => {
    const load = `${LOAD}
  - { name: hot, wait: {}, until: stack.temperature_degC > 65, within_s: 30, otherwise: next }`;
    const path = scratch.write('fine.yaml', method(PURGE + load));
    ended = await cellbench('rehearse', BENCH, path, '--out', dir);
  }, RUN_TIMEOUT_MS);

  it('warns of what needs a look, and says so by its exit code', () => {
    expect(ended.code, told(ended)).toBe(1);
    expect(ended.stderr).toBe('');
    const [, findings] = ended.stdout.split('What to look at before the night');
    expect(findings).toMatch(
      /warning +Step "hot" in load ends by deadline of 30 s passed without stack\.temperature_degC > 65/,
    );
    expect(findings).toMatch(
      /note +The ramp limit of stack\.currentSet_A holds \d+ set points back, by up to 800 A/,
    );
    expect(findings).not.toMatch(/trip /);
  });

  it('shows duration, energy, gas, rows, the nearest limits and curves', () => {
    expect(ended.stdout).toMatch(/Completed: short on pem-500kw, 0:\d\d:\d\d h/);
    expect(ended.stdout).toMatch(
      /energy [\d.]+ kWh in; H2 [\d.]+ kg = [\d.]+ NL \(metered\); \d+ rows, [\d.]+ MB on disk/,
    );
    expect(ended.stdout).toMatch(/stack-current-high +trip +\d+ A +> 2150 +11\d\d(\.\d)? A +4\d %/);
    expect(ended.stdout).toMatch(/stack\.current_A, A\n +\d+(\.\d+)? ┤.*[\u2800-\u28ff]/);
    expect(ended.stdout).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('leaves the record, the same as JSON, and a report with the limits in it', () => {
    const saved = rehearsalSchema.parse(JSON.parse(readFileSync(join(dir, 'rehearsal.json'), 'utf8')));
    expect(saved.outcome).toBe('completed');
    const rows = withTables(dir, db =>
      db.prepare('SELECT max(current_A) AS most FROM frames_supply').get(),
    ) as { most: number };
    const current = saved.limits.find(l => l.id === 'stack-current-high');
    expect(current?.peak).toBe(rows.most);
    // 1 s of delay: a little below the highest single reading.
    expect(current?.closest).toBeGreaterThan(rows.most - 2);
    expect(current?.distance).toBeCloseTo(2150 - (current?.closest ?? 0), 9);
    expect(saved.h2?.NL).toBeCloseTo(((saved.h2?.kg ?? 0) / 2.01588e-3) * 22.41396954, 6);
    const html = readFileSync(join(dir, 'report.html'), 'utf8');
    expect(html).toContain('What to look at before the night');
    expect(html).toContain('How far each limit was used up');
    expect(html).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  });
});

describe('a method that trips', () => {
  it('exit code 4, and what led to it; --json: one object on stdout, progress on stderr', {
    timeout: RUN_TIMEOUT_MS,
  }, async () => {
    // Air has 21 % oxygen on the hydrogen side: without a purge the load trips at once.
    const load = `${LOAD}
  - { wait: {}, for_s: 600 }`;
    const path = scratch.write('trips.yaml', method(load));
    const ended = await cellbench('rehearse', BENCH, path, '--json', '--out', join(scratch.path, 'trips'));
    expect(ended.code, told(ended)).toBe(4);
    const summary = summaryOf(ended);
    expect(summary.outcome).toBe('tripped');
    expect(summary.end).toMatchObject({
      interlock: 'o2-in-h2-trip',
      at: { phase: 'load', step: 'load on' },
    });
    expect(summary.end?.led[0]).toMatchObject({ role: 'h2.o2_vol_pct', unit: 'vol_pct' });
    expect(summary.limits[0]).toMatchObject({ id: 'o2-in-h2-trip', fired: 1 });
    expect(summary.findings[0].level).toBe('trip');
    expect(ended.stderr).toMatch(/Tripped: short on pem-500kw/);
    expect(ended.stderr).toMatch(/What led to it: o2-in-h2-trip/);
  });
});

describe('with --monte-carlo', () => {
  it('adds probabilities that are the same again', { timeout: RUN_TIMEOUT_MS }, async () => {
    const path = scratch.write('purge.yaml', method(PURGE));
    const rehearse = async (dir: string): Promise<Rehearsal> => {
      const args = ['rehearse', BENCH, path, '--json', '--monte-carlo', '3', '--seed', '5'];
      const ended = await cellbench(...args, '--out', join(scratch.path, dir));
      expect(ended.code, told(ended)).toBe(0);
      expect(ended.stderr).toMatch(/3 of 3 runs/);
      return summaryOf(ended);
    };
    const [first, again] = [await rehearse('mc-1'), await rehearse('mc-2')];
    expect(again.monteCarlo).toEqual(first.monteCarlo);
    expect(first.monteCarlo).toMatchObject({ asked: 3, done: 3, failed: [], completed: 3 });
    expect(first.monteCarlo?.varied.length).toBeGreaterThan(5);
    const limit = first.monteCarlo?.limits.find(l => l.id === 'h2-in-o2-trip');
    expect(limit).toMatchObject({ fired: 0, probability: 0, low: 0 });
    // Wilson, 0 of 3.
    expect(limit?.high).toBeCloseTo(0.5615, 4);
    expect(readFileSync(join(scratch.path, 'mc-1/report.html'), 'utf8')).toContain(
      'How likely each limit fires',
    );
  });
});

describe('bad input', () => {
  const cases: [string, () => string[], RegExp][] = [
    ['no method', () => [BENCH], /METHOD is missing, expected BENCH METHOD/],
    [
      'a third word',
      () => [BENCH, 'a.yaml', 'b.yaml'],
      /"b\.yaml" belongs to no option, expected BENCH and METHOD only/,
    ],
    ['no such bench', () => ['none.yaml', 'a.yaml'], /none\.yaml: cannot be opened/],
    [
      'no runs',
      () => [BENCH, scratch.write('x.yaml', method(PURGE)), '--monte-carlo', '0'],
      /--monte-carlo 0: expected a whole number 1\.\./,
    ],
    ['unknown option', () => [BENCH, 'a.yaml', '--jsn'], /--jsn: unknown option \(did you mean --json\?\)/],
    [
      'a limit that the method breaks before it starts',
      () => [
        BENCH,
        scratch.write('high.yaml', method('\n- name: a\n  steps:\n  - set: { stack.current_A: 99999 }')),
      ],
      /high\.yaml:6:\d+: .*sets stack\.currentSet_A to 99999, expected 0\.\.2050 A/,
    ],
  ];
  it.each(cases)('%s: one message, exit code 2, nothing left behind', async (_what, args, says) => {
    const out = join(scratch.path, 'never');
    const ended = await cellbench('rehearse', ...args(), '--out', out);
    expect(ended.code, told(ended)).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/^cellbench: /);
    expect(ended.stderr).toMatch(says);
    expect(existsSync(out)).toBe(false);
  });
});

it(
  'a set value that the bench moves slowly is waited for: nothing that is healthy counts as endless',
  async () => {
    const path = scratch.write(
      'slow.yaml',
      'method: slow\nversion: 2\nsteps: [{ set: { stack.temperature_degC: 600 } }, { wait: {}, for_s: 10 }]\n',
    );
    const dir = join(scratch.path, 'slow');
    const ended = await cellbench('rehearse', 'examples/pcec/bench.yaml', path, '--json', '--out', dir);
    const { outcome, duration_s, findings } = summaryOf(ended);
    expect(outcome, told(ended)).toBe('completed');
    // From 20 degC at 0.09 K/s, then the 10 s.
    expect(Math.abs(duration_s - (580 / 0.09 + 10))).toBeLessThan(30);
    expect(findings.filter(({ level }) => level === 'trip')).toEqual([]);
  },
  RUN_TIMEOUT_MS,
);
