import { ageingStress_1, stepAgeing } from '../parts/ageing.ts';
import { type Analyser, stepAnalyser } from '../parts/analyser.ts';
import { AMBIENT_BARA, FARADAY_C_PER_MOL, ZERO_DEGC_K } from '../parts/constants.ts';
import { barPerMol } from '../parts/gas.ts';
import { lagPart } from '../parts/lag.ts';
import type { CellState, PlantRandom } from '../parts/sensors.ts';
import { stepThermal, type Thermal } from '../parts/thermal.ts';
import { stepUtilities } from '../parts/utilities.ts';
import { stepAcSide } from './ac-side.ts';
import { SETTING, startSettings } from './actuators.ts';
import type { AgedCell } from './aged.ts';
import type { CellConditions, ElectrolyserCell, GasCrossover } from './cell.ts';
import { DISTURBED, type Disturbances, disturbances, part_frac } from './disturbances.ts';
import { electrolyserGases } from './gases.ts';
import type { SmallSignal } from './impedance.ts';
import type { ElectrolyserPlantParameters } from './parameters.ts';
import { stackElectrics } from './stack.ts';
import { electrolyserStart } from './start.ts';
import type { ElectrolyserTruth } from './state.ts';
import { stackWater } from './water.ts';

/** Current density below which the gas at the electrodes is that of the volume rather than evolved gas. */
const EVOLVING_A_PER_CM2 = 0.005;

/** Rooms are neither colder nor hotter than this off their usual temperature, K. */
const ROOM_RISE_MAX_K = 60;

/** What a chemistry adds to the common actuators and disturbances; its cell reads them from the conditions. */
export interface OwnInputs {
  /** Own actuators by role, each with the value at the start. */
  readonly actuators: readonly (readonly [name: string, start: number])[];
  readonly disturbances: readonly string[];
}

/**
 * The rig behind its sensors: the true state, and the settings of its actuators (`SETTING` gives their
 * places), which may be changed between steps. Currents positive in electrolysis, pressures in `truth`
 * absolute.
 */
export interface ElectrolyserPlant {
  readonly truth: ElectrolyserTruth;
  readonly thermal: Thermal;
  readonly settings: Float64Array;
  readonly conditions: Readonly<CellConditions>;
  readonly disturbances: Disturbances;
  readonly h2Analyser: Analyser;
  readonly o2Analyser: Analyser;
  readonly lagged: { readonly outlet_degC: number };
  readonly ageing: { readonly irreversible_V: number; readonly reversible_V: number; readonly stops: number };
  /** What ageing has made of the mean cell, and its voltage at the present current, V. */
  readonly aged: AgedCell;
  agedNow_V(): number;
  /** Linearised mean cell at its present state. */
  smallSignal(): SmallSignal;
  /** The true cells; their mean is `truth.cellVoltage_V`. */
  cellState(): CellState;
  /** Steady terminal voltage at the conditions of the last step, V. */
  voltageAt_V(current_A: number): number;
  advanceTo(time_s: number): void;
}

/**
 * The physics of an electrolyser rig, noise-free. Stack as one mean cell (the cells differ by fixed parts of
 * overvoltage, resistance and ageing, and by their disturbances), two stirred gas volumes, two heat lumps. Gas is ideal,
 * at stack temperature, wet. Declared error of the step: half of it changes a cell by less than 5 mV, 0.2 K, 60 mbar and
 * 0.5 vol% while load and pressure jump, and by 0.2 mV, 0.02 K, 5 mbar and 0.01 vol% once they rest.
 */
export function electrolyserPlant(
  p: ElectrolyserPlantParameters,
  cell: ElectrolyserCell,
  crossover: GasCrossover,
  own: OwnInputs,
  random: PlantRandom,
): ElectrolyserPlant {
  const wrong = disturbances(p.cells, own.disturbances);
  const settings = Float64Array.from([
    ...startSettings(p.supply),
    ...own.actuators.map(([, value]) => value),
  ]);
  const at = coldConditions(p, settings, wrong);
  cell.prepare(at);
  const start = electrolyserStart(p, cell.cathodeVapour_bar, cell.anodeVapour_bar, random);
  const { truth, cathode, anode, thermal, ageing, h2Analyser, o2Analyser, lagged } = start;
  const stack = stackElectrics(p, cell, at, truth, ageing, wrong);
  const gases = electrolyserGases(
    p,
    cell,
    crossover,
    at,
    stack,
    truth,
    cathode,
    anode,
    start.cathodeValve,
    start.anodeValve,
    wrong,
  );
  const water = stackWater(p, cell, stack, gases, cathode, anode, truth);
  let gridSteps = 0;
  const outletPocket = lagPart(p.temperatureSensorLag_s);

  /** What the cell is asked at: the state before the step. */
  function setConditions(dt_s: number): void {
    at.dt_s = dt_s;
    at.temperature_K = thermal.stack_degC + ZERO_DEGC_K;
    at.density_A_per_cm2 = truth.current_A / p.activeArea_cm2;
    at.evolving_frac = at.density_A_per_cm2 / (at.density_A_per_cm2 + EVOLVING_A_PER_CM2);
    at.cathode_bara = cathode.pressure_bara;
    at.anode_bara = anode.pressure_bara;
    const cathodePerMol = barPerMol(cathode.volume_L, at.temperature_K);
    const anodePerMol = barPerMol(anode.volume_L, at.temperature_K);
    at.cathodeH2_bar = cathode.h2_mol * cathodePerMol;
    at.cathodeO2_bar = cathode.o2_mol * cathodePerMol;
    at.anodeH2_bar = anode.h2_mol * anodePerMol;
    at.anodeO2_bar = anode.o2_mol * anodePerMol;
    at.flow_L_per_min = thermal.flow_L_per_min;
    cell.prepare(at);
  }

  /** Supply, kinetics, double layer, crossover, gas, heat: one step of at most step_s. */
  function step(dt_s: number, isGridStep: boolean): void {
    setConditions(dt_s);
    stack.step(dt_s);
    gases.step();

    // Heat: what the terminals gave and neither gas nor double layer took.
    const chemical_J =
      (stack.made_mol - gases.oxidised_mol - 2 * gases.recombined_mol) *
      2 *
      FARADAY_C_PER_MOL *
      cell.thermoneutral_V;
    const heat_J = stack.electric_J - chemical_J - stack.layer_J;
    water.step(
      dt_s,
      thermal.stack_degC,
      thermal.loop_degC,
      thermal.flow_L_per_min / p.thermal.pumpFlow_L_per_min,
    );
    const oldStack_degC = thermal.stack_degC;
    const oldLoop_degC = thermal.loop_degC;
    const pumpIsOn = settings[SETTING.pump_on] >= 0.5 && wrong.values[DISTURBED['water.pumpStopped_on']] <= 0;
    stepThermal(
      thermal,
      p.thermal,
      truth,
      (heat_J - water.vapour_J - water.feed_J) / dt_s,
      Math.max(
        p.temperatureSetMin_degC,
        Math.min(p.temperatureSetMax_degC, settings[SETTING.temperature_degC]),
      ),
      pumpIsOn,
      truth.roomTemperature_degC,
      1 - part_frac(wrong.values[DISTURBED['cooler.fouled_pct']]),
      wrong.values[DISTURBED['heater.failed_on']] > 0 ? 0 : 1,
      dt_s,
    );
    truth.stored_J +=
      p.thermal.stackCapacity_J_per_K * (thermal.stack_degC - oldStack_degC) +
      p.thermal.loopCapacity_J_per_K * (thermal.loop_degC - oldLoop_degC);
    lagged.outlet_degC += (thermal.stack_degC - lagged.outlet_degC) * outletPocket(dt_s);

    stepAcSide(
      p.ac,
      truth,
      stack.mean_A / p.currentNominal_A,
      settings[SETTING.output_on] >= 0.5,
      thermal.flow_L_per_min / p.thermal.pumpFlow_L_per_min,
      thermal.cooler_W,
      gases.product_mol,
      dt_s,
    );
    stepAgeing(
      ageing,
      p.ageing,
      stack.mean_A / p.currentNominal_A,
      ageingStress_1(p.ageing, thermal.stack_degC, cathode.pressure_bara - AMBIENT_BARA),
      p.supply.ripple_frac,
      dt_s,
    );
    stepAnalyser(h2Analyser, p.analyser, truth.h2InO2_vol_pct, isGridStep, dt_s);
    stepAnalyser(o2Analyser, p.analyser, truth.o2InH2_vol_pct, isGridStep, dt_s);

    truth.time_s += dt_s;
    truth.temperature_degC = thermal.stack_degC;
    truth.chemical_J += chemical_J;
    truth.heat_J += heat_J;
    stepUtilities(truth, gases.leaked_mol, settings[SETTING.ventilation_on] >= 0.5, pumpIsOn, dt_s);
    truth.roomTemperature_degC =
      p.roomTemperature_degC +
      Math.max(
        -ROOM_RISE_MAX_K,
        Math.min(ROOM_RISE_MAX_K, wrong.values[DISTURBED['room.temperatureRise_K']]),
      ) +
      0.5 * Math.sin((2 * Math.PI * truth.time_s) / 86_400);
  }

  const cells = {
    mean_V: 0,
    activation_V: 0,
    ohmic_V: 0,
    aged_V: 0,
    activationSpread: start.activationSpread,
    resistanceSpread: start.resistanceSpread.slice(),
    ageingSpread: start.ageingSpread,
    offset_V: new Float64Array(p.cells),
  };
  let spreadFor = 0;
  let isOffset = false;

  function cellState(): CellState {
    cells.mean_V = truth.cellVoltage_V;
    cells.activation_V = truth.activation_V;
    cells.ohmic_V = truth.ohmic_V;
    cells.aged_V = stack.agedNow_V();
    if (spreadFor !== wrong.changes) {
      spreadFor = wrong.changes;
      for (let k = 0; k < p.cells; k++)
        cells.resistanceSpread[k] = (1 + start.resistanceSpread[k] + wrong.dry[k]) / (1 + wrong.dryMean) - 1;
    }
    if (wrong.shorted.length > 0 || isOffset) isOffset = stack.spreadShorts(cells.offset_V);
    return cells;
  }

  return {
    truth,
    thermal,
    settings,
    conditions: at,
    disturbances: wrong,
    h2Analyser,
    o2Analyser,
    lagged,
    ageing,
    aged: stack.aged,
    agedNow_V: stack.agedNow_V,
    smallSignal: stack.smallSignal,
    cellState,
    voltageAt_V: stack.voltageAt_V,
    advanceTo(time_s) {
      while (truth.time_s < time_s) {
        const next_s = (gridSteps + 1) * p.step_s;
        const isGridStep = time_s >= next_s - 1e-9;
        const end_s = isGridStep ? next_s : time_s;
        const dt_s = end_s - truth.time_s;
        if (dt_s > 0) step(dt_s, isGridStep);
        truth.time_s = end_s;
        if (!isGridStep) return;
        gridSteps++;
      }
    },
  };
}

/** Conditions of a cold stack in ambient air, before its first step. */
function coldConditions(
  p: ElectrolyserPlantParameters,
  settings: Float64Array,
  wrong: Disturbances,
): CellConditions {
  return {
    dt_s: p.step_s,
    temperature_K: p.startTemperature_degC + ZERO_DEGC_K,
    density_A_per_cm2: 0,
    evolving_frac: 0,
    cathode_bara: AMBIENT_BARA,
    anode_bara: AMBIENT_BARA,
    cathodeH2_bar: 0,
    cathodeO2_bar: 0,
    anodeH2_bar: 0,
    anodeO2_bar: 0,
    flow_L_per_min: 0,
    settings,
    disturbances: wrong.own,
  };
}
