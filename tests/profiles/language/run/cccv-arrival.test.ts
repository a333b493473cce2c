import { expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** A current that reads 0 A ends no charge before the voltage is there. */

class LeadOff extends FakeCell {
  override value(role: string): number {
    const isOff = role === 'cell.current_A' && this.t_s > 10 && this.t_s < 14;
    return isOff ? 0 : super.value(role);
  }
}

it.each([1, -1])('a false 0 A in the constant current of cccv is no end of it, sign %s', sign => {
  const bench = new Bench(
    `- { cccv: { current_A: ${2 * sign}, voltage_V: ${3.6 + sign * 0.6} }, until: abs(cell.current_A) < 0.1, within_s: 40, otherwise: next }`,
    { env: new LeadOff() },
  ).go(60);
  expect(bench.told.lines.join('\n')).toContain('cccv: timeout');
});
