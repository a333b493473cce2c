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

/** What a method returns of a name with unit. */
function returnedOf(bench: Bench, name: string): number {
  const [text = ''] = bench.told.lines.filter(line => line.startsWith('returns'));
  const found = new RegExp(`"name":"${name}"[^}]*"value":([-\\d.e]+)|"${name}":([-\\d.e]+)`).exec(text);
  return Number(found?.slice(1).find(Boolean));
}

describe('the charge of a step beside what flowed in it', () => {
  /** Found less true, mAh: the second of two steps, behind a rest. */
  const off_mAh = (made: Partial<Counting>): number => {
    const env = Object.assign(new Counting(), { declared_A: 0.01 }, made);
    const cc = '- { cc: { current_A: -2 }, for_min: 15 }\n- { rest: {}, for_min: 5 }';
    const bench = new Bench(`${cc}\n- { cc: { current_A: -2 }, id: c, for_min: 15 }`, {
      env,
      head: 'returns: { out_Ah: c.chargeOut_Ah }\n',
    }).go(3000);
    return 1000 * (returnedOf(bench, 'out_Ah') - 0.5);
  };
  const exact = (out_Ah: number): number => out_Ah;

  it.each([-0.009, -0.004, 0, 0.004, 0.009])('by a counter without a digit, a zero of %f A', zero_A => {
    // A poll is 0.56 mAh, the zero 2.2 mAh at most, the declared digit 1 mAh.
    expect(Math.abs(off_mAh({ zero_A, shows: exact }))).toBeLessThanOrEqual(0.05);
  });

  it('is off to either side alike, whatever the digit and the zero, by less than that digit', () => {
    const mean_mAh = (zero_A: number): number => {
      const all = Array.from({ length: 12 }, (_, k) => {
        const from_Ah = (k / 12) * 0.001732;
        const shows = (out_Ah: number): number => Math.round((out_Ah + from_Ah) / 0.001732) * 0.001732;
        const off = off_mAh({ zero_A, shows });
        expect(Math.abs(off), `${zero_A} A, ${from_Ah} Ah`).toBeLessThanOrEqual(1);
        return off;
      });
      return all.reduce((sum, off) => sum + off, 0) / all.length;
    };
    for (const zero_A of [-0.009, 0.009]) expect(Math.abs(mean_mAh(zero_A)), `${zero_A}`).toBeLessThan(0.15);
  });
});
