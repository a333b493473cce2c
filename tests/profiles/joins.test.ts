import { describe, expect, it } from 'vitest';
import { joinsOf } from '../../control/record/thin/thin-rules.ts';
import { gapsBy, joinBetween } from '../../profiles/joins.ts';
import { integrate } from '../../profiles/record-math.ts';
import type { RecordedStep } from '../../profiles/recorded-run.ts';

/** What is a gap of a thinned record: by the rule of the step, not by the sparsest of the method. */

const step = (start_s: number, end_s: number, every_s?: number): RecordedStep => ({
  op: 'rest',
  start_s,
  end_s,
  ended: 'time',
  reason: '',
  ...(every_s === undefined ? {} : { every_s }),
});

const RULES = { cycler: { interval_s: 60, own_s: 0, change: {} } };
// A row a minute, 20 s of all rows in the middle, a row a minute again.
const STEPS = [step(0, 120, 60), step(120, 140, 0), step(140, 260, 60)];
const found = joinsOf(RULES, 'cycler', STEPS, Infinity);

describe('joinsOf', () => {
  it('is the rule of each step, and of what has not ended the sparsest of the method', () => {
    expect([...(found.joins?.from_s ?? [])]).toEqual([-Infinity, 120, 140]);
    expect([...(found.joins?.join_s ?? [])]).toEqual([120, 0, 120]);
  });

  it.each([
    ['no rule', {}, STEPS, Infinity, {}],
    ['no step that says any', RULES, [step(0, 100)], Infinity, { join_s: 120 }],
    ['damage bounds it', RULES, [step(0, 100)], 50, { join_s: 50 }],
  ])('%s', (_what, rules, steps, most_s, expected) => {
    expect(joinsOf(rules, 'cycler', steps, most_s)).toEqual(expected);
  });

  it.each([
    ['and nothing else', [step(0, 100, 0.1)], {}],
    ['between sparse ones', [step(0, 120, 60), step(120, 140, 0.1)], [120, 0, 120]],
  ])('a rule that asks for more rows than are read leaves out none: %s', (_what, steps, expected) => {
    const interval_s = Math.max(...steps.map(({ every_s = 0 }) => every_s));
    const rules = { cycler: { interval_s, own_s: 0, poll_s: 1, change: {} } };
    const { joins, ...rest } = joinsOf(rules, 'cycler', steps, Infinity);
    expect(joins === undefined ? rest : [...joins.join_s]).toEqual(expected);
  });

  it('takes the rule of the bench where the method says none', () => {
    const { joins } = joinsOf(
      { cycler: { interval_s: 60, own_s: 10, change: {} } },
      'cycler',
      STEPS,
      Infinity,
    );
    expect(joins?.join_s[1]).toBe(20);
  });
});

describe('a hole of 6 s', () => {
  // 1 Hz between 120 and 140 s, without 128..132 s.
  const dense = Array.from({ length: 21 }, (_, i) => 120 + i).filter(t => t < 128 || t > 132);
  const t_s = Float64Array.from([0, 60, ...dense, 200, 260]);
  const { joins } = found;
  if (joins === undefined) throw new Error('no joins');
  const series = { t_s, value: t_s.map(() => 1), join_s: 120, joins };

  it('is a gap where all rows were kept, and none between rows a minute apart', () => {
    const isGap = gapsBy(t_s, joins);
    const gaps = Array.from(t_s.keys()).filter(i => i > 0 && isGap(i));
    expect(gaps.map(i => t_s[i])).toEqual([133]);
    expect([joinBetween(joins, 121, 139), joinBetween(joins, 100, 139)]).toEqual([0, 120]);
  });

  it('is missing in an integral over that stretch', () => {
    expect(integrate(series, 120, 140)).toMatchObject({ covered_s: 14, gap_s: 0 });
    expect(integrate(series, 0, 120).covered_s).toBe(120);
  });
});
