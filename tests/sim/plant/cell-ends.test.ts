import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { findPlant, PLANTS } from '../../../sim/plants.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

/** 1C of each set, A. */
const NOMINAL_A: Readonly<Record<string, number>> = {
  'prada2013-lfp': 2.3,
  'lfp-26650-power': 2.3,
  'chayambuka2022-na-ion': 0.003,
  ecker2015: 7.5,
  'lfp-26650': 3,
  'mg-coin-cell': 0.002,
  'thevenin-100Ah': 100,
  marinescu2016: 3.4,
};

function cellOf(
  plant: string,
  set: string,
  parameters: Readonly<Record<string, number>>,
): { rig: PlantRig; nominal_A: number; at: (name: string) => number } {
  const nominal_A = NOMINAL_A[set] ?? 5;
  const model = findPlant(plant);
  const names = model.parameters(set).map(({ name }) => name);
  const rig = model.create({
    set,
    parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => names.includes(name))),
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: nominal_A },
    random: seededRandom(1),
  });
  return { rig, nominal_A, at: name => rig.truthOf(`cell.${name}`) };
}

/** Current within these limits until it is taken off. */
function drive(rig: PlantRig, current_A: number, low_V: number, high_V: number, duration_s: number): void {
  setAll(rig, {
    'cell.voltageMinSet_V': low_V,
    'cell.voltageMaxSet_V': high_V,
    'cell.modeSet_count': 1,
    'cell.currentSet_A': current_A,
    'cell.outputSet_on': 1,
  });
  runFor(rig, duration_s, 10);
}

const TWO_ELECTRODES = ['spme', 'dfn', 'spme-dfn', 'ecm', 'li-s', 'assb'];
const CELLS = PLANTS.filter(({ name }) => TWO_ELECTRODES.includes(name)).flatMap(({ name, sets }) =>
  sets.map(set => [name, set] as const),
);
const POROUS = CELLS.filter(([plant]) => ['spme', 'dfn', 'spme-dfn', 'assb'].includes(plant));

describe.each(POROUS)('%s %s: taken to its end, then open', (plant, set) => {
  it.each([
    [-1, 0, 5],
    [1, 0, 4.6],
  ])('rate %d, held at %d or %d V: at rest the open circuit, and more than 1 V', (rate, low_V, high_V) => {
    const { rig, nominal_A, at } = cellOf(plant, set, { startSoc_frac: rate < 0 ? 0.05 : 0.95 });
    drive(rig, rate * nominal_A, low_V, high_V, 3600);
    expect(at('voltage_V')).toBeCloseTo(rate < 0 ? low_V : high_V, 3);
    const moved_Ah = at('charged_Ah') + at('discharged_Ah');
    runFor(rig, 3600, 10);
    // All that a held voltage still gets is what diffusion brings: nothing out of nothing.
    expect(at('charged_Ah') + at('discharged_Ah') - moved_Ah).toBeLessThan(0.03 * nominal_A);
    expect(at('exhausted_on')).toBe(1);
    setAll(rig, { 'cell.outputSet_on': 0 });
    runFor(rig, 7200, 10);
    expect(at('current_A')).toBe(0);
    expect(Math.abs(at('voltage_V') - at('openCircuit_V'))).toBeLessThan(5e-3);
    expect(at('voltage_V')).toBeGreaterThan(1);
    expect(at('voltage_V')).toBeLessThan(4.45);
    expect(at('exhausted_on')).toBe(0);
    drive(rig, -0.2 * rate * nominal_A, low_V, high_V, 600);
    expect(at('exhausted_on')).toBe(0);
    expect(at('voltage_V')).toBeGreaterThan(2.2);
    expect(at('voltage_V')).toBeLessThan(4.4);
  });
});

/** Energy through the terminals and heat of the next seconds, added up, Wh. */
function counted(
  rig: PlantRig,
  duration_s: number,
  sum = { in_Wh: 0, through_Wh: 0, heat_Wh: 0 },
): typeof sum {
  for (let t = 0; t < duration_s; t++) {
    runFor(rig, 1);
    const power_W = rig.truthOf('cell.voltage_V') * rig.truthOf('cell.current_A');
    sum.in_Wh += power_W / 3600;
    sum.through_Wh += Math.abs(power_W) / 3600;
    sum.heat_Wh += rig.truthOf('cell.heat_W') / 3600;
  }
  return sum;
}

describe.each(CELLS.filter(([plant]) => plant === 'ecm'))('%s %s', (plant, set) => {
  it.each([
    [1, 1],
    [0.02, -1],
  ])('from %d driven beyond its end (%d C) and back: what did not come out is heat', (soc_frac, rate) => {
    const { rig, nominal_A, at } = cellOf(plant, set, { startSoc_frac: soc_frac });
    drive(rig, rate * nominal_A, -2, 6, 1);
    const sum = counted(rig, 3599);
    expect(at('exhausted_on')).toBe(1);
    setAll(rig, { 'cell.currentSet_A': -rate * nominal_A });
    while ((at('soc_frac') - soc_frac) * rate > 0) counted(rig, 1, sum);
    setAll(rig, { 'cell.currentSet_A': 0 });
    counted(rig, 1800, sum);
    expect(at('exhausted_on')).toBe(0);
    expect(Math.abs(sum.in_Wh - sum.heat_Wh)).toBeLessThan(0.01 * sum.through_Wh);
    expect(sum.heat_Wh).toBeGreaterThan(0.5 * sum.through_Wh);
  });
});

it('li-s beyond its end: what the channel presses in is heat', () => {
  const { rig, nominal_A, at } = cellOf('li-s', 'marinescu2016', {});
  drive(rig, -nominal_A, -2, 5, 2 * 3600);
  expect(at('exhausted_on')).toBe(1);
  expect(at('voltage_V')).toBeLessThan(0);
  expect(at('heat_W') / (at('voltage_V') * at('current_A'))).toBeCloseTo(1, 1);
});

describe.each(CELLS)('%s %s says where it holds', (plant, set) => {
  it('by temperature and pressure', () => {
    const outsideAt = (start_degC: number): number => {
      const { rig, nominal_A } = cellOf(plant, set, { startSoc_frac: 0.5, start_degC });
      setAll(rig, { 'chamber.temperatureSet_degC': start_degC });
      drive(rig, -nominal_A / 20, 0, 5, 60);
      const shown = rig.sensor(rig.sensorIndex('cell.outsideValidity_on'));
      expect(rig.truthOf('cell.outsideValidity_on')).toBe(shown);
      return shown;
    };
    const { rig } = cellOf(plant, set, {});
    const low_degC = rig.truthOf('validity.low_degC');
    const high_degC = rig.truthOf('validity.high_degC');
    expect(low_degC).toBeLessThanOrEqual(25);
    expect(high_degC).toBeGreaterThanOrEqual(25);
    expect([-30, low_degC - 4, low_degC + 1, 25, high_degC - 1].map(outsideAt)).toEqual([1, 1, 0, 0, 0]);
    if (high_degC < 55) expect(outsideAt(high_degC + 4)).toBe(1);
    if (plant !== 'assb') return;
    setAll(rig, { 'cell.pressureSet_MPa': 400 });
    runFor(rig, 10);
    expect(rig.truthOf('cell.outsideValidity_on')).toBe(1);
    expect(rig.truthOf('validity.high_MPa')).toBeLessThan(400);
  });
});
