import { describe, expect, it } from 'vitest';
import { findPlant, PLANTS } from '../../sim/plants.ts';
import { CURRENT, cellBench } from './plant/cell-bench.ts';

describe('the list of plants', () => {
  it('has each name once, and finds it', () => {
    const names = PLANTS.map(plant => plant.name);
    expect(new Set(names).size).toBe(names.length);
    for (const plant of PLANTS) expect(findPlant(plant.name)).toBe(plant);
  });

  it('says what was probably meant', () => {
    expect(() => findPlant('spmee')).toThrow(
      /no plant "spmee" \(did you mean "spme"\?\), expected one of .*li-s/,
    );
  });

  it.each(PLANTS.map(plant => [plant.name, plant] as const))(
    '%s: sets and figures are complete: unit, bounds, uncertainty, basis, source',
    (_, plant) => {
      expect(plant.sets.length).toBeGreaterThan(0);
      expect(plant.about.length).toBeGreaterThan(80);
      expect(() => plant.parameters('no such set')).toThrow(RangeError);
      for (const set of plant.sets) {
        const figures = plant.parameters(set);
        expect(new Set(figures.map(figure => figure.name)).size).toBe(figures.length);
        for (const { name, value, low, high, u, source } of figures) {
          expect(name).toMatch(/_[A-Za-z0-9_]+$/);
          expect(value, `${set} ${name}`).toBeGreaterThanOrEqual(low);
          expect(value, `${set} ${name}`).toBeLessThanOrEqual(high);
          expect(u).toBeGreaterThanOrEqual(0);
          expect(source.length).toBeGreaterThan(3);
        }
      }
    },
  );

  it.each(
    PLANTS.filter(plant => plant.steadyCellVoltage_V !== undefined).map(
      plant => [plant.name, plant] as const,
    ),
  )('%s: the steady voltage is a number at any point: vacuum, reverse current, boiling', (_, plant) => {
    const subject = { cells: 10, activeArea_cm2: 100, currentNominal_A: 50 };
    for (const set of plant.sets)
      for (const cathode_barg of [-5, -1.01325, 0, 30, 1e6])
        for (const anode_barg of [-5, -1, 0, 30])
          for (const current_A of [-50, 0, 50, 5e4])
            for (const temperature_degC of [-50, 25, 120]) {
              const point = { current_A, temperature_degC, cathode_barg, anode_barg };
              const cell_V = plant.steadyCellVoltage_V?.(set, {}, subject, point);
              expect(cell_V, `${set} ${JSON.stringify(point)}`).toSatisfy(Number.isFinite);
            }
  });
});

const CELLS = PLANTS.filter(plant => plant.kind === 'cell').flatMap(model =>
  model.sets.map(set => [model.name, set, model] as const),
);

/** What makes every figure show: off the pressure where contacts are declared, and with shorts that come soon. */
const APART: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  assb: { startPressure_MPa: 2 },
  'li-metal': { shortDose_mAh_per_cm2: 0.005 },
};

describe.each(CELLS)('%s %s', (_, set, model) => {
  const nominal_A: Readonly<Record<string, number>> = {
    'mg-coin-cell': 0.001,
    'chayambuka2022-na-ion': 0.003,
    'thevenin-100Ah': 100,
    'li-li-carbonate': 0.001,
    'li-cu-carbonate': 0.001,
    'li-cu-ether': 0.001,
    'li-li-garnet': 0.001,
    'llzo-ta': 1e-6,
    latp: 1e-6,
    li6ps5cl: 1e-6,
    'polyether-litfsi': 1e-6,
  };
  const currentNominal_A = nominal_A[set] ?? 2;

  function afterLoad(parameters: Readonly<Record<string, number>>): number[] {
    const bench = cellBench({ model, set, parameters, currentNominal_A });
    const spectrum = bench.rig.impedance(Float64Array.of(1e-3, 1, 1e4));
    bench.order(CURRENT, 'cell.currentSet_A', -currentNominal_A);
    bench.run(900, 900);
    // Film and shuttle show on charge.
    bench.order(CURRENT, 'cell.currentSet_A', currentNominal_A);
    bench.run(300, 300);
    return [...spectrum.re_Ohm, ...bench.rig.truths.map(truth => bench.truth(truth))];
  }

  it('every declared figure counts', () => {
    const apart: Readonly<Record<string, number>> = APART[model.name] ?? {};
    const asDeclared = afterLoad(apart);
    for (const { name, value, low, high } of model.parameters(set)) {
      // Whether a short breaks is chance: what it does is asked of the shorts themselves (li-metal-short.test.ts).
      if (name === 'shortBreaks_frac') continue;
      const other = value === 0 ? high / 10 : value * 1.1 <= high ? value * 1.1 : (value + low) / 2;
      expect(afterLoad({ ...apart, [name]: other }), name).not.toEqual(asDeclared);
    }
  });

  it('refuses what is not declared and what is out of bounds', () => {
    expect(() => cellBench({ model, set, parameters: { mood_1: 1 } })).toThrow(
      /no parameter "mood_1", expected one of/,
    );
    const [{ name, high }] = model.parameters(set);
    expect(() => cellBench({ model, set, parameters: { [name]: high * 2 + 1 } })).toThrow(
      `${name}: ${high * 2 + 1}, expected`,
    );
    expect(() => cellBench({ model, set, parameters: { [name]: Number.NaN } })).toThrow(`${name}: NaN`);
  });
});
