import { describe, expect, it } from 'vitest';
import { compileMethod } from '../../../profiles/compile.ts';
import { methodFileSchema, type StepInput } from '../../../profiles/method.ts';
import { minimumCurrent_A } from '../../../profiles/methods/high-pressure.ts';
import { METHODS } from '../../../profiles/methods/registry.ts';
import { ParameterError } from '../../../profiles/methods/test-method.ts';
import type { Instruction, Procedure } from '../../../profiles/procedure.ts';
import { recordOf, stack } from '../record.ts';

const on: StepInput = { set: { 'stack.currentSet_A': 0, 'stack.outputSet_on': 1 } };
const compile = (
  method: string,
  parameters: Record<string, unknown> = {},
  ...before: StepInput[]
): Procedure =>
  compileMethod(
    methodFileSchema.parse({
      method: 'm',
      version: 1,
      phases: [{ name: 'one', steps: [...before, { call: { method, with: parameters } }] }],
      finally: [{ hold: { for_s: 1 } }],
    }),
    stack,
  );
const points = (p: Procedure): Extract<Instruction, { op: 'point' }>[] =>
  p.instructions.flatMap(i => (i.op === 'point' ? [i] : []));
const rampsOf = (p: Procedure, role: string) =>
  p.instructions.flatMap(i => (i.op === 'ramp' && i.role === role ? [i] : []));

describe.each(Object.keys(METHODS))('%s', id => {
  // Cool-down and follow need a stack that runs; the others start from anything.
  const p = compile(id, {}, on);

  it('compiles with its defaults, bounded, and hands its parameters to the evaluation', () => {
    expect(Number.isFinite(p.planned_s) && p.planned_s > 0).toBe(true);
    const phase = p.instructions[0];
    expect(phase).toMatchObject({ op: 'phase', method: id });
    if (phase.op !== 'phase') throw new Error('no phase');
    expect(METHODS[id].check(phase.parameters)).toEqual(phase.parameters);
    expect(JSON.parse(JSON.stringify(phase.parameters))).toEqual(phase.parameters);
  });

  it('refuses an unknown parameter and says which it knows', () => {
    expect(() => METHODS[id].check({ foo: 1 })).toThrow(ParameterError);
    expect(() => METHODS[id].check({ foo: 1 })).toThrow(/unknown key "foo".*expected one of/);
  });

  it('gives each figure a unit, a definition and a basis, and null without a record', () => {
    const run = recordOf({ to_s: 10, roles: {} });
    const kpis = METHODS[id].evaluate(run, { ...run.phases[0], name: 'one', method: id }, {});
    expect(kpis.length).toBeGreaterThan(0);
    for (const k of kpis) {
      expect(k.phase).toBe('one');
      expect(k.unit).not.toBe('');
      expect(k.definition.length).toBeGreaterThan(20);
    }
  });
});

describe('polarisation-curve', () => {
  it('goes 10, 15 ... 100 % and back, and stops the way up at 2.2 V a cell', () => {
    const p = compile('polarisation-curve', {}, on);
    const up = points(p).filter(i => i.leg === 'up');
    expect(up.map(i => Math.round(i.setpoint))).toEqual(Array.from({ length: 19 }, (_, i) => 200 + 100 * i));
    const down = points(p).filter(i => i.leg === 'down');
    expect(down.map(i => Math.round(i.setpoint))).toEqual(
      Array.from({ length: 18 }, (_, i) => 1900 - 100 * i),
    );
    expect(up[0].stopAbove?.role).toBe('stack.voltage_V');
    expect(up[0].stopAbove?.limit).toBeCloseTo(2.2 * 135 * 0.998, 9);
    // Behind the leg stands the ramp to the first point of the way down.
    expect(p.instructions[up[0].legEnd ?? 0]).toMatchObject({ op: 'ramp', to: 1900 });
    expect(down[0].stopAbove).toBeNull();
  });

  it('refuses loads that do not rise', () => {
    expect(() => METHODS['polarisation-curve'].check({ loads_frac: [0.5, 0.3, 0.8] })).toThrow(
      'expected loads that rise',
    );
  });
});

describe('high-pressure', () => {
  const limit = {
    permeability_mol_per_cm_s_bar: 5.3e-11,
    thickness_cm: 0.0183,
    supersaturation_bar_cm2_per_A: 0,
    h2InO2Limit_vol_pct: 2,
  };

  it.each([
    [1, 0.056],
    [10, 0.559],
    [30, 1.677],
  ])('i_min at %d bara is %d A/cm2 (N117, 80 degC, 2 %%)', (bara, perArea) => {
    expect(minimumCurrent_A(bara, stack, limit) / 1000).toBeCloseTo(perArea, 3);
  });

  it('needs more current with supersaturation, and says when none is enough', () => {
    const more = { ...limit, supersaturation_bar_cm2_per_A: 2.4 };
    expect(minimumCurrent_A(30, stack, more)).toBeGreaterThan(minimumCurrent_A(30, stack, limit));
    expect(() => minimumCurrent_A(30, stack, { ...more, thickness_cm: 0.002 })).toThrow(
      'no current keeps H2 in O2',
    );
  });

  it('raises the load before the pressure, keeps it, and takes it off after', () => {
    const p = compile('high-pressure', {}, on);
    const at = (op: string, n: number): number =>
      p.instructions.flatMap((i, k) => (i.op === op ? [k] : []))[n];
    const up = at('pressure', 0);
    const down = at('pressure', 1);
    expect(p.instructions[up - 1]).toMatchObject({ op: 'ramp', role: 'stack.currentSet_A', to: 2000 });
    expect(p.instructions[down - 1]).toMatchObject({ op: 'wait', for_s: 120 });
    expect(p.instructions[down - 2]).toMatchObject({ op: 'ramp', role: 'stack.currentSet_A', to: 2000 });
    const off = p.instructions.findIndex(
      i => i.op === 'ramp' && i.role === 'stack.currentSet_A' && i.to === 0,
    );
    expect(off).toBeGreaterThan(down);
    const pressure = p.instructions[up];
    if (pressure.op !== 'pressure') throw new Error('no pressure step');
    expect(pressure.pressure.rate_bar_per_min).toBeLessThanOrEqual(1);
    expect(pressure.pressure.holdEvery_bar).toBe(5);
    // While the pressure is on no ramp goes below what the gate asks for at 30 barg.
    const needed_A = pressure.pressure.minCurrentPerBar_A * 31.01325;
    for (const i of p.instructions.slice(up, down))
      if (i.op === 'ramp') expect(i.to).toBeGreaterThan(needed_A);
  });

  it('leaves out loads below i_min(p) and says which', () => {
    const loads_frac = [1, 0.9, 0.5, 0.3];
    const p = compile('high-pressure', { loads_frac }, on);
    expect(points(p).map(i => i.setpoint)).toEqual([2000, 1800]);
    const run = recordOf({ to_s: 10, roles: {} });
    const kpis = METHODS['high-pressure'].evaluate(run, run.phases[0], { loads_frac });
    expect(kpis.find(k => k.id === 'points-at-pressure')?.definition).toContain('below i_min(p): 50 %, 30 %');
  });

  it('finds the fastest change of pressure in life time', () => {
    const run = recordOf({ to_s: 600, roles: { 'cathode.pressure_barg': t => Math.min(5, (0.9 * t) / 60) } });
    const fast = METHODS['high-pressure']
      .evaluate(run, run.phases[0], {})
      .find(k => k.id === 'pressure-rate-max');
    expect(fast?.value).toBeCloseTo(0.9, 6);
  });
});

describe('leak-test', () => {
  const p = compile('leak-test');

  it('raises N2 to 1.1 x the test pressure at 1 bar/min with the back pressure above it', () => {
    const [n2] = rampsOf(p, 'n2.pressureSet_barg');
    expect(n2.to).toBeCloseTo(33, 9);
    expect(n2.rate_per_s).toBeCloseTo(1 / 60, 12);
    expect(rampsOf(p, 'cathode.pressureSet_barg')[0].to).toBeGreaterThan(n2.to);
  });

  it('releases the anode before the cathode in each stage, at 1 to 2 bar/min', () => {
    const cathode = rampsOf(p, 'cathode.pressureSet_barg').slice(1);
    for (const ramp of cathode) {
      expect(ramp.rate_per_s * 60).toBeLessThanOrEqual(2);
      const before = p.instructions.slice(0, p.instructions.indexOf(ramp)).findLast(i => i.op === 'wait');
      if (before?.op !== 'wait' || before.until[0].kind !== 'compare')
        throw new Error('no wait for the anode');
      expect(before.until[0]).toMatchObject({ role: 'anode.pressure_barg', is: '<' });
      expect(before.until[0].limit).toBeLessThanOrEqual(Math.max(0.2, ramp.to));
    }
    expect(cathode.at(-1)?.to).toBe(0);
  });

  it('ends with vents open and N2 off', () => {
    const last = p.instructions.filter(i => i.op === 'set').at(-1);
    expect(last).toMatchObject({
      values: { 'anode.ventValveSet_on': 1, 'h2.outletValveSet_on': 1, 'n2.pressureSet_barg': 0 },
    });
  });
});

describe('warm-up', () => {
  it('starts the water before the heat and never heats faster than 2 K/min', () => {
    const p = compile('warm-up');
    expect(p.instructions[1]).toMatchObject({ op: 'set', values: { 'water.pumpSet_on': 1 } });
    expect(rampsOf(p, 'stack.temperatureSet_degC')[0].rate_per_s * 60).toBeLessThanOrEqual(2);
    expect(() => METHODS['warm-up'].check({ rate_K_per_min: 3 })).toThrow('0.05..2');
  });

  it('measures the heating rate over 5 min', () => {
    const run = recordOf({ to_s: 1800, roles: { 'stack.temperature_degC': t => 20 + t / 60 } });
    expect(METHODS['warm-up'].evaluate(run, run.phases[0], {})[0].value).toBeCloseTo(1, 9);
  });
});

describe('load-following', () => {
  it('counts the stack’s limits in parts of the source', () => {
    const p = compile('load-following', { ratio: 2 }, on);
    const follow = p.instructions.find(i => i.op === 'follow');
    expect(follow).toMatchObject({ follow: { scale_kW: 1000, minLoad_frac: 0.05, maxLoad_frac: 0.5 } });
    expect(follow?.tags).toEqual([]);
  });

  it('sweeps the anode in hot standby and stops the sweep on restart', () => {
    const follow = compile('load-following', {}, on).instructions.find(i => i.op === 'follow');
    expect(follow).toMatchObject({
      follow: { onStandby: { 'n2.anodeValveSet_on': 1 }, onRestart: { 'n2.anodeValveSet_on': 0 } },
    });
  });
});

describe('cool-down', () => {
  it('sweeps before the load goes off, purges, and stops the pump last', () => {
    const p = compile('cool-down', {}, on);
    const sweep = p.instructions.findIndex(i => i.op === 'set' && i.values['n2.anodeValveSet_on'] === 1);
    const off = p.instructions.findIndex(i => i.op === 'ramp' && i.to === 0);
    expect(sweep).toBeLessThan(off);
    const pump = p.instructions.findIndex(i => i.op === 'set' && i.values['water.pumpSet_on'] === 0);
    expect(p.instructions[pump + 1].op).toBe('phase');
  });
});
