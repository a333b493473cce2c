import { coolDown } from './cool-down.ts';
import { highPressure } from './high-pressure.ts';
import { leakTest } from './leak-test.ts';
import { loadFollowing } from './load-following.ts';
import { polarisationCurve } from './polarisation-curve.ts';
import { purge } from './purge.ts';
import { stabilise } from './stabilise.ts';
import type { TestMethod } from './test-method.ts';
import { warmUp } from './warm-up.ts';

/** The only list of test methods: `call: { method: <id> }`. */
export const METHODS: Readonly<Record<string, TestMethod>> = Object.fromEntries(
  [leakTest, purge, warmUp, stabilise, polarisationCurve, loadFollowing, highPressure, coolDown].map(
    method => [method.id, method],
  ),
);
