import { expect, it } from 'vitest';
import type { Output } from '../../../../profiles/language/run/output.ts';
import { Bench, FakeCell } from './fake-cell.ts';

/** A power or a resistance that draws more than the bench allows. */

class Powered extends FakeCell {
  /** What flows, in turn, a reading each. */
  draws_A: readonly number[] = [];
  override readonly output: Output = {
    subject: 'cell',
    roles: {
      output: 'cell.outputSet_on',
      current: 'cell.currentSet_A',
      voltage: 'cell.voltageSet_V',
      power: 'cell.powerSet_W',
    },
    range: role => (role === 'cell.currentSet_A' ? { min: -10, max: 5 } : { min: -50, max: 50 }),
  };
  override get current_A(): number {
    return this.draws_A?.[Math.min(this.draws_A.length - 1, Math.floor(this.t_s))] ?? 0;
  }
  accuracy(role: string): { reading_pct: number; abs: number } | undefined {
    return role === 'cell.current_A' ? { reading_pct: 4, abs: 0.1 } : undefined;
  }
}

function run(steps: string, draws_A: readonly number[]): readonly string[] {
  return new Bench(steps, { env: Object.assign(new Powered(), { draws_A }) }).go(30).told.lines;
}
const CP = '- { cp: { power_W: 18 }, for_s: 20 }';

it.each([
  ['cp', CP, [0, 4, 6, 6], 'is 6 A, beyond the 5 A that are allowed'],
  ['a ramp', '- { ramp: { power_W: -18, in_s: 20 } }', [0, -4, -12, -12], 'is -12 A, beyond the -10 A'],
  ['a follow', '- { follow: { power_W: 18 }, for_s: 20 }', [0, 4, 6, 6], 'is 6 A, beyond the 5 A'],
])('%s ends in order at the second reading beyond', (_step, steps, draws_A, reason) => {
  const lines = run(steps, draws_A);
  expect(lines.join('\n')).toContain(`failed, cell.current_A ${reason}`);
  expect(lines.at(-1)).toMatch(/^stop: .*\(limits of cell\.currentSet_A\)$/);
  expect(lines.join('\n')).toMatch(/\n0\.\.3(\.\d)? /);
});

it.each([
  ['one reading beyond', [0, 6, 4, 6, 4, 6, 4]],
  ['what the meter may be off', [0, 5.2]],
  ['a limit that the instrument holds', [0, 5.04]],
])('%s ends nothing', (_what, draws_A) => {
  expect(run(CP, draws_A).join('\n')).toMatch(/cp: time, time/);
});

it('a current that the step sets itself is the business of the gate', () => {
  expect(run('- { cc: { current_A: 5 }, for_s: 20 }', [0, 6, 6]).join('\n')).toMatch(/cc: time, time/);
});
