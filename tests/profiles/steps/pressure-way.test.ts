import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { PressureSpec } from '../../../profiles/steps/pressure.ts';
import {
  nextPressure,
  type PressureDemand,
  type PressureReading,
  type PressureWay,
  pressureSequence,
  startPressure,
} from '../../../profiles/steps/pressure-way.ts';
import type { Tick } from '../../../profiles/steps/step.ts';

/** The pressure pipeline, beat by beat: ticks come from a Subject, no time passes. */

const PRESSURE: PressureSpec = {
  setRole: 'cathode.pressureSet_barg',
  pressureRole: 'cathode.pressure_barg',
  to_barg: 10,
  rate_bar_per_min: 1,
  holdEvery_bar: 0,
  hold_s: 0,
  h2InO2Role: 'o2.h2_vol_pct',
  h2InO2Gate_vol_pct: 1.5,
  currentRole: 'stack.current_A',
  minCurrentPerBar_A: 10,
  timeout_s: 1e6,
  onTimeout: 'stop',
};
const READY: Omit<PressureReading, 'pressure_barg'> = { h2InO2_vol_pct: 0.5, current_A: 1000 };

interface Beat extends PressureDemand {
  readonly second: number;
  readonly pressure_barg: number;
}

/** Runs the sequence against a vessel that comes as close to the set point as `bar_per_s` lets it. */
function pressurise(
  set_barg: number,
  change: {
    readonly spec?: Partial<PressureSpec>;
    readonly from_barg?: number;
    readonly bar_per_s?: number;
    readonly reading?: (second: number) => Partial<PressureReading>;
    readonly seconds?: number;
  } = {},
): { readonly beats: readonly Beat[]; readonly completed: boolean } {
  const ticks$ = new Subject<Tick>();
  const beats: Beat[] = [];
  const fastest = change.bar_per_s ?? 1;
  let completed = false;
  let second = 0;
  let pressure_barg = change.from_barg ?? set_barg;
  pressureSequence(
    ticks$,
    { ...PRESSURE, ...change.spec },
    () => ({ ...READY, pressure_barg, ...change.reading?.(second) }),
    startPressure(set_barg),
  ).subscribe({
    next: demand => {
      beats.push({ ...demand, second, pressure_barg });
      const way = demand.set_barg - pressure_barg;
      pressure_barg += Math.max(-fastest, Math.min(fastest, way));
    },
    complete: () => {
      completed = true;
    },
  });
  for (; second < (change.seconds ?? 3600) && !completed; second++) {
    ticks$.next({ t_s: second, dt_s: 1, elapsed_s: second, isAfterHold: false });
  }
  return { beats, completed };
}

const modesOf = (beats: readonly Beat[]): string[] =>
  beats.map(b => b.mode).filter((mode, i, all) => mode !== all[i - 1]);

describe('pressure: the way', () => {
  it.each([
    ['up', 0, 10],
    ['down', 10, 0],
  ])('%s at 1 bar/min, arrives and ends', (_, from, to) => {
    const { beats, completed } = pressurise(from, { spec: { to_barg: to } });
    expect(completed).toBe(true);
    expect(beats.at(-1)).toMatchObject({ mode: 'done', set_barg: to });
    expect(beats).toHaveLength(601);
    for (let i = 1; i < beats.length; i++) {
      expect(Math.abs(beats[i].set_barg - beats[i - 1].set_barg)).toBeLessThanOrEqual(1 / 60 + 1e-9);
    }
  });

  it('is over at once where it already stands', () => {
    const { beats } = pressurise(10, { from_barg: 9.9 });
    expect(modesOf(beats)).toEqual(['done']);
  });

  it('waits at the target until the vessel has followed to within 0.2 bar', () => {
    const { beats } = pressurise(9.5, { bar_per_s: 0.005 });
    const done = beats.at(-1);
    expect(done?.mode).toBe('done');
    expect(done?.pressure_barg).toBeGreaterThanOrEqual(9.8);
    expect(beats.at(-2)?.pressure_barg).toBeLessThan(9.8);
  });

  it.each([
    ['up', 0, 10, [3, 6, 9]],
    ['up from the middle', 4, 10, [6, 9]],
    ['up, not at the target', 0, 9, [3, 6]],
    ['down', 10, 0, [9, 6, 3]],
  ])('%s: holds 20 s at each multiple of 3 bar', (_, from, to, marks) => {
    const { beats } = pressurise(from, { spec: { to_barg: to, holdEvery_bar: 3, hold_s: 20 } });
    const held = beats.filter(b => b.mode === 'hold');
    expect([...new Set(held.map(b => b.set_barg))]).toEqual(marks);
    for (const mark of marks) expect(held.filter(b => b.set_barg === mark)).toHaveLength(20);
  });

  it.each([
    ['up', 0, 10],
    ['down', 10, 0],
  ])('%s: the set point leads a slow vessel by 1 bar at most', (_, from, to) => {
    const { beats } = pressurise(from, { spec: { to_barg: to }, bar_per_s: 0.005 });
    const lead = beats.map(b => Math.abs(b.set_barg - b.pressure_barg));
    expect(Math.max(...lead)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.max(...lead)).toBeGreaterThan(0.99);
    expect(beats.at(-1)?.mode).toBe('done');
  });
});

describe('pressure: gates', () => {
  const shut = (reading: Partial<PressureReading>, to_barg: number) =>
    pressurise(5, {
      spec: { to_barg },
      seconds: 30,
      reading: second => (second >= 10 && second < 20 ? reading : {}),
    }).beats;
  const UP = 10;
  const DOWN = 0;

  it.each<[what: string, to: number, reading: Partial<PressureReading>, mode: PressureDemand['mode']]>([
    ['H2 in O2 above the gate', UP, { h2InO2_vol_pct: 1.51 }, 'gate-h2-in-o2'],
    ['H2 in O2 at the gate is open', UP, { h2InO2_vol_pct: 1.5 }, 'ramp'],
    ['no H2 in O2', UP, { h2InO2_vol_pct: Number.NaN }, 'gate-reading'],
    ['current below i_min(p)', UP, { current_A: 60 }, 'gate-current'],
    ['current above i_min(p)', UP, { current_A: 64 }, 'ramp'],
    ['no current reading', UP, { current_A: Number.NaN }, 'gate-reading'],
    ['no pressure', UP, { pressure_barg: Number.NaN }, 'gate-reading'],
    ['down: H2 in O2 does not keep the pressure up', DOWN, { h2InO2_vol_pct: 5 }, 'ramp'],
    ['down: nor does a missing H2 in O2', DOWN, { h2InO2_vol_pct: Number.NaN }, 'ramp'],
    ['down: nor does no current', DOWN, { current_A: 0 }, 'ramp'],
    ['down: a missing pressure does', DOWN, { pressure_barg: Number.NaN }, 'gate-reading'],
  ])('%s', (_, to, reading, mode) => {
    const beats = shut(reading, to);
    expect([...new Set(beats.slice(10, 20).map(b => b.mode))]).toEqual([mode]);
    const moved = Math.abs(beats[19].set_barg - beats[9].set_barg);
    expect(moved).toBeCloseTo(mode === 'ramp' ? 10 / 60 : 0, 9);
    // Opens again and goes on from where it stood.
    expect(beats[20].mode).toBe('ramp');
    expect(Math.abs(beats[29].set_barg - beats[19].set_barg)).toBeCloseTo(10 / 60, 9);
  });
});

describe('pressure: a set point far from the pressure', () => {
  it.each([
    // The vent was open while the set point stood high: from 15 barg down, not first up to 36.
    ['down, set point far above', 36, 15, 0, 16, 'down'],
    ['down, set point far below: no sudden emptying', 0, 15, 5, 14, 'down'],
    ['up, set point far below', 0, 15, 30, 14, 'up'],
    ['up, set point far above: no sudden filling', 36, 15, 30, 16, 'up'],
    ['the target lies between: up, although the set point is above it', 36, 15, 20, 16, 'up'],
    ['the target lies between: down, although the set point is below it', 0, 15, 10, 14, 'down'],
    ['near: the set point stays where it is', 15.5, 15, 30, 15.5, 'up'],
    ['never below 0', 3, -0.3, 10, 0.7, 'up'],
  ])('%s', (_, set_barg, from_barg, to_barg, start_barg, way) => {
    const { beats, completed } = pressurise(set_barg, {
      from_barg,
      spec: { to_barg },
      bar_per_s: 0.02,
    });
    const sign = way === 'up' ? 1 : -1;
    expect(sign * (beats[0].set_barg - start_barg)).toBeGreaterThanOrEqual(0);
    expect(sign * (beats[0].set_barg - start_barg)).toBeLessThanOrEqual(1 / 60 + 1e-9);
    for (const beat of beats) expect(Math.abs(beat.set_barg - beat.pressure_barg)).toBeLessThanOrEqual(1.05);
    expect(completed).toBe(true);
    expect(beats.at(-1)?.set_barg).toBe(to_barg);
  });

  it('gates go with the way: up towards a target below the set point', () => {
    const { beats } = pressurise(36, {
      from_barg: 15,
      spec: { to_barg: 20 },
      reading: () => ({ h2InO2_vol_pct: 3 }),
      seconds: 60,
    });
    expect(modesOf(beats)).toEqual(['gate-h2-in-o2']);
    expect(beats.at(-1)?.set_barg).toBe(16);
  });

  it('decides with the first reading, and leaves the set point alone until then', () => {
    const { beats } = pressurise(36, {
      from_barg: 15,
      spec: { to_barg: 0 },
      bar_per_s: 0,
      reading: second => (second < 5 ? { pressure_barg: Number.NaN } : {}),
      seconds: 10,
    });
    expect(beats.slice(0, 5).map(b => [b.mode, b.set_barg])).toEqual(Array(5).fill(['gate-reading', 36]));
    expect(beats[5].set_barg).toBeCloseTo(16 - 1 / 60, 9);
  });
});

describe('pressure: the reducer', () => {
  const beat = (elapsed_s: number): Tick => ({ t_s: elapsed_s, dt_s: 1, elapsed_s, isAfterHold: false });
  const at = (pressure_barg: number): PressureReading => ({ ...READY, pressure_barg });

  it('asks for nothing before the pressure is known, and then begins at the pressure where nothing was set', () => {
    const waiting = nextPressure(PRESSURE, startPressure(Number.NaN), beat(0), at(Number.NaN));
    expect(waiting).toMatchObject({ mode: 'gate-reading', set_barg: Number.NaN, up: undefined });
    const begun = nextPressure(PRESSURE, waiting, beat(1), at(4));
    expect(begun).toMatchObject({ mode: 'ramp', up: true });
    expect(begun.set_barg).toBeCloseTo(4 + 1 / 60, 9);
  });

  it('a planned hold ends at its elapsed time, wherever it was taken up again', () => {
    const held: PressureWay = { up: true, set_barg: 3, mode: 'hold', holdUntil_s: 20 };
    expect(nextPressure(PRESSURE, held, beat(19.9), at(3))).toEqual(held);
    expect(nextPressure(PRESSURE, held, beat(20), at(3)).mode).toBe('ramp');
  });
});
