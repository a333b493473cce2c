import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';
import { HalfCell, ROLE } from './fake-half-cell.ts';

/** Half-cell control by software on its way back: whatever put it to rest, its current rises from nothing again. */

const HOLD = `- { cccv: { current_A: 10, ${ROLE}: 0.05 }, for_min: 10 }`;
const GATED = `- { cccv: { current_A: 10, ${ROLE}: 0.05 }, for_min: 10, within_h: 2, gate: cell.voltage_V > 1 }`;

const begun = (isChannel: boolean, steps = HOLD): { run: Bench; cell: HalfCell } => {
  const cell = new HalfCell(isChannel);
  const run = new Bench(steps, { env: cell });
  // Long enough for what the electrode does slowly: at rest it goes back, and what flowed before is too much.
  run.go(300);
  return { run, cell };
};

/** What flows from here on at each look. */
function watched(run: Bench, cell: HalfCell, for_s: number): { current_A: number[]; potential_V: number[] } {
  const seen = { current_A: [] as number[], potential_V: [] as number[] };
  run.go(for_s, () => {
    seen.current_A.push(cell.current_A);
    seen.potential_V.push(cell.potential_V);
  });
  return seen;
}

type Away = (run: Bench, cell: HalfCell) => void;
const ways: readonly (readonly [what: string, steps: string, away: Away])[] = [
  ['a hold', HOLD, run => run.hold(600)],
  [
    'a suspension that sets a chamber',
    HOLD,
    run => run.hold(600, true, [{ role: 'chamber.temperatureSet_degC', to: 5 }]),
  ],
  [
    'a hold in which the program began anew',
    HOLD,
    run => {
      run.hold(300, false);
      run.cut();
      run.hold(300);
    },
  ],
  [
    'a hold, let go and held again at once',
    HOLD,
    run => {
      run.hold(300);
      run.go(0.1);
      run.hold(300);
    },
  ],
  ['a cut with the safe state', HOLD, run => run.cutOff(600)],
  [
    'a gate that shuts and opens',
    GATED,
    (run, cell) => {
      const { value } = cell;
      cell.value = role => (role === 'cell.voltage_V' ? 0.5 : value.call(cell, role));
      run.go(600);
      cell.value = value;
    },
  ],
];

describe.each([
  ['a supply', false],
  ['a channel', true],
])('%s', (_on, isChannel) => {
  it.each(ways)('after %s the current rises from nothing', (_what, steps, away) => {
    const { run, cell } = begun(isChannel, steps);
    expect(cell.current_A).toBeGreaterThan(3);
    away(run, cell);
    expect(cell.current_A).toBe(0);
    const seen = watched(run, cell, 60);
    expect(run.isOver).toBe(false);
    // A look later than its first reading it may not flow yet; then a quarter of what is missing at each reading.
    const flowing = seen.current_A.filter(value_A => value_A > 0);
    expect(flowing[0]).toBeLessThan(0.3 * Math.max(...flowing));
    expect(Math.min(...seen.potential_V)).toBeGreaterThan(0.05 - 0.002);
    expect(seen.potential_V.at(-1)).toBeCloseTo(0.05, 2);
  });
});

it('a hold on the way into the step begins from nothing, too', () => {
  const cell = new HalfCell(true);
  cell.delay_s = 0.5;
  const run = new Bench(`- { cc: { current_A: 8 }, for_s: 5 }\n${HOLD}`, { env: cell });
  run.go(6.2);
  run.hold(60);
  const seen = watched(run, cell, 60);
  expect(seen.current_A.filter(value_A => value_A > 0)[0]).toBeLessThan(3);
});

describe('how well it was held', () => {
  it('an excursion after a hold is counted, also before the potential has come to its value again', () => {
    const { run, cell } = begun(true);
    run.hold(60);
    // Something else than the control takes the potential 30 mV below.
    cell.off_V = -0.18;
    run.go(20, () => (cell.off_V += 0.00015));
    run.go(600, () => (cell.off_V = Math.min(0, cell.off_V + 0.00015)));
    const beyond = /at most ([\d.]+) mV beyond/.exec(cell.notes.join('\n'))?.[1];
    expect(Number(beyond)).toBeGreaterThan(20);
  });

  it('what was held before a gate shut, or before a cut, is told as well', () => {
    for (const [, steps, away] of ways.slice(-2)) {
      const { run, cell } = begun(true, steps);
      away(run, cell);
      run.go(900);
      expect(cell.notes.filter(text => text.includes('by software: rms'))).toHaveLength(2);
    }
  });
});
