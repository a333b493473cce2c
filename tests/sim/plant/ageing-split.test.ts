import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { AGEING_CLASSES } from '../../../sim/plant/parts/ageing-classes.ts';
import type { PemRig } from '../../../sim/plant/pem/rig.ts';
import { findPlant } from '../../../sim/plants.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';
import { type Bench, loadedRig } from './bench-rig.ts';

const NOTHING = {
  overload_uV_per_h: 0,
  lowLoad_uV_per_h: 0,
  idle_uV_per_h: 0,
  perSwing_uV: 0,
  perRipplePercent_uV_per_h: 0,
  activation_J_per_mol: 0,
  reference_degC: 60,
  perBar_frac: 0,
  perStop_uV: 0,
  reversible_uV: 0,
  reversibleGrowth_h: 20,
  reversibleRecovery_h: 1,
};

/** 500 kW stack at 2 A/cm2, 60 degC, aged by 20 mV at nominal current in 10 h (2 mV/h, far too fast for a stack). */
function aged(
  ohmicShare_frac: number,
  transportShare_frac: number,
  irreversible_uV_per_h = 2000,
): Bench<PemRig> {
  const ageing = { ...NOTHING, irreversible_uV_per_h, ohmicShare_frac, transportShare_frac };
  const bench = loadedRig(1, 2000, { ageing });
  bench.run(36_000 - 900, 60);
  return bench;
}

const fresh = aged(0, 0, 0);
const cases = { ohmic: aged(1, 0), kinetic: aged(0, 0), transport: aged(0, 1), mixed: aged(0.3, 0.15) };
type Part = keyof typeof cases;
const PARTS = Object.keys(cases) as Part[];

/** Impedance of the mean cell, mOhm cm2. */
function impedance(bench: Bench<PemRig>, frequency_Hz: number): { re: number; im: number } {
  const { re_Ohm, im_Ohm } = bench.rig.impedance(Float64Array.of(frequency_Hz));
  const scale = (1000 / 135) * 1000;
  return { re: re_Ohm[0] * scale, im: im_Ohm[0] * scale };
}

/** Rise of the cell voltage over the fresh stack at a current, mV; both stacks kept at 60 degC. */
function rise_mV(part: Part, current_A: number): number {
  const volts = [fresh, cases[part]].map(bench => {
    bench.set('stack.currentSet_A', current_A);
    bench.run(600);
    const voltage_V = bench.rig.truth.cellVoltage_V;
    bench.set('stack.currentSet_A', 2000);
    bench.run(600);
    return voltage_V;
  });
  return (volts[1] - volts[0]) * 1000;
}

describe('20 mV of ageing at 2 A/cm2 in its parts', () => {
  it.each(PARTS)('%s: what grew is 20 mV at nominal current', part => {
    const bench = cases[part];
    expect(bench.rig.truthOf('ageing.present_uV') / 1000).toBeGreaterThan(19.9);
    expect(bench.rig.truthOf('ageing.present_uV') / 1000).toBeLessThan(20.1);
    const rise = (bench.rig.truth.cellVoltage_V - fresh.rig.truth.cellVoltage_V) * 1000;
    expect(rise).toBeGreaterThan(19.5);
    expect(rise).toBeLessThan(20.5);
  });

  it('ohmic: 10 mOhm cm2 at every frequency, in proportion to the current', () => {
    const bench = cases.ohmic;
    for (const frequency_Hz of [0.1, 3, 100, 10_000])
      expect(impedance(bench, frequency_Hz).re - impedance(fresh, frequency_Hz).re).toBeCloseTo(10, 0);
    expect(rise_mV('ohmic', 500)).toBeGreaterThan(4.5);
    expect(rise_mV('ohmic', 500)).toBeLessThan(5.5);
  });

  it('kinetic: the arc stays as wide but moves to higher frequency; the same millivolts at a quarter of the load', () => {
    const bench = cases.kinetic;
    expect(impedance(bench, 0.1).re - impedance(fresh, 0.1).re).toBeLessThan(0.3);
    // The fresh stack has cooled by a hundredth of a kelvin in the test before.
    expect(Math.abs(impedance(bench, 1e6).re - impedance(fresh, 1e6).re)).toBeLessThan(0.3);
    const area_frac = bench.rig.truthOf('ageing.activeArea_frac');
    expect(area_frac).toBeGreaterThan(0.4);
    expect(area_frac).toBeLessThan(0.7);
    // The top of the arc: 1/(2 pi R C), C smaller by the lost area.
    const top_Hz = (of: Bench<PemRig>): number => {
      const frequencies = Float64Array.from({ length: 400 }, (_, k) => 10 ** (0 + k / 100));
      const { im_Ohm } = of.rig.impedance(frequencies);
      return frequencies[im_Ohm.reduce((best, im, k) => (im < im_Ohm[best] ? k : best), 0)];
    };
    expect(top_Hz(bench) / top_Hz(fresh)).toBeGreaterThan(0.95 / area_frac);
    expect(top_Hz(bench) / top_Hz(fresh)).toBeLessThan(1.05 / area_frac);
    expect(rise_mV('kinetic', 500)).toBeGreaterThan(19);
    expect(rise_mV('kinetic', 500)).toBeLessThan(21);
  });

  it('transport: an arc of its own at some 3 Hz, with the square of the current', () => {
    const bench = cases.transport;
    const grown = (frequency_Hz: number): number =>
      impedance(bench, frequency_Hz).re - impedance(fresh, frequency_Hz).re;
    expect(grown(0.1)).toBeGreaterThan(19);
    expect(grown(0.1)).toBeLessThan(21);
    expect(grown(1000)).toBeLessThan(0.1);
    expect(impedance(bench, 3.2).im - impedance(fresh, 3.2).im).toBeLessThan(-9);
    expect(rise_mV('transport', 1000)).toBeGreaterThan(4.5);
    expect(rise_mV('transport', 1000)).toBeLessThan(5.5);
  });

  it('all three together add up', () => {
    const bench = cases.mixed;
    expect(bench.rig.truthOf('ageing.ohmic_mOhm_cm2')).toBeCloseTo(3, 1);
    expect(bench.rig.truthOf('ageing.transport_uV') / 1000).toBeCloseTo(3, 1);
    expect(impedance(bench, 0.1).re - impedance(fresh, 0.1).re).toBeCloseTo(3 + 3, 0);
  });

  it.each(PARTS)('%s: a pulse of 1 %% more current has the resistance of the spectrum', part => {
    const bench = cases[part];
    const before = { ...bench.rig.truth };
    bench.set('stack.currentSet_A', 2020);
    bench.run(5);
    const pulse_Ohm =
      (bench.rig.truth.stackVoltage_V - before.stackVoltage_V) /
      (bench.rig.truth.current_A - before.current_A);
    const { re_Ohm } = bench.rig.impedance(Float64Array.of(0.1));
    bench.set('stack.currentSet_A', 2000);
    bench.run(600);
    expect(pulse_Ohm / re_Ohm[0]).toBeGreaterThan(0.98);
    expect(pulse_Ohm / re_Ohm[0]).toBeLessThan(1.02);
  });
});

describe('every kind of stack', () => {
  it.each(['pem', 'alkaline', 'aem', 'pcec'])('%s: rate and shares are declared with their basis', name => {
    const model = findPlant(name);
    for (const set of model.sets) {
      const declared = model.parameters(set).filter(p => p.name.startsWith('ageing'));
      const rate = declared.find(p => p.name.endsWith('_uV_per_h'));
      expect(rate?.u, set).toBeGreaterThan(0);
      expect(Object.values(AGEING_CLASSES).some(kind => kind.irreversible_uV_per_h === rate?.value)).toBe(
        true,
      );
      for (const share of ['ageingOhmicShare_frac', 'ageingTransportShare_frac'])
        expect(declared.find(p => p.name === share)?.basis, set).toBe('default');
    }
  });

  const SUBJECTS = {
    pem: { cells: 4, activeArea_cm2: 100, currentNominal_A: 200 },
    alkaline: { cells: 4, activeArea_cm2: 1000, currentNominal_A: 300 },
    aem: { cells: 4, activeArea_cm2: 63.62, currentNominal_A: 53.4 },
    pcec: { cells: 4, activeArea_cm2: 100, currentNominal_A: 50 },
  } as const;

  it.each(Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[])(
    '%s: charge and energy balance whatever ages, nothing is NaN',
    name => {
      const model = findPlant(name);
      const subject = SUBJECTS[name];
      const rateName = name === 'pem' ? 'ageingIrreversible_uV_per_h' : 'ageing_uV_per_h';
      fc.assert(
        fc.property(
          fc.record({
            ohmic: fc.double({ min: 0, max: 1, noNaN: true }),
            transport: fc.double({ min: 0, max: 1, noNaN: true }),
            rate: fc.double({ min: 0, max: 2000, noNaN: true }),
            loads: fc.array(fc.double({ min: 0, max: 1.3, noNaN: true }), { minLength: 2, maxLength: 6 }),
          }),
          ({ ohmic, transport, rate, loads }) => {
            const parameters = {
              ageingOhmicShare_frac: ohmic,
              ageingTransportShare_frac: transport,
              [rateName]: rate,
            };
            const rig = model.create({ set: model.sets[0], parameters, subject, random: seededRandom(1) });
            setAll(rig, {
              'water.pumpSet_on': 1,
              'stack.temperatureSet_degC': name === 'pcec' ? 550 : 60,
              'stack.voltageSet_V': 1000,
              'stack.powerSet_W': 1e6,
              'stack.outputSet_on': 1,
            });
            for (const load of loads) {
              setAll(rig, { 'stack.currentSet_A': load * subject.currentNominal_A });
              runFor(rig, 7200, 600);
            }
            for (const truth of rig.truths) {
              const value = rig.truthOf(truth);
              if (!truth.includes('kWh_per_kg'))
                expect(Number.isFinite(value), `${truth} ${value}`).toBe(true);
            }
            const t = (key: string): number => rig.truthOf(key);
            expect(t('charge_C')).toBeCloseTo(
              (t('h2Made_mol') * 2 * 96485.33212) / subject.cells + t('doubleLayer_C') + t('leaked_C'),
              3,
            );
            const lost_J = t('electric_J') - t('chemical_J') - t('doubleLayer_J') - t('heat_J');
            expect(Math.abs(lost_J)).toBeLessThan(1e-8 * t('electric_J') + 1e-3);
            expect(t('ageing.activeArea_frac')).toBeGreaterThan(0);
            expect(t('ageing.activeArea_frac')).toBeLessThanOrEqual(1);
          },
        ),
        { numRuns: 15, seed: 7 },
      );
    },
  );
});
