import { z } from 'zod';
import { askOnce, ended, hasLasted, isApplied, timedOut } from './ask.ts';
import { defineKind, type Labelled, type Layout, type Op } from './define.ts';
import { number, positive, role } from './words.ts';

/** Linear ramp of one role from where it stands to `to`. Rate in the role's unit per second, > 0. */
export interface RampInstruction extends Labelled {
  readonly op: 'ramp';
  readonly role: string;
  readonly to: number;
  readonly rate_per_s: number;
  readonly timeout_s: number;
}

/** `ramp: { role, to, rate_per_s | rate_per_min }`. */
export const rampKind = defineKind({
  schema: z
    .strictObject({
      role,
      to: number,
      rate_per_s: positive.optional(),
      rate_per_min: positive.optional(),
      /** Needed only where nothing has set the role before, so that the length of the ramp is not known. */
      timeout_s: positive.optional(),
    })
    .refine(r => (r.rate_per_s === undefined) !== (r.rate_per_min === undefined), {
      error: 'expected either rate_per_s or rate_per_min (every step must end by itself)',
    }),
  lay(own, layout) {
    layRamp(layout, { ...own, rate_per_s: own.rate_per_s ?? (own.rate_per_min ?? 0) / 60 });
  },
});

/** Lays out a ramp; loaded only if the load is on before and after it. */
export function layRamp(
  layout: Layout,
  spec: { role: string; to: number; rate_per_s: number; timeout_s?: number | undefined },
): void {
  const { role, to, rate_per_s } = spec;
  const from = layout.settingOf(role);
  if (from === undefined && spec.timeout_s === undefined) {
    layout.fail(`ramp of ${role}: nothing has set it before, expected a set step first, or timeout_s`);
  }
  const way = from === undefined ? undefined : Math.max(Math.abs(to - from[0]), Math.abs(to - from[1]));
  const duration_s = way === undefined ? (spec.timeout_s ?? 0) : way / rate_per_s;
  const before = layout.isLoaded();
  layout.assign(role, to);
  // A quarter and a minute on top: the gate may slew more slowly, and read-backs take their time.
  const timeout_s = spec.timeout_s ?? 1.25 * duration_s + 60;
  const body = { op: 'ramp', role, to, rate_per_s, timeout_s } as const;
  layout.emit(body, `ramp ${role} to ${to}`, before && layout.isLoaded());
  layout.plan(duration_s);
}

const saved = z.strictObject({ from: z.number(), isAsked: z.boolean() });

/** See `RampInstruction`. */
export const rampOp: Op<RampInstruction> = {
  endings: ['reached', 'timeout'],
  sets: i => [{ role: i.role, values: [i.to] }],
  reads: () => [],
  shorten: (i, k, guard) => ({ ...i, rate_per_s: i.rate_per_s * k, timeout_s: guard(i.timeout_s) }),
  open(instruction, env, json) {
    const { role, to, rate_per_s, timeout_s, label } = instruction;
    const known = env.applied(role);
    const from = Number.isNaN(known) ? (env.limits(role)?.min ?? 0) : known;
    const state = json === undefined ? { from, isAsked: false } : saved.parse(json);
    const total = to - state.from;
    const way_s = Math.abs(total) / rate_per_s;
    return {
      tick(tick) {
        // Only what this step has asked for itself can be its end.
        if (state.isAsked && isApplied(env, role, to)) {
          return { ...ended('reached', 'reached'), took_s: env.answer(role).took_s ?? 0 };
        }
        if (tick.elapsed_s > timeout_s) {
          return timedOut(`${role} did not reach ${to} within ${timeout_s} s`, 'trip');
        }
        const way = Math.sign(total) * rate_per_s * tick.elapsed_s;
        const value = hasLasted(tick.elapsed_s, way_s) ? to : state.from + way;
        askOnce(env, role, value, label);
        state.isAsked = true;
        return undefined;
      },
      due_s: () => way_s,
      isAwaiting: () => env.answer(role).asked === to,
      state: () => ({ ...state }),
    };
  },
};
