import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSB_MODEL } from '../../../sim/plant/assb/model.ts';
import { SPME_MODEL } from '../../../sim/plant/cell/spme.ts';
import { ECM_MODEL } from '../../../sim/plant/ecm/model.ts';
import { LI_S_MODEL } from '../../../sim/plant/li-s/model.ts';
import { type CellBench, CURRENT, cellBench, POWER, RESISTANCE, REST, VOLTAGE } from './cell-bench.ts';

const MODELS = [SPME_MODEL, ECM_MODEL, LI_S_MODEL, ASSB_MODEL].map(model => [model.name, model] as const);
const power = (bench: CellBench): number =>
  bench.truth('cell.terminalCurrent_A') * bench.truth('cell.terminalVoltage_V');

describe.each(MODELS)('modes on %s', (name, model) => {
  // A lithium-sulphur cell starts full and has its own window.
  const middle_V = name === 'li-s' ? 2.3 : 3.7;
  const ready = (): CellBench => {
    const bench = cellBench({ model });
    if (name === 'li-s') {
      bench.order(CURRENT, 'cell.currentSet_A', -2);
      bench.run(3000, 60);
    }
    return bench;
  };

  it('current exactly, voltage within 0.1 mV, power and resistance within 0.1 percent', () => {
    const bench = ready();
    for (const current_A of [1, -1]) {
      bench.order(CURRENT, 'cell.currentSet_A', current_A);
      bench.run(10);
      expect(bench.truth('cell.terminalCurrent_A')).toBe(current_A);
    }
    // The current that is set is the most that flows on the way to a voltage; nothing set: all that the channel has.
    bench.order(VOLTAGE, 'cell.voltageSet_V', middle_V);
    bench.run(1);
    expect(Math.abs(bench.truth('cell.terminalCurrent_A'))).toBeLessThan(1 + 1e-3);
    bench.order(VOLTAGE, 'cell.currentSet_A', 0);
    for (let k = 0; k < 20; k++) {
      bench.run(1);
      expect(Math.abs(bench.truth('cell.terminalVoltage_V') - middle_V)).toBeLessThan(1e-4);
    }
    for (const power_W of [5, -5]) {
      bench.order(POWER, 'cell.powerSet_W', power_W);
      bench.run(20);
      expect(power(bench) / power_W).toBeCloseTo(1, 3);
    }
    bench.order(RESISTANCE, 'cell.resistanceSet_Ohm', 2);
    bench.run(20);
    expect(bench.truth('cell.terminalVoltage_V') / -bench.truth('cell.terminalCurrent_A')).toBeCloseTo(2, 2);
    bench.order(REST);
    bench.run(5);
    expect(bench.truth('cell.terminalCurrent_A')).toBe(0);
  });

  it('charge at constant current tapers at the upper limit, and discharge at the lower one', () => {
    const bench = ready();
    const [low_V, high_V] = ['cell.voltageMinSet_V', 'cell.voltageMaxSet_V'].map(role =>
      bench.rig.setting(bench.rig.actuatorIndex(role)),
    );
    for (const [current_A, limit_V] of [
      [50, high_V],
      [-50, low_V],
    ]) {
      bench.order(CURRENT, 'cell.currentSet_A', current_A);
      bench.run(3600, 10);
      expect(Math.abs(bench.truth('cell.terminalCurrent_A'))).toBeLessThan(5);
      expect(bench.truth('cell.terminalCurrent_A') * current_A).toBeGreaterThanOrEqual(0);
      expect(bench.truth('cell.terminalVoltage_V') - low_V).toBeGreaterThan(-1e-4);
      expect(bench.truth('cell.terminalVoltage_V') - high_V).toBeLessThan(1e-4);
      expect(Math.abs(bench.truth('cell.terminalVoltage_V') - limit_V)).toBeLessThan(0.02 * limit_V);
    }
  });

  it('jumps of 1, 7 and 60 s end in exactly the same state', () => {
    const states = [1, 7, 60].map(jump_s => {
      const bench = ready();
      bench.order(CURRENT, 'cell.currentSet_A', 4);
      bench.run(420, jump_s);
      bench.order(POWER, 'cell.powerSet_W', -8);
      bench.run(420, jump_s);
      return bench.rig.truths.map(truth => bench.truth(truth));
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  it('what it answers in the first seconds of a pulse hardly hangs on how often it is looked at', () => {
    const answers = [1, 0.5, 0.1, 0.02].map(jump_s => {
      const bench = ready();
      const before_V = bench.truth('cell.terminalVoltage_V');
      bench.order(CURRENT, 'cell.currentSet_A', -4);
      return [1, 1, 8].map(more_s => {
        bench.run(more_s, jump_s);
        return bench.truth('cell.terminalVoltage_V') - before_V;
      });
    });
    const often = answers[answers.length - 1];
    for (const found of answers)
      for (const [i, answer_V] of found.entries())
        expect(Math.abs(answer_V - often[i])).toBeLessThan(2e-4 + 2e-3 * Math.abs(often[i]));
  });

  it('steps off the grid change a load by less than 1 mV and 0.05 K', () => {
    const [grid, odd] = [1, 0.37].map(jump_s => {
      const bench = ready();
      bench.order(CURRENT, 'cell.currentSet_A', -4);
      bench.run(600, jump_s);
      return bench;
    });
    for (const [truth, limit] of [
      ['cell.terminalVoltage_V', 1e-3],
      ['cell.temperature_degC', 0.05],
      ['cell.soc_frac', 1e-5],
    ] as const)
      expect(Math.abs(grid.truth(truth) - odd.truth(truth)), truth).toBeLessThan(limit);
  });

  it('the counters hold the integral of the current over random orders', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.double({ min: -6, max: 6, noNaN: true })), {
          minLength: 1,
          maxLength: 6,
        }),
        orders => {
          const bench = cellBench({ model });
          let charge_As = 0;
          for (const [mode, value] of orders) {
            for (const role of ['cell.currentSet_A', 'cell.powerSet_W']) bench.set(role, value);
            bench.set('cell.voltageSet_V', middle_V + value / 20);
            bench.set('cell.resistanceSet_Ohm', 1 + Math.abs(value));
            bench.order(mode);
            // As short as the rig itself steps behind an order.
            for (let k = 0; k < 200; k++) {
              bench.run(0.05, 0.05);
              charge_As += 0.05 * bench.truth('cell.terminalCurrent_A');
            }
          }
          expect(bench.read('cell.charged_Ah') - bench.read('cell.discharged_Ah')).toBeCloseTo(
            charge_As / 3600,
            9,
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('whatever is set and whatever fails, every sensor and every truth stays finite', () => {
    const wild = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 1, -1, 50, -50, 1e12, -1e12, 1e-9),
    );
    const { rig: sample } = cellBench({ model });
    const act = fc.tuple(
      fc.boolean(),
      fc.nat({ max: sample.actuators.length - 1 }),
      wild,
      fc.constantFrom(0.001, 1, 30),
    );
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), actions => {
        const { rig } = cellBench({ model });
        rig.set(rig.actuatorIndex('cell.outputSet_on'), 1);
        for (const [isFault, index, value, seconds] of actions) {
          if (isFault) rig.disturb(index % rig.disturbances.length, value);
          else rig.set(index, value);
          rig.advanceTo(rig.time_s + seconds);
          rig.sensors.forEach((sensor, i) => {
            if (!Number.isFinite(rig.sensor(i))) throw new Error(`${sensor} ${rig.sensor(i)}`);
          });
          for (const truth of rig.truths)
            if (!Number.isFinite(rig.truthOf(truth))) throw new Error(`${truth} ${rig.truthOf(truth)}`);
        }
      }),
      { numRuns: 40 },
    );
  });
});
