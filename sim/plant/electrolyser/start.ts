import type { Ageing } from '../parts/ageing.ts';
import { type Analyser, analyser } from '../parts/analyser.ts';
import { type BackPressure, backPressure } from '../parts/back-pressure.ts';
import { AIR_O2_FRAC, AMBIENT_BARA, ZERO_DEGC_K } from '../parts/constants.ts';
import { barPerMol, type GasVolume, gasVolume } from '../parts/gas.ts';
import type { PlantRandom } from '../parts/sensors.ts';
import type { Thermal } from '../parts/thermal.ts';
import type { ElectrolyserPlantParameters } from './parameters.ts';
import { type ElectrolyserTruth, electrolyserTruth, showGas } from './state.ts';
import { tankOf_L } from './water.ts';

/** Everything of the rig that changes with time, part by part, and by what its cells differ for good. */
export interface ElectrolyserStart {
  readonly truth: ElectrolyserTruth;
  readonly cathode: GasVolume;
  readonly anode: GasVolume;
  readonly thermal: Thermal;
  readonly cathodeValve: BackPressure;
  readonly anodeValve: BackPressure;
  readonly ageing: Ageing;
  readonly h2Analyser: Analyser;
  readonly o2Analyser: Analyser;
  readonly lagged: { outlet_degC: number };
  /** Part of the mean cell's overvoltage, resistance and ageing that each cell has more or less; mean 0. */
  readonly activationSpread: Float64Array;
  readonly resistanceSpread: Float64Array;
  readonly ageingSpread: Float64Array;
}

/**
 * The rig before its first step: cold, vented, filled with air, the stack new. The spread of the cells is drawn
 * from `random`, so the same seed gives the same stack. The vapour pressures are those over the cold electrolyte.
 */
export function electrolyserStart(
  p: ElectrolyserPlantParameters,
  cathodeVapour_bar: number,
  anodeVapour_bar: number,
  random: PlantRandom,
): ElectrolyserStart {
  const start_K = p.startTemperature_degC + ZERO_DEGC_K;
  const cathode = airFilled(p.cathodeVolume_L, start_K, cathodeVapour_bar);
  const anode = airFilled(p.anodeVolume_L, start_K, anodeVapour_bar);
  const truth = electrolyserTruth();
  truth.temperature_degC = p.startTemperature_degC;
  truth.roomTemperature_degC = p.roomTemperature_degC;
  truth.n2_bara = AMBIENT_BARA;
  truth.level_pct = 50;
  truth.tank_L = tankOf_L(p);
  truth.conductivity_uS_per_cm = 0.3;
  showGas(truth, cathode, anode);
  return {
    truth,
    cathode,
    anode,
    thermal: {
      stack_degC: p.startTemperature_degC,
      loop_degC: p.startTemperature_degC,
      inlet_degC: p.startTemperature_degC,
      heater_W: 0,
      cooler_W: 0,
      flow_L_per_min: 0,
      integral_W: 0,
    },
    cathodeValve: backPressure(p.backPressure),
    anodeValve: backPressure(p.backPressure),
    ageing: { irreversible_V: 0, reversible_V: 0, stops: 0, isLoaded: false, load_frac: 0 },
    h2Analyser: analyser(p.analyser, p.step_s, 0),
    o2Analyser: analyser(p.analyser, p.step_s, 100 * AIR_O2_FRAC),
    lagged: { outlet_degC: p.startTemperature_degC },
    activationSpread: spread(p.cells, p.activationSpread_frac, random),
    resistanceSpread: spread(p.cells, p.resistanceSpread_frac, random),
    ageingSpread: spread(p.cells, p.ageingSpread_frac, random),
  };
}

/** A spread from cell to cell with mean 0. */
function spread(cells: number, deviation: number, random: PlantRandom): Float64Array {
  const values = Float64Array.from({ length: cells }, () => deviation * random.gauss());
  const mean = values.reduce((sum, v) => sum + v, 0) / cells;
  return values.map(v => v - mean);
}

/** A gas volume open to the room: wet air at ambient pressure. */
function airFilled(volume_L: number, temperature_K: number, vapour_bar: number): GasVolume {
  const side = gasVolume(volume_L);
  const air_mol = (AMBIENT_BARA - vapour_bar) / barPerMol(volume_L, temperature_K);
  side.o2_mol = air_mol * AIR_O2_FRAC;
  side.n2_mol = air_mol * (1 - AIR_O2_FRAC);
  side.pressure_bara = AMBIENT_BARA;
  return side;
}
