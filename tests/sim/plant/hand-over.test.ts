import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { dfn } from '../../../sim/plant/dfn/model.ts';
import { type HandOverModel, handOver } from '../../../sim/plant/hand-over/model.ts';
import { SPME_DFN_MODEL } from '../../../sim/plant/hand-over/plant.ts';
import { FAST_MESH } from '../../../sim/plant/spme/mesh.ts';
import { type SpmeOptions, spme } from '../../../sim/plant/spme/model.ts';

const START = { soc_frac: 1, isLumped: true, mesh: FAST_MESH };

function both(options: SpmeOptions = {}): HandOverModel {
  return handOver(spme(CHEN2020, { ...START, ...options }), dfn(CHEN2020, START), 5);
}

function step(model: HandOverModel, current_A: number, dt_s = 1): void {
  model.prepare(dt_s);
  model.take(current_A);
}

describe('single particle to porous electrodes', () => {
  it.each([
    // C-rate, least Ah that dfn gives, most difference to dfn after two minutes, mV.
    [2, 4.84, 4],
    [3, 4.19, 10],
  ])('%dC: no jump, lithium and salt go over, as much charge as dfn gives', (rate, charge_Ah, apart_mV) => {
    const model = both();
    const alone = dfn(CHEN2020, START);
    const current_A = -5 * rate;
    let handedAt_s = Number.NaN;
    let worst_V = 0;
    let drawn_Ah = 0;
    for (let t = 1; t < 4000; t++) {
      const before = { V: model.state.voltage_V, lithium: model.lithium_Ah(), salt: model.salt_mol() };
      model.prepare(1);
      if (model.voltageAfter_V(current_A) < 2.5) break;
      const now = model.handOvers;
      model.take(current_A);
      drawn_Ah -= current_A / 3600;
      alone.prepare(1);
      alone.take(current_A);
      if (now === 1 && Number.isNaN(handedAt_s)) {
        handedAt_s = t;
        expect(Math.abs(model.lithium_Ah() - before.lithium)).toBeLessThan(1e-9);
        expect(Math.abs(model.salt_mol() / before.salt - 1)).toBeLessThan(1e-9);
        // What a second of the discharge does, and no more.
        expect(Math.abs(model.state.voltage_V - before.V)).toBeLessThan(0.004);
        expect(model.state.handedOver_on).toBe(1);
      }
      if (t > handedAt_s + 120)
        worst_V = Math.max(worst_V, Math.abs(model.state.voltage_V - alone.state.voltage_V));
    }
    expect(handedAt_s).toBeLessThan(100);
    expect(worst_V * 1000).toBeLessThan(apart_mV);
    expect(drawn_Ah).toBeGreaterThan(charge_Ah * 0.99);
    expect(drawn_Ah).toBeLessThan(charge_Ah * 1.02);
  });

  it('the carried difference is the declared one: below 15 mV up to 5C', () => {
    const model = both();
    let carried_V = 0;
    for (let t = 0; t < 60; t++) {
      step(model, -25);
      carried_V = Math.max(carried_V, Math.abs(model.carried_V));
    }
    expect(model.handOvers).toBe(1);
    expect(carried_V).toBeGreaterThan(0.001);
    expect(carried_V).toBeLessThan(0.015);
  });

  it('rested it goes back, with the same lithium, no jump, and the film goes on growing', () => {
    const model = both({ sei: 'solvent-diffusion', filmResists: true });
    for (let t = 0; t < 300; t++) step(model, -12.5);
    expect(model.state.handedOver_on).toBe(1);
    const lost_Ah = model.state.irreversibleLoss_Ah;
    expect(lost_Ah).toBeGreaterThan(0);
    const lithium_Ah = model.lithium_Ah();
    let last_V = model.state.voltage_V;
    let jump_V = 0;
    for (let t = 0; t < 7200; t++) {
      step(model, 0);
      // The relaxation itself is slower than this after ten minutes.
      if (t > 600) jump_V = Math.max(jump_V, Math.abs(model.state.voltage_V - last_V));
      last_V = model.state.voltage_V;
    }
    expect(model.handOvers).toBe(2);
    expect(model.state.handedOver_on).toBe(0);
    expect(jump_V).toBeLessThan(2e-4);
    expect(Math.abs(model.lithium_Ah() - lithium_Ah)).toBeLessThan(1e-9);
    expect(model.state.irreversibleLoss_Ah).toBeGreaterThan(lost_Ah);
  });

  it('below the bound it is the single particle, step by step', () => {
    const model = both();
    const alone = spme(CHEN2020, START);
    for (let t = 0; t < 600; t++) {
      step(model, -5);
      alone.prepare(1);
      alone.take(-5);
      expect(model.state.voltage_V).toBe(alone.state.voltage_V);
    }
    expect(model.handOvers).toBe(0);
  });

  it('whatever is asked: charge counted once, lithium never made, nothing NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -30, max: 15 }), fc.integer({ min: 1, max: 40 })), {
          minLength: 3,
          maxLength: 8,
        }),
        orders => {
          const model = both();
          let counted_Ah = 0;
          const lithium_Ah = model.lithium_Ah();
          for (const [current_A, steps] of orders) {
            for (let k = 0; k < steps; k++) {
              model.prepare(5);
              const V = model.voltageAfter_V(current_A);
              const amps = V < 2.5 || V > 4.2 ? 0 : current_A;
              model.take(amps);
              counted_Ah += (amps * 5) / 3600;
            }
          }
          const { state } = model;
          for (const name of Object.keys(state) as (keyof typeof state)[])
            expect(Number.isNaN(state[name]), name).toBe(false);
          expect(state.charged_Ah - state.discharged_Ah).toBeCloseTo(counted_Ah, 9);
          expect(model.lithium_Ah()).toBeLessThan(lithium_Ah + 1e-6);
          expect(model.lithium_Ah()).toBeGreaterThan(lithium_Ah - 0.05);
        },
      ),
      { numRuns: 12, seed: 3 },
    );
  });

  it('as a plant it says which model works', () => {
    const rig = SPME_DFN_MODEL.create({
      set: 'chen2020',
      parameters: { startSoc_frac: 1 },
      subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
      random: { uniform: () => 0.5, gauss: () => 0 },
    });
    expect(rig.truths).toContain('cell.handedOver_on');
    expect(rig.truthOf('cell.handedOver_on')).toBe(0);
  });
});
