import fc from 'fast-check';
import type { Bench } from '../../control/bench/bench.ts';
import type { Instruction } from '../../profiles/procedure.ts';
import type { Condition } from '../../profiles/steps/conditions.ts';
import type { TimedInstruction } from '../../profiles/steps/index.ts';
import type { DeviceName, Trouble } from './resumable-bench.ts';
import { BENCH, CURRENT, eighth, PRESSURE, tenth, VALVE } from './resumable-bench-files.ts';

/** Random benches, procedures, and what happens to them, for the property that a run goes on from its checkpoint. */

/** What somebody does at a time. */
export interface Act {
  readonly t_s: number;
  readonly what: 'hold' | 'resume' | 'stop' | 'abort' | 'panel';
}

/** One run and where it is cut. */
export interface ResumeCase {
  readonly seed: number;
  readonly bench: Bench;
  readonly control_s: number;
  readonly instructions: readonly Instruction[];
  readonly troubles: readonly Trouble[];
  readonly acts: readonly Act[];
  /** Where the program is ended and begun anew, as parts of the length of the run. */
  readonly cuts: readonly number[];
}

const READ = [
  'stack.current_A',
  'stack.voltage_V',
  'cathode.pressure_barg',
  'o2.h2_vol_pct',
  'stack.charge_Ah',
  'cell.highest_V',
  'stack.warming_K_per_min',
] as const;

const onTimeout = fc.constantFrom('continue' as const, 'continue' as const, 'stop' as const, 'trip' as const);
const readRole = fc.constantFrom(...READ);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    role: readRole,
    is: fc.constantFrom('>' as const, '<' as const, '>=' as const, '<=' as const),
    limit: tenth(0, 8),
    for_s: eighth(0, 3),
  }),
  fc.record({
    kind: fc.constant('stable' as const),
    role: readRole,
    band: tenth(0.1, 4),
    over_s: eighth(1, 4),
  }),
);

type Body = TimedInstruction extends infer I
  ? I extends unknown
    ? Omit<I, 'label' | 'tags'>
    : never
  : never;

const BODY: fc.Arbitrary<Body> = fc.oneof(
  fc.record({
    op: fc.constant('set' as const),
    values: fc.record(
      {
        [CURRENT]: fc.integer({ min: 0, max: 100 }),
        [PRESSURE]: tenth(0, 6),
        [VALVE]: fc.constantFrom(0, 1),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    op: fc.constant('ramp' as const),
    role: fc.constantFrom(CURRENT, PRESSURE),
    to: fc.integer({ min: 0, max: 12 }),
    rate_per_s: tenth(0.4, 8),
    timeout_s: fc.integer({ min: 6, max: 60 }),
  }),
  fc.record({
    op: fc.constant('wait' as const),
    for_s: eighth(0.5, 9),
    until: fc.array(condition, { maxLength: 2 }),
    onTimeout,
  }),
  fc.record({
    op: fc.constant('point' as const),
    leg: fc.constantFrom('up' as const, 'down' as const, 'single' as const),
    setpoint: fc.integer({ min: 0, max: 100 }),
    dwell_s: eighth(3, 6),
    average_s: eighth(1, 3),
    stopAbove: fc.option(fc.record({ role: readRole, limit: tenth(2, 9) })),
    minCurrentPerBar_A: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ for_s: eighth(2, 12), ramp: tenth(0.1, 1), isSwept: fc.boolean() }).map(
    ({ for_s, ramp, isSwept }): Body => ({
      op: 'follow',
      follow: {
        source: 'wind',
        for_s,
        setRole: CURRENT,
        voltageRole: 'stack.voltage_V',
        powerRole: 'stack.power_W',
        scale_kW: 0.6,
        currentNominal_A: 80,
        voltageNominal_V: 7.5,
        minLoad_frac: 0.1,
        restart_frac: 0.2,
        maxLoad_frac: 1,
        ramp_frac_per_s: ramp,
        onStandby: isSwept ? { [VALVE]: 1 } : {},
        onRestart: isSwept ? { [VALVE]: 0 } : {},
      },
    }),
  ),
  fc.record({ to_barg: tenth(0, 5), holdEvery_bar: fc.integer({ min: 0, max: 2 }), onTimeout }).map(
    ({ to_barg, holdEvery_bar, onTimeout }): Body => ({
      op: 'pressure',
      pressure: {
        setRole: PRESSURE,
        pressureRole: 'cathode.pressure_barg',
        to_barg,
        rate_bar_per_min: 40,
        holdEvery_bar,
        hold_s: 1,
        h2InO2Role: 'o2.h2_vol_pct',
        h2InO2Gate_vol_pct: 1.3,
        currentRole: 'stack.current_A',
        minCurrentPerBar_A: 0,
        timeout_s: 20,
        onTimeout,
      },
    }),
  ),
);

const TAGS = [[], ['load'], ['quiet'], ['load', 'quiet']] as const;
const TIMED = fc.record({ body: BODY, tags: fc.constantFrom(...TAGS) });
/** A step, or a loop around some. */
const PART = fc.oneof(
  { weight: 5, arbitrary: TIMED.map(step => ({ times: 1, steps: [step] })) },
  {
    weight: 1,
    arbitrary: fc.record({
      times: fc.integer({ min: 0, max: 3 }),
      steps: fc.array(TIMED, { minLength: 1, maxLength: 2 }),
    }),
  },
);

const PROCEDURE: fc.Arbitrary<Instruction[]> = fc.array(PART, { minLength: 2, maxLength: 7 }).map(parts => {
  const on = { 'stack.outputSet_on': 1, [CURRENT]: 40 };
  const all: Instruction[] = [{ op: 'set', values: on, label: 'set 0', tags: [] }];
  const flow = { label: 'flow', tags: [] };
  parts.forEach(({ times, steps }, i) => {
    if (i % 3 === 0) all.push({ op: 'phase', name: `p${i}`, method: 'steps', planned_s: 10, ...flow });
    const start = all.length;
    if (times !== 1) all.push({ op: 'loop', times, end: start + steps.length + 1, ...flow });
    for (const { body, tags } of steps) all.push({ ...body, label: `${body.op} ${all.length}`, tags });
    if (times !== 1) all.push({ op: 'endLoop', start, ...flow });
  });
  return all;
});

const DEVICES: readonly DeviceName[] = ['supply', 'plc', 'rack'];

/** Any bench, any procedure, any trouble, and one to three cuts. */
export const RESUME_CASE: fc.Arbitrary<ResumeCase> = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  bench: BENCH,
  control_s: fc.constantFrom(0.25, 0.5, 1),
  instructions: PROCEDURE,
  troubles: fc.array(
    fc.record({
      device: fc.constantFrom(...DEVICES),
      from_s: eighth(2, 60),
      for_s: eighth(0.5, 5),
      what: fc.constantFrom('bad' as const, 'still' as const, 'still' as const, 'refuses' as const),
    }),
    { maxLength: 2 },
  ),
  acts: fc.array(
    fc.record({
      // Off the beats.
      t_s: eighth(1, 60).map(t_s => t_s + 1 / 64),
      what: fc.constantFrom(
        ...(['hold', 'hold', 'hold', 'resume', 'panel', 'stop', 'stop', 'abort'] as const),
      ),
    }),
    { maxLength: 3 },
  ),
  cuts: fc.array(
    fc.integer({ min: 0, max: 1000 }).map(n => n / 1000),
    { minLength: 1, maxLength: 3 },
  ),
});
