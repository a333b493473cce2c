import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { findPlant } from '../../../sim/plants.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

/** Cells taken down to 0 V: what is in them ends there, whatever the model. Below the lower limit some 3 % are left. */

function drawn(
  plant: string,
  set: string,
  nominal_A: number,
  rate_C: number,
): { part: number; last_A: number } {
  const model = findPlant(plant);
  const names = model.parameters(set).map(({ name }) => name);
  const rig = model.create({
    set,
    parameters: names.includes('startSoc_frac') ? { startSoc_frac: 1 } : {},
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: nominal_A },
    random: seededRandom(1),
  });
  setAll(rig, {
    'cell.voltageMinSet_V': 0,
    'cell.voltageMaxSet_V': 5,
    'cell.currentSet_A': -rate_C * nominal_A,
    'cell.modeSet_count': 1,
    'cell.outputSet_on': 1,
  });
  const capacity_Ah = rig.truthOf('cell.capacity_Ah');
  runFor(rig, (1.5 * 3600) / rate_C, 10);
  return { part: rig.truthOf('cell.discharged_Ah') / capacity_Ah, last_A: rig.truthOf('cell.current_A') };
}

describe.each([
  ['spme', 'chen2020', 5],
  ['dfn', 'chen2020', 5],
  ['dfn', 'lfp-26650-power', 2.5],
  ['spme-dfn', 'chen2020', 5],
  ['ecm', 'chen2020', 5],
  ['ecm', 'lfp-26650', 3],
  ['ecm', 'thevenin-100Ah', 100],
] as const)('%s %s', (plant, set, nominal_A) => {
  it.each([1, 5])('gives no more than it holds at %dC down to 0 V, and no current then', rate_C => {
    const { part, last_A } = drawn(plant, set, nominal_A, rate_C);
    expect(part).toBeLessThan(1.06);
    expect(part).toBeGreaterThan(0.9);
    expect(Math.abs(last_A)).toBeLessThan(0.01 * nominal_A);
  });
});
