import { describe, expect, it } from 'vitest';
import type { ProcessImage } from '../../../control/tick/image.ts';
import { Trends } from '../../../control/tick/trends.ts';

/** An image that reads `value` for whatever it is asked. */
const reading = (value: number): ProcessImage => ({ value: () => value }) as unknown as ProcessImage;

describe('the course of a role', () => {
  it.each([1, 2047, 2048, 2049, 5001, 20_000])('of %i ticks ends at the newest one, in order', ticks => {
    const trends = new Trends(['stack.current_A']);
    for (let t_s = 0; t_s < ticks; t_s++) trends.take(t_s, reading(1000));
    // The trip: the newest tick reads no current any more, wherever the thinning stands.
    trends.take(ticks, reading(0.2));
    const { t_s, value } = trends.series('stack.current_A');
    expect([t_s.at(-1), value.at(-1)]).toEqual([ticks, 0.2]);
    expect(t_s).toEqual([...new Set(t_s)].sort((a, b) => a - b));
    expect(t_s.length).toBe(value.length);
    expect(t_s.length).toBeLessThanOrEqual(2049);
  });

  it('has a gap where there is no usable value', () => {
    const trends = new Trends(['stack.current_A']);
    trends.take(0, reading(Number.NaN));
    expect(trends.series('stack.current_A').value).toEqual([null]);
  });
});
