import { stepAgeing } from './ageing.ts';
import { type Analyser, stepAnalyser } from './analyser.ts';
import { stepBackPressure } from './back-pressure.ts';
import {
  AMBIENT_BARA,
  FARADAY_C_PER_MOL,
  MOLAR_VOLUME_NL_PER_MOL,
  THERMONEUTRAL_V,
  ZERO_DEGC_K,
} from './constants.ts';
import { h2Crossover, o2Crossover, permeationFactor } from './crossover.ts';
import { barPerMol, orificeFlow, stepGasVolume } from './gas.ts';
import type { PemPlantParameters } from './pem-500kw.ts';
import { SETTING } from './pem-actuators.ts';
import {
  activationSlope_V,
  asr_Ohm_cm2,
  doubleLayer_V,
  exchange_A_per_cm2,
  nernst_V,
  reversibleVoltage_V,
  saturationPressure_bar,
} from './pem-cell.ts';
import { pemStart } from './pem-start.ts';
import { bookFlows, type PemTruth, showGas } from './pem-state.ts';
import type { CellState, PlantRandom } from './sensors.ts';
import { limitedCurrent_A, type StackCurve } from './supply.ts';
import { stepThermal, type Thermal } from './thermal.ts';
import { stepUtilities } from './utilities.ts';

/** Current density below which the gas at the electrodes is that of the volume rather than evolved gas. */
const EVOLVING_A_PER_CM2 = 0.005;
/** Partial pressure that an electrode needs to hold half of its potential, bar. */
const PRESENCE_BAR = 0.01;
/** Smallest partial pressure in the Nernst term, bar. */
const TRACE_BAR = 1e-6;
const PRESSURE_SET_MAX_BARG = 40;

/**
 * The rig behind its sensors: the true state, and the settings of its actuators (`SETTING` gives their
 * places), which may be changed between steps. Currents positive in electrolysis, pressures in `truth`
 * absolute.
 */
export interface PemPlant {
  readonly truth: PemTruth;
  readonly thermal: Thermal;
  readonly settings: Float64Array;
  readonly h2Analyser: Analyser;
  readonly o2Analyser: Analyser;
  readonly lagged: { readonly outlet_degC: number };
  /** The true cells; their mean is `truth.cellVoltage_V`. */
  cellState(): CellState;
  advanceTo(time_s: number): void;
}

/**
 * The physics of the rig, noise-free. Stack as one mean cell (the cells differ by fixed parts of overvoltage,
 * resistance and ageing), two stirred gas volumes, two heat lumps. Gas is ideal, at stack temperature, wet.
 */
export function pemPlant(p: PemPlantParameters, random: PlantRandom): PemPlant {
  const start = pemStart(p, random);
  const { truth, settings, cathode, anode, thermal, backPressure, ageing, h2Analyser, o2Analyser, lagged } =
    start;
  const area_cm2 = p.activeArea_cm2;
  const stackArea_cm2 = p.cells * area_cm2;
  const molPerCoulomb = p.cells / (2 * FARADAY_C_PER_MOL);
  const capacity_F = p.doubleLayer_F_per_cm2 * area_cm2;
  const leak =
    p.leak_NL_per_min /
    60 /
    MOLAR_VOLUME_NL_PER_MOL /
    2 /
    orificeFlow(p.leakAt_barg + AMBIENT_BARA, AMBIENT_BARA);
  const curve: StackCurve = { openCircuit_V: 0, activationSlope_V: 0, exchange_A: 1, resistance_Ohm: 0 };
  let gridSteps = 0;

  /** Supply, kinetics, double layer, crossover, gas, heat: one step of at most step_s. */
  function step(dt_s: number, isGridStep: boolean): void {
    const temperature_K = thermal.stack_degC + ZERO_DEGC_K;
    const vapour_bar = saturationPressure_bar(temperature_K);
    const slope_V = activationSlope_V(p.cell, temperature_K);
    const exchange = exchange_A_per_cm2(p.cell, temperature_K);
    const resistance = asr_Ohm_cm2(p.cell, temperature_K);
    const isOn = settings[SETTING.output_on] >= 0.5;

    // Open circuit: evolved gas at the electrodes under load, the gas of the volumes at rest.
    const evolving = truth.current_A / area_cm2 / (truth.current_A / area_cm2 + EVOLVING_A_PER_CM2);
    const cathodePerMol = barPerMol(cathode.volume_L, temperature_K);
    const anodePerMol = barPerMol(anode.volume_L, temperature_K);
    const cathodeH2_bar = cathode.h2_mol * cathodePerMol;
    const anodeO2_bar = anode.o2_mol * anodePerMol;
    const electrodeH2_bar = evolving * (cathode.pressure_bara - vapour_bar) + (1 - evolving) * cathodeH2_bar;
    const electrodeO2_bar = evolving * (anode.pressure_bara - vapour_bar) + (1 - evolving) * anodeO2_bar;
    const hasH2 = cathodeH2_bar / (cathodeH2_bar + PRESENCE_BAR);
    const presence = evolving + (1 - evolving) * hasH2 * (anodeO2_bar / (anodeO2_bar + PRESENCE_BAR));
    const equilibrium_V =
      presence *
      (reversibleVoltage_V(temperature_K) +
        nernst_V(temperature_K, Math.max(electrodeH2_bar, TRACE_BAR), Math.max(electrodeO2_bar, TRACE_BAR)));
    const aged_V = evolving * (ageing.irreversible_V + ageing.reversible_V);

    // Supply.
    const before_A = truth.current_A;
    let target_A = 0;
    if (isOn) {
      curve.openCircuit_V = p.cells * (equilibrium_V + aged_V);
      curve.activationSlope_V = p.cells * slope_V;
      curve.exchange_A = 2 * exchange * area_cm2;
      curve.resistance_Ohm = (p.cells * resistance) / area_cm2;
      target_A = limitedCurrent_A(
        curve,
        p.supply,
        settings[SETTING.current_A],
        settings[SETTING.voltage_V],
        settings[SETTING.power_W],
      );
    }
    const slew = isOn ? p.supply.slew_A_per_s : p.supply.offSlew_A_per_s;
    const change_A = Math.max(-slew * dt_s, Math.min(slew * dt_s, target_A - before_A));
    const current_A = before_A + change_A;
    const mean_A = current_A - (change_A * Math.abs(change_A)) / slew / dt_s / 2;
    const density = current_A / area_cm2;

    // Double layer: what charge it takes up makes no gas.
    const oldActivation_V = truth.activation_V;
    const activation_V = doubleLayer_V(
      oldActivation_V,
      mean_A / area_cm2,
      exchange,
      slope_V,
      p.doubleLayer_F_per_cm2,
      dt_s,
    );
    const stored_C = capacity_F * (activation_V - oldActivation_V);
    const charge_C = mean_A * dt_s;
    const faradaic_C = charge_C - stored_C;
    const ohmic_V = resistance * density;
    const cell_V = equilibrium_V + aged_V + activation_V + ohmic_V;
    const terminal_V = equilibrium_V + aged_V + activation_V + (resistance * mean_A) / area_cm2;
    const electric_J = p.cells * terminal_V * charge_C;
    const layer_J = 0.5 * p.cells * capacity_F * (activation_V ** 2 - oldActivation_V ** 2);

    // Through the membrane, mol in this step; never more than half of what is there.
    const made_mol = faradaic_C * molPerCoulomb;
    const factor = permeationFactor(p.membrane, temperature_K) * stackArea_cm2 * dt_s;
    const h2Drive = h2Crossover(p.membrane, factor, cathodeH2_bar, anode.h2_mol * anodePerMol, density);
    const o2Drive = o2Crossover(p.membrane, factor, anodeO2_bar, cathode.o2_mol * cathodePerMol, density);
    const crossedH2 = clamp(h2Drive, -0.5 * anode.h2_mol, 0.5 * (cathode.h2_mol + Math.max(made_mol, 0)));
    const crossedO2 = clamp(o2Drive, -0.5 * cathode.o2_mol, 0.5 * (anode.o2_mol + Math.max(made_mol, 0) / 2));
    const oxidised = Math.max(crossedH2, 0) * p.membrane.anodeOxidised_frac * evolving;
    const recombined = Math.max(crossedO2, 0) * p.membrane.cathodeRecombined_frac * hasH2;

    // Gas volumes.
    const set_bara = AMBIENT_BARA + clamp(settings[SETTING.pressure_barg], 0, PRESSURE_SET_MAX_BARG);
    stepBackPressure(backPressure, p.backPressure, cathode.pressure_bara, set_bara, AMBIENT_BARA, dt_s);
    const purge = settings[SETTING.purge_on] >= 0.5 ? p.cathodePurge : 0;
    const vent = settings[SETTING.vent_on] >= 0.5 ? p.anodeVent : 0;
    const n2Target_bara = AMBIENT_BARA + clamp(settings[SETTING.n2Pressure_barg], 0, PRESSURE_SET_MAX_BARG);
    truth.n2_bara += (n2Target_bara - truth.n2_bara) * (1 - Math.exp(-dt_s / p.n2Lag_s));
    const cathodeOut = backPressure.opening + purge + leak;
    const anodeOut = vent + leak;
    stepGasVolume(
      cathode,
      made_mol - crossedH2 - 2 * recombined,
      crossedO2 - recombined,
      truth.n2_bara,
      settings[SETTING.n2Cathode_on] >= 0.5 ? p.n2Cathode : 0,
      p.n2MaxFlow_mol_per_s,
      cathodeOut,
      AMBIENT_BARA,
      vapour_bar,
      temperature_K,
      dt_s,
    );
    bookFlows(truth, cathode);
    stepGasVolume(
      anode,
      crossedH2 - oxidised,
      made_mol / 2 - oxidised / 2 - crossedO2,
      truth.n2_bara,
      settings[SETTING.n2Anode_on] >= 0.5 ? p.n2Anode : 0,
      p.n2MaxFlow_mol_per_s,
      anodeOut,
      AMBIENT_BARA,
      vapour_bar,
      temperature_K,
      dt_s,
    );
    bookFlows(truth, anode);
    showGas(truth, cathode, anode);

    // The outlet valve is a three-way valve: product line with the flow meter, or vent stack.
    const controlled_frac = part(backPressure.opening, cathodeOut);
    const product_frac = settings[SETTING.outlet_on] >= 0.5 ? controlled_frac : 0;
    truth.h2Product_mol += cathode.lastH2Out_mol * product_frac;
    // A thermal meter set for H2 shows N2 and O2 within 1 % of their normal volume too.
    truth.productFlow_mol_per_s = (cathode.lastOut_mol * product_frac * (1 - p.dryerLoss_frac)) / dt_s;
    truth.meteredFlow_mol_per_s +=
      (truth.productFlow_mol_per_s - truth.meteredFlow_mol_per_s) * (1 - Math.exp(-dt_s / p.flowMeterLag_s));

    // Heat: what the terminals gave and neither gas nor double layer took.
    const chemical_J = (made_mol - oxidised - 2 * recombined) * 2 * FARADAY_C_PER_MOL * THERMONEUTRAL_V;
    const heat_J = electric_J - chemical_J - layer_J;
    const oldStack_degC = thermal.stack_degC;
    const oldLoop_degC = thermal.loop_degC;
    stepThermal(
      thermal,
      p.thermal,
      truth,
      heat_J / dt_s,
      clamp(settings[SETTING.temperature_degC], 5, 90),
      settings[SETTING.pump_on] >= 0.5,
      truth.roomTemperature_degC,
      dt_s,
    );
    truth.stored_J +=
      p.thermal.stackCapacity_J_per_K * (thermal.stack_degC - oldStack_degC) +
      p.thermal.loopCapacity_J_per_K * (thermal.loop_degC - oldLoop_degC);
    lagged.outlet_degC +=
      (thermal.stack_degC - lagged.outlet_degC) * (1 - Math.exp(-dt_s / p.temperatureSensorLag_s));

    stepAgeing(ageing, p.ageing, mean_A / p.currentNominal_A, dt_s);
    stepAnalyser(h2Analyser, p.analyser, truth.h2InO2_vol_pct, isGridStep, dt_s);
    stepAnalyser(o2Analyser, p.analyser, truth.o2InH2_vol_pct, isGridStep, dt_s);

    truth.time_s += dt_s;
    truth.current_A = current_A;
    truth.activation_V = activation_V;
    truth.ohmic_V = ohmic_V;
    truth.cellVoltage_V = cell_V;
    truth.stackVoltage_V = p.cells * cell_V;
    truth.temperature_degC = thermal.stack_degC;
    truth.charge_C += charge_C;
    truth.doubleLayer_C += stored_C;
    truth.h2Made_mol += made_mol;
    truth.h2Crossed_mol += crossedH2;
    truth.h2Crossover_mol_per_s = crossedH2 / dt_s;
    truth.h2Oxidised_mol += oxidised;
    truth.o2Crossed_mol += crossedO2;
    truth.o2Recombined_mol += recombined;
    truth.electric_J += electric_J;
    truth.chemical_J += chemical_J;
    truth.doubleLayer_J += layer_J;
    truth.heat_J += heat_J;
    // The leak goes to the room; the vents go to the roof.
    const leaked_mol =
      cathode.lastH2Out_mol * part(leak, cathodeOut) + anode.lastH2Out_mol * part(leak, anodeOut);
    stepUtilities(
      truth,
      leaked_mol,
      made_mol,
      settings[SETTING.ventilation_on] >= 0.5,
      settings[SETTING.pump_on] >= 0.5,
      dt_s,
    );
    truth.roomTemperature_degC =
      p.roomTemperature_degC + 0.5 * Math.sin((2 * Math.PI * truth.time_s) / 86_400);
  }

  return {
    truth,
    thermal,
    settings,
    h2Analyser,
    o2Analyser,
    lagged,
    cellState: () => ({
      mean_V: truth.cellVoltage_V,
      activation_V: truth.activation_V,
      ohmic_V: truth.ohmic_V,
      aged_V: truth.current_A > 0 ? ageing.irreversible_V + ageing.reversible_V : 0,
      activationSpread: start.activationSpread,
      resistanceSpread: start.resistanceSpread,
      ageingSpread: start.ageingSpread,
    }),
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

/** One opening's part of all; nothing flows when all are shut. */
function part(opening: number, all: number): number {
  return all > 0 ? opening / all : 0;
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
