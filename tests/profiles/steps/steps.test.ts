import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../profiles/steps/conditions.ts';
import { OPS, opOf, type TimedInstruction } from '../../../profiles/steps/index.ts';
import type { StepEnd, Tick } from '../../../profiles/steps/step.ts';
import { StepBench } from '../../support/step-bench.ts';
import { CURRENT, instructionArb, READ_ROLES, readyBench } from '../../support/step-cases.ts';

/** Steps beat by beat, on a bench without devices. */

const ROLE = 'a.b_V';
const common = { label: 's', tags: [] };
const beat = (elapsed_s: number, isAfterHold = false): Tick => ({
  t_s: 1000 + elapsed_s,
  dt_s: elapsed_s === 0 || isAfterHold ? 0 : 1,
  elapsed_s,
  isAfterHold,
});

/** Runs an instruction against one reading a beat; says at which beat it ended, and how. */
function play(
  instruction: TimedInstruction,
  readings: readonly number[],
  held: readonly number[] = [],
): { at: number; end: StepEnd | undefined; bench: StepBench } {
  const bench = new StepBench();
  const step = opOf(instruction)?.open(instruction, bench.env);
  for (const [n, value] of readings.entries()) {
    bench.readings.set(ROLE, value);
    bench.beat(1);
    const end = step?.tick(beat(n, held.includes(n)));
    if (end !== undefined) return { at: n, end, bench };
  }
  return { at: Number.NaN, end: undefined, bench };
}

const waitFor = (condition: Condition): TimedInstruction => ({
  ...common,
  op: 'wait',
  for_s: 50,
  until: [condition],
  onTimeout: 'stop',
});
const above: Condition = { kind: 'compare', role: ROLE, is: '>', limit: 5, for_s: 4 };
const stable: Condition = { kind: 'stable', role: ROLE, band: 1, over_s: 4 };
const six = (n: number): number[] => Array(n).fill(6);

describe('conditions: time that was looked at, without a break', () => {
  it.each<[what: string, condition: Condition, readings: number[], held: number[], at: number]>([
    ['above for 4 s', above, six(9), [], 4],
    ['a break begins it anew', above, [6, 6, 4, ...six(9)], [], 7],
    ['so does a reading that is missing', above, [6, 6, Number.NaN, ...six(9)], [], 7],
    ['so does a hold', above, six(12), [3], 7],
    ['each hold', above, six(16), [3, 6, 9], 13],
    ['stable over 4 s', stable, six(9), [], 4],
    ['a swing begins it anew', stable, [6, 6, 8, ...six(9)], [], 7],
    ['a missing reading too', stable, [6, 6, Number.NaN, ...six(9)], [], 7],
    ['and a hold', stable, six(12), [3], 7],
  ])('%s', (_, condition, readings, held, at) => {
    expect(play(waitFor(condition), readings, held)).toMatchObject({ at, end: { kind: 'condition' } });
  });
});

describe('a condition that holds already when its step begins', () => {
  /** What is read before the step begins, then at each beat; a reading is new unless the test says otherwise. */
  const waits = (condition: Condition, before: number, readings: readonly number[], isOld = false) => {
    const bench = new StepBench();
    bench.readings.set(ROLE, before);
    const step = opOf(waitFor(condition))?.open(waitFor(condition), bench.env);
    for (const [n, value] of readings.entries()) {
      bench.readings.set(ROLE, value);
      if (isOld) bench.arrived_s.set(ROLE, beat(0).t_s);
      const end = step?.tick(beat(n));
      if (end !== undefined) return { n, end };
    }
    return undefined;
  };
  const at = { ...above, for_s: 0 } as Condition;

  it.each<
    [what: string, condition: Condition, before: number, readings: number[], n: number, wasMet: boolean]
  >([
    ['is said so', at, 6, [6], 0, true],
    ['also where it must hold for a while', above, 6, six(9), 4, true],
    ['not where it has come with the step', at, 4, [6], 0, false],
    ['not where it was read not to hold', above, 6, [6, 4, ...six(9)], 6, false],
    ['not where nothing was read before', at, Number.NaN, [6], 0, false],
    ['steadiness never does', stable, 6, six(9), 4, false],
  ])('%s', (_, condition, before, readings, n, wasMet) => {
    expect(waits(condition, before, readings)).toMatchObject({ n, end: { kind: 'condition', wasMet } });
  });

  it('is not taken from a reading that was there before', () => {
    expect(waits(at, 6, six(30), true)).toBeUndefined();
  });
});

describe('points', () => {
  const point = {
    ...common,
    op: 'point',
    leg: 'up',
    setpoint: 5,
    stopAbove: null,
    minCurrentPerBar_A: 0,
  } as const;
  it.each<[what: string, held: number[], at: number]>([
    ['without a hold: the dwell', [], 10],
    ['a hold early in the dwell costs nothing', [3], 10],
    ['a hold in the window prolongs the dwell', [8], 14],
    ['the last hold counts', [3, 8, 12], 18],
  ])('%s', (_, held, at) => {
    const played = play({ ...point, dwell_s: 10, average_s: 6 }, six(30), held);
    expect(played).toMatchObject({ at, end: { kind: 'time' } });
    // In run time, and wholly behind the last hold.
    expect(played.bench.log.at(-1)).toContain(`"from_s":${1000 + at - 6},"to_s":${1000 + at}`);
  });
});

describe('set', () => {
  const set = (value: number): TimedInstruction => ({ ...common, op: 'set', values: { [ROLE]: value } });
  it.each<[what: string, from: number, ramp_per_s: number | undefined, bound_s: number]>([
    ['no ramp limit', 0, undefined, 60],
    ['way over ramp limit, half as much again, and a minute', 0, 0.1, 1.5 * 300 + 60],
    ['from where it stands', 20, 0.1, 1.5 * 100 + 60],
    ['nothing read back yet: from the farther end', Number.NaN, 0.1, 1.5 * 300 + 60],
  ])('times out after its own time: %s', (_, from, ramp_per_s, bound_s) => {
    const bench = new StepBench();
    bench.limits.set(ROLE, { min: 0, max: 30, ramp_per_s });
    bench.faults.set(ROLE, 'silent');
    bench.stands(ROLE, from);
    const step = opOf(set(30))?.open(set(30), bench.env);
    expect(step?.tick(beat(0))).toBeUndefined();
    expect(step?.tick(beat(bound_s))).toBeUndefined();
    expect(step?.tick(beat(bound_s + 1))).toMatchObject({ kind: 'timeout', leadsTo: 'trip' });
  });

  it('taken up again where nobody knows of its request, asks again', () => {
    const before = new StepBench();
    const step = opOf(set(3))?.open(set(3), before.env);
    step?.tick(beat(0));
    const after = new StepBench();
    const again = opOf(set(3))?.open(set(3), after.env, step?.state());
    again?.tick(beat(1));
    expect(after.log).toEqual([`ask ${ROLE} = 3 (s)`]);
    after.beat(1);
    expect(again?.tick(beat(2))).toMatchObject({ kind: 'applied' });
  });
});

describe('every op', () => {
  it('ends only in the ways that it names', () => {
    fc.assert(
      fc.property(
        instructionArb(),
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1 }),
        (i, readings) => {
          const bench = readyBench(readings[0]);
          const step = opOf(i)?.open(i, bench.env);
          for (let n = 0; n < 100; n++) {
            for (const role of READ_ROLES) bench.readings.set(role, readings[n % readings.length]);
            bench.beat(1);
            const end = step?.tick(beat(n));
            if (end === undefined) continue;
            expect(OPS[i.op].endings).toContain(end.kind);
            return;
          }
        },
      ),
    );
  });

  it('refuses a state that is not its own', () => {
    for (const op of Object.keys(OPS) as (keyof typeof OPS)[]) {
      const [instruction] = fc.sample(instructionArb(op), 1);
      expect(() => opOf(instruction)?.open(instruction, readyBench(1).env, { other: 1 }), op).toThrow();
    }
  });
});

describe('changes between steps', () => {
  const moves = fc.oneof(instructionArb('follow'), instructionArb('ramp'));
  it('a ramp and a load profile begin at the current that is applied, whatever went before', () => {
    fc.assert(
      fc.property(
        moves,
        moves,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 30 }),
        (a, b, from_A, beats) => {
          const bench = readyBench(3);
          bench.readings.set('stack.voltage_V', 7.5);
          bench.stands(CURRENT, from_A);
          const first = opOf(a)?.open(a, bench.env);
          for (let n = 0; n < beats && first?.tick(beat(n)) === undefined; n++) bench.beat(1);
          first?.leave?.();
          // What is under way arrives; the next step begins at what is read back then.
          for (let n = 0; n < 20; n++) bench.beat(1);
          const applied_A = bench.env.applied(CURRENT);
          bench.log = [];
          opOf(b)?.open(b, bench.env).tick(beat(0));
          const asked = bench.log.find(line => line.startsWith(`ask ${CURRENT}`));
          const asked_A = asked === undefined ? applied_A : Number(asked.split(' ')[3]);
          expect(asked_A).toBeCloseTo(applied_A, 6);
        },
      ),
    );
  });
});
