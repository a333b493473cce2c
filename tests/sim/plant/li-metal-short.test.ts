import { describe, expect, it } from 'vitest';
import { growShort, shortState } from '../../../sim/plant/li-metal/short.ts';
import { AREA_CM2, bench, pass } from './plating-bench.ts';

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
