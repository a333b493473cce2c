import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { HYDRIDE_MODEL } from '../../../sim/plant/hydride/model.ts';
import { h2Compressibility, h2InVolume_mol, h2Pressure_bara } from '../../../sim/plant/parts/hydrogen.ts';
import { VESSEL_SUBJECT } from '../../../sim/plant/parts/model.ts';
import { type Bench, benchOf } from './bench-rig.ts';

type Figures = Readonly<Record<string, number>>;

function bench(parameters: Figures = {}, seed = 1): Bench<ReturnType<typeof HYDRIDE_MODEL.create>> {
  const random = seededRandom(seed);
  return benchOf(HYDRIDE_MODEL.create({ set: 'lani5', parameters, subject: VESSEL_SUBJECT, random }));
}

/** Fills the tank with the valve shut, then opens it for so long. */
function dose(b: ReturnType<typeof bench>, tank_barg: number, open_s = 3600): void {
  b.set('sample.valveSet_on', 0);
  b.set('tank.pressureRateSet_bar_per_min', 60);
  b.set('tank.pressureSet_barg', tank_barg);
  b.run(600, 600);
  b.set('sample.valveSet_on', 1);
  b.run(open_s, open_s);
}

/** Hydrogen that came in less what left and what is inside, mol. */
function missing_mol({ rig }: ReturnType<typeof bench>, start_mol: number): number {
  const t = (name: string): number => rig.truthOf(name);
  const out = t('hydride.vented_mol') + t('hydride.pumped_mol') + t('hydride.leaked_mol');
  return start_mol + t('hydride.supplied_mol') - out - t('hydrogen.inside_mol');
}

describe('hydrogen as a real gas', () => {
  it('pressure and amount are each other turned round', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 900, noNaN: true }),
        fc.double({ min: 220, max: 900, noNaN: true }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        (bara, kelvin, litres) => {
          const back = h2Pressure_bara(h2InVolume_mol(bara, kelvin, litres), kelvin, litres);
          expect(Math.abs(back / bara - 1)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  it('is finite where the equation does not hold, and nothing weighs nothing', () => {
    for (const kelvin of [1, 50, 2000]) expect(h2Compressibility(kelvin, 1e6)).toSatisfy(Number.isFinite);
    expect(h2Pressure_bara(0, 300, 1)).toBe(0);
    expect(h2Compressibility(300, 0)).toBe(1);
  });
});

describe('hydride bed', () => {
  it('takes up above its plateau and gives below it, and lies between the branches in between', () => {
    const b = bench();
    for (let k = 0; k < 3; k++) dose(b, 7);
    expect(b.rig.truthOf('hydride.branch_frac')).toBeCloseTo(1, 9);
    const full = b.rig.truthOf('hydride.filling_frac');
    expect(full).toBeGreaterThan(0.6);
    const absorbing_bara = b.rig.truthOf('hydride.sample_bara');
    // A little off the tank: the pressure falls along the steep line, hardly any hydrogen comes out.
    dose(b, absorbing_bara - 1.2);
    const scanning = full - b.rig.truthOf('hydride.filling_frac');
    expect(scanning).toBeGreaterThan(0);
    expect(scanning).toBeLessThan(0.03);
    for (let k = 0; k < 4; k++) dose(b, 0);
    expect(b.rig.truthOf('hydride.branch_frac')).toBeCloseTo(0, 9);
    expect(b.rig.truthOf('hydride.filling_frac')).toBeLessThan(full - 0.2);
    expect(b.rig.truthOf('hydride.sample_bara')).toBeLessThan(absorbing_bara - 0.3);
  });

  it('warms while it takes up, cools while it gives, and comes back to its chamber', () => {
    const b = bench();
    dose(b, 10, 30);
    expect(b.rig.truthOf('hydride.bed_degC')).toBeGreaterThan(30);
    b.run(7200, 60);
    expect(b.rig.truthOf('hydride.bed_degC')).toBeCloseTo(25, 1);
    for (let k = 0; k < 3; k++) dose(b, 7);
    dose(b, -1, 30);
    expect(b.rig.truthOf('hydride.bed_degC')).toBeLessThan(22);
  });

  it('without heat losses it stalls where the absorption plateau has risen to the feed pressure', () => {
    // A tank so large that its pressure stays at 10 bar.
    const b = bench({
      wallToAir_W_per_K: 0,
      bedToWall_W_per_K: 0,
      tank_mL: 1e6,
      supplyValve_mmol_per_s_bar: 100,
      startFilling_frac: 0.5,
    });
    b.set('tank.pressureRateSet_bar_per_min', 1000);
    b.set('tank.pressureSet_barg', 10 - 1.01325);
    b.set('chamber.temperatureSet_degC', 25);
    b.run(600, 600);
    const feed_bara = b.rig.truthOf('hydride.tank_bara');
    expect(feed_bara).toBeCloseTo(10, 1);
    b.set('sample.valveSet_on', 1);
    b.run(3600, 60);
    // ln p = dH/RT - dS/R solved for T, absorption branch of the set: 338 K.
    const stall_K = 31_170 / (111.4 - 8.314462618 * Math.log(feed_bara));
    expect(b.rig.truthOf('hydride.bed_degC') + 273.15).toBeGreaterThan(stall_K - 2);
    expect(b.rig.truthOf('hydride.bed_degC') + 273.15).toBeLessThan(stall_K + 2);
    expect(b.rig.truthOf('hydride.content_pct')).toBeLessThan(1.46 / 2 + 0.25);
  });

  it('closed, the tank keeps its pressure; the valve makes both sides equal', () => {
    const b = bench({ alloy_g: 0.01 });
    b.set('tank.pressureSet_barg', 10);
    b.run(300, 10);
    expect(b.rig.truthOf('hydride.tank_bara')).toBeCloseTo(11.013, 3);
    expect(b.rig.truthOf('hydride.sample_bara')).toBeLessThan(1e-9);
    b.set('sample.valveSet_on', 1);
    b.run(120, 10);
    expect(b.rig.truthOf('hydride.sample_bara')).toBeCloseTo(b.rig.truthOf('hydride.tank_bara'), 3);
    expect(b.rig.truthOf('hydride.tank_bara')).toBeLessThan(9.6);
  });

  it('the controller ramps no faster than its rate, up and down to vacuum, and never while the valve is open', () => {
    const b = bench({ supplyValve_mmol_per_s_bar: 1, ventValve_mmol_per_s_bar: 5 });
    b.set('tank.pressureRateSet_bar_per_min', 6);
    b.set('tank.pressureSet_barg', 20);
    let last = b.rig.truthOf('hydride.tank_bara');
    for (let k = 0; k < 100; k++) {
      b.run(1);
      const now = b.rig.truthOf('hydride.tank_bara');
      expect(now - last).toBeLessThan(0.1 + 1e-6);
      last = now;
    }
    b.run(300);
    expect(b.rig.truthOf('hydride.tank_bara')).toBeCloseTo(21.013, 2);
    b.set('tank.pressureSet_barg', -1);
    b.run(600);
    expect(b.rig.truthOf('hydride.tank_bara')).toBeCloseTo(0.0133, 2);
    expect(b.rig.truthOf('hydride.pumped_mol')).toBeGreaterThan(0);
    const supplied = b.rig.truthOf('hydride.supplied_mol');
    b.set('sample.valveSet_on', 1);
    b.set('tank.pressureSet_barg', 50);
    b.run(600);
    expect(b.rig.truthOf('hydride.supplied_mol')).toBe(supplied);
  });

  it('a leak empties the holder, a lost supply fills nothing, a poisoned alloy takes nothing', () => {
    const leaking = bench({ startFilling_frac: 0.5 });
    leaking.disturb('sample.leak_umol_per_s_bar', 5);
    leaking.run(3600);
    expect(leaking.rig.truthOf('hydride.leaked_mol')).toBeGreaterThan(1e-3);
    const cut = bench();
    cut.disturb('supply.lost_on', 1);
    dose(cut, 10);
    expect(cut.rig.truthOf('hydride.supplied_mol')).toBe(0);
    const dead = bench();
    dead.disturb('sample.poisoned_pct', 100);
    dose(dead, 10);
    expect(dead.rig.truthOf('hydride.held_mol')).toBe(0);
  });

  it('says where it is not measured', () => {
    const b = bench();
    b.run(10);
    expect(b.read('sample.outsideValidity_on')).toBe(0);
    b.set('chamber.temperatureSet_degC', 80);
    b.run(4 * 3600, 60);
    expect(b.read('sample.outsideValidity_on')).toBe(1);
  });

  it('has no electrical terminals, and says so', () => {
    expect(() => bench().rig.impedance(Float64Array.of(1))).toThrow(/hydride: no electrical terminals/);
  });

  it('every declared figure counts', () => {
    const ranWith = (figures: Figures): number[] => {
      const b = bench({ startFilling_frac: 0.1, ...figures });
      b.disturb('sample.leak_umol_per_s_bar', 0.01);
      dose(b, 20, 300);
      b.set('sample.valveSet_on', 0);
      b.set('tank.supplyValveSet_on', 0);
      b.set('tank.pumpValveSet_on', 1);
      b.run(10);
      b.set('tank.supplyValveSet_on', 1);
      b.set('tank.pressureSet_barg', 200);
      b.set('tank.pumpValveSet_on', 0);
      b.run(400);
      dose(b, -1.0132, 900);
      b.set('sample.valveSet_on', 1);
      b.set('tank.ventValveSet_on', 1);
      b.set('tank.pumpValveSet_on', 1);
      b.run(900);
      return b.rig.truths.map(truth => b.rig.truthOf(truth));
    };
    const asDeclared = ranWith({});
    for (const { name, value, low, high } of HYDRIDE_MODEL.parameters('lani5')) {
      const up = value + Math.abs(value) * 0.1;
      const other = value === 0 ? high / 10 : up >= low && up <= high ? up : (value + low) / 2;
      expect(ranWith({ [name]: other }), name).not.toEqual(asDeclared);
    }
  });
});

describe('whatever is set', () => {
  const { rig: sample } = bench();
  const wild = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, 5, 20, 80, -1, 1e12, -1e12),
  );
  const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.1, 1, 60, 900));
  const sequences = fc.tuple(
    fc.array(act, { minLength: 1, maxLength: 12 }),
    fc.constantFrom<Figures>(
      {},
      { startFilling_frac: 0.7 },
      { bedToWall_W_per_K: 0, startFilling_frac: 0.3 },
      { alloy_g: 200 },
    ),
  );

  function played(actions: readonly (readonly [boolean, number, number, number])[], figures: Figures) {
    const b = bench(figures);
    for (const [isFault, index, value, seconds] of actions) {
      if (isFault) b.rig.disturb(index % sample.disturbances.length, value);
      else b.rig.set(index % sample.actuators.length, value);
      b.rig.advanceTo(b.rig.time_s + seconds);
    }
    return b;
  }

  it('hydrogen is kept, nothing is negative, everything is finite', () => {
    fc.assert(
      fc.property(sequences, ([actions, figures]) => {
        const start_mol = bench(figures).rig.truthOf('hydrogen.inside_mol');
        const b = played(actions, figures);
        const through = start_mol + b.rig.truthOf('hydride.supplied_mol') + 1e-6;
        expect(Math.abs(missing_mol(b, start_mol)) / through).toBeLessThan(1e-9);
        for (const name of b.rig.truths) {
          const value = b.rig.truthOf(name);
          if (!Number.isFinite(value)) throw new Error(`${name} ${value}`);
          if (/_mol$|_bara$|_frac$/.test(name)) expect(value, name).toBeGreaterThanOrEqual(0);
        }
        b.rig.sensors.forEach((name, i) => {
          if (!Number.isFinite(b.rig.sensor(i))) throw new Error(`${name} ${b.rig.sensor(i)}`);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('heat is kept: what reaction and gas bring is in bed and wall or has gone to the air', () => {
    fc.assert(
      fc.property(sequences, ([actions, figures]) => {
        const b = played(actions, figures);
        const t = (name: string): number => b.rig.truthOf(`hydride.${name}`);
        const bed_J_per_K = ((figures['alloy_g'] ?? 10) / 1000) * 390;
        const stored_J = bed_J_per_K * (t('bed_degC') - 25) + 60 * (t('wall_degC') - 25);
        const brought_J = t('reactionHeat_J') + t('gasHeat_J') - t('lostHeat_J');
        const size_J = Math.abs(t('reactionHeat_J')) + Math.abs(t('lostHeat_J')) + Math.abs(stored_J) + 1;
        expect(Math.abs(stored_J - brought_J) / size_J).toBeLessThan(1e-8);
      }),
      { numRuns: 40 },
    );
  });

  it('jumps of 1, 7 and 60 s end in the same state, and half the step changes little', () => {
    const states = [1, 7, 60].map(jump_s => {
      const b = bench();
      b.set('tank.pressureSet_barg', 6);
      b.run(420, jump_s);
      b.set('sample.valveSet_on', 1);
      b.run(420, jump_s);
      return b.rig.truths.map(name => b.rig.truthOf(name));
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
    const [whole, half] = [1, 0.5].map(jump_s => {
      const b = bench();
      b.set('tank.pressureSet_barg', 8);
      b.run(120, 1);
      b.set('sample.valveSet_on', 1);
      b.run(120, jump_s);
      return b.rig;
    });
    expect(Math.abs(whole.truthOf('hydride.bed_degC') - half.truthOf('hydride.bed_degC'))).toBeLessThan(0.3);
    expect(
      Math.abs(whole.truthOf('hydride.filling_frac') - half.truthOf('hydride.filling_frac')),
    ).toBeLessThan(0.005);
  });
});
