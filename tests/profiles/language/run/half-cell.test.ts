import { describe, expect, it } from 'vitest';
import { nextCurrent_A, SETTLING_READINGS } from '../../../../profiles/language/run/actions/software-loop.ts';
import { Bench } from './fake-cell.ts';
import { DECLARED_OHM, HalfCell, ROLE } from './fake-half-cell.ts';

/** Half-cell control by software: how it comes to a potential, and what it does where it cannot see. */

const HOLD = `- { cccv: { current_A: 10, ${ROLE}: 0.05 }, until: cell.current_A < 0.1, for_min: 10 }`;
/** What 2.5 A are declared to do. */
const NEAR = HOLD.replace(': 0.05', ': 0.15');
const bench = (steps = HOLD): { run: Bench; cell: HalfCell } => {
  const env = new HalfCell();
  return { run: new Bench(steps, { env }), cell: env };
};
/** Potentials at the readings from `from_s` on, V. */
function potentials(run: Bench, cell: HalfCell, for_s: number): number[] {
  const seen: number[] = [];
  run.go(for_s, () => {
    if (Number.isInteger(cell.t_s)) seen.push(cell.potential_V);
  });
  return seen;
}

describe('coming to a potential', () => {
  it.each([
    [1, 0],
    [0.5, 0],
    [2, 0],
    [4, 0.001],
  ])(
    'with a response %s times the declared one: %s V beyond at most, quiet in its readings',
    (ratio, beyond_V) => {
      const { run, cell } = bench(NEAR);
      cell.slow_Ohm = 0;
      cell.response_Ohm = ratio * DECLARED_OHM;
      const seen = potentials(run, cell, 60);
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(0.15 - beyond_V - 1e-9);
      const settled = seen.slice(Math.ceil(SETTLING_READINGS / Math.min(1, ratio)) + 3);
      for (const value of settled) expect(Math.abs(value - 0.15)).toBeLessThan(0.02 * 0.05 + 1e-6);
    },
  );

  it('follows what drifts, by some four readings of its drift', () => {
    const { run, cell } = bench();
    const seen = potentials(run, cell, 600).slice(30);
    expect(Math.max(...seen.map(value => Math.abs(value - 0.05)))).toBeLessThan(0.0015);
    // 0.15 V over 30 mOhm in the end.
    expect(cell.current_A).toBeCloseTo(5, 0);
    expect(run.isOver).toBe(false);
  });

  it('never asks for more than the current of its step', () => {
    const { run, cell } = bench(`- { cccv: { current_A: 3, ${ROLE}: 0.05 }, for_s: 60 }`);
    run.go(59);
    expect(cell.current_A).toBe(3);
    expect(cell.potential_V).toBeGreaterThan(0.05);
  });

  it('begins from nothing, also where the target is a step away', () => {
    const { run, cell } = bench();
    run.go(1);
    expect(cell.asks.filter(ask => ask.includes('currentSet')).every(ask => ask.endsWith(' 0'))).toBe(true);
  });

  it('does not count a condition before it has arrived', () => {
    const { run } = bench(
      `- { cccv: { current_A: 10, ${ROLE}: 0.05 }, until: cell.current_A < 7, within_min: 5 }`,
    );
    run.go(310);
    // It begins at 0 A, and would end at once.
    const [, end_s] = /\.\.([\d.]+) cccv: condition/.exec(run.told.lines.join('\n')) ?? [];
    expect(Number(end_s)).toBeGreaterThan(5);
  });

  it('takes a slow channel for what it is: never a second current before the first was seen', () => {
    const { run, cell } = bench();
    cell.delay_s = 2.5;
    cell.slow_Ohm = 0;
    const seen = potentials(run, cell, 200);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0.05 - 1e-9);
    expect(seen.at(-1)).toBeCloseTo(0.05, 3);
  });

  it('tells how well it was held', () => {
    const { run, cell } = bench(`- { cccv: { current_A: 10, ${ROLE}: 0.05 }, for_s: 60 }`);
    run.go(70);
    expect(cell.notes).toEqual([
      expect.stringMatching(
        /cccv: cell\.negativePotential_V at 50\.0 mV by software: rms deviation \d\.\d mV, at most 1\.\d mV beyond, a new current each 1\.00 s/,
      ),
    ]);
  });
});

describe('what it cannot see', () => {
  const OVER = 'stop: cccv: cell.negativePotential_V has shown nothing good';
  it.each<readonly [what: string, blind: (cell: HalfCell) => void]>([
    ['a potential without a value', cell => (cell.hasNoPotential = true)],
    ['a potential that falls silent', cell => (cell.isSilent = true)],
  ])('%s never moves the current, and ends the run in order', (_what, blind) => {
    const { run, cell } = bench();
    run.go(30.2);
    const before_A = cell.current_A;
    expect(before_A).toBeGreaterThan(1);
    blind(cell);
    run.go(2);
    expect(cell.current_A).toBe(before_A);
    run.go(4);
    expect(
      run.told.lines.some(line => line.startsWith(OVER) || line.includes('has shown nothing good')),
    ).toBe(true);
    expect(run.isOver).toBe(true);
    expect(cell.asks.filter(ask => ask.includes('currentSet')).at(-1)).toMatch(/ 0$/);
  });

  it.each([0, 5, 40, 200])(
    'a figure that stands still from %i s on is no reading: nothing flows any more',
    from_s => {
      const { run, cell } = bench();
      run.go(from_s);
      const before_A = cell.current_A;
      cell.isFrozen = true;
      run.go(120);
      // Where the loop has no more to change, nothing tells a frozen figure from a quiet one: then it drives nothing either.
      if (cell.current_A === 0)
        expect(run.told.lines.join('\n')).toMatch(/stands still at .* it is no reading/);
      else expect(Math.abs(cell.current_A - before_A)).toBeLessThan(0.5);
      if (from_s < 10) expect(cell.current_A).toBe(0);
      expect(cell.potential_V).toBeGreaterThan(0.03);
    },
  );

  it('one bad reading is passed over', () => {
    const { run, cell } = bench();
    run.go(30);
    cell.hasNoPotential = true;
    run.go(1);
    cell.hasNoPotential = false;
    run.go(30);
    expect(run.isOver).toBe(false);
    expect(cell.potential_V).toBeCloseTo(0.05, 2);
  });

  it('gives up where it only swings: a response ten times the declared one', () => {
    const { run, cell } = bench(`- { cccv: { current_A: 10, ${ROLE}: 0.05 }, for_min: 5 }`);
    cell.slow_Ohm = 0;
    cell.response_Ohm = 10 * DECLARED_OHM;
    run.go(120);
    expect(run.told.lines.join('\n')).toMatch(
      /cell\.negativePotential_V is not held at 50\.0 mV: over 30 s a deviation of \d+\.\d mV \(root mean square\)/,
    );
    expect(cell.asks.filter(ask => ask.includes('currentSet')).at(-1)).toMatch(/ 0$/);
  });
});

describe('a potential that it does not come to', () => {
  const lines = (run: Bench): string => run.told.lines.join('\n');

  it('a cv has no current of its own: at the most that the bench allows either way it gives up', () => {
    const { run, cell } = bench(`- { cv: { ${ROLE}: 1.5 }, for_min: 5 }`);
    cell.least_A = -4;
    let most_A = 0;
    run.go(120, () => (most_A = Math.max(most_A, Math.abs(cell.current_A))));
    expect(most_A).toBe(4);
    expect(lines(run)).toMatch(
      /does not come to 1500\.0 mV: 2\d\d\.\d mV after 3\d s with a current of -4\.00 A, the most that the bench allows either way/,
    );
    expect(cell.current_A).toBe(0);
    expect(run.isOver).toBe(true);
  });

  it('a cccv says its current: it flows for the time of the step, which is told', () => {
    const { run, cell } = bench(`- { cccv: { current_A: -2, ${ROLE}: 1.5 }, for_min: 5 }`);
    run.go(301);
    expect(lines(run)).toContain('complete');
    expect(cell.notes.join('\n')).toMatch(
      /never came to it \(2\d\d\.\d mV at its end, the current at its bound for 29\d s\)/,
    );
  });

  it('nor does what flows fall short of for good', () => {
    const { run, cell } = bench();
    run.go(5);
    cell.isOut = true;
    run.go(200);
    expect(lines(run)).toMatch(/does not come to 50\.0 mV: (199|200)\.\d mV after 3\d s with 0(\.00)? A of /);
  });

  it.each([
    [0.1, 1],
    [0.02, 30],
  ])('readings that are off by %s V for %s s are not lasting: the loop brings them back', (off_V, for_s) => {
    const { run, cell } = bench(NEAR);
    run.go(120);
    cell.off_V = off_V;
    run.go(for_s);
    cell.off_V = 0;
    run.go(120);
    expect(run.isOver).toBe(false);
    expect(cell.potential_V).toBeCloseTo(0.15, 3);
  });
});

describe('after the program has ended', () => {
  it.each([3.5, 10, 30.2])('goes on from where it stood: cut at %s s', at_s => {
    const whole = bench();
    whole.run.go(90);
    const cut = bench();
    cut.run.go(at_s);
    cut.run.cut();
    cut.run.go(90 - at_s);
    expect(cut.cell.asks).toEqual(whole.cell.asks);
  });
});

describe('the next current', () => {
  it.each([
    [0.1, 2, 3.25],
    [-0.1, 2, 0.75],
    [1, 2, 10],
    [-1, 2, 0],
  ])('a deviation of %s V at %s A: %s A', (error_V, current_A, expected) => {
    const next = nextCurrent_A(DECLARED_OHM, { error_V, current_A, low_A: 0, high_A: 10 });
    expect(next).toBeCloseTo(expected, 9);
  });
});
