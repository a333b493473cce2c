import fc from 'fast-check';
import type { Condition } from '../../profiles/steps/conditions.ts';
import type { OPS, TimedInstruction } from '../../profiles/steps/index.ts';
import { StepBench } from './step-bench.ts';

/** Random instructions, and a bench that can run any of them. */

/** The current that the cases set. */
export const CURRENT = 'stack.currentSet_A';
const PRESSURE = 'cathode.pressureSet_barg';
/** Roles that the cases read. */
export const READ_ROLES = [
  'stack.current_A',
  'stack.voltage_V',
  'cathode.pressure_barg',
  'o2.h2_vol_pct',
] as const;
/** Roles whose writes a case may let fail. */
export const FAULT_ROLES = [CURRENT, PRESSURE] as const;

/** A bench with limits for every role that the cases set, and a load source. */
export function readyBench(seed: number): StepBench {
  const bench = new StepBench();
  bench.limits.set(CURRENT, { min: 0, max: 200, ramp_per_s: 20 });
  bench.limits.set(PRESSURE, { min: 0, max: 40, ramp_per_s: 0.5 });
  bench.limits.set('n2.valveSet_on', { min: 0, max: 1, ramp_per_s: undefined });
  bench.sources.set('wind', s => (s % 17 < 1 ? Number.NaN : 0.5 + 0.6 * Math.sin(s / 3 + seed)));
  return bench;
}

const amps = fc.integer({ min: 0, max: 120 });
const duration_s = fc.integer({ min: 1, max: 40 }).map(n => n / 2);
const onTimeout = fc.constantFrom('continue' as const, 'stop' as const, 'trip' as const);
const readRole = fc.constantFrom(...READ_ROLES);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    role: readRole,
    is: fc.constantFrom('>' as const, '<' as const, '>=' as const, '<=' as const),
    limit: fc.integer({ min: 0, max: 12 }),
    for_s: fc.integer({ min: 0, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('stable' as const),
    role: readRole,
    band: fc.integer({ min: 1, max: 12 }),
    over_s: fc.integer({ min: 1, max: 8 }),
  }),
);

function valve(on: number | undefined): Record<string, number> {
  return on === undefined ? {} : { 'n2.valveSet_on': on };
}

type Bodies = {
  [Op in keyof typeof OPS]: fc.Arbitrary<Omit<Extract<TimedInstruction, { op: Op }>, 'label' | 'tags'>>;
};

/** One kind of case for every op of the table: a new op does not compile without. */
const BODIES: Bodies = {
  set: fc
    .dictionary(fc.constantFrom(CURRENT, PRESSURE, 'n2.valveSet_on'), fc.integer({ min: 0, max: 1 }), {
      minKeys: 1,
    })
    .map(values => ({ op: 'set' as const, values })),
  ramp: fc.record({
    op: fc.constant('ramp' as const),
    role: fc.constant(CURRENT),
    to: amps,
    rate_per_s: fc.integer({ min: 1, max: 40 }),
    timeout_s: fc.integer({ min: 5, max: 60 }),
  }),
  wait: fc.record({
    op: fc.constant('wait' as const),
    for_s: duration_s,
    until: fc.array(condition, { maxLength: 3 }),
    onTimeout,
  }),
  point: fc.record({
    op: fc.constant('point' as const),
    leg: fc.constantFrom('up' as const, 'down' as const, 'single' as const),
    setpoint: amps,
    dwell_s: fc.constant(12),
    average_s: duration_s.map(s => Math.min(12, s)),
    stopAbove: fc.option(fc.record({ role: readRole, limit: fc.integer({ min: 8, max: 13 }) })),
    minCurrentPerBar_A: fc.integer({ min: 0, max: 3 }),
  }),
  follow: fc
    .record({
      for_s: duration_s,
      ramp_frac_per_s: fc.integer({ min: 1, max: 20 }).map(n => n / 20),
      isSwept: fc.boolean(),
    })
    .map(({ for_s, ramp_frac_per_s, isSwept }) => ({
      op: 'follow' as const,
      follow: {
        source: 'wind',
        for_s,
        setRole: CURRENT,
        voltageRole: 'stack.voltage_V',
        powerRole: 'stack.power_W',
        scale_kW: 0.8,
        currentNominal_A: 100,
        voltageNominal_V: 8,
        minLoad_frac: 0.1,
        restart_frac: 0.2,
        maxLoad_frac: 1,
        ramp_frac_per_s,
        onStandby: valve(isSwept ? 1 : undefined),
        onRestart: valve(isSwept ? 0 : undefined),
      },
    })),
  pressure: fc
    .record({
      to_barg: fc.integer({ min: 0, max: 12 }),
      holdEvery_bar: fc.integer({ min: 0, max: 3 }),
      onTimeout,
    })
    .map(({ to_barg, holdEvery_bar, onTimeout }) => ({
      op: 'pressure' as const,
      pressure: {
        setRole: PRESSURE,
        pressureRole: 'cathode.pressure_barg',
        to_barg,
        rate_bar_per_min: 20,
        holdEvery_bar,
        hold_s: 3,
        h2InO2Role: 'o2.h2_vol_pct',
        h2InO2Gate_vol_pct: 9,
        currentRole: 'stack.current_A',
        minCurrentPerBar_A: 0.1,
        timeout_s: 30,
        onTimeout,
      },
    })),
};

/** A random instruction that takes time; of one op, or of any. */
export function instructionArb(op?: keyof typeof OPS): fc.Arbitrary<TimedInstruction> {
  const bodies = op === undefined ? Object.values(BODIES) : [BODIES[op]];
  return fc
    .oneof(...bodies)
    .map(
      (body): TimedInstruction => ({ ...body, label: body.op, tags: body.op === 'point' ? ['load'] : [] }),
    );
}
