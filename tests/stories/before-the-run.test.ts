import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { planByRehearsal, type RehearsedPlan } from '../../control/program/rehearse/plan.ts';
import { loadNight, rehearseOnce } from '../../control/program/rehearse/rehearse-once.ts';
import type { Rehearsal } from '../../control/rehearse/summary.ts';
import { processesWith } from '../support/processes.ts';

/** What a rehearsal tells before the night: waits that wait for nothing, and how long it will really take. */

const dir = mkdtempSync(join(tmpdir(), 'before-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const WAIT = { timeout: 40_000, interval: 50 };
const BENCH = 'examples/cell-cycling/bench.yaml';

function methodFile(name: string, steps: string): string {
  const path = join(dir, `${name}.yaml`);
  writeFileSync(
    path,
    `method: ${name}
version: 2
phases:
- name: condition
  steps:
  - set: { chamber.temperature_degC: 25 }
  - { cc: { current_A: 0 }, for_s: 60 }
- name: work
  steps:
${steps
  .trim()
  .split('\n')
  .map(line => `  ${line}`)
  .join('\n')}
`,
  );
  return path;
}

async function rehearsed(name: string, steps: string): Promise<Rehearsal> {
  const night = loadNight({ bench: BENCH, method: methodFile(name, steps), seed: 1 });
  const { rehearsal, record } = await rehearseOnce(night, mkdtempSync(join(dir, 'run-')), 1);
  record.close();
  return rehearsal;
}
const aboutWaits = (found: Rehearsal): string[] =>
  found.findings.filter(f => /waits for nothing|held already/.test(f.text)).map(f => `${f.level}: ${f.text}`);

/** A counter that goes on from round to round: only the first one waits. */
const ROUNDS = `
- repeat: { times: 4 }
  steps:
  - { name: until it is out, cc: { current_A: -5 }, until: cell.discharged_Ah > 0.05, within_s: 5400 }
  - { name: relax, cc: { current_A: 0 }, for_s: 30 }
`;
/** From half full to full takes what the cell needs; its deadline is far off. */
const FILL = '- { cc: { current_A: 5 }, until: cell.voltage_V > 4.15, within_s: 200000 }';

describe('a wait', () => {
  it('that waits for nothing from the second round on is found', async () => {
    expect(aboutWaits(await rehearsed('rounds', ROUNDS))).toEqual([
      'warning: Step "until it is out" in work waits for nothing in 3 of 4 rounds: cell.discharged_Ah > 0.05 holds already when it begins',
    ]);
  });

  it.each([
    ['a limit on the wrong side', '- { cc: { current_A: 0 }, until: cell.voltage_V > 1, within_s: 60 }'],
    [
      'one that must hold a while',
      '- { cc: { current_A: 0 }, until: cell.voltage_V < 5 for 20 s, within_s: 60 }',
    ],
    ['a time with a condition', '- { cc: { current_A: 0 }, until: cell.current_A < 1, for_s: 60 }'],
  ])('%s is found', async (_, step) => {
    const found = aboutWaits(await rehearsed('slip', step));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^note: What 1 step waits for held already: ".*" in work \(cell\..*\)$/);
  });

  it('for what its own set point brings is none of these', async () => {
    const steps = `
- { cc: { current_A: -5 }, until: cell.current_A < -4, for_s: 60 }
- { cc: { current_A: -5 }, until: 'span(cell.voltage_V, 20 s) < 0.5', within_s: 60 }
`;
    expect(aboutWaits(await rehearsed('works', steps))).toEqual([]);
  });
});

describe('the plan', () => {
  it('is how long the rehearsal took, not a part of its time-outs', async () => {
    const found = await rehearsed('fill', FILL);
    expect(found.outcome).toBe('completed');
    expect(found.duration_s).toBeLessThan(10_000);
    expect(Math.abs(found.planned_s - found.duration_s)).toBeLessThan(10);
  });

  it('comes from a rehearsal beside the run', async () => {
    const night = { bench: BENCH, method: methodFile('fill', FILL), seed: 1 };
    const { planned_s, phases } = await new Promise<RehearsedPlan>(resolve => {
      planByRehearsal(night, resolve);
    });
    const found = await rehearsed('fill', FILL);
    expect(planned_s).toBeCloseTo(found.planned_s, 3);
    expect(phases).toEqual(found.phases.map(({ name, start_s, end_s }) => ({ name, start_s, end_s })));
  }, 240_000);

  it('is not told where it has been given up', async () => {
    const told: number[] = [];
    const plan = planByRehearsal({ bench: BENCH, method: methodFile('fill', FILL), seed: 1 }, plan =>
      told.push(plan.planned_s),
    );
    plan[Symbol.dispose]();
    await new Promise(resolve => setTimeout(resolve, 1000));
    expect(told).toEqual([]);
  });

  it('ends with whoever wanted it, killed or not, and leaves nothing behind', async () => {
    const scratch = join(dir, 'scratch');
    mkdirSync(scratch);
    const plan = new URL('../../control/program/rehearse/plan.ts', import.meta.url).href;
    const night = JSON.stringify({ bench: BENCH, method: methodFile('fill', FILL), seed: 1 });
    const script = `import { planByRehearsal } from '${plan}'; planByRehearsal(${night}, () => {});`;
    const mark = `CELLBENCH_TEST_MARK=${process.pid}-plan`;
    const [name, value] = mark.split('=');
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: scratch, [name]: value },
    });
    const gone = new Promise(resolve => parent.once('exit', resolve));
    await vi.waitFor(() => expect(readdirSync(scratch)).toHaveLength(1), WAIT);
    // The parent, the rehearsal, and for a moment the git that it asks for its commit.
    await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThanOrEqual(2), WAIT);
    parent.kill('SIGKILL');
    await gone;
    await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), WAIT);
    expect(readdirSync(scratch)).toEqual([]);
  }, 130_000);
});
