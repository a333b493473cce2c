import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import {
  type FlammableLimits,
  isFlammable,
  lowerLimit_vol_pct,
} from '../../../sim/plant/gas-mix/flammable.ts';
import { GAS_MIX_MODEL } from '../../../sim/plant/gas-mix/model.ts';
import { VESSEL_SUBJECT } from '../../../sim/plant/parts/model.ts';
import { benchOf } from './bench-rig.ts';

type Figures = Readonly<Record<string, number>>;
const bench = (parameters: Figures = {}) =>
  benchOf(
    GAS_MIX_MODEL.create({ set: 'h2-o2-n2', parameters, subject: VESSEL_SUBJECT, random: seededRandom(1) }),
  );
const LIMITS: FlammableLimits = {
  lower_vol_pct: 4,
  upperAir_vol_pct: 75,
  upperOxygen_vol_pct: 94,
  leastOxygen_vol_pct: 4.6,
  lowerFalls_per_K: 0.0016,
};
const air = (h2: number): readonly [number, number] => [h2, 0.2095 * (100 - h2)];

describe('what burns', () => {
  it.each([
    ['3.9 % in air', ...air(3.9), false],
    ['4.1 % in air', ...air(4.1), true],
    ['74.5 % in air', ...air(74.5), true],
    ['75.5 % in air', ...air(75.5), false],
    ['3.9 % in O2', 3.9, 96.1, false],
    ['4.1 % in O2', 4.1, 95.9, true],
    ['93.5 % in O2', 93.5, 6.5, true],
    ['94.5 % in O2', 94.5, 5.5, false],
    ['30 % with 4.5 % oxygen', 30, 4.5, false],
    ['30 % with 4.7 % oxygen', 30, 4.7, true],
    ['knallgas feed 8:1:1', 80, 10, true],
    ['pure H2', 100, 0, false],
    ['air', 0, 20.95, false],
  ])('%s', (_, h2, o2, burns) => {
    expect(isFlammable(LIMITS, h2, o2, 25)).toBe(burns);
  });

  it('warm mixtures burn with less H2: 3.4 % at 100 °C, 1.5 % at 400 °C within 0.15', () => {
    for (const [degC, pct] of [
      [100, 3.4],
      [200, 2.9],
      [300, 2.1],
      [400, 1.5],
    ])
      expect(Math.abs(lowerLimit_vol_pct(LIMITS, degC) - pct)).toBeLessThan(0.15);
  });
});

describe('gas-mix vessel', () => {
  it('five changes of a stirred volume leave 0.7 % of the air', () => {
    const b = bench();
    b.set('n2.flowSet_NL_per_min', 20);
    // 10 L hold 9.16 NL at 25 °C and ambient pressure.
    // The controller's lag costs its second.
    b.run((5 * 9.161 * 60) / 20 + 1, 1);
    expect(b.rig.truthOf('mix.o2_vol_pct') / 20.95).toBeCloseTo(0.0067, 3);
  });

  it('inerted first, H2 never makes it burn; into air it does', () => {
    const good = bench();
    good.set('n2.flowSet_NL_per_min', 20);
    for (let k = 0; k < 600; k++) {
      good.run(1);
      if (k === 300) good.set('h2.flowSet_NL_per_min', 20);
      expect(good.rig.truthOf('mix.flammable_on')).toBe(0);
    }
    expect(good.rig.truthOf('mix.h2_vol_pct')).toBeCloseTo(50, 0);
    const bad = bench();
    bad.set('h2.flowSet_NL_per_min', 8);
    bad.run(60);
    expect(bad.read('mix.flammable_on')).toBe(1);
  });

  it('analysers come late: the line first, then their own response', () => {
    const b = bench();
    b.set('n2.flowSet_NL_per_min', 50);
    b.run(7);
    expect(b.read('mix.o2_vol_pct')).toBeGreaterThan(20.6);
    b.run(30);
    expect(b.read('mix.o2_vol_pct')).toBeGreaterThan(b.rig.truthOf('mix.o2_vol_pct') + 0.3);
    b.run(300);
    expect(Math.abs(b.read('mix.o2_vol_pct') - b.rig.truthOf('mix.o2_vol_pct'))).toBeLessThan(0.15);
    b.disturb('analyser.lineBlocked_on', 1);
    b.set('n2.flowSet_NL_per_min', 0);
    b.set('o2.flowSet_NL_per_min', 20);
    b.run(300);
    expect(b.read('mix.o2_vol_pct')).toBeLessThan(1);
  });

  it('holds its pressure, and a blocked outlet ends at the relief valve', () => {
    const b = bench();
    b.set('n2.flowSet_NL_per_min', 20);
    b.set('mix.pressureSet_barg', 0.2);
    b.run(300);
    expect(b.rig.truthOf('mix.pressure_bara')).toBeCloseTo(1.213, 2);
    b.disturb('mix.outletBlocked_pct', 100);
    b.run(300);
    expect(b.rig.truthOf('mix.pressure_bara')).toBeCloseTo(1.513, 2);
  });

  it('lost N2 and a leaking H2 valve do what they say', () => {
    const b = bench();
    b.set('n2.flowSet_NL_per_min', 20);
    b.run(300);
    b.disturb('n2.lost_on', 1);
    b.disturb('h2.leak_NL_per_min', 1);
    b.run(60);
    expect(b.read('n2.flow_NL_per_min')).toBeLessThan(0.5);
    expect(b.rig.truthOf('mix.h2_vol_pct')).toBeGreaterThan(5);
  });

  it('has no electrical terminals, and says so', () => {
    expect(() => bench().rig.impedance(Float64Array.of(1))).toThrow(/gas-mix: no electrical terminals/);
  });

  it('every declared figure counts', () => {
    const ranWith = (figures: Figures): number[] => {
      const b = bench(figures);
      for (const gas of ['h2', 'o2', 'n2']) b.set(`${gas}.flowSet_NL_per_min`, 1000);
      b.set('mix.temperatureSet_degC', 80);
      b.disturb('mix.outletBlocked_pct', 90);
      b.run(40);
      const rich = b.rig.truths.map(truth => b.rig.truthOf(truth));
      b.set('o2.flowSet_NL_per_min', 0);
      b.set('n2.flowSet_NL_per_min', 4);
      b.run(600);
      const shown = b.rig.sensors.map((_, i) => b.rig.sensor(i));
      return [...rich, ...b.rig.truths.map(truth => b.rig.truthOf(truth)), ...shown];
    };
    const asDeclared = ranWith({});
    for (const { name, value, high } of GAS_MIX_MODEL.parameters('h2-o2-n2')) {
      if (name === 'analyser_s' || name === 'lineDelay_s') continue;
      expect(ranWith({ [name]: Math.min(high, value * 1.1) }), name).not.toEqual(asDeclared);
    }
  });

  it('a slower analyser and a longer line show an older mixture', () => {
    const late = (figures: Figures): number => {
      const b = bench(figures);
      b.set('n2.flowSet_NL_per_min', 50);
      b.run(30);
      return b.read('mix.o2_vol_pct');
    };
    expect(late({ lineDelay_s: 16 })).toBeGreaterThan(late({}) + 0.5);
    expect(late({ analyser_s: 30 })).toBeGreaterThan(late({}) + 0.5);
  });

  it('whatever is set: finite, no amount below 0, every gas kept', () => {
    const { rig: sample } = bench();
    const wild = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 1, 5, 20, 100, -1, 1e12, -1e12),
    );
    const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.1, 1, 60, 900));
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), actions => {
        const { rig } = bench();
        const t = (name: string): number => rig.truthOf(name);
        const gases = ['h2', 'o2', 'n2'] as const;
        const start = gases.map(gas => t(`inside.${gas}_mol`));
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
        gases.forEach((gas, k) => {
          expect(t(`inside.${gas}_mol`)).toBeGreaterThanOrEqual(0);
          const through = start[k] + t(`fed.${gas}_mol`);
          const kept = through - t(`out.${gas}_mol`) - t(`inside.${gas}_mol`);
          expect(Math.abs(kept) / (through + 1e-9), gas).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 40 },
    );
  });
});
