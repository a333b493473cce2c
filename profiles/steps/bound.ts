import type { StepEnv } from './step.ts';

/** For the wire: read-backs, retries and other roles on the same line, s. */
const WIRE_S = 60;

/** Time after which a set has failed: that of its slowest role under the ramp limit and half as much again, and the wire's, s. `ramps`: slower ones, by role. */
export function bound_s(
  roles: readonly (readonly [role: string, value: number])[],
  env: StepEnv,
  ramps?: ReadonlyMap<string, number>,
): number {
  const ways_s = roles.map(([role, value]) => {
    const limits = env.limits(role);
    const ramp_per_s = Math.min(limits?.ramp_per_s ?? Infinity, ramps?.get(role) ?? Infinity);
    if (limits === undefined || ramp_per_s === Infinity) return 0;
    const from = env.applied(role);
    // Nothing read back yet: from the farther end.
    const way = Number.isNaN(from)
      ? Math.max(value - limits.min, limits.max - value)
      : Math.abs(value - from);
    return Math.max(0, way) / ramp_per_s;
  });
  return 1.5 * Math.max(0, ...ways_s) + WIRE_S;
}
