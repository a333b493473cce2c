import { describe, expect, it } from 'vitest';
import {
  Shortfall,
  type ShortState,
  shortState,
} from '../../../../profiles/language/run/actions/shortfall.ts';
import type { Output } from '../../../../profiles/language/run/output.ts';
import { Bench, FakeCell } from './fake-cell.ts';

/** What the output does not give although its set points are applied, and readings that repeat themselves: told. */

class Odd extends FakeCell {
  /** Stretches in which nothing flows, s. */
  out: readonly (readonly [from_s: number, to_s: number])[] = [];
  /** The voltage shown is that of this time from then on, s. */
  frozen_s = Number.POSITIVE_INFINITY;
  private shown_V = 3.6;

  override get current_A(): number {
    const isOut = this.out?.some(([from_s, to_s]) => this.t_s >= from_s && this.t_s < to_s) === true;
    return isOut ? 0 : super.current_A;
  }
  override value(role: string): number {
    if (role !== 'cell.voltage_V') return super.value(role);
    if (this.t_s < this.frozen_s) this.shown_V = super.value(role);
    return this.shown_V;
  }
}

function run(steps: string, for_s: number, odd: Partial<Pick<Odd, 'out' | 'frozen_s'>>): Bench {
  const env = Object.assign(new Odd(), odd);
  return new Bench(steps, { env }).go(for_s);
}

const told = ({ env }: Bench): string => env.notes.join('\n');

describe('an output that does not give what is asked', () => {
  it('in a cccv neither current nor voltage is there', () => {
    const steps = '- { cccv: { current_A: 2, voltage_V: 3.9 }, for_s: 60 }';
    expect(told(run(steps, 70, { out: [[20, 30]] }))).toMatch(
      /cccv: cell\.voltage_V is 3\.6 V where 3\.9 V is asked, for 10 s in all$/,
    );
    expect(told(run(steps, 70, {}))).toBe('');
  });

  it('is told as it begins to last, with all of it at the end of the step', () => {
    const bench = run('- { cc: { current_A: 2 }, for_s: 60 }', 70, {
      out: [
        [10, 18],
        [20, 30],
        [40, 43],
      ],
    });
    expect(bench.env.notes).toEqual([
      'cc: cell.current_A is 0 A where 2 A is asked, for 5 s',
      'cc: cell.current_A is 0 A where 2 A is asked, for 13 s',
      'cc: cell.current_A is 0 A where 2 A is asked, for 18 s in all',
    ]);
  });

  it('a few readings are not lasting, nor is what a rest after it shows', () => {
    expect(
      told(run('- { cc: { current_A: 2 }, for_s: 30 }\n- { rest: {}, for_s: 30 }', 70, { out: [[20, 24]] })),
    ).toBe('');
  });

  it('a voltage that a cv has not come to is told at its end, not where the method has another end for it', () => {
    const cv = '- { cv: { voltage_V: 4.2 }, for_s: 30';
    expect(told(run(`${cv} }`, 40, {}))).toMatch(/cv: cell\.voltage_V is 4\.6 V where 4\.2 V is asked/);
    const exit = `${cv}, exits: [{ when: step.time_s > 20, then: next }] }`;
    expect(told(run(exit, 40, {}))).toBe('');
  });
});

describe('a resistance', () => {
  class Loaded extends FakeCell {
    /** No more flows than this: another limit of the channel holds it. */
    most_A = Number.POSITIVE_INFINITY;
    override readonly output: Output = {
      subject: 'cell',
      roles: {
        output: 'cell.outputSet_on',
        resistance: 'cell.resistanceSet_Ohm',
        mode: 'cell.modeSet_count',
      },
      modes: { rest: 0, cr: 4 },
      range: () => ({ min: 0, max: 100 }),
      currentMax_A: 10,
    };
    override get current_A(): number {
      const isOn = this.applied('cell.outputSet_on') === 1;
      return isOn ? -Math.min(this.most_A, 3.6 / (this.applied('cell.resistanceSet_Ohm') + 0.1)) : 0;
    }
  }
  const CR = '- { cr: { resistance_Ohm: 1.7 }, for_s: 60 }';
  const notes = (most_A: number): readonly string[] =>
    new Bench(CR, { env: Object.assign(new Loaded(), { most_A }) }).go(70).env.notes;

  it('that a limit holds back is told by the current that should flow into it', () => {
    expect(notes(1)).toEqual([
      'cr: cell.current_A is -1 A where -2.059 A is asked, for 5 s',
      expect.stringMatching(/^cr: cell\.current_A is -1 A where -2\.059 A is asked, for 5\d s in all$/),
    ]);
  });

  it('that gets its current is not', () => expect(notes(Number.POSITIVE_INFINITY)).toEqual([]));
});

describe('a voltage that repeats itself to the last digit', () => {
  it('while the current moves by what should change it', () => {
    const steps = '- { cc: { current_A: 2 }, for_s: 30 }\n- { rest: {}, for_s: 30 }';
    expect(told(run(steps, 70, { frozen_s: 20 }))).toMatch(
      /^cell\.voltage_V has been 3\.8 V to the last digit in \d\d readings, while .* moved by 2 A: it may be no reading$/,
    );
    expect(told(run(steps, 70, {}))).toBe('');
  });

  it('while charge flows: of a cell without a slope it is told, too, once it is a twentieth of its capacity', () => {
    const steps = '- { cc: { current_A: 2 }, for_min: 10 }';
    expect(told(run(steps, 440, {}))).toBe('');
    expect(told(run(steps, 480, {}))).toMatch(/0\.25\d? Ah flowed/);
  });
});

it('a state of a version that did not keep what was asked is taken up: it is what the step asks', () => {
  const bench = run('- { cc: { current_A: 2 }, for_s: 100 }', 20, { out: [[5, 100]] });
  const state = JSON.parse(JSON.stringify(bench.run.state())) as Json;
  const old = without(state, 'asked');
  expect(JSON.stringify(old)).not.toBe(JSON.stringify(state));
  const { asked } = new Shortfall(bench.env, bench.env.output, 'cc', { current: 2 }, shortOf(old)).state;
  expect(asked).toBe(2);
});

type Json = { readonly [key: string]: unknown };

/** The same without this key of what a step is short of. */
function without(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map(one => without(one, key));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !(name === key && 'readings' in value));
  return Object.fromEntries(entries.map(([name, inner]) => [name, without(inner, key)]));
}

/** What the step under way is short of, read by its schema. */
function shortOf(value: unknown): ShortState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = name === 'short' ? shortState.parse(inner) : shortOf(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
