import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LITHIUM_METAL_MODEL } from '../../../sim/plant/li-metal/model.ts';
import { growShort, shortState } from '../../../sim/plant/li-metal/short.ts';
import { type CellBench, CURRENT, cellBench } from './cell-bench.ts';

type Figures = Readonly<Record<string, number>>;
const AREA_CM2 = (Math.PI / 4) * 1.2 ** 2;
const NEVER = { shortDose_mAh_per_cm2: 1e9 };

const bench = (set: string, parameters: Figures = NEVER, seed = 1): CellBench =>
  cellBench({ model: LITHIUM_METAL_MODEL, set, parameters, currentNominal_A: 0.01, seed });

/** So many mA/cm2 for so long; negative plates the working electrode. */
function pass(b: CellBench, density_mA: number, seconds: number): void {
  b.order(CURRENT, 'cell.currentSet_A', (density_mA / 1000) * AREA_CM2);
  b.run(seconds, 60);
}

/** Strips at this density until 0.5 V; the charge that came, mAh/cm2. */
function strip(b: CellBench, density_mA: number): number {
  b.set('cell.voltageMaxSet_V', 1);
  const before = b.truth('cell.charged_Ah');
  for (let k = 0; k < 6000 && (k === 0 || b.truth('cell.terminalVoltage_V') < 0.5); k++)
    pass(b, density_mA, 10);
  return (1000 * (b.truth('cell.charged_Ah') - before)) / AREA_CM2;
}

describe('Li|Li', () => {
  it('plating the working electrode is a negative voltage of 50..200 mV at 1 mA/cm2, stripping the same the other way', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 60);
    const plating_V = b.truth('cell.terminalVoltage_V');
    expect(plating_V).toBeLessThan(-0.05);
    expect(plating_V).toBeGreaterThan(-0.2);
    pass(b, 1, 3600);
    pass(b, 1, 60);
    expect(b.truth('cell.terminalVoltage_V')).toBeGreaterThan(0.05);
    pass(b, 0, 600);
    expect(Math.abs(b.truth('cell.terminalVoltage_V'))).toBeLessThan(1e-3);
  });

  it('both potentials against lithium make its voltage', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 600);
    expect(b.truth('cell.positivePotential_V')).toBeLessThan(0);
    expect(b.truth('cell.negativePotential_V')).toBeGreaterThan(0);
    expect(b.truth('cell.positivePotential_V') - b.truth('cell.negativePotential_V')).toBeCloseTo(
      b.truth('cell.voltage_V'),
      12,
    );
  });

  it('the overpotential falls while moss widens the area, and grows with what is lost over cycles', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 60);
    const first_V = Math.abs(b.truth('cell.terminalVoltage_V'));
    pass(b, -1, 1800);
    expect(Math.abs(b.truth('cell.terminalVoltage_V'))).toBeLessThan(0.9 * first_V);
    const loss = b.truth('cell.irreversibleLoss_Ah');
    for (let k = 0; k < 30; k++) for (const way of [1, -1]) pass(b, way, 3600);
    expect(b.truth('cell.irreversibleLoss_Ah')).toBeGreaterThan(5 * loss);
    expect(Math.abs(b.truth('cell.terminalVoltage_V'))).toBeGreaterThan(first_V);
    expect(b.truth('cell.resistanceRise_Ohm')).toBeGreaterThan(0);
  });

  it('colder films resist more', () => {
    const at = (start_degC: number): number =>
      bench('li-li-carbonate', { ...NEVER, start_degC }).rig.impedance(Float64Array.of(0.1)).re_Ohm[0];
    expect(at(0) / at(25)).toBeGreaterThan(3);
  });

  it('a pulse and the spectrum agree', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 1800);
    pass(b, 0, 1800);
    const { re_Ohm } = b.rig.impedance(Float64Array.of(1e-4));
    const before_V = b.truth('cell.voltage_V');
    pass(b, -0.001, 600);
    const pulse_Ohm = (b.truth('cell.voltage_V') - before_V) / (-1e-6 * AREA_CM2);
    expect(pulse_Ohm / re_Ohm[0]).toBeCloseTo(1, 2);
  });
});

describe('Li|Cu', () => {
  it('starts above 1 V, reduces its oxide, nucleates, and plates on a plateau', () => {
    const b = bench('li-cu-carbonate');
    b.run(10);
    expect(b.truth('cell.terminalVoltage_V')).toBeCloseTo(2, 1);
    let least_V = 0;
    for (let k = 0; k < 1000; k++) {
      pass(b, -0.5, 1);
      least_V = Math.min(least_V, b.truth('cell.terminalVoltage_V'));
    }
    pass(b, -0.5, 1800);
    const plateau_V = b.truth('cell.terminalVoltage_V');
    expect(plateau_V).toBeLessThan(-0.02);
    expect(plateau_V).toBeGreaterThan(-0.15);
    expect(least_V).toBeLessThan(plateau_V - 0.05);
  });

  it('gives back the declared part of what was plated, the oxide once on top', () => {
    const b = bench('li-cu-ether', {
      ...NEVER,
      efficiencyFirst_pct: 97,
      efficiency_pct: 97,
      oxide_mAh_per_cm2: 0.05,
    });
    for (let cycle = 0; cycle < 3; cycle++) {
      pass(b, -0.5, 7200);
      const back = strip(b, 0.5);
      const expected = 0.97 * (cycle === 0 ? 0.95 : 1);
      // Strips to 0.5 V: some thousandths of a mAh/cm2 are double layer, and come and go.
      expect(back).toBeGreaterThan(expected - 0.01);
      expect(back).toBeLessThan(expected + 0.01);
    }
    expect(b.truth('cell.exhausted_on')).toBe(1);
    expect(b.truth('cell.lithium.working_mAh_per_cm2')).toBe(0);
  });

  it('a reservoir cycled n times has lost what the efficiency says', () => {
    const b = bench('li-cu-ether', {
      ...NEVER,
      efficiencyFirst_pct: 99,
      efficiency_pct: 99,
      oxide_mAh_per_cm2: 0,
    });
    pass(b, -0.5, 36_000);
    for (let k = 0; k < 10; k++) {
      b.set('cell.voltageMaxSet_V', 1);
      pass(b, 0.5, 7200);
      pass(b, -0.5, 7200);
    }
    // Aurbach: CE = (n Qc + Qs) / (n Qc + Qt).
    const rest = strip(b, 0.5);
    expect((10 + rest) / (10 + 5)).toBeCloseTo(0.99, 3);
  });
});

describe('shorts', () => {
  it('come by seed: the same seed the same charge, other seeds another', () => {
    const when = (seed: number): number => {
      const b = bench('li-li-garnet', { shortDose_mAh_per_cm2: 2 }, seed);
      for (let k = 0; k < 200; k++) {
        pass(b, k % 2 === 0 ? -0.5 : 0.5, 1800);
        if (b.truth('cell.short.kind_count') > 0) return b.rig.time_s;
      }
      return Number.POSITIVE_INFINITY;
    };
    const times = [1, 2, 3, 4].map(when);
    expect(when(2)).toBe(times[1]);
    expect(new Set(times).size).toBeGreaterThan(1);
    for (const t of times) expect(t).toBeLessThan(1e5);
  });

  it('a soft one pulls the voltage down, a hard one leaves only its resistance, in voltage and spectrum', () => {
    const b = bench('li-li-carbonate', {
      shortDose_mAh_per_cm2: 3,
      softShort_Ohm_cm2: 30,
      shortBreaks_frac: 0,
    });
    pass(b, -1, 60);
    const fresh_V = Math.abs(b.truth('cell.terminalVoltage_V'));
    let soft_V = 0;
    for (let k = 0; k < 400 && b.truth('cell.short.kind_count') < 2; k++) {
      pass(b, -1, 60);
      if (b.truth('cell.short.kind_count') === 1) soft_V = Math.abs(b.truth('cell.terminalVoltage_V'));
    }
    pass(b, -1, 60);
    expect(soft_V).toBeGreaterThan(0);
    expect(soft_V).toBeLessThan(0.7 * fresh_V);
    // 0.5 Ohm cm2 and 1 mA/cm2.
    expect(b.truth('cell.terminalVoltage_V')).toBeCloseTo(-0.5e-3, 4);
    const { re_Ohm, im_Ohm } = b.rig.impedance(Float64Array.of(1));
    expect(re_Ohm[0] * AREA_CM2).toBeCloseTo(0.5, 1);
    expect(Math.abs(Math.atan2(im_Ohm[0], re_Ohm[0]))).toBeLessThan(0.035);
  });

  it('a shorted Li|Cu cell never ends its strip', () => {
    const b = bench('li-cu-carbonate', { shortDose_mAh_per_cm2: 0.05, hardAfter_frac: 0 });
    pass(b, -0.5, 7200);
    expect(b.truth('cell.short.kind_count')).toBe(2);
    b.set('cell.voltageMaxSet_V', 1);
    pass(b, 0.5, 4 * 7200);
    expect(b.truth('cell.terminalVoltage_V')).toBeLessThan(0.1);
  });

  it('above the critical current density they come sooner than the charge alone would tell', () => {
    const p = {
      critical_mA_per_cm2: 1,
      power_1: 3,
      dose_mAh_per_cm2: 10,
      shape_1: 3,
      soft_Ohm_cm2: 100,
      hardAfter_frac: 0.5,
      hard_Ohm_cm2: 0.5,
      breaks_frac: 1,
    };
    const charge = (density_mA: number): number => {
      const s = shortState(p, 7);
      let mAh = 0;
      while (s.kind === 0) {
        growShort(p, s, density_mA, 0.01, false);
        mAh += 0.01;
      }
      return mAh;
    };
    expect(charge(0.5) / charge(1)).toBeCloseTo(8, 0);
    expect(charge(1) / charge(2)).toBeCloseTo(8, 0);
  });

  it('a soft one may break when the current turns, and half of so many have come by the median dose', () => {
    const p = {
      critical_mA_per_cm2: 1,
      power_1: 3,
      dose_mAh_per_cm2: 10,
      shape_1: 3,
      soft_Ohm_cm2: 100,
      hardAfter_frac: 5,
      hard_Ohm_cm2: 0.5,
      breaks_frac: 1,
    };
    const cells = Array.from({ length: 1000 }, (_, seed) => {
      const s = shortState(p, seed * 7919);
      growShort(p, s, 1, 10, false);
      return s;
    });
    const soft = cells.filter(s => s.kind === 1);
    expect(soft.length).toBeGreaterThan(450);
    expect(soft.length).toBeLessThan(550);
    const kept = shortState(p, 7919);
    growShort({ ...p, breaks_frac: 0 }, kept, 1, 30, false);
    expect(kept.kind).toBe(1);
    growShort({ ...p, breaks_frac: 0 }, kept, 1, 0, true);
    expect(kept.kind).toBe(1);
    for (const s of soft) {
      growShort(p, s, 1, 0, true);
      expect(s.kind).toBe(0);
      // Plain data: what is written down goes on the same way.
      const copy = JSON.parse(JSON.stringify(s)) as typeof s;
      growShort(p, s, 2, 3, false);
      growShort(p, copy, 2, 3, false);
      expect(copy).toEqual(s);
    }
  });
});

describe('whatever is set', () => {
  const wild = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, -1, 0.001, -0.001, 4, 1e12, -1e12, 1e-9),
  );
  const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.001, 1, 30, 600));

  it.each(LITHIUM_METAL_MODEL.sets)('%s: everything stays finite and lithium is kept', set => {
    const { rig: sample } = bench(set);
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 99 }),
        (actions, isShort, seed) => {
          const b = bench(set, isShort ? { shortDose_mAh_per_cm2: 0.01 } : NEVER, seed);
          const all = b.truth('cell.lithium.all_mAh_per_cm2');
          b.order(CURRENT, 'cell.currentSet_A', 0.001);
          for (const [isFault, index, value, seconds] of actions) {
            if (isFault) b.rig.disturb(index % sample.disturbances.length, value);
            else b.rig.set(index % sample.actuators.length, value);
            b.rig.advanceTo(b.rig.time_s + seconds);
            b.rig.sensors.forEach((sensor, i) => {
              if (!Number.isFinite(b.rig.sensor(i))) throw new Error(`${sensor} ${b.rig.sensor(i)}`);
            });
            for (const truth of b.rig.truths)
              if (!Number.isFinite(b.truth(truth))) throw new Error(`${truth} ${b.truth(truth)}`);
          }
          const through =
            (1000 * (b.truth('cell.charged_Ah') + b.truth('cell.discharged_Ah'))) / AREA_CM2 + all;
          expect(Math.abs(b.truth('cell.lithium.all_mAh_per_cm2') - all) / through).toBeLessThan(1e-9);
          for (const part of ['working', 'counter', 'dead', 'film'])
            expect(b.truth(`cell.lithium.${part}_mAh_per_cm2`)).toBeGreaterThanOrEqual(0);
          const { re_Ohm, im_Ohm } = b.rig.impedance(Float64Array.of(1e-3, 1, 1e6));
          for (const part of [...re_Ohm, ...im_Ohm]) expect(part).toSatisfy(Number.isFinite);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('charge through the electrodes is lithium moved: without a short to rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(1, 60, 600)), {
          minLength: 1,
          maxLength: 15,
        }),
        steps => {
          const b = bench('li-li-carbonate');
          for (const [density, seconds] of steps) pass(b, density, seconds);
          const net = (1000 * (b.truth('cell.charged_Ah') - b.truth('cell.discharged_Ah'))) / AREA_CM2;
          const lost = b.truth('cell.lithium.dead_mAh_per_cm2') + b.truth('cell.lithium.film_mAh_per_cm2');
          const metal =
            b.truth('cell.lithium.working_mAh_per_cm2') + b.truth('cell.lithium.counter_mAh_per_cm2');
          expect(metal + lost).toBeCloseTo(103, 6);
          // Negative current plates the working electrode: its metal cannot have grown by more than that.
          expect(b.truth('cell.lithium.working_mAh_per_cm2')).toBeLessThanOrEqual(51.5 - net + 1e-6);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is a battery model: its voltage rises with its current', () => {
    for (const set of LITHIUM_METAL_MODEL.sets) {
      let last = Number.NEGATIVE_INFINITY;
      for (const density of [-100, -10, -1, -0.01, 0, 0.01, 1, 10, 100]) {
        const copy = bench(set, { shortDose_mAh_per_cm2: 0.1 }, 5);
        pass(copy, -1, 1800);
        copy.set('cell.voltageMinSet_V', -100);
        copy.set('cell.voltageMaxSet_V', 100);
        pass(copy, density, 1);
        const volts = copy.truth('cell.terminalVoltage_V');
        expect(volts).toBeGreaterThan(last);
        last = volts;
      }
    }
  });
});
