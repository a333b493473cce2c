import { z } from 'zod';
import { ended, isApplied, timedOut } from './ask.ts';
import { defineKind, type Labelled, type Layout, type Op } from './define.ts';
import type { StepEnv } from './step.ts';
import { shown, values } from './words.ts';

/** Sets roles at once; through when each is applied and read back. */
export interface SetInstruction extends Labelled {
  readonly op: 'set';
  readonly values: Readonly<Record<string, number>>;
}

/** `set: { role: value, ... }`. */
export const setKind = defineKind({ schema: values, lay: (own, layout) => laySet(layout, own) });

/** Lays out a set step; loaded only if the load is on before and after it. */
export function laySet(layout: Layout, own: Readonly<Record<string, number>>): void {
  const before = layout.isLoaded();
  for (const [role, value] of Object.entries(own)) layout.assign(role, value);
  layout.emit({ op: 'set', values: own }, `set ${Object.keys(own).join(', ')}`, before && layout.isLoaded());
}

const saved = z.strictObject({ isAsked: z.boolean(), timeout_s: z.number() });

/** See `SetInstruction`. */
export const setOp: Op<SetInstruction> = {
  endings: ['applied', 'timeout'],
  sets: i => Object.entries(i.values).map(([role, value]) => ({ role, values: [value] })),
  reads: () => [],
  shorten: i => i,
  open(instruction, env, json) {
    const roles = Object.entries(instruction.values);
    const state = json === undefined ? { isAsked: false, timeout_s: bound_s(roles, env) } : saved.parse(json);
    return {
      tick(tick) {
        const missing = roles.filter(([role, value]) => !state.isAsked || !isApplied(env, role, value));
        for (const [role, value] of missing) {
          // Asked once; again only where nobody knows of it any more.
          if (!state.isAsked || env.answer(role).outcome === 'none') env.ask(role, value, instruction.label);
        }
        if (!state.isAsked) {
          state.isAsked = true;
          return undefined;
        }
        if (missing.length === 0) {
          const took_s = Math.max(0, ...roles.map(([role]) => env.answer(role).took_s ?? 0));
          return { ...ended('applied', 'applied'), took_s };
        }
        if (tick.elapsed_s <= state.timeout_s) return undefined;
        const names = missing.map(([role]) => role).join(', ');
        return timedOut(`not applied within ${shown(state.timeout_s)} s: ${names}`, 'trip');
      },
      isAwaiting: () => state.isAsked,
      state: () => ({ ...state }),
    };
  },
};

/** For the wire: read-backs, retries and other roles on the same line, s. */
const WIRE_S = 60;

/** Time after which a set has failed: that of its slowest role under the ramp limit and half as much again, and the wire's, s. */
export function bound_s(roles: readonly (readonly [role: string, value: number])[], env: StepEnv): number {
  const ways_s = roles.map(([role, value]) => {
    const limits = env.limits(role);
    if (limits?.ramp_per_s === undefined) return 0;
    const from = env.applied(role);
    // Nothing read back yet: from the farther end.
    const way = Number.isNaN(from)
      ? Math.max(value - limits.min, limits.max - value)
      : Math.abs(value - from);
    return Math.max(0, way) / limits.ramp_per_s;
  });
  return 1.5 * Math.max(0, ...ways_s) + WIRE_S;
}
