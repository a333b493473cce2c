import { LITHIUM_METAL_MODEL } from '../../../sim/plant/li-metal/model.ts';
import { type CellBench, CURRENT, cellBench } from './cell-bench.ts';

type Figures = Readonly<Record<string, number>>;
/** Of a disc of 12 mm. */
export const AREA_CM2 = (Math.PI / 4) * 1.2 ** 2;
/** Figures of a cell that does not short. */
export const NEVER = { shortDose_mAh_per_cm2: 1e9 };

/** A plating cell on its channel; without other figures one that does not short. */
export const bench = (set: string, parameters: Figures = NEVER, seed = 1): CellBench =>
  cellBench({ model: LITHIUM_METAL_MODEL, set, parameters, currentNominal_A: 0.01, seed });

/** So many mA/cm2 for so long; negative plates the working electrode. */
export function pass(b: CellBench, density_mA: number, seconds: number): void {
  b.order(CURRENT, 'cell.currentSet_A', (density_mA / 1000) * AREA_CM2);
  b.run(seconds, 60);
}

/** Strips at this density until 0.5 V; the charge that came, mAh/cm2. */
export function strip(b: CellBench, density_mA: number): number {
  b.set('cell.voltageMaxSet_V', 1);
  const before = b.truth('cell.charged_Ah');
  for (let k = 0; k < 6000 && (k === 0 || b.truth('cell.terminalVoltage_V') < 0.5); k++)
    pass(b, density_mA, 10);
  return (1000 * (b.truth('cell.charged_Ah') - before)) / AREA_CM2;
}
