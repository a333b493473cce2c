import { describe, expect, it } from 'vitest';
import { AEM_MODEL, AEM_SUBJECT, createAemRig } from '../../../sim/plant/aem/model.ts';
import { type Chemistry, checkModel, commonTests, loaded, steadyCell_V } from './electrolyser-checks.ts';

const AEM: Chemistry = {
  name: 'aem',
  cells: AEM_SUBJECT.cells,
  currentNominal_A: AEM_SUBJECT.currentNominal_A,
  temperature_degC: 55,
  pressure_barg: 35,
  make: createAemRig,
};

describe('AEM rig', () => {
  commonTests(AEM, 25, 25);
  it('declares its parameters', () => checkModel(AEM_MODEL, AEM, AEM_SUBJECT));

  it('has the rated point: 1.87 V, 2.3 kW, 500 NL/h at 55 degC and 35 bar', () => {
    const bench = loaded(AEM, 1);
    bench.run(3600);
    const t = bench.rig.truth;
    expect(t.cellVoltage_V).toBeCloseTo(1.87, 2);
    expect((t.stackVoltage_V * t.current_A) / 1000).toBeCloseTo(2.3, 1);
    expect(Math.abs((t.productFlow_mol_per_s * 22.414 * 3600) / 500 - 1)).toBeLessThan(0.02);
    expect(steadyCell_V(AEM_MODEL, 'enapter-class', AEM_SUBJECT, bench.rig)).toBeCloseTo(t.cellVoltage_V, 3);
  });

  it('H2 in O2 stays below 2 vol% down to the rated least load of 40 % and passes it below', () => {
    const bench = loaded(AEM, 1);
    bench.set('stack.currentSet_A', 0.4 * AEM.currentNominal_A);
    bench.run(3600);
    expect(bench.rig.truth.h2InO2_vol_pct).toBeLessThan(2);
    bench.set('stack.currentSet_A', 0.2 * AEM.currentNominal_A);
    bench.run(3600);
    expect(bench.rig.truth.h2InO2_vol_pct).toBeGreaterThan(2);
  });
});
