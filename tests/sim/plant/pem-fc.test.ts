import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { PEM_FC_MODEL } from '../../../sim/plant/pem-fc/model.ts';
import { benchOf } from './bench-rig.ts';

type Figures = Readonly<Record<string, number>>;
const SUBJECT = { cells: 5, activeArea_cm2: 50, currentNominal_A: 50 };
const bench = (parameters: Figures = {}) =>
  benchOf(
    PEM_FC_MODEL.create({ set: 'neyerlin-class', parameters, subject: SUBJECT, random: seededRandom(1) }),
  );

/** Fed with twice what 50 A need, warm, on. */
function ready(parameters: Figures = {}): ReturnType<typeof bench> {
  const b = bench(parameters);
  b.set('stack.temperatureSet_degC', 80);
  b.set('stack.pressureSet_barg', 0.5);
  b.set('h2.flowSet_NL_per_min', 4);
  b.set('air.flowSet_NL_per_min', 10);
  b.set('stack.outputSet_on', 1);
  b.run(1200, 10);
  return b;
}
const cell_V = (b: ReturnType<typeof bench>): number => b.rig.truthOf('cellVoltage_V');

describe('PEM fuel cell', () => {
  it('rests at 0.9..1.0 V, falls with the current drawn, rises with current the other way', () => {
    const b = ready();
    expect(cell_V(b)).toBeGreaterThan(0.9);
    expect(cell_V(b)).toBeLessThan(1);
    let last = cell_V(b);
    for (const amps of [-1, -5, -10, -25, -40]) {
      b.set('stack.currentSet_A', amps);
      b.run(300, 10);
      expect(cell_V(b), `${amps} A`).toBeLessThan(last);
      last = cell_V(b);
    }
    expect(last).toBeGreaterThan(0.6);
    b.set('stack.currentSet_A', 25);
    b.run(300, 10);
    expect(cell_V(b)).toBeGreaterThan(1.5);
    expect(cell_V(b)).toBeLessThan(1.8);
  });

  it('draws 0.418 NL/h of H2 per ampere and cell, and makes heat; electrolysis gives it back', () => {
    const b = ready({ crossover_mA_per_cm2: 0.01 });
    const t = (name: string): number => b.rig.truthOf(name);
    const used = (): number => t('used.h2_mol') * 22.413969;
    b.set('stack.currentSet_A', -20);
    b.run(60);
    const before = used();
    b.run(3600, 10);
    expect((used() - before) / (20 * 5)).toBeCloseTo(0.418, 3);
    // i (1.481 - V) of each cell.
    expect(t('stack.heat_W')).toBeCloseTo(20 * 5 * (1.4813 - cell_V(b)), 0);
    expect(t('current_A')).toBeCloseTo(-20, 9);
    b.set('stack.currentSet_A', 20);
    b.run(60);
    const half = used();
    b.run(3600, 10);
    expect(used() - half).toBeLessThan(-40);
  });

  it('electrolysis is outside of what the set is made from, a fuel cell inside', () => {
    const b = ready();
    b.set('stack.currentSet_A', -20);
    b.run(60);
    expect(b.read('outsideValidity_on')).toBe(0);
    b.set('stack.currentSet_A', 20);
    b.run(60);
    expect(b.read('outsideValidity_on')).toBe(1);
    b.set('stack.currentSet_A', 0);
    b.run(60);
    expect(b.read('outsideValidity_on')).toBe(0);
  });

  it('without H2 or air it gives in: no cell is turned round', () => {
    for (const lost of ['h2.lost_on', 'air.lost_on']) {
      const b = ready();
      b.set('stack.currentSet_A', -40);
      b.run(60);
      b.disturb(lost, 1);
      b.run(600);
      expect(cell_V(b)).toBeGreaterThan(-1e-6);
      expect(cell_V(b)).toBeLessThan(0.5);
      expect(Math.abs(b.rig.truthOf('current_A'))).toBeLessThan(20);
    }
  });

  it('more oxygen, more pressure and less resistance give more', () => {
    const at = (change: (b: ReturnType<typeof bench>) => void, figures: Figures = {}): number => {
      const b = ready(figures);
      change(b);
      b.set('stack.currentSet_A', -30);
      b.run(600, 10);
      return cell_V(b);
    };
    const plain = at(() => {});
    expect(at(b => b.set('air.oxygenSet_pct', 100))).toBeGreaterThan(plain + 0.02);
    expect(at(b => b.set('stack.pressureSet_barg', 1.5))).toBeGreaterThan(plain + 0.01);
    expect(at(() => {}, { resistance_mOhm_cm2: 20 })).toBeGreaterThan(plain + 0.02);
  });

  it.each([-20, 10])('a pulse on %f A and the spectrum agree', amps => {
    const b = ready({ heat_J_per_K_cm2: 1e4, chamber_mL: 1e4 });
    b.set('h2.flowSet_NL_per_min', 1000);
    b.set('air.flowSet_NL_per_min', 1000);
    b.set('stack.currentSet_A', amps);
    b.run(3600, 10);
    const before_V = b.rig.truthOf('stack.voltage_V');
    const { re_Ohm } = b.rig.impedance(Float64Array.of(1e-3));
    b.set('stack.currentSet_A', amps + 0.01);
    b.run(1);
    expect((b.rig.truthOf('stack.voltage_V') - before_V) / 0.01 / re_Ohm[0]).toBeCloseTo(1, 1);
  });

  it('every declared figure counts', () => {
    const ranWith = (figures: Figures): number[] => {
      const b = bench(figures);
      b.set('h2.flowSet_NL_per_min', 4);
      b.set('air.flowSet_NL_per_min', 10);
      b.set('stack.temperatureSet_degC', 60);
      b.set('stack.outputSet_on', 1);
      b.set('stack.currentSet_A', -20);
      b.run(120);
      const { re_Ohm, im_Ohm } = b.rig.impedance(Float64Array.of(10));
      return [...re_Ohm, ...im_Ohm, ...b.rig.truths.map(truth => b.rig.truthOf(truth))];
    };
    const asDeclared = ranWith({});
    for (const { name, value, high } of PEM_FC_MODEL.parameters('neyerlin-class'))
      expect(ranWith({ [name]: Math.min(high, value * 1.05) }), name).not.toEqual(asDeclared);
  });

  it('whatever is set: finite, no amount below 0, H2 and O2 kept', () => {
    const { rig: sample } = bench();
    const wild = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 1, 5, 20, 80, -1, -20, 1e12, -1e12),
    );
    const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.1, 1, 60, 600));
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), actions => {
        const { rig } = bench();
        const t = (name: string): number => rig.truthOf(name);
        const start_o2 = t('inside.o2_mol');
        rig.set(rig.actuatorIndex('stack.outputSet_on'), 1);
        for (const [isFault, index, value, seconds] of actions) {
          if (isFault) rig.disturb(index % sample.disturbances.length, value);
          else rig.set(index % sample.actuators.length, value);
          rig.advanceTo(rig.time_s + seconds);
          for (const truth of rig.truths)
            if (!Number.isFinite(t(truth))) throw new Error(`${truth} ${t(truth)}`);
          rig.sensors.forEach((sensor, i) => {
            if (!Number.isFinite(rig.sensor(i))) throw new Error(`${sensor} ${rig.sensor(i)}`);
          });
        }
        for (const [gas, start] of [
          ['h2', 0],
          ['o2', start_o2],
        ] as const) {
          const through = start + t(`fed.${gas}_mol`) + Math.abs(t(`used.${gas}_mol`)) + 1e-9;
          const kept =
            start + t(`fed.${gas}_mol`) - t(`out.${gas}_mol`) - t(`used.${gas}_mol`) - t(`inside.${gas}_mol`);
          expect(Math.abs(kept) / through, gas).toBeLessThan(1e-9);
          expect(t(`inside.${gas}_mol`)).toBeGreaterThanOrEqual(0);
        }
        const { re_Ohm, im_Ohm } = rig.impedance(Float64Array.of(1e-3, 1, 1e6));
        for (const part of [...re_Ohm, ...im_Ohm]) expect(part).toSatisfy(Number.isFinite);
      }),
      { numRuns: 40 },
    );
  });
});
