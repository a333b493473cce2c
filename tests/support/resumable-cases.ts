import fc from 'fast-check';
import { type Bench, benchSchema } from '../../control/bench/bench.ts';
import type { Instruction } from '../../profiles/procedure.ts';
import type { Condition } from '../../profiles/steps/conditions.ts';
import type { TimedInstruction } from '../../profiles/steps/index.ts';
import type { DeviceName, Trouble } from './resumable-bench.ts';

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

const CURRENT = 'stack.currentSet_A';
const PRESSURE = 'cathode.pressureSet_barg';
const VALVE = 'n2.valveSet_on';
const READ = [
  'stack.current_A',
  'stack.voltage_V',
  'cathode.pressure_barg',
  'o2.h2_vol_pct',
  'stack.charge_Ah',
  'cell.highest_V',
  'stack.warming_K_per_min',
] as const;

// Periods of which all sums are exact: what falls on the same time falls on it in every run.
const period_s = fc.constantFrom(0.25, 0.5, 0.75, 1, 1.5);
const tenth = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 10 * min, max: 10 * max }).map(n => n / 10);
const eighth = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 8 * min, max: 8 * max }).map(n => n / 8);
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

const reaction = fc.constantFrom(...(['warn', 'warn', 'warn', 'hold', 'hold', 'stop', 'trip'] as const));
const armed = fc.constantFrom('always', 'running', 'load', 'quiet');

const INTERLOCK: fc.Arbitrary<object> = fc
  .record({
    reaction,
    armed,
    delay_s: fc.oneof(fc.constant(0), eighth(0.5, 5)),
    kind: fc.oneof(
      fc.record({
        kind: fc.constant('threshold'),
        role: fc.constantFrom('o2.h2_vol_pct', 'stack.current_A', 'stack.charge_Ah', 'cell.voltage_V[]'),
        trips: fc.constantFrom('>', '<'),
        limit: tenth(0, 2.2),
      }),
      fc.record({
        kind: fc.constant('rate'),
        role: fc.constantFrom('stack.temperature_degC', 'cathode.pressure_barg'),
        limit_per_min: fc.integer({ min: 20, max: 110 }),
        over_s: eighth(1, 9),
      }),
      fc.record({
        kind: fc.constant('difference'),
        role: fc.constant('cathode.pressure_barg'),
        minus: fc.constant('anode.pressure_barg'),
        trips: fc.constantFrom('>', '<'),
        limit: tenth(0, 3),
      }),
      fc.record({
        kind: fc.constant('spread'),
        role: fc.constant('cell.voltage_V[]'),
        limit: tenth(0.1, 0.3),
      }),
      fc.record({
        kind: fc.constant('stuck'),
        role: fc.constantFrom('stack.temperature_degC', 'cell.voltage_V[]', 'cathode.pressure_barg'),
        band: fc.constantFrom(0.001, 0.05, 1),
        for_s: eighth(1, 8),
      }),
      fc.record({
        kind: fc.constant('follows'),
        role: fc.constant('stack.current_A'),
        set: fc.constant(CURRENT),
        within: tenth(0.1, 3),
        delay_s: eighth(0.5, 5),
      }),
    ),
  })
  .map(({ kind, ...common }) => ({ basis: 'default', ...common, ...kind }));

const BENCH: fc.Arbitrary<Bench> = fc
  .record({
    supply: period_s,
    plc: period_s,
    rack: period_s,
    ramp_A: fc.constantFrom(4, 8, 20, undefined),
    ramp_bar: fc.constantFrom(0.5, 2, undefined),
    interlocks: fc.array(INTERLOCK, { minLength: 1, maxLength: 5 }),
  })
  .map(({ supply, plc, rack, ramp_A, ramp_bar, interlocks }) => {
    const device = (poll_s: number): object => ({
      driver: 'test/resumable',
      poll_s,
      stale_after_s: 3 * poll_s + 0.125,
      options: {},
    });
    const otherwise = 'by hand';
    return benchSchema.parse({
      bench: 'resumable',
      version: 1,
      stack: {
        name: 'three',
        type: 'pem',
        cells: 3,
        activeArea_cm2: 100,
        currentNominal_A: 80,
        powerNominal_kW: 0.6,
        pressureMax_barg: 10,
      },
      devices: { supply: device(supply), plc: device(plc), rack: device(rack) },
      roles: {
        'stack.current_A': 'supply.current_A',
        'stack.voltage_V': 'supply.voltage_V',
        'stack.power_W': 'supply.power_W',
        [CURRENT]: 'supply.currentSet_A',
        'stack.outputSet_on': 'supply.outputSet_on',
        'cathode.pressure_barg': 'plc.pressure_barg',
        'anode.pressure_barg': 'rack.anodePressure_barg',
        [PRESSURE]: 'plc.pressureSet_barg',
        'o2.h2_vol_pct': 'plc.h2InO2_vol_pct',
        'stack.temperature_degC': 'plc.temperature_degC',
        'anode.ventValve_on': 'plc.vent_on',
        'anode.ventValveSet_on': 'plc.ventSet_on',
        'cell.voltage_V[]': 'rack.cell[].voltage_V',
        [VALVE]: 'rack.valveSet_on',
      },
      derived: {
        'stack.charge_Ah': { kind: 'charge', of: 'stack.current_A' },
        'cell.highest_V': { kind: 'max', of: 'cell.voltage_V[]' },
        'stack.warming_K_per_min': { kind: 'rate', of: 'stack.temperature_degC', over_s: 4 },
        'stack.across_bar': { kind: 'difference', of: 'cathode.pressure_barg', minus: 'anode.pressure_barg' },
      },
      limits: {
        [CURRENT]: { min: 0, max: 100, ...(ramp_A === undefined ? {} : { ramp_per_s: ramp_A }) },
        [PRESSURE]: { min: 0, max: 8, ...(ramp_bar === undefined ? {} : { ramp_per_s: ramp_bar }) },
      },
      interlocks: interlocks.map((entry, i) => ({ id: `lock-${i}`, ...entry })),
      safeState: {
        steps: [
          { device: 'supply', within_s: 0.5, otherwise },
          { set: 'anode.ventValveSet_on', to: 1, within_s: 0.5, otherwise },
          {
            vent: PRESSURE,
            rate_bar_per_min: 60,
            role: 'cathode.pressure_barg',
            below: 0.5,
            within_s: 30,
            otherwise,
          },
        ],
        proof: [
          { role: 'stack.current_A', is: '<', limit: 5, within_s: 1, otherwise },
          { role: 'anode.ventValve_on', is: '>', limit: 0.5, within_s: 1, otherwise },
        ],
      },
    });
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
