import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** The charge that a method decides by and returns is that of the instrument's counter, where it has one. */

class Counting extends FakeCell {
  /** Zero of the current meter, A, and what the counter shows of the charge that has gone out, Ah. */
  zero_A = 0.05;
  shows: (out_Ah: number) => number = out_Ah => Math.round(out_Ah * 1000) / 1000;
  private out_Ah = 0;
  declared_A = 0.1;
  override advance(dt_s: number): void {
    this.out_Ah += (Math.max(0, -this.current_A) * dt_s) / 3600;
    super.advance(dt_s);
  }
  override value(role: string): number {
    if (role === 'cell.discharged_Ah') return this.shows(this.out_Ah);
    if (role === 'cell.charged_Ah') return 0;
    return super.value(role) + (role === 'cell.current_A' ? this.zero_A : 0);
  }
  readonly accuracy = (role: string) => ({
    reading_pct: 0,
    abs: role === 'cell.current_A' ? this.declared_A : 0.001,
  });
}

const PARTS =
  '- { cc: { current_A: -2 }, id: c, until: step.chargeOut_Ah >= 1, within_h: 1, otherwise: next }';

/** What has gone out when the method believed it to be 1 Ah. */
function endsAt_Ah(made: Partial<Counting>): number {
  const env = Object.assign(new Counting(), made);
  new Bench(PARTS, { env }).go(4000);
  return 2.5 - env.charge_Ah;
}

describe('until 1 Ah has gone out', () => {
  it('by a counter of 1 mAh, whatever the zero of the current meter is', () => {
    for (const zero_A of [-0.05, 0, 0.05]) {
      const out_Ah = endsAt_Ah({ zero_A });
      expect(Math.abs(out_Ah - 1), `${zero_A}`).toBeLessThanOrEqual(0.0025);
    }
  });

  it.each([
    ['stands', () => 3],
    ['is twice too fast', (out_Ah: number) => 2 * out_Ah],
    ['has no value', () => Number.NaN],
    ['leaps up once', (out_Ah: number) => out_Ah + (out_Ah > 0.4 ? 50 : 0)],
  ])('a counter that %s moves it by no more than what the current meter declares', (_, shows) => {
    const out_Ah = endsAt_Ah({ zero_A: 0, shows });
    // 0.1 A of 2 A, and the last digit.
    expect(Math.abs(out_Ah - 1)).toBeLessThanOrEqual(0.055);
  });

  it('a counter that begins anew goes on from there', () => {
    const shows = (out_Ah: number) => (out_Ah < 0.5 ? out_Ah : out_Ah - 0.5);
    expect(Math.abs(endsAt_Ah({ shows }) - 1)).toBeLessThanOrEqual(0.004);
  });
});

it('returns what the counter says of a step, also behind a rest in which the meter shows its zero', () => {
  const env = new Counting();
  const bench = new Bench(
    '- { rest: {}, id: r, for_min: 30 }\n- { cc: { current_A: -2 }, id: c, for_min: 15 }',
    { env, head: 'returns: { out_Ah: c.chargeOut_Ah, rest_Ah: r.chargeIn_Ah }\n' },
  ).go(3000);
  const [text = '{}'] = bench.told.lines.filter(line => line.startsWith('returns'));
  const [out_Ah, rest_Ah] = ['out_Ah', 'rest_Ah'].map(name =>
    Number(
      new RegExp(`"name":"${name}"[^}]*"value":([-\\d.e]+)|"${name}":([-\\d.e]+)`)
        .exec(text)
        ?.slice(1)
        .find(Boolean),
    ),
  );
  expect(Math.abs(out_Ah - 0.5), text).toBeLessThanOrEqual(0.0025);
  // The zero alone is 25 mAh in it.
  expect(rest_Ah).toBeLessThanOrEqual(0.002);
});
