import { describe, expect, it } from 'vitest';
import { evaluateRun } from '../../profiles/run-kpis.ts';
import { figuresOfReadings } from '../../profiles/standing-figures.ts';
import { standingOf } from '../../profiles/uncertainty/standing-stretches.ts';
import { figureOf } from './figures.ts';
import { type HandMade, recordOf } from './record.ts';

/** Figures of a record in which an instrument shows its last word: none that hangs on it is given. */

/** Noise that comes again in no order that a stretch of equal readings could have, within 1. */
const noise = (t: number): number => Math.sin(12.9898 * t) * Math.cos(78.233 * t * t);
const inSteps = (step: number, of: (t: number) => number) => (t: number) => step * Math.round(of(t) / step);

const FLOW = 'h2.flow_NL_per_min';
const H2 = 'o2.h2_vol_pct';
/** The load comes at 600 s and halves at 1800 s. */
const current_A = (t: number): number => (t < 600 ? 0 : t < 1800 ? 2000 : 1000) + noise(t);
const to_s = 3000;

function recordWith(roles: HandMade['roles'], more: Partial<HandMade> = {}) {
  const abs = { [H2]: 0.05, [FLOW]: 5 };
  const accuracy = Object.fromEntries(
    Object.entries(abs).map(([role, u]) => [role, { reading_pct: 0, abs: u, basis: 'default' } as const]),
  );
  const asked = {
    'stack.currentSet_A': [
      [0, 0],
      [600, 2000],
      [1800, 1000],
    ],
    ...more.asked,
  } as const;
  return recordOf({ to_s, accuracy, ...more, asked, roles: { 'stack.current_A': current_A, ...roles } });
}

const isStanding = (role: string, of: (t: number) => number, more: Partial<HandMade> = {}): boolean =>
  standingOf(recordWith({ [role]: of }, more), role).stretches.length > 0;

describe('readings are none', () => {
  it.each<[string, string, (t: number) => number]>([
    ['of a flow that was noisy', FLOW, t => 900 + noise(Math.min(t, 900))],
    [
      'of a pressure on its way',
      'cathode.pressure_barg',
      inSteps(1e-3, t => 9 - 1e-3 * Math.min(t, 900) + 3e-3 * noise(Math.min(t, 900))),
    ],
    ['of a power, where the current moved', 'stack.power_W', t => 180 * current_A(Math.min(t, 1200))],
    ['of H2 in O2 that stay 0 under load', H2, t => (t < 300 && noise(t) > 0.9 ? 2e-3 : 0)],
  ])('%s', (_, role, of) => {
    expect(isStanding(role, of)).toBe(true);
  });

  it.each<[string, string, (t: number) => number, Partial<HandMade>?]>([
    ['of a flow that goes on', FLOW, t => 900 + noise(t)],
    ['behind a valve that shuts', FLOW, t => (t < 600 ? 900 + noise(t) : 0)],
    ['of coarse digits', 'cathode.pressure_barg', inSteps(0.1, t => 9 + 0.02 * noise(t))],
    ['that come to rest', 'cathode.pressure_barg', inSteps(1e-3, t => 9 + 4 * Math.exp(-t / 40))],
    ['of a power at a steady current', 'stack.power_W', t => 180 * current_A(Math.min(t, 2000))],
    [
      'of a power that is held',
      'stack.power_W',
      t => (t < 900 ? 180 * current_A(t) : 3e5),
      { asked: { 'stack.powerSet_W': [[900, 3e5]] } },
    ],
    [
      'of H2 in O2 without load',
      H2,
      t => (t < 300 && noise(t) > 0.9 ? 2e-3 : t > 700 ? 0.4 + 0.01 * noise(t) : 0),
    ],
    ['of an analyser whose zero is far off', H2, t => (t < 300 ? 0.03 : 0)],
  ])('not %s', (_, role, of, more) => {
    expect(isStanding(role, of, more)).toBe(false);
  });
});

it.each([
  ['charged at its lower limit', 2.5, 5, true],
  ['discharged at its lower limit', 2.5, -5, false],
  ['charged at its upper limit', 4.2, 5, false],
])('a cell that is %s, %d V, by %d A', (_, volts, amps, isNone) => {
  const run = recordOf({
    to_s: 900,
    roles: {
      'cell.current_A': t => (t < 600 ? 0 : amps) + 1e-3 * noise(t),
      'cell.voltage_V': inSteps(1e-4, t => volts + 5e-4 * noise(Math.min(t, 400))),
    },
    asked: {
      'cell.currentSet_A': [[600, amps]],
      'cell.voltageMaxSet_V': [[0, 4.2]],
      'cell.voltageMinSet_V': [[0, 2.5]],
    },
  });
  const subject = {
    kind: 'cell',
    name: 'c',
    chemistry: 'NMC',
    capacity_Ah: 5,
    currentMax_A: 10,
    voltageMin_V: 2.5,
    voltageMax_V: 4.2,
  } as const;
  expect(standingOf({ ...run, subject }, 'cell.voltage_V').stretches.length > 0).toBe(isNone);
});

it('the run has told it of a record whose rows are few', () => {
  const of = (t: number): number => 900 + noise(Math.min(t, 900));
  const run = recordWith({ [FLOW]: of }, { dt_s: 100 });
  expect(standingOf(run, FLOW).stretches).toEqual([]);
  const told = { role: FLOW, value: of(900), from_s: 900, usual_readings: 1 };
  expect(standingOf({ ...run, sameFigures: [told] }, FLOW).stretches).toMatchObject([{ from_s: 900, to_s }]);
});

it('hydrogen by a meter that stood still is none, by the charge it is one', () => {
  const of = (since_s: number) =>
    evaluateRun(recordWith({ [FLOW]: t => 0.45 * current_A(Math.min(t, since_s)) }), {
      method: 'm',
      instructions: [],
      planned_s: to_s,
    });
  const [whole, stood] = [of(to_s), of(1200)];
  expect(figureOf(whole, 'h2-measured').value).toBeGreaterThan(0);
  expect(figureOf(stood, 'h2-measured')).toMatchObject({
    value: null,
    definition: expect.stringMatching(/No value: h2\.flow_NL_per_min repeats [\d.]+ to the last digit/),
  });
  expect(figureOf(stood, 'h2-faraday')).toEqual(figureOf(whole, 'h2-faraday'));
});

/** The largest reading after 600 s: what was seen before the analyser stood still is not what it would have been. */
it('a limit that a largest value meets is undecided where the analyser was blind for a part', () => {
  const outcomeOf = (since_s: number) =>
    figuresOfReadings(recordWith({ [H2]: t => 0.4 + 0.01 * noise(Math.min(t, since_s)) }), run => {
      const value = Math.max(...run.series(H2).value.subarray(600).filter(Number.isFinite));
      const criterion = { is: '<', limit: 1, outcome: value < 1 ? 'pass' : 'fail' } as const;
      return [{ id: 'most', value, unit: 'vol_pct', definition: 'most.', basis: 'default', criterion }];
    })[0];
  expect(outcomeOf(to_s)).toMatchObject({ criterion: { outcome: 'pass' } });
  expect(outcomeOf(1500)).toMatchObject({ value: null, criterion: { outcome: 'undecided' } });
});
