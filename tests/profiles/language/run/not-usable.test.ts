import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** What has no value in a run, and what fails beside the leading list. */

describe('what cannot be worked out in the run', () => {
  it('is told with its place and why', () => {
    const bench = new Bench(
      '- { cc: { current_A: 1 }, for_s: 3 }\n- { cc: { current_A: sqrt(cell.voltage_V / 1 V - 10) * 1 A }, for_s: 3 }',
    ).go(20);
    expect(bench.told.lines.at(-1)).toContain(
      'm.yaml:5: "sqrt(cell.voltage_V / 1 V - 10) * 1 A" is not usable',
    );
    expect(bench.told.lines.at(-1)).toContain('square root of -6.3, which is below zero');
  });

  it('a list beside that fails is what the run ended by, not that the leading one was left', () => {
    const bench = new Bench(
      '- together:\n  - [{ wait: {}, for_s: 30 }]\n  - [{ cc: { current_A: 1 / (cell.current_A / 1 A) * 1 A }, for_s: 3 }]',
    ).go(20);
    expect(bench.told.lines.at(-1)).toContain('stop: cc: m.yaml:6: "1 / (cell.current_A / 1 A) * 1 A"');
    expect(bench.told.lines.at(-1)).toContain('division by zero');
  });

  it('a set value beside that is refused is told as that of its own step', () => {
    const bench = new Bench(
      '- together:\n  - [{ wait: {}, for_s: 30 }]\n  - [{ set: { chamber.temperature_degC: 200 } }, { wait: {}, for_s: 9 }]',
    ).go(20);
    expect(bench.told.lines.at(-1)).toContain('stop: set: chamber.temperatureSet_degC refused');
  });
});
