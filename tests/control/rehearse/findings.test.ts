import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../control/record/events.ts';
import { findingsOf } from '../../../control/rehearse/findings.ts';
import { endOfRun } from '../../../control/rehearse/rehearsal.ts';
import type { Rehearsal } from '../../../control/rehearse/summary.ts';
import type { LimitDistance } from '../../../control/review/result.ts';
import { leftLoops } from '../../../control/review/rounds/left-loops.ts';

/** What a rehearsal is told to look at. */

const LIMIT: Partial<LimitDistance> = {
  role: 'cell.current_A',
  reaction: 'trip',
  unit: 'A',
  closest: null,
  member: null,
  at: null,
};
const found = (...limits: Partial<LimitDistance>[]): Omit<Rehearsal, 'findings'> =>
  ({
    end: null,
    outcome: 'completed',
    judged: [],
    steps: [],
    badReadings: [],
    setpoints: [],
    methodLimits: [],
    shortSteps: [],
    suspensions: [],
    sameFigures: [],
    limits: limits.map(limit => ({ ...LIMIT, ...limit })),
  }) as unknown as Omit<Rehearsal, 'findings'>;

it('one reading that cannot be used is not told as too high and too low at once', () => {
  const high = { id: 'current-high', trips: '>', limit: 5, fired: 1, firedUnusable: 1 } as const;
  const low = { ...high, id: 'current-low', trips: '<', limit: -11, fired: 2 } as const;
  expect(findingsOf(found(high, low)).map(({ text }) => text)).toEqual([
    'current-high (trip > 5 A) acts once because cell.current_A is not usable, which counts as exceeded',
    'current-low (trip < -11 A) fires once',
    'current-low (trip < -11 A) acts once because cell.current_A is not usable, which counts as exceeded',
  ]);
});

it('a limit of the method that warned, a current that did not come, a reading that repeats itself', () => {
  const at = { t_s: 963, phase: 'run', step: 'lim (rest)' };
  const limit = {
    kind: 'limit',
    by: 'step lim (rest)',
    where: 'b.yaml:15',
    condition: 'cell.voltage_V > 3',
  } as const;
  const more = { within_s: null, longest_s: 180, at } as const;
  const run = {
    ...found(),
    methodLimits: [
      { ...limit, ...more, reaction: 'warn', fired: 1 },
      { ...limit, ...more, reaction: 'warn', fired: 0 },
      // What ended the run stands at the top already, what a deadline led to at its step.
      { ...limit, ...more, reaction: 'stop', fired: 1 },
      { ...limit, ...more, kind: 'deadline', reaction: 'next', fired: 1 },
    ],
    shortSteps: [
      {
        ...{ phase: 'run', step: 'up (cc)', role: 'cell.current_A', unit: 'A' },
        ...{ asked: 2.5, shown: 0.001, from_s: 501, away_s: 10, count: 3 },
      },
    ],
    sameFigures: [
      {
        ...{ role: 'cell.voltage_V', unit: 'V', value: 3.901, at: { ...at, t_s: 499 } },
        ...{ readings: 361, charge_Ah: 0.25, moved_A: 0, count: 1 },
      },
      {
        ...{ role: 'mix.o2_vol_pct', unit: 'vol_pct', value: 0.033, at: { ...at, t_s: 400 } },
        ...{ readings: 60, usual_readings: 2, count: 2 },
      },
    ],
  } satisfies Omit<Rehearsal, 'findings'>;
  expect(findingsOf(run).map(({ level, text }) => `${level} ${text}`)).toEqual([
    'warning Limit of step lim (rest) (warn, b.yaml:15): cell.voltage_V > 3 at 0:16:03 h, step "lim (rest)"',
    'warning Step "up (cc)" in run does not get what it asks: cell.current_A is 0.001 A where 2.5 A is asked, in 3 of its runs; the longest for 10 s from 0:08:21 h on',
    'warning cell.voltage_V stands at 3.901 V to the last digit from 0:08:19 h on (361 readings so far) while 0.25 Ah flow: it may be no reading',
    'warning mix.o2_vol_pct stands at 0.033 vol % to the last digit from 0:06:40 h on (60 readings so far) after 2 equal ones in a row at most: it may be no reading; 2 times in all',
  ]);
});

it('a potential that software did not hold', () => {
  const one = { phase: 'run', step: 'fast', role: 'cell.negativePotential_V', unit: 'V', target: 0.02 };
  const away = { ...one, within: 0.005, rms: 0.0006, beyond: 0.031, readings: 900, count: 1 };
  const run = { ...found(), controlled: [away, { ...away, beyond: 0.004 }] };
  expect(findingsOf(run)).toEqual([
    {
      level: 'warning',
      text: 'Step "fast" in run does not hold cell.negativePotential_V at 20 mV: up to 31 mV beyond, 0.6 mV rms; 5 mV count as held',
    },
  ]);
});

it('a limit that a tag arms and that was passed without it: more than a note where it was hardly armed', () => {
  const at = { t_s: 3, phase: 'run', step: 'wait' };
  const trip: Partial<LimitDistance> = {
    ...{ id: 'oxygen', trips: '>' as const, limit: 4, fired: 0, armed: 'hydrogen', unit: 'vol_pct' },
    ...{ role: 'mix.o2_vol_pct', peak: 1, distance: null, unwatched: { beyond_s: 110, at } },
  };
  const run = found({ ...trip, armed_s: 0 }, { ...trip, armed_s: 900 }, { ...trip, armed_s: 0, peak: null });
  const text =
    'oxygen (trip > 4 vol %) was not armed while mix.o2_vol_pct was beyond it for 110 s, from 0:00:03 h on in run, step "wait": only steps with the tag "hydrogen" arm it, for';
  const told = findingsOf(run).filter(finding => finding.text.includes('not armed'));
  expect(told.map(({ level, text: is }) => `${level} ${is}`)).toEqual([
    `warning ${text} 0 s in all`,
    `note ${text} 0:15:00 h in all`,
    `note ${text} 0 s in all`,
  ]);
});

it('ends by what ended the run, not by what trips behind it', () => {
  const end = (t_s: number, id: string) =>
    ({ kind: 'end', t_s, text: id, data: { cause: { by: 'interlock', id } } }) as const;
  const events = [end(500, 'temperature-rate'), end(505, 'temperature-low')];
  expect(endOfRun(events, { by: 'interlock', id: 'temperature-rate' })?.t_s).toBe(500);
  expect(endOfRun(events, { by: 'step', id: 'up' })).toBeUndefined();
});

it('steps that were never reached, with what led to the end before them', () => {
  const steps = [{ phase: 'run', step: 'rest', op: 'rest', runs: 0, ended: [] }];
  const run = { ...found(), steps, finishedBy: 'down (cc): cell.voltage_V < 2.5' };
  expect(findingsOf(run).map(({ text }) => text)).toEqual([
    '1 step never reached, in run: "rest"; the method went to its end by down (cc): cell.voltage_V < 2.5',
  ]);
});

it.each([
  ['each', 'exit', 'warning'],
  ['each', 'decision', 'warning'],
  ['each', 'until', 'note'],
  ['repeat', 'exit', 'note'],
  ['repeat', 'decision', 'note'],
  ['repeat', 'deadline', 'warning'],
] as const)('rounds of a loop that were not done: %s left by %s is a %s', (loop, kind, level) => {
  const event = (t_s: number, round: number): JournalEvent => {
    const data = {
      loop,
      where: 'm.yaml:6',
      round,
      rounds: 4,
      kind,
      by: 'cc',
      reason: 'cell.current_A > 0.3',
    };
    return { t_s, kind: 'roundsLeft', text: '', data };
  };
  const run = { ...found(), leftLoops: leftLoops([event(10, 2), event(20, 3)]) };
  expect(findingsOf(run)).toEqual([
    {
      level,
      text: `Left in round 2 of 4 of the ${loop} in m.yaml:6, by cc: cell.current_A > 0.3 (the first of 2 times)`,
    },
  ]);
});
