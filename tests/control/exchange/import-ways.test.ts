import { describe, expect, it } from 'vitest';
import { imported, PLAIN, type Row, rows, text } from '../../support/import-once.ts';

/** Which way a current went, and when, where a file does not say it in so many words. */

const amount = (r: Row): number => Math.abs(r.current_A);
const table = (header: string, state: (r: Row, i: number) => string): string =>
  text(header, (r, i) => `${r.t_s},${r.voltage_V.toFixed(6)},${amount(r)},${state(r, i)}`);
const WITH_STATE = 'Test_Time(s),Voltage(V),Current(A),Step Type';
const way = (words: readonly [charge: string, discharge: string, rest: string]) => (r: Row) =>
  words[r.current_A > 0 ? 0 : r.current_A < 0 ? 1 : 2];

describe('amounts of current', () => {
  it.each([
    ['Neware', ['CC Chg', 'CC DChg', 'Rest']],
    ['Neware in Chinese', ['\u6052\u6d41\u5145\u7535', '\u6052\u6d41\u653e\u7535', '\u9759\u7f6e']],
    ['Maccor', ['C', 'D', 'R']],
  ] as const)('go the way that the words of %s say', async (_, words) => {
    const { refused, figure } = await imported(table(WITH_STATE, way(words)), '--capacity', '2');
    expect(refused).toBe('');
    expect(figure('charge-in')).toBeCloseTo(2, 1);
    expect(figure('charge-out')).toBeCloseTo(2, 1);
  });

  it('beside words that say nothing are refused; some are marked', async () => {
    const odd = table(WITH_STATE, way(['Step 1', 'Step 2', 'Rest']));
    expect((await imported(odd, '--capacity', '2')).refused).toMatch(
      /:1: Current\(A\): 720 of 720 amounts stand beside a Step Type that says no way; expected currents below 0/,
    );
    const some = table(WITH_STATE, (r, i) => (i % 20 === 7 ? '?' : way(['CC Chg', 'CC DChg', 'Rest'])(r)));
    const { refused, printed, figure } = await imported(some, '--capacity', '2');
    expect(refused).toBe('');
    expect(printed).toMatch(/36 of 720 amounts stand beside a Step Type that says no way: marked bad/);
    expect(figure('charge-in')).toBeCloseTo(2, 1);
    expect(figure('charge-out')).toBeCloseTo(2, 1);
  });

  it('without any word are refused where the voltage falls with some of them', async () => {
    const bare = text(PLAIN, r => `${r.t_s},${r.voltage_V.toFixed(6)},${amount(r)}`);
    expect((await imported(bare, '--capacity', '2')).refused).toMatch(
      /:1: Current \/ A: never below 0, but the voltage falls where it rises in 2 of 4 leaps/,
    );
    const onlyCharge = text(
      PLAIN,
      r => `${r.t_s},${r.voltage_V.toFixed(6)},${amount(r)}`,
      rows().slice(0, 480),
    );
    const { refused, figure } = await imported(onlyCharge, '--capacity', '2');
    expect(refused).toBe('');
    expect(figure('charge-in')).toBeCloseTo(2, 1);
  });
});

describe('a clock', () => {
  const begun = async (stamp: (t_s: number) => string) => {
    const content = text('Test Time / s,Voltage / V,Current / A,DateTime', r =>
      [r.t_s, r.voltage_V.toFixed(6), r.current_A, stamp(r.t_s)].join(),
    );
    const { refused, printed, result } = await imported(content, '--capacity', '2');
    expect(refused).toBe('');
    return { printed, utc: result().startedUtc };
  };
  const pad = (n: number): string => String(n).padStart(2, '0');
  const parts = (begin: string, t_s: number) => {
    const at = new Date(Date.parse(begin) + 1000 * t_s);
    const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(pad).join(':');
    return { y: at.getUTCFullYear(), m: pad(at.getUTCMonth() + 1), d: pad(at.getUTCDate()), time };
  };

  it.each([
    ['month first, with a fraction', '2026-03-01T12:00:00Z', '{m}/{d}/{y} {time}.000', /month first/],
    ['day first, known by a day above 12', '2026-03-14T12:00:00Z', '{d}/{m}/{y} {time}', undefined],
    ['day first, known by a midnight', '2026-03-04T23:00:00Z', '{d}/{m}/{y} {time}', undefined],
    ['month first, known by a midnight', '2026-03-02T23:00:00Z', '{m}/{d}/{y} {time}', undefined],
    ['with points', '2026-03-01T12:00:00Z', '{d}.{m}.{y} {time}', undefined],
  ])('%s', async (_, begin, form, note) => {
    const { printed, utc } = await begun(t_s => {
      const { y, m, d, time } = parts(begin, t_s);
      return form.replace('{y}', String(y)).replace('{m}', m).replace('{d}', d).replace('{time}', time);
    });
    expect(utc).toBe(new Date(begin).toISOString());
    if (note === undefined) expect(printed).not.toMatch(/first$/m);
    else expect(printed).toMatch(note);
  });

  it('under the heading of a test time is refused', async () => {
    const content = text(PLAIN, r => `${1_772_366_400 + r.t_s},${r.voltage_V.toFixed(6)},${r.current_A}`);
    expect((await imported(content, '--capacity', '2')).refused).toMatch(
      /Test Time \/ s begins with 1772366400 s, 56 years: a clock since 1970.*--time s/,
    );
  });

  it('milliseconds under seconds are refused although nothing else tells', async () => {
    const content = text(
      PLAIN,
      r => `${1000 * r.t_s},${(3.7 + 0.02 * r.current_A).toFixed(6)},${r.current_A}`,
    );
    expect((await imported(content)).refused).toMatch(/--time ms takes it so/);
  });
});
