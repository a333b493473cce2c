import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { EMF_MODEL } from '../../../sim/plant/emf/model.ts';
import { type EmfMembrane, ionicNernst_V, meanIonic_frac } from '../../../sim/plant/emf/nernst.ts';
import { benchOf } from './bench-rig.ts';

type Figures = Readonly<Record<string, number>>;
const bench = (parameters: Figures = {}, set = 'bzcyyb1711') =>
  benchOf(
    EMF_MODEL.create({
      set,
      parameters,
      subject: { cells: 1, activeArea_cm2: 1, currentNominal_A: 0.5 },
      random: seededRandom(1),
    }),
  );
const settled = (b: ReturnType<typeof bench>): number => {
  b.run(3600, 60);
  return b.rig.truthOf('stack.voltage_V');
};
/** Electrodes that take nothing. */
const IDEAL = { electrodes_Ohm_cm2: 1e-4 };
const PROTONS: EmfMembrane = {
  protonShare_frac: 1,
  holeRatio_1: 0,
  holeActivation_J_per_mol: 0,
  steamPower_1: 0,
};
const AIR = { h2_bar: 0, o2_bar: 0.21, steam_bar: 0.03 };

describe('EMF of a membrane', () => {
  it('protons alone: RT/2F ln of the H2 pressures, whatever makes them', () => {
    const rich = { h2_bar: 0.97, o2_bar: 0, steam_bar: 0.03 };
    const poor = { h2_bar: 0.097, o2_bar: 0, steam_bar: 0.3 };
    // 86.6 mV per decade at 600 degC.
    expect(ionicNernst_V(PROTONS, poor, rich, 873.15)).toBeCloseTo(0.0866, 4);
  });

  it('oxide ions alone: RT/4F ln of the oxygen pressures, and steam says nothing', () => {
    const oxides = { ...PROTONS, protonShare_frac: 0 };
    const oxygen = { ...AIR, o2_bar: 1, steam_bar: 0.3 };
    expect(ionicNernst_V(oxides, oxygen, { ...AIR, o2_bar: 0.1 }, 873.15)).toBeCloseTo(0.0866 / 2, 4);
  });

  it('holes take (RT/F) ln of what they add on the oxygen side', () => {
    for (const t of [0.98, 0.8, 0.5]) {
      const membrane = { ...PROTONS, holeRatio_1: (1 - t) / t };
      const fuel = { h2_bar: 0.97, o2_bar: 0, steam_bar: 0.03 };
      const full_V = ionicNernst_V(membrane, AIR, fuel, 873.15);
      const lost_V = full_V * (1 - meanIonic_frac(membrane, AIR, fuel, 873.15));
      expect(lost_V).toBeCloseTo(-0.075241 * Math.log(t), 5);
    }
  });
});

describe('EMF rig', () => {
  it('shows nothing between equal gases', () => {
    const b = bench();
    b.set('fuel.oxygenSet_pct', 21);
    expect(Math.abs(settled(b))).toBeLessThan(1e-6);
  });

  it('a steam gradient at equal oxygen: t E_N, with the sign of the drier positive side', () => {
    const b = bench(IDEAL);
    b.set('fuel.oxygenSet_pct', 21);
    b.set('steam.fractionSet_pct', 30);
    const volts = settled(b);
    expect(volts).toBeLessThan(-0.05);
    expect(volts / b.rig.truthOf('emf.nernst_V')).toBeCloseTo(b.rig.truthOf('emf.transport_1'), 3);
  });

  it('poor electrodes show less, by R_ions / (R_ions + t R_electrodes) as the leakage runs through them', () => {
    const at = (electrodes_Ohm_cm2: number): ReturnType<typeof bench> => {
      const b = bench({ electrodes_Ohm_cm2 });
      b.set('fuel.h2Set_pct', 97);
      settled(b);
      return b;
    };
    const poor = at(10);
    const t = (name: string): number => poor.rig.truthOf(name);
    expect(t('stack.voltage_V')).toBeLessThan(at(1e-4).rig.truthOf('stack.voltage_V') - 0.02);
    const electrons = t('emf.electrons_Ohm');
    const expected =
      (t('emf.nernst_V') * electrons) / (electrons + t('emf.ions_Ohm') + t('emf.electrodes_Ohm'));
    expect(t('stack.voltage_V')).toBeCloseTo(expected, 4);
  });

  it('moist H2 against moist air: 1.0..1.14 V at 600 degC, less when hotter, more with steam against holes', () => {
    const volts = (degC: number): number => {
      const b = bench({ start_degC: degC });
      b.set('fuel.h2Set_pct', 97);
      return settled(b);
    };
    expect(volts(600)).toBeGreaterThan(1);
    expect(volts(600)).toBeLessThan(1.14);
    expect(volts(700)).toBeLessThan(volts(600));
    const wet = bench();
    wet.set('steam.fractionSet_pct', 50);
    wet.set('fuel.h2Set_pct', 97);
    settled(wet);
    const dry = bench();
    dry.set('fuel.h2Set_pct', 97);
    settled(dry);
    expect(wet.rig.truthOf('emf.transport_1')).toBeGreaterThan(dry.rig.truthOf('emf.transport_1') + 0.005);
  });

  it('a leaking seal costs voltage', () => {
    const b = bench();
    b.set('fuel.h2Set_pct', 97);
    const tight_V = settled(b);
    b.disturb('seal.leak_NL_per_min', 0.05);
    const leaking_V = settled(b);
    expect(leaking_V).toBeLessThan(tight_V - 0.01);
    expect(leaking_V).toBeGreaterThan(tight_V - 0.3);
  });

  it('both ways: electrolysis makes H2 and takes steam above open circuit, a fuel cell the reverse below it', () => {
    const b = bench();
    b.set('fuel.h2Set_pct', 50);
    b.set('steam.fractionSet_pct', 30);
    const open_V = settled(b);
    const open = b.rig.truthOf('negative.h2_pct');
    b.set('stack.outputSet_on', 1);
    b.set('stack.currentSet_A', 0.1);
    expect(settled(b)).toBeGreaterThan(open_V + 0.05);
    expect(b.rig.truthOf('negative.h2_pct')).toBeGreaterThan(open + 0.2);
    b.set('stack.currentSet_A', -0.1);
    expect(settled(b)).toBeLessThan(open_V - 0.05);
    expect(b.rig.truthOf('negative.h2_pct')).toBeLessThan(open - 0.2);
    b.set('stack.currentSet_A', -100);
    expect(settled(b)).toBeGreaterThan(-1e-9);
    b.set('stack.currentSet_A', 100);
    expect(settled(b)).toBeLessThan(2 + 1e-9);
  });

  it('a pulse and the spectrum agree', () => {
    const b = bench();
    b.set('fuel.h2Set_pct', 97);
    const before_V = settled(b);
    const { re_Ohm } = b.rig.impedance(Float64Array.of(1e-6));
    b.set('stack.outputSet_on', 1);
    b.set('stack.currentSet_A', 1e-5);
    // Before the gas answers.
    b.run(5);
    const pulse_Ohm = (b.rig.truthOf('stack.voltage_V') - before_V) / 1e-5;
    expect(pulse_Ohm / re_Ohm[0]).toBeCloseTo(1, 2);
  });

  it('every declared figure counts', () => {
    const ranWith = (figures: Figures): number[] => {
      const b = bench(figures);
      b.set('fuel.h2Set_pct', 97);
      b.set('stack.temperatureSet_degC', 650);
      b.set('stack.outputSet_on', 1);
      b.set('stack.currentSet_A', 0.05);
      b.run(60);
      return b.rig.truths.map(truth => b.rig.truthOf(truth));
    };
    const asDeclared = ranWith({});
    for (const { name, value, high } of EMF_MODEL.parameters('bzcyyb1711'))
      expect(ranWith({ [name]: Math.min(high, value * 1.05) }), name).not.toEqual(asDeclared);
  });
});

it('whatever is set: finite, no amount below 0, hydrogen and oxygen kept', () => {
  const { rig: sample } = bench();
  const wild = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, 3, 21, 50, 97, -1, 1e12, -1e12),
  );
  const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.1, 1, 60, 900));
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), actions => {
      const { rig } = bench();
      const t = (name: string): number => rig.truthOf(name);
      const start = { hydrogen: t('inside.hydrogen_mol'), oxygen: t('inside.oxygen_mol') };
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
      for (const element of ['hydrogen', 'oxygen'] as const) {
        const through = start[element] + t(`fed.${element}_mol`);
        const kept = through - t(`out.${element}_mol`) - t(`inside.${element}_mol`);
        expect(Math.abs(kept) / through, element).toBeLessThan(1e-9);
      }
      for (const part of ['positive.steam_pct', 'positive.o2_pct', 'negative.h2_pct', 'negative.o2_pct'])
        expect(t(part)).toBeGreaterThanOrEqual(0);
      const { re_Ohm, im_Ohm } = rig.impedance(Float64Array.of(1e-3, 1, 1e6));
      for (const part of [...re_Ohm, ...im_Ohm]) expect(part).toSatisfy(Number.isFinite);
    }),
    { numRuns: 40 },
  );
});
