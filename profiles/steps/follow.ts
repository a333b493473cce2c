import { z } from 'zod';
import { askOnce, ended } from './ask.ts';
import { defineKind, type Labelled, type Op } from './define.ts';
import { followLoad, type LoadDemand, startLoad } from './load.ts';
import type { StepEnv, Tick } from './step.ts';
import { stream } from './stream.ts';
import { end_s, number, positive, role } from './words.ts';

/** Following a load profile. Power in kW into the stack; positive consumes. */
export interface FollowSpec {
  /** Name of the profile source handed to the run (the wind series). */
  readonly source: string;
  readonly for_s: number;
  /** Role that is set: the stack current; the pipeline turns power into current with the measured voltage. */
  readonly setRole: string;
  readonly voltageRole: string;
  readonly powerRole: string;
  /** Profile power 1.0 (rated) means this much stack power. */
  readonly scale_kW: number;
  readonly currentNominal_A: number;
  /** Stack voltage at nominal power: where the measured one says nothing (standby), current comes from it. */
  readonly voltageNominal_V: number;
  /** Below minLoad the stack goes to hot standby; it returns above restart (hysteresis), in parts of scale_kW. */
  readonly minLoad_frac: number;
  readonly restart_frac: number;
  readonly maxLoad_frac: number;
  /** Largest change of the set power, in parts of scale_kW per second. */
  readonly ramp_frac_per_s: number;
  /** Set once on entering hot standby and once on leaving (e.g. anode N2 sweep). */
  readonly onStandby: Readonly<Record<string, number>>;
  readonly onRestart: Readonly<Record<string, number>>;
}

/** Follows a load profile from the load as it stands. */
export interface FollowInstruction extends Labelled {
  readonly op: 'follow';
  readonly follow: FollowSpec;
}

const fraction = number.refine(v => v >= 0 && v <= 2, 'expected a fraction 0..2 (1 = nominal)');

/** `follow: { source, for_s, ... }`. */
export const followKind = defineKind({
  schema: z
    .strictObject({
      source: z.string().min(1),
      for_s: end_s,
      setRole: role.default('stack.currentSet_A'),
      voltageRole: role.default('stack.voltage_V'),
      powerRole: role.default('stack.power_W'),
      scale_kW: positive,
      currentNominal_A: positive,
      voltageNominal_V: positive,
      minLoad_frac: fraction,
      restart_frac: fraction,
      maxLoad_frac: fraction,
      ramp_frac_per_s: positive,
      onStandby: z.record(role, number).default({}),
      onRestart: z.record(role, number).default({}),
    })
    .refine(f => f.minLoad_frac < f.restart_frac && f.restart_frac < f.maxLoad_frac, {
      error: 'expected minLoad_frac < restart_frac < maxLoad_frac',
    }),
  lay(follow, layout) {
    layout.emit({ op: 'follow', follow }, `follow ${follow.source}`, false);
    for (const role of [...Object.keys(follow.onStandby), ...Object.keys(follow.onRestart)]) {
      layout.assign(role, undefined);
    }
    // Wherever the profile left it; at low voltage the power limit allows a little more than the nominal current.
    layout.assign(follow.setRole, [0, 1.1 * follow.currentNominal_A]);
    layout.plan(follow.for_s);
  },
});

const LOADED: readonly string[] = ['load'];
const NOT_LOADED: readonly string[] = [];

const saved = z.strictObject({
  asked_kW: z.number(),
  current_A: z.number(),
  mode: z.enum(['load', 'standby']),
});

/** See `FollowInstruction`. */
export const followOp: Op<FollowInstruction> = {
  endings: ['time'],
  sets: ({ follow }) => [
    { role: follow.setRole, values: [0, follow.currentNominal_A * Math.min(1, follow.maxLoad_frac)] },
    ...[follow.onStandby, follow.onRestart].flatMap(values =>
      Object.entries(values).map(([role, value]) => ({ role, values: [value] })),
    ),
  ],
  reads: ({ follow }) => [follow.voltageRole, follow.powerRole],
  shorten: (i, k) => ({
    ...i,
    follow: { ...i.follow, for_s: i.follow.for_s / k, ramp_frac_per_s: i.follow.ramp_frac_per_s * k },
  }),
  open(instruction, env, json) {
    const { label, follow: spec } = instruction;
    const profile = env.source(spec.source);
    if (profile === undefined) {
      const reason = `no load source "${spec.source}"`;
      return { tick: () => ({ kind: 'failed', reason, leadsTo: 'stop' }), state: () => null };
    }
    const voltage_V = (): number => env.value(spec.voltageRole);
    const start: LoadDemand =
      json === undefined
        ? startLoad(spec, env.applied(spec.setRole), voltage_V())
        : { ...saved.parse(json), available_kW: 0, changed: false };
    const bench = { profile, voltage_V, speed: env.timeFactor };
    const following = stream<LoadDemand>({
      start,
      pipeline: ticks$ => followLoad(ticks$, spec, bench, start),
      apply: (demand, _last, tick) => apply(demand, tick, spec, env, label),
      completed: ended('time', 'profile ended'),
    });
    return {
      tick: following.tick,
      leave: following.leave,
      due_s: () => spec.for_s,
      // Interlocks for a loaded stack: once the minimum load has really been asked for, until standby begins.
      tags() {
        const { mode, asked_kW } = following.demand();
        return mode === 'load' && asked_kW >= 0.99 * spec.minLoad_frac * spec.scale_kW ? LOADED : NOT_LOADED;
      },
      state() {
        const { asked_kW, current_A, mode } = following.demand();
        return { asked_kW, current_A, mode };
      },
    };
  },
};

function apply(demand: LoadDemand, tick: Tick, spec: FollowSpec, env: StepEnv, label: string): void {
  const { available_kW, mode } = demand;
  env.noteAsked(tick.t_s, 'load.available_kW', available_kW, label);
  env.noteAsked(tick.t_s, 'stack.powerAsked_kW', demand.asked_kW, label);
  askOnce(env, spec.setRole, demand.current_A, label);
  if (!demand.changed) return;
  for (const [role, value] of Object.entries(mode === 'standby' ? spec.onStandby : spec.onRestart)) {
    env.ask(role, value, label);
  }
  const kind = mode === 'standby' ? 'standby' : 'restart';
  const words = mode === 'standby' ? 'hot standby' : 'restart';
  env.note(tick.t_s, { kind, data: { available_kW } }, `${words} at ${available_kW.toFixed(1)} kW offered`);
}
