import { type BackPressure, stepBackPressure } from '../parts/back-pressure.ts';
import { AIR_O2_FRAC, AMBIENT_BARA, MOLAR_VOLUME_NL_PER_MOL, WATER_L_PER_MOL } from '../parts/constants.ts';
import { drawBack, type GasVolume, orificeFlow, stepGasVolume } from '../parts/gas.ts';
import { lagPart } from '../parts/lag.ts';
import { SETTING } from './actuators.ts';
import type { CellConditions, ElectrolyserCell, GasCrossover } from './cell.ts';
import { DISTURBED, type Disturbances, part_frac } from './disturbances.ts';
import type { ElectrolyserPlantParameters } from './parameters.ts';
import type { StackElectrics } from './stack.ts';
import { bookFlows, type ElectrolyserTruth, showGas } from './state.ts';

const PRESSURE_SET_MAX_BARG = 40;
/** Part of a gas space that even a flooded separator leaves. */
const ALWAYS_GAS_FRAC = 0.05;
/** Partial pressure of H2 at which half of the cathode's catalyst works on O2, bar. */
const PRESENCE_BAR = 0.01;
/** Choked flow of H2 at 60 degC through 1 mm2 with a discharge coefficient of 0.6, mol/(s bar); recalled. */
const PINHOLE_PER_MM2 = 0.0174;

/** Both gas sides: crossing, volumes, valves, separator. What the last step moved, mol. */
export interface ElectrolyserGases {
  step(): void;
  oxidised_mol: number;
  recombined_mol: number;
  /** H2 that leaked to the room. */
  leaked_mol: number;
  /** H2 that left through product line and dryer. */
  product_mol: number;
  /** Water that came over to the cathode, and that its drain let out, L. */
  overToCathode_L: number;
  drained_L: number;
}

/** The gas side of a plant; writes pressures, amounts and balances into `truth`. */
export function electrolyserGases(
  p: ElectrolyserPlantParameters,
  cell: ElectrolyserCell,
  crossover: GasCrossover,
  at: Readonly<CellConditions>,
  stack: Readonly<StackElectrics>,
  truth: ElectrolyserTruth,
  cathode: GasVolume,
  anode: GasVolume,
  cathodeValve: BackPressure,
  anodeValve: BackPressure,
  wrong: Disturbances,
): ElectrolyserGases {
  const { settings } = at;
  const area_cm2 = p.cells * p.activeArea_cm2;
  const perLeaked_NL_per_min =
    1 / (60 * MOLAR_VOLUME_NL_PER_MOL * orificeFlow(p.leakAt_barg + AMBIENT_BARA, AMBIENT_BARA));
  const leakPerSide = (p.leak_NL_per_min / 2) * perLeaked_NL_per_min;
  const kept = p.kept_mol_per_s_bar ?? 0;
  const isOpen = (setting: number): boolean => settings[setting] >= 0.5;
  const n2Lag = lagPart(p.n2Lag_s);
  const meterLag = lagPart(p.flowMeterLag_s);
  // What the disturbances make of valves and volumes; worked out when one changes.
  let disturbedAt = -1;
  let pinhole = 0;
  let cathodeLeak = 0;
  let cathodeFree_frac = 1;
  let anodeFree_frac = 1;
  let cathodeDry_frac = 1;
  let anodeDry_frac = 1;
  let ventShut = 0;
  let purgeShut = 0;
  let n2CathodeShut = 0;
  let n2AnodeShut = 0;

  function takeDisturbances(): void {
    disturbedAt = wrong.changes;
    const { values } = wrong;
    pinhole = PINHOLE_PER_MM2 * Math.max(0, values[DISTURBED['pinhole.area_mm2']]);
    cathodeLeak =
      leakPerSide + Math.max(0, values[DISTURBED['cathode.leak_NL_per_min']]) * perLeaked_NL_per_min;
    const cathodeFlooded = part_frac(values[DISTURBED['cathode.flooded_pct']]);
    const anodeFlooded = part_frac(values[DISTURBED['anode.flooded_pct']]);
    cathodeFree_frac = (1 - part_frac(values[DISTURBED['cathode.outletBlocked_pct']])) * (1 - cathodeFlooded);
    anodeFree_frac = (1 - part_frac(values[DISTURBED['anode.ventBlocked_pct']])) * (1 - anodeFlooded);
    cathodeDry_frac = 1 - (1 - ALWAYS_GAS_FRAC) * cathodeFlooded;
    anodeDry_frac = 1 - (1 - ALWAYS_GAS_FRAC) * anodeFlooded;
    ventShut = p.anodeVent_mol_per_s_bar * part_frac(values[DISTURBED['anode.ventLeak_pct']]);
    purgeShut = p.cathodePurge_mol_per_s_bar * part_frac(values[DISTURBED['cathode.purgeLeak_pct']]);
    n2CathodeShut = p.n2Cathode_mol_per_s_bar * part_frac(values[DISTURBED['n2.cathodeLeak_pct']]);
    n2AnodeShut = p.n2Anode_mol_per_s_bar * part_frac(values[DISTURBED['n2.anodeLeak_pct']]);
  }

  /** Gas through a hole in the separator, from the higher to the lower pressure, with the mixture of the side it leaves. */
  function passPinhole(from: GasVolume, to: GasVolume, dt_s: number): void {
    const all = from.h2_mol + from.o2_mol + from.n2_mol;
    if (all <= 0) return;
    const asked_frac = (pinhole * orificeFlow(from.pressure_bara, to.pressure_bara) * dt_s) / all;
    // The asked part while it is small, and never more than half of what is there.
    const gone_frac = 0.5 * (1 - Math.exp(-2 * asked_frac));
    const h2 = from.h2_mol * gone_frac;
    const o2 = from.o2_mol * gone_frac;
    const n2 = from.n2_mol * gone_frac;
    from.h2_mol -= h2;
    from.o2_mol -= o2;
    from.n2_mol -= n2;
    to.h2_mol += h2;
    to.o2_mol += o2;
    to.n2_mol += n2;
    const sign = from === cathode ? 1 : -1;
    truth.h2Crossed_mol += sign * h2;
    truth.o2Crossed_mol -= sign * o2;
  }

  /** Water in the cathode's separator and floods take gas space away. */
  function fillSeparators(made_mol: number): void {
    out.overToCathode_L = Math.max(0, made_mol) * p.cathodeWater_mol_per_mol * WATER_L_PER_MOL;
    truth.cathodeWater_L += out.overToCathode_L;
    // The surplus stays: the phase of the drains depends on the charge alone, not on the steps.
    out.drained_L = truth.cathodeWater_L >= p.drain_L ? p.drain_L : 0;
    truth.cathodeWater_L -= out.drained_L;
    const dryCathode_L = p.cathodeVolume_L - truth.cathodeWater_L;
    cathode.volume_L = dryCathode_L * cathodeDry_frac;
    anode.volume_L = p.anodeVolume_L * anodeDry_frac;
  }

  /** Air through open purge and leaks, N2 of a rig that keeps its cathode from a vacuum. */
  function refillCathode(open: number): void {
    const { temperature_K, dt_s } = at;
    drawBack(cathode, open, AIR_O2_FRAC, AMBIENT_BARA, temperature_K, dt_s);
    if (kept > 0) drawBack(cathode, kept, 0, AMBIENT_BARA, temperature_K, dt_s);
  }

  function step(): void {
    const { dt_s } = at;
    const { made_mol, density_A_per_cm2 } = stack;
    if (wrong.changes !== disturbedAt) takeDisturbances();
    const crossedBefore_mol = truth.h2Crossed_mol;
    if (pinhole > 0) {
      if (cathode.pressure_bara >= anode.pressure_bara) passPinhole(cathode, anode, dt_s);
      else passPinhole(anode, cathode, dt_s);
    }
    // Through the separator, mol in this step; never more than half of what is there.
    crossover.prepare(at, density_A_per_cm2);
    const areaTime = area_cm2 * dt_s;
    const made = Math.max(made_mol, 0);
    const crossedH2 = clamp(
      crossover.h2_mol_per_s_cm2 * areaTime,
      -0.5 * anode.h2_mol,
      0.5 * (cathode.h2_mol + made),
    );
    const crossedO2 = clamp(
      crossover.o2_mol_per_s_cm2 * areaTime,
      -0.5 * cathode.o2_mol,
      0.5 * (anode.o2_mol + made / 2),
    );
    const hasH2 = at.cathodeH2_bar / (at.cathodeH2_bar + PRESENCE_BAR);
    // Neither electrode burns more than half of what the other gas leaves it.
    const o2Left = anode.o2_mol + made / 2 - Math.max(crossedO2, 0);
    const h2Left = cathode.h2_mol + made - Math.max(crossedH2, 0);
    const oxidised = Math.min(
      Math.max(crossedH2, 0) * crossover.anodeOxidised_frac * at.evolving_frac,
      o2Left,
    );
    const recombined = Math.min(
      Math.max(crossedO2, 0) * crossover.cathodeRecombined_frac * hasH2,
      h2Left / 4,
    );
    fillSeparators(made_mol);

    const set_bara = AMBIENT_BARA + clamp(settings[SETTING.pressure_barg], 0, PRESSURE_SET_MAX_BARG);
    const cathodeBefore_bara = cathode.pressure_bara;
    if (wrong.values[DISTURBED['cathode.valveStuck_on']] <= 0)
      stepBackPressure(cathodeValve, p.backPressure, cathodeBefore_bara, set_bara, AMBIENT_BARA, dt_s);
    const n2Target_bara = AMBIENT_BARA + clamp(settings[SETTING.n2Pressure_barg], 0, PRESSURE_SET_MAX_BARG);
    truth.n2_bara += (n2Target_bara - truth.n2_bara) * n2Lag(dt_s);
    const controlled = cathodeValve.opening * cathodeFree_frac;
    const purge = (isOpen(SETTING.purge_on) ? p.cathodePurge_mol_per_s_bar : purgeShut) * cathodeFree_frac;
    const cathodeOut = controlled + purge + cathodeLeak;
    stepGasVolume(
      cathode,
      made_mol - crossedH2 - 2 * recombined,
      crossedO2 - recombined,
      truth.n2_bara,
      isOpen(SETTING.n2Cathode_on) ? p.n2Cathode_mol_per_s_bar : n2CathodeShut,
      p.n2MaxFlow_mol_per_s,
      cathodeOut,
      AMBIENT_BARA,
      cell.cathodeVapour_bar,
      at.temperature_K,
      dt_s,
    );
    if (cathode.pressure_bara < AMBIENT_BARA) refillCathode(purge + cathodeLeak);
    bookFlows(truth, cathode);

    let vent = isOpen(SETTING.vent_on) ? p.anodeVent_mol_per_s_bar : ventShut;
    if (p.anodeOutlet === 'follows') {
      stepBackPressure(
        anodeValve,
        p.backPressure,
        anode.pressure_bara,
        cathodeBefore_bara,
        AMBIENT_BARA,
        dt_s,
      );
      if (isOpen(SETTING.vent_on)) vent = anodeValve.opening;
    }
    const anodeOut = vent * anodeFree_frac + leakPerSide;
    stepGasVolume(
      anode,
      crossedH2 - oxidised,
      made_mol / 2 - oxidised / 2 - crossedO2,
      truth.n2_bara,
      isOpen(SETTING.n2Anode_on) ? p.n2Anode_mol_per_s_bar : n2AnodeShut,
      p.n2MaxFlow_mol_per_s,
      anodeOut,
      AMBIENT_BARA,
      cell.anodeVapour_bar,
      at.temperature_K,
      dt_s,
    );
    // The back-pressure valve is a check valve, an open pipe to the roof is none.
    if (anode.pressure_bara < AMBIENT_BARA)
      drawBack(
        anode,
        (p.anodeOutlet === 'vent' ? anodeOut : leakPerSide) + kept,
        AIR_O2_FRAC,
        AMBIENT_BARA,
        at.temperature_K,
        dt_s,
      );
    bookFlows(truth, anode);
    showGas(truth, cathode, anode);

    // The outlet valve is a three-way valve: product line with the flow meter, or vent stack.
    const product_frac = isOpen(SETTING.outlet_on) ? share(controlled, cathodeOut) : 0;
    out.product_mol = cathode.lastH2Out_mol * product_frac * (1 - p.dryerLoss_frac);
    truth.h2Product_mol += cathode.lastH2Out_mol * product_frac;
    truth.h2Dried_mol += out.product_mol;
    // A thermal meter set for H2 shows N2 and O2 within 1 % of their normal volume too.
    truth.productFlow_mol_per_s = (cathode.lastOut_mol * product_frac * (1 - p.dryerLoss_frac)) / dt_s;
    truth.meteredFlow_mol_per_s +=
      (truth.productFlow_mol_per_s - truth.meteredFlow_mol_per_s) * meterLag(dt_s);
    truth.h2Crossed_mol += crossedH2;
    truth.h2Crossover_mol_per_s = (truth.h2Crossed_mol - crossedBefore_mol) / dt_s;
    truth.h2Oxidised_mol += oxidised;
    truth.o2Crossed_mol += crossedO2;
    truth.o2Recombined_mol += recombined;
    out.oxidised_mol = oxidised;
    out.recombined_mol = recombined;
    // The leak goes to the room; the vents go to the roof.
    out.leaked_mol =
      cathode.lastH2Out_mol * share(cathodeLeak, cathodeOut) +
      anode.lastH2Out_mol * share(leakPerSide, anodeOut);
  }

  const out: ElectrolyserGases = {
    step,
    oxidised_mol: 0,
    recombined_mol: 0,
    leaked_mol: 0,
    product_mol: 0,
    overToCathode_L: 0,
    drained_L: 0,
  };
  return out;
}

/** One opening's part of all; nothing flows when all are shut. */
function share(opening: number, all: number): number {
  return all > 0 ? opening / all : 0;
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
