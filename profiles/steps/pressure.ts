import { z } from 'zod';
import { askOnce, ended, timedOut } from './ask.ts';
import { defineKind, type Labelled, type Layout, type Op, type StepKind } from './define.ts';
import { type PressureWay, pressureSequence, startPressure } from './pressure-way.ts';
import { figure, orNaN, orNull } from './saved.ts';
import type { StepEnv, Tick } from './step.ts';
import { stream } from './stream.ts';
import { end_s, notNegative, type OnTimeout, onTimeout, positive, role, shown } from './words.ts';

/** Pressurising or depressurising with the stack's own gas, with holds and gates. */
export interface PressureSpec {
  readonly setRole: string;
  readonly pressureRole: string;
  readonly to_barg: number;
  readonly rate_bar_per_min: number;
  /** A hold of hold_s each holdEvery_bar on the way; 0 = none. */
  readonly holdEvery_bar: number;
  readonly hold_s: number;
  /** The ramp waits while H2 in O2 is above this, and goes on below it. */
  readonly h2InO2Role: string;
  readonly h2InO2Gate_vol_pct: number;
  /** Pressurise only while the current is at least i_min(p); see `minimumCurrent_A` in methods/high-pressure.ts. */
  readonly currentRole: string;
  readonly minCurrentPerBar_A: number;
  /** The step ends with `onTimeout` when it takes longer than this. */
  readonly timeout_s: number;
  readonly onTimeout: OnTimeout;
}

/** Moves the pressure to a target; every wait at a gate is an event. */
export interface PressureInstruction extends Labelled {
  readonly op: 'pressure';
  readonly pressure: PressureSpec;
}

const pressureSchema = z.strictObject({
  to_barg: notNegative,
  rate_bar_per_min: positive,
  holdEvery_bar: notNegative.default(0),
  hold_s: notNegative.default(0),
  h2InO2Gate_vol_pct: positive,
  minCurrentPerBar_A: notNegative,
  timeout_s: end_s,
  onTimeout,
  setRole: role.default('cathode.pressureSet_barg'),
  pressureRole: role.default('cathode.pressure_barg'),
  h2InO2Role: role.default('o2.h2_vol_pct'),
  currentRole: role.default('stack.current_A'),
});

/** `pressurise: { to_barg, rate_bar_per_min, ... }`. */
export const pressuriseKind = pressureKind('pressurise');
/** `depressurise: { to_barg, rate_bar_per_min, ... }`: the same with another word; the way is read from the bench. */
export const depressuriseKind = pressureKind('depressurise');

function pressureKind(verb: string): StepKind<typeof pressureSchema> {
  return defineKind({
    schema: pressureSchema,
    lay(pressure, layout) {
      const { to_barg, setRole, rate_bar_per_min, holdEvery_bar, hold_s } = pressure;
      const [low, high] = layout.settingOf(setRole) ?? [0, pressureMax_barg(layout)];
      const span_bar = Math.max(Math.abs(to_barg - low), Math.abs(to_barg - high));
      const holds = holdEvery_bar > 0 ? Math.floor(span_bar / holdEvery_bar) : 0;
      layout.plan((span_bar / rate_bar_per_min) * 60 + holds * hold_s);
      layout.assign(setRole, to_barg);
      layout.emit({ op: 'pressure', pressure }, `${verb} to ${to_barg} barg`);
    },
  });
}

/** A cell has no gas side: a step that presses it starts from nothing. */
function pressureMax_barg({ subject }: Layout): number {
  return subject.kind === 'stack' ? subject.pressureMax_barg : 0;
}

const saved = z.strictObject({
  up: z.boolean().nullable(),
  set_barg: figure,
  mode: z.enum(['ramp', 'hold', 'gate-h2-in-o2', 'gate-current', 'gate-reading', 'done']),
  holdUntil_s: z.number(),
});

/** See `PressureInstruction`. */
export const pressureOp: Op<PressureInstruction> = {
  endings: ['reached', 'timeout'],
  sets: ({ pressure }) => [{ role: pressure.setRole, values: [pressure.to_barg] }],
  reads: ({ pressure }) => [pressure.pressureRole, pressure.h2InO2Role, pressure.currentRole],
  shorten: (i, k, guard) => ({
    ...i,
    pressure: {
      ...i.pressure,
      rate_bar_per_min: i.pressure.rate_bar_per_min * k,
      hold_s: i.pressure.hold_s / k,
      timeout_s: guard(i.pressure.timeout_s),
    },
  }),
  open(instruction, env, json) {
    const { label, pressure: spec } = instruction;
    const start = json === undefined ? startPressure(env.applied(spec.setRole)) : restored(json);
    const moving = stream<PressureWay>({
      start,
      pipeline: ticks$ =>
        pressureSequence(
          ticks$,
          spec,
          () => ({
            pressure_barg: env.value(spec.pressureRole),
            h2InO2_vol_pct: env.value(spec.h2InO2Role),
            current_A: env.value(spec.currentRole),
          }),
          start,
        ),
      apply: (demand, last, tick) => apply(demand, last, tick, spec, env, label),
      completed: ended('reached', 'pressure reached'),
    });
    return {
      tick(tick) {
        const end = moving.tick(tick);
        if (end !== undefined || tick.elapsed_s < spec.timeout_s) return end;
        const { mode } = moving.demand();
        const reason = `${spec.to_barg} barg not reached within ${shown(spec.timeout_s)} s (${mode})`;
        return timedOut(reason, spec.onTimeout);
      },
      leave: moving.leave,
      state() {
        const { up, set_barg, mode, holdUntil_s } = moving.demand();
        return { up: up ?? null, set_barg: orNull(set_barg), mode, holdUntil_s };
      },
    };
  },
};

function restored(json: unknown): PressureWay {
  const { up, set_barg, mode, holdUntil_s } = saved.parse(json);
  return { up: up ?? undefined, set_barg: orNaN(set_barg), mode, holdUntil_s };
}

function apply(
  demand: PressureWay,
  last: PressureWay,
  tick: Tick,
  spec: PressureSpec,
  env: StepEnv,
  label: string,
): void {
  const { mode, set_barg } = demand;
  const isKnown = Number.isFinite(set_barg);
  if (isKnown) askOnce(env, spec.setRole, set_barg, label);
  if (mode === last.mode) return;
  const text = isKnown ? `${mode} at ${set_barg.toFixed(2)} barg set` : `${mode}: nothing set yet`;
  env.note(tick.t_s, { kind: 'pressure', data: { mode, set_barg } }, text);
}
