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

/** A charge whose voltage rises by 1 mV/s to 4.2 V and is held there, where the current falls to half in 30 s. */
class SlowCharge extends FakeCell {
  /** What the meters show too much. */
  private readonly off: { readonly A?: number; readonly V?: number };
  private readonly declares: { readonly A: number; readonly V: number } | undefined;
  constructor(off: SlowCharge['off'], declares: SlowCharge['declares']) {
    super();
    this.off = off;
    this.declares = declares;
  }
  /** Since the voltage is there, s. */
  get held_s(): number {
    return Math.max(0, this.t_s - 100);
  }
  override value(role: string): number {
    const { A = 0, V = 0 } = this.off;
    const shown = super.value(role);
    if (role === 'cell.current_A') return shown * 0.5 ** (this.held_s / 30) + A;
    return role === 'cell.voltage_V' ? Math.min(4.2, 4.1 + this.t_s / 1000) + V : shown;
  }
  readonly accuracy = (role: string) => {
    const { A, V } = this.declares ?? {};
    const abs = role === 'cell.current_A' ? A : V;
    return abs === undefined ? undefined : { reading_pct: 0, abs };
  };
}

/** What usual meters declare. */
const FINE = { A: 0.01, V: 0.002 };

const endOf = (env: FakeCell, until: string, current_A = 0.2): number => {
  const bench = new Bench(
    `- { cccv: { current_A: ${current_A}, voltage_V: 4.2 }, until: ${until}, within_s: 400, otherwise: next }`,
    { env },
  ).go(500);
  const [, end_s = 'none'] = /\.\.([\d.]+) cccv: condition/.exec(bench.told.lines.join('\n')) ?? [];
  return Number(end_s);
};

it('the zero of a meter, within what it declares, is no taper: the voltage is awaited', () => {
  // -9 mA of 0.2 A: it reads below 0.98 of what is asked from the first moment on, within 1 % of the voltage.
  const end_s = endOf(new SlowCharge({ A: -0.0099 }, FINE), 'cell.current_A < 0.195');
  expect(end_s).toBeGreaterThanOrEqual(100);
  expect(end_s).toBeLessThan(103);
});

it('a condition that always holds ends nothing before the voltage', () => {
  expect(endOf(new SlowCharge({}, FINE), 'cell.current_A > -1')).toBeGreaterThanOrEqual(100);
});

it.each([
  ['a voltmeter that reads low within what it declares', { V: -0.0015 }, FINE],
  ['a voltmeter beside the channel that reads 30 mV low', { V: -0.03 }, FINE],
  ['nothing declared and 1 mV low', { V: -0.001 }, undefined],
  [
    'a current meter as coarse as the current, reading it twofold',
    { A: 0.2, V: -0.001 },
    { A: 0.2, V: 0.002 },
  ],
])('%s does not keep it from its end', (_what, off, declares) => {
  const limit_A = 0.12 + ('A' in off ? off.A : 0);
  const end_s = endOf(new SlowCharge(off, declares), `cell.current_A < ${limit_A}`);
  // 0.2 A is 0.12 A 22 s after the voltage is there.
  expect(end_s).toBeGreaterThan(118);
  expect(end_s).toBeLessThan(130);
});
