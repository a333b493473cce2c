import type { Ageing } from '../parts/ageing.ts';
import { FARADAY_C_PER_MOL, TRACE_BAR } from '../parts/constants.ts';
import { lagPart } from '../parts/lag.ts';
import { drivenCurrent_A } from '../parts/supply.ts';
import { SETTING } from './actuators.ts';
import { type AgedCell, agedCell, TRANSPORT_S } from './aged.ts';
import type { CellConditions, ElectrolyserCell } from './cell.ts';
import { DISTURBED, type Disturbances } from './disturbances.ts';
import type { SmallSignal } from './impedance.ts';
import type { ElectrolyserPlantParameters } from './parameters.ts';
import type { ElectrolyserTruth } from './state.ts';

/** Partial pressure that an electrode needs to hold half of its potential, bar. */
const PRESENCE_BAR = 0.01;
/** Voltage for which the size of a short is given, V. */
const SHORT_AT_V = 1.8;

/** Supply and cells of a stack: what the last step did, for gas, heat and sensors. Energies of the whole stack. */
export interface StackElectrics {
  /** One step with the conditions that the cell was prepared for. */
  step(dt_s: number): void;
  /** Steady voltage at the terminals at the present conditions, V, for a current >= 0, A. */
  voltageAt_V(current_A: number): number;
  /** Mean current of the step and density at its end. */
  mean_A: number;
  density_A_per_cm2: number;
  /** Gas made, mol of H2; heat is what the terminals gave and neither gas nor double layer took. */
  made_mol: number;
  electric_J: number;
  layer_J: number;
  /**
   * By how much each cell lies above the mean because of shorts, V (the shorted ones far below), into `offset_V`;
   * false if there is none.
   */
  spreadShorts(offset_V: Float64Array): boolean;
  /** What ageing has made of the cell, and what it adds to its voltage at the present current, V. */
  readonly aged: AgedCell;
  agedNow_V(): number;
  /** Linearised mean cell at its present state. */
  smallSignal(): SmallSignal;
}

/** The electric side of the plant: supply, equilibrium, double layer, resistance, shorts. Writes into `truth`. */
export function stackElectrics(
  p: ElectrolyserPlantParameters,
  cell: ElectrolyserCell,
  at: Readonly<CellConditions>,
  truth: ElectrolyserTruth,
  ageing: Ageing,
  wrong: Disturbances,
): StackElectrics {
  const { cells, activeArea_cm2: area_cm2, supply } = p;
  const { settings } = at;
  const freshLayer_F = cell.doubleLayer_F_per_cm2 * area_cm2;
  const aged = agedCell(p.ageing, cell, p.currentNominal_A / area_cm2, ageing, () => at.temperature_K);
  const followed = lagPart(TRANSPORT_S);
  const molPerCoulomb = cells / (2 * FARADAY_C_PER_MOL);
  // Fields rather than variables: the engine writes a number into a field without allocating.
  const now = {
    openCircuit_V: 0,
    resistance_Ohm_cm2: 0,
    /** Mean over the stack of what shorts take from voltage and current. */
    meanDrop_V: 0,
    meanShort_frac: 0,
  };
  const shortDrop_V = new Float64Array(cells);

  function findOpenCircuit(): void {
    const { evolving_frac: evolving, cathodeH2_bar, anodeO2_bar } = at;
    const h2_bar = evolving * (at.cathode_bara - cell.cathodeVapour_bar) + (1 - evolving) * cathodeH2_bar;
    const o2_bar = evolving * (at.anode_bara - cell.anodeVapour_bar) + (1 - evolving) * anodeO2_bar;
    const hasH2 = cathodeH2_bar / (cathodeH2_bar + PRESENCE_BAR);
    const hasO2 = anodeO2_bar / (anodeO2_bar + PRESENCE_BAR);
    const presence = evolving + (1 - evolving) * hasH2 * hasO2 * cell.restHeld_frac;
    now.openCircuit_V =
      presence * cell.equilibrium_V(Math.max(h2_bar, TRACE_BAR), Math.max(o2_bar, TRACE_BAR));
    aged.refresh();
    now.resistance_Ohm_cm2 = resistance_Ohm_cm2();
  }

  const resistance_Ohm_cm2 = (): number =>
    cell.resistance_Ohm_cm2 * (1 + wrong.dryMean) * truth.dryness_1 + aged.ohmic_Ohm_cm2;

  /** What a steady density costs over the open-circuit voltage, V. */
  const loss_V = (density: number): number =>
    cell.activation_V(density * aged.perArea_1) +
    (now.resistance_Ohm_cm2 + aged.transport_V_cm4_per_A2 * density) * density;

  const voltageAt_V = (current_A: number): number => {
    const density = current_A / area_cm2;
    return cells * (now.openCircuit_V - now.meanDrop_V + loss_V(density));
  };

  /** Part of the current that a short takes, from conductance x voltage = part x current; 1 = all of it. */
  function shortPart_frac(short: number, density: number): number {
    const conductance = (short * p.currentNominal_A) / area_cm2 / SHORT_AT_V;
    if (conductance * now.openCircuit_V >= density) return 1;
    let low = 0;
    let high = 1;
    for (let i = 0; i < 30; i++) {
      const s = (low + high) / 2;
      const through = (1 - s) * density;
      const volts = now.openCircuit_V + loss_V(through);
      if (conductance * volts > s * density) low = s;
      else high = s;
    }
    return (low + high) / 2;
  }

  function findShorts(density: number): void {
    now.meanDrop_V = 0;
    now.meanShort_frac = 0;
    for (const k of wrong.shorted) {
      const part = shortPart_frac(wrong.short[k], density);
      // With the double layer as it stands: at rest the healthy cells keep theirs for long.
      const healthy_V =
        now.openCircuit_V + truth.activation_V + truth.transport_V + now.resistance_Ohm_cm2 * density;
      const through = (1 - part) * density;
      const conductance = (wrong.short[k] * p.currentNominal_A) / area_cm2 / SHORT_AT_V;
      const volts = part === 1 ? density / conductance : now.openCircuit_V + loss_V(through);
      shortDrop_V[k] = healthy_V - volts;
      now.meanDrop_V += (healthy_V - volts) / cells;
      now.meanShort_frac += part / cells;
    }
  }

  function step(dt_s: number): void {
    const before_A = truth.current_A;
    findOpenCircuit();
    if (wrong.shorted.length > 0) findShorts(before_A / area_cm2);
    else if (now.meanDrop_V !== 0) clearShorts();

    const isDead = wrong.values[DISTURBED['supply.tripped_on']] > 0;
    const isOn = settings[SETTING.output_on] >= 0.5 && !isDead;
    const isOpen = wrong.values[DISTURBED['supply.leadOff_on']] > 0;
    const target_A =
      isOn && !isOpen
        ? drivenCurrent_A(
            voltageAt_V,
            supply,
            settings[SETTING.current_A],
            settings[SETTING.voltage_V],
            settings[SETTING.power_W],
            before_A,
          )
        : 0;
    const slew = isOn ? supply.slew_A_per_s : supply.offSlew_A_per_s;
    const change_A = Math.max(-slew * dt_s, Math.min(slew * dt_s, target_A - before_A));
    const current_A = before_A + change_A;
    const mean_A = current_A - (change_A * Math.abs(change_A)) / slew / dt_s / 2;
    const density = current_A / area_cm2;
    const meanDensity = mean_A / area_cm2;

    // Double layer: what charge it takes up makes no gas.
    const oldActivation_V = truth.activation_V;
    const activation_V = cell.doubleLayer_V(oldActivation_V, meanDensity * aged.perArea_1, dt_s);
    const capacity_F = freshLayer_F / aged.perArea_1;
    const stored_C = capacity_F * (activation_V - oldActivation_V);
    const charge_C = mean_A * dt_s;
    const faradaic_C = charge_C - stored_C;
    const gas_frac = cell.faradaic_frac(meanDensity) * (1 - now.meanShort_frac);
    const porous_V = aged.transport_V_cm4_per_A2 * meanDensity * meanDensity;
    truth.transport_V += (porous_V - truth.transport_V) * followed(dt_s);
    const base_V = now.openCircuit_V - now.meanDrop_V + activation_V + truth.transport_V;
    const ripple_A = supply.ripple_frac * mean_A;
    // Above some 100 Hz the ripple passes the double layer and heats only the resistance.
    const ripple_J = ((cells * now.resistance_Ohm_cm2) / area_cm2) * ripple_A * ripple_A * dt_s;

    out.mean_A = mean_A;
    out.density_A_per_cm2 = density;
    out.made_mol = faradaic_C * gas_frac * molPerCoulomb;
    out.electric_J = cells * (base_V + now.resistance_Ohm_cm2 * meanDensity) * charge_C + ripple_J;
    out.layer_J =
      0.5 * cells * capacity_F * (activation_V * activation_V - oldActivation_V * oldActivation_V);
    truth.current_A = current_A;
    truth.activation_V = activation_V;
    truth.ohmic_V = now.resistance_Ohm_cm2 * density;
    truth.cellVoltage_V = base_V + truth.ohmic_V;
    truth.stackVoltage_V = cells * truth.cellVoltage_V;
    truth.charge_C += charge_C;
    truth.doubleLayer_C += stored_C;
    truth.leaked_C += faradaic_C * (1 - gas_frac);
    truth.h2Made_mol += out.made_mol;
    truth.electric_J += out.electric_J;
    truth.doubleLayer_J += out.layer_J;
  }

  function clearShorts(): void {
    now.meanDrop_V = 0;
    now.meanShort_frac = 0;
    shortDrop_V.fill(0);
  }

  const out: StackElectrics = {
    step,
    voltageAt_V,
    mean_A: 0,
    density_A_per_cm2: 0,
    made_mol: 0,
    electric_J: 0,
    layer_J: 0,
    spreadShorts(offset_V) {
      for (let k = 0; k < cells; k++) offset_V[k] = now.meanDrop_V - shortDrop_V[k];
      return now.meanDrop_V !== 0;
    },
    aged,
    agedNow_V() {
      const density = out.density_A_per_cm2;
      const kinetic_V = cell.activation_V(density * aged.perArea_1) - cell.activation_V(density);
      return kinetic_V + aged.ohmic_Ohm_cm2 * density + truth.transport_V;
    },
    smallSignal: () => ({
      ohmic_Ohm_cm2: resistance_Ohm_cm2(),
      chargeTransfer_Ohm_cm2: cell.chargeTransfer_Ohm_cm2(truth.activation_V) * aged.perArea_1,
      doubleLayer_F_per_cm2: cell.doubleLayer_F_per_cm2 / aged.perArea_1,
      transport_Ohm_cm2: 2 * aged.transport_V_cm4_per_A2 * (truth.current_A / area_cm2),
      transport_s: TRANSPORT_S,
    }),
  };
  return out;
}
