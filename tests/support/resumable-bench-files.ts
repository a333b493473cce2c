import fc from 'fast-check';
import { type Bench, benchSchema } from '../../control/bench/bench.ts';

/** Random bench files on the devices of `resumable-bench.ts`. */

/** What is set in the cases. */
export const CURRENT = 'stack.currentSet_A';
/** The back pressure's set point. */
export const PRESSURE = 'cathode.pressureSet_barg';
/** An output without ramp limit. */
export const VALVE = 'n2.valveSet_on';
// Periods of which all sums are exact: what falls on the same time falls on it in every run.
const period_s = fc.constantFrom(0.25, 0.5, 0.75, 1, 1.5);
/** A number in tenths. */
export const tenth = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 10 * min, max: 10 * max }).map(n => n / 10);
/** A number in eighths, exact. */
export const eighth = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 8 * min, max: 8 * max }).map(n => n / 8);
const reaction = fc.constantFrom(
  ...(['warn', 'warn', 'warn', 'hold', 'hold', 'suspend', 'suspend', 'stop', 'trip'] as const),
);
const armed = fc.constantFrom('always', 'running', 'load', 'quiet');

/** What a suspension does. */
const RECOVER: fc.Arbitrary<object> = fc
  .record({
    current: fc.constantFrom(undefined, 0, 8, { to: 16, per_s: 4 }),
    pressure: fc.constantFrom(undefined, 0, { to: 1, per_s: 0.5 }),
    for_s: eighth(0.5, 4),
    more_s: eighth(1, 12),
    at_most: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ current, pressure, for_s, more_s, at_most }) => ({
    set: {
      ...(current === undefined ? {} : { [CURRENT]: current }),
      ...(pressure === undefined ? {} : { [PRESSURE]: pressure }),
    },
    for_s,
    within_s: for_s + more_s,
    at_most,
  }));

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
  .chain(
    ({ kind, ...common }): fc.Arbitrary<object> =>
      common.reaction === 'suspend'
        ? RECOVER.map(recover => ({ basis: 'default', ...common, ...kind, recover }))
        : fc.constant({ basis: 'default', ...common, ...kind }),
  );

/** Any periods, ramp limits and interlocks. */
export const BENCH: fc.Arbitrary<Bench> = fc
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
