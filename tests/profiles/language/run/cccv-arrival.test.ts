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

/** Its current reads 0 A in one reading of the hold. */
class OneReadingOff extends FakeCell {
  at_s = 30;
  override get current_A(): number {
    // The voltage holds, the current falls: 2 A, less by a tenth with each 10 s.
    return this.t_s < 10 ? super.current_A : super.current_A * Math.exp(-(this.t_s - 10) / 30);
  }
  override get voltage_V(): number {
    return this.t_s < 10 ? super.voltage_V : 3.8;
  }
  override value(role: string): number {
    const isOff = role === 'cell.current_A' && this.t_s >= this.at_s && this.t_s < this.at_s + 1;
    return isOff ? 0 : super.value(role);
  }
}

it('nor does one such reading while the voltage is held: the end is seen in two', () => {
  const bench = new Bench(
    '- { cccv: { current_A: 2, voltage_V: 3.8 }, until: cell.current_A < 0.2, within_min: 5 }',
    { env: new OneReadingOff() },
  ).go(200);
  const [, end_s] = /\.\.([\d.]+) cccv: condition/.exec(bench.told.lines.join('\n')) ?? [];
  // 2 A e^(-t/30) is 0.2 A after 69 s.
  expect(Number(end_s)).toBeGreaterThan(79);
  expect(Number(end_s)).toBeLessThan(82);
});
