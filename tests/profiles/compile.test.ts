import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMethod, shortenProcedure } from '../../profiles/compile.ts';
import { methodFileSchema, type StepInput } from '../../profiles/method.ts';
import { loadMethod } from '../../profiles/method-file.ts';
import type { Instruction, Procedure } from '../../profiles/procedure.ts';
import { stack } from './record.ts';

const compile = (...steps: StepInput[]): Procedure =>
  compileMethod(
    methodFileSchema.parse({
      method: 'm',
      version: 1,
      phases: [{ name: 'one', steps }],
      finally: [{ set: { 'stack.currentSet_A': 0 } }],
    }),
    stack,
  );
const on: StepInput = { set: { 'stack.currentSet_A': 0, 'stack.outputSet_on': 1 } };
const load = (to: number): StepInput => ({ ramp: { role: 'stack.currentSet_A', to, rate_per_s: 20 } });
const ops = (p: Procedure): string[] => p.instructions.map(i => i.op + (i.tags.includes('load') ? '*' : ''));

/** Longest time an instruction can take by itself, or undefined if nothing bounds it. */
function bound_s(i: Instruction): number | undefined {
  if (i.op === 'wait') return i.for_s;
  if (i.op === 'ramp') return i.timeout_s;
  if (i.op === 'point') return i.dwell_s;
  if (i.op === 'follow') return i.follow.for_s;
  if (i.op === 'pressure') return i.pressure.timeout_s;
  return 0;
}

describe('compileMethod', () => {
  it('tags load only where the current is settled at or above 5 %', () => {
    const p = compile(
      on,
      load(1000),
      { hold: { for_s: 10 } },
      load(500),
      load(50),
      { hold: { for_s: 10 } },
      load(0),
    );
    expect(ops(p)).toEqual([
      'phase',
      'set',
      'ramp',
      'wait*',
      'ramp*',
      'ramp',
      'wait',
      'ramp',
      'phase',
      'set',
    ]);
  });

  it('knows no load while the output is off', () => {
    const p = compile({ set: { 'stack.currentSet_A': 1000 } }, { hold: { for_s: 1 } });
    expect(ops(p)).toEqual(['phase', 'set', 'wait', 'phase', 'set']);
  });

  it('plans holds in full and ramps by their way', () => {
    const p = compile(on, load(1000), { hold: { for_s: 100 } }, load(0));
    expect(p.planned_s).toBe(50 + 100 + 50);
    const ramp = p.instructions[2];
    expect(ramp).toMatchObject({ op: 'ramp', timeout_s: 1.25 * 50 + 60 });
  });

  it('lays a repeat out once, with the way back, and plans every round', () => {
    const p = compile(on, { repeat: { times: 5, steps: [load(1000), { hold: { for_s: 10 } }] } });
    expect(p.instructions[2]).toMatchObject({ op: 'loop', times: 5, end: 5 });
    expect(p.instructions[5]).toMatchObject({ op: 'endLoop', start: 2 });
    // Every round is planned as the longest one, from 0 A.
    expect(p.planned_s).toBe(5 * (50 + 10));
  });

  it('does not take a later round of a repeat for the first: no load at its start', () => {
    const p = compile(on, load(1000), {
      repeat: { times: 2, steps: [{ hold: { for_s: 1 } }, load(0), load(1000)] },
    });
    expect(ops(p).slice(3, 8)).toEqual(['loop', 'wait*', 'ramp', 'ramp', 'endLoop']);
    const q = compile(on, load(1000), { repeat: { times: 2, steps: [{ hold: { for_s: 1 } }, load(0)] } });
    expect(ops(q)[4]).toBe('wait');
  });

  it('closes after a purge what it opened', () => {
    const p = compile({ purge: { for_s: 60, set: { 'a.xSet_on': 1, 'a.ySet_on': 0 } } });
    expect(p.instructions.slice(1, 4)).toMatchObject([
      { op: 'set', values: { 'a.xSet_on': 1, 'a.ySet_on': 0 } },
      { op: 'wait', for_s: 60 },
      { op: 'set', values: { 'a.xSet_on': 0 } },
    ]);
  });

  it('lists what it sets and what it reads', () => {
    const p = compile(on, {
      waitUntil: { all: [{ role: 'a.b_V', stableBand: 1, over_s: 5 }], timeout_s: 9, onTimeout: 'stop' },
    });
    expect(p.sets).toEqual(['stack.currentSet_A', 'stack.outputSet_on']);
    expect(p.reads).toEqual(['a.b_V']);
  });

  it('bounds every instruction of any nesting, and every loop leads back to its own start', () => {
    const leaf = fc.oneof(
      fc.integer({ min: 1, max: 1000 }).map((for_s): StepInput => ({ hold: { for_s } })),
      fc.integer({ min: 0, max: 2000 }).map((to): StepInput => load(to)),
      fc
        .integer({ min: 1, max: 60 })
        .map((for_s): StepInput => ({ purge: { for_s, set: { 'a.bSet_on': 1 } } })),
    );
    const { step } = fc.letrec<{ step: StepInput }>(tie => ({
      step: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc
          .tuple(fc.integer({ min: 1, max: 9 }), fc.array(tie('step'), { minLength: 1, maxLength: 3 }))
          .map(([times, steps]): StepInput => ({ repeat: { times, steps } })),
      ),
    }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), steps => {
        const p = compile(on, ...steps);
        p.instructions.forEach((i, at) => {
          expect(Number.isFinite(bound_s(i))).toBe(true);
          if (i.op === 'loop') expect(p.instructions[i.end]).toMatchObject({ op: 'endLoop', start: at });
        });
        expect(Number.isFinite(p.planned_s)).toBe(true);
        expect(p.planned_s).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the night', () => {
  const night = loadMethod('examples/pem-500kw/night.yaml', stack);
  const p = night.procedure;

  it('has the phases of the issue, in order', () => {
    const phases = p.instructions.flatMap(i => (i.op === 'phase' ? [`${i.name}: ${i.method}`] : []));
    expect(phases).toEqual([
      'leak-test: leak-test',
      'purge: purge',
      'warm-up: warm-up',
      'stabilise: stabilise',
      'polarisation-begin: polarisation-curve',
      'wind: load-following',
      'high-pressure: high-pressure',
      'stabilise-end: stabilise',
      'polarisation-end: polarisation-curve',
      'cool-down: cool-down',
      'finally: steps',
    ]);
  });

  it('begins and ends with the output off and is bounded', () => {
    const output = p.instructions.flatMap(i => (i.op === 'set' ? [i.values['stack.outputSet_on']] : []));
    const said = output.filter(v => v !== undefined);
    expect(said[0]).toBe(0);
    expect(said.at(-1)).toBe(0);
    for (const i of p.instructions) expect(Number.isFinite(bound_s(i))).toBe(true);
    expect(p.planned_s / 3600).toBeGreaterThan(14);
    expect(p.planned_s / 3600).toBeLessThan(22);
  });

  it('never stands at 0 A with hydrogen in the cathode and the sweep off', () => {
    // From the first load on, until the cathode is purged: current 0 only with the anode N2 valve open.
    let current_A = 0;
    let isSwept = false;
    let hasHydrogen = false;
    let checked = 0;
    for (const i of p.instructions) {
      const values = i.op === 'set' ? i.values : i.op === 'ramp' ? { [i.role]: i.to } : {};
      current_A = values['stack.currentSet_A'] ?? (i.op === 'follow' ? 1 : current_A);
      if (values['n2.anodeValveSet_on'] !== undefined) isSwept = values['n2.anodeValveSet_on'] === 1;
      if (values['n2.cathodeValveSet_on'] === 0) hasHydrogen = false;
      if (current_A > 0) hasHydrogen = true;
      if (current_A === 0 && hasHydrogen) {
        expect(isSwept, i.label).toBe(true);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(5);
  });

  it('knows the line of each step', () => {
    const at = p.instructions.findIndex(i => i.op === 'follow');
    expect(night.lineOf(at)).toBeGreaterThan(night.lineOf(1));
  });

  it('becomes k times shorter without changing a level', () => {
    const short = shortenProcedure(p, 180);
    expect(short.planned_s).toBeCloseTo(p.planned_s / 180, 9);
    p.instructions.forEach((long, n) => {
      const i = short.instructions[n];
      expect(i.op).toBe(long.op);
      if (long.op === 'ramp' && i.op === 'ramp') {
        expect(i.rate_per_s).toBeCloseTo(long.rate_per_s * 180, 9);
        expect(i.to).toBe(long.to);
        expect(i.timeout_s).toBeGreaterThanOrEqual(10);
      }
      if (long.op === 'point' && i.op === 'point') expect(i.dwell_s).toBeCloseTo(long.dwell_s / 180, 12);
      if (long.op === 'follow' && i.op === 'follow') {
        expect(i.follow.for_s).toBeCloseTo(160, 9);
        expect(i.follow.ramp_frac_per_s).toBeCloseTo(18, 9);
      }
    });
    expect(() => shortenProcedure(p, 0)).toThrow('expected a factor > 0');
  });
});
