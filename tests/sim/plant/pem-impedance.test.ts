import { describe, expect, it } from 'vitest';
import { loadedRig } from './bench-rig.ts';

/** Warm, 1000 A (1 A/cm2), ready for a pulse; a supply that is fast and without steps or ripple. */
const atOneAmpere = () => {
  const bench = loadedRig(1, 1000, {
    supply: {
      currentRating_A: 2400,
      voltageRating_V: 360,
      powerRating_W: 600_000,
      slew_A_per_s: 1e9,
      offSlew_A_per_s: 1e9,
      currentStep_A: 0,
      ripple_frac: 0,
    },
    inductance_H: 0,
  });
  bench.run(900);
  return bench;
};

/** Real part of the spectrum at one frequency, Ohm. */
const re_Ohm = (bench: ReturnType<typeof atOneAmpere>, frequency_Hz: number): number =>
  bench.rig.impedance(Float64Array.of(frequency_Hz)).re_Ohm[0];

describe('impedance', () => {
  it('agrees with the pulse: ohmic and charge-transfer resistance within 2 %, and the time constant', () => {
    const bench = atOneAmpere();
    const ohmic = re_Ohm(bench, 1e6);
    const all = re_Ohm(bench, 0.5);
    const before = { ...bench.rig.truth };
    const step_A = 20;
    bench.set('stack.currentSet_A', 1000 + step_A);
    const start_s = bench.rig.time_s;
    // R1 (1 - exp(-t / tau)) + R0 through three points of the relaxation: 0+, and two late enough to be steady.
    bench.rig.advanceTo(start_s + 2e-6);
    const r0 = (bench.rig.truth.stackVoltage_V - before.stackVoltage_V) / step_A;
    expect(Math.abs(r0 / ohmic - 1)).toBeLessThan(0.02);
    const samples: [number, number][] = [];
    for (const t_s of [0.0005, 0.001, 0.002, 0.05]) {
      bench.rig.advanceTo(start_s + t_s);
      samples.push([t_s, (bench.rig.truth.stackVoltage_V - before.stackVoltage_V) / step_A]);
    }
    const late = samples[3][1];
    expect(Math.abs(late / all - 1)).toBeLessThan(0.02);
    expect(Math.abs((late - r0) / (all - ohmic) - 1)).toBeLessThan(0.02);
    const tau_s = samples[1][0] / -Math.log(1 - (samples[1][1] - r0) / (late - r0));
    const peak = bench.rig.impedance(Float64Array.of(1 / (2 * Math.PI * tau_s)));
    // At the peak of the arc the imaginary part is half of its resistance.
    expect(Math.abs(-peak.im_Ohm[0] / ((all - ohmic) / 2) - 1)).toBeLessThan(0.02);
  });

  it('a dry cell adds its resistance, leads their inductance', () => {
    const bench = atOneAmpere();
    const healthy = re_Ohm(bench, 1e6);
    bench.disturb('cell[5].dry_pct', 135 * 10);
    bench.run(1);
    expect(re_Ohm(bench, 1e6) / healthy).toBeCloseTo(1.1, 3);
    const leads = loadedRig(1, 1000, { inductance_H: 5e-8 }).rig.impedance(Float64Array.of(1e4, 1e5));
    expect(leads.im_Ohm[1] - leads.im_Ohm[0]).toBeGreaterThan(0.9 * 2 * Math.PI * 9e4 * 5e-8);
  });

  it('refuses a frequency of 0', () => {
    expect(() => atOneAmpere().rig.impedance(Float64Array.of(1, 0))).toThrow('frequency 0 Hz');
  });
});
