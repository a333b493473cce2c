import { declare } from '../parts/declared.ts';
import type { DeclaredParameter } from '../parts/model.ts';
import type { ElectrolyserTruth } from './state.ts';

/** H2, kg/mol. */
const H2_KG_PER_MOL = 2.01588e-3;
const J_PER_KWH = 3.6e6;

/**
 * What stands between the stack and the grid. Losses of rectifier and transformer as parts of the rated power:
 * idle + linear x load + square x load squared, load = current over nominal current.
 */
export interface AcParameters {
  /** DC power of the stack at nominal load, W. */
  readonly rated_W: number;
  readonly rectifierIdle_frac: number;
  readonly rectifierLinear_frac: number;
  readonly rectifierSquare_frac: number;
  /** Drive of the circulating pump at full flow, and controls with ventilation, as parts of the rated power. */
  readonly pumpDrive_frac: number;
  readonly controls_frac: number;
  /** Heat taken out over the power of fans, pumps and compressor that take it. */
  readonly coolingCop_1: number;
  readonly dryer_kWh_per_kg: number;
  readonly waterTreatment_kWh_per_kg: number;
}

type AcName = Exclude<keyof AcParameters, 'rated_W'>;

/** Declared figures of the AC side; they change what the plant draws from the grid and nothing else. */
export const AC_DECLARED: readonly (DeclaredParameter & { readonly name: AcName })[] = [
  ac('rectifierIdle_frac', 0.005, [0, 0.1], 'default', 'thyristor or IGBT supply with transformer'),
  ac(
    'rectifierLinear_frac',
    0.008,
    [0, 0.2],
    'default',
    'so that full load has 97.8 %, as 12-pulse (recalled)',
  ),
  ac(
    'rectifierSquare_frac',
    0.009,
    [0, 0.2],
    'default',
    'with the others 97.8 % at full load, 96.7 % at 25 %',
  ),
  ac('pumpDrive_frac', 0.006, [0, 0.2], 'recalled', '0.3..0.8 kWh for each kg of H2 at nominal load'),
  ac(
    'controls_frac',
    0.004,
    [0, 0.2],
    'recalled',
    'controls and ventilation, 0.1..0.3 kWh/kg at nominal load',
  ),
  ac(
    'coolingCop_1',
    10,
    [0.5, 100],
    'recalled',
    'dry cooler on a 60 degC loop 8..20; compression chiller 3..5',
  ),
  ac('dryer_kWh_per_kg', 0.6, [0, 10], 'recalled', 'dryer and purification 0.3..1.0 kWh/kg'),
  ac('waterTreatment_kWh_per_kg', 0.07, [0, 2], 'recalled', '0.05..0.1 kWh/kg'),
];

function ac(
  name: AcName,
  value: number,
  bounds: readonly [number, number],
  basis: DeclaredParameter['basis'],
  source: string,
): DeclaredParameter & { readonly name: AcName } {
  return { ...declare(name, value, bounds, 0, basis, source), name };
}

/** The AC side of a stack of so much nominal DC power, with what of its declared figures is given in other values. */
export function acSide(rated_W: number, values: Readonly<Record<string, number>> = {}): AcParameters {
  const chosen = Object.fromEntries(AC_DECLARED.map(({ name, value }) => [name, values[name] ?? value]));
  return { ...(chosen as Record<AcName, number>), rated_W };
}

/** Adds to the truth what the parts beside the stack drew from the grid in a step of dt_s. Heater: `truth.heater_J`. */
export function stepAcSide(
  p: AcParameters,
  truth: ElectrolyserTruth,
  load_frac: number,
  isOn: boolean,
  flow_frac: number,
  cooler_W: number,
  product_mol: number,
  dt_s: number,
): void {
  const kg_J = product_mol * H2_KG_PER_MOL * J_PER_KWH;
  const rated_J = p.rated_W * dt_s;
  if (isOn || load_frac > 0)
    truth.acRectifier_J +=
      rated_J *
      (p.rectifierIdle_frac + load_frac * (p.rectifierLinear_frac + load_frac * p.rectifierSquare_frac));
  truth.acPump_J += rated_J * p.pumpDrive_frac * flow_frac;
  truth.acControls_J += rated_J * p.controls_frac;
  truth.acCooling_J += (cooler_W * dt_s) / p.coolingCop_1;
  truth.acDryer_J += kg_J * p.dryer_kWh_per_kg;
  truth.acWater_J += kg_J * p.waterTreatment_kWh_per_kg;
}

/** Parts of the energy drawn from the grid since the rig was made, J, by name; the first is the DC energy of the stack. */
export function acParts_J(
  t: Readonly<ElectrolyserTruth>,
): readonly (readonly [name: string, energy_J: number])[] {
  return [
    ['stack (DC)', t.electric_J],
    ['rectifier', t.acRectifier_J],
    ['pump', t.acPump_J],
    ['cooling', t.acCooling_J],
    ['heater', t.heater_J],
    ['dryer', t.acDryer_J],
    ['water treatment', t.acWater_J],
    ['controls', t.acControls_J],
  ];
}

/** All that was drawn from the grid since the rig was made, J. */
export function systemEnergy_J(t: Readonly<ElectrolyserTruth>): number {
  return acParts_J(t).reduce((sum, [, energy_J]) => sum + energy_J, 0);
}

/** Energy over H2 that left through product line and dryer, kWh/kg; 0 before the first of it. */
export function perProduct_kWh_per_kg(energy_J: number, product_mol: number): number {
  return product_mol > 0 ? energy_J / J_PER_KWH / (product_mol * H2_KG_PER_MOL) : 0;
}
