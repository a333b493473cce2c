import { expect, it } from 'vitest';
import { Silence } from '../../../control/guard/silence.ts';

/** How long a guard has said nothing, for a controller whose turns are quick or slow. */

/** Turns so far apart until the silence is longer than `most_s`; when that was seen, s. */
function noticed(turn_s: number, most_s: number): number {
  const silence = new Silence(0);
  for (let n = 1; ; n++) if (silence.at(n * turn_s) > most_s) return n * turn_s;
}

it.each([
  [0.1, 3],
  [0.1, 10],
  [1, 3],
  [1, 10],
  [5, 10],
])('turns %d s apart notice %d s of silence within two of them', (turn_s, most_s) => {
  const s = noticed(turn_s, most_s);
  expect(s).toBeGreaterThanOrEqual(most_s);
  expect(s - most_s).toBeLessThanOrEqual(2 * turn_s + 1e-9);
});

it('what we stood still ourselves is no silence, for what was said meanwhile is only read afterwards', () => {
  const silence = new Silence(0);
  expect(silence.at(0.1)).toBeCloseTo(0.1);
  expect(silence.at(40)).toBeCloseTo(0.6);
  silence.heard();
  expect(silence.at(40.1)).toBeCloseTo(0.1);
  // Twice without a word between them: it is silent.
  silence.at(60);
  expect(silence.at(80)).toBeGreaterThan(20);
});
