import { seededRandom } from '../../../drivers/contract/random.ts';
import { EMF_MODEL } from '../../../sim/plant/emf/model.ts';
import { type EmfMembrane, ionicNernst_V, meanIonic_frac } from '../../../sim/plant/emf/nernst.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { runFor, setAll } from '../rig-run.ts';
import { kelvin, largest, type Pair, pairsText, type Row, row } from '../row.ts';

const PROTONS: EmfMembrane = {
  protonShare_frac: 1,
  holeRatio_1: 0,
  holeActivation_J_per_mol: 0,
  steamPower_1: 0,
};
const FUEL = { h2_bar: 0.97, o2_bar: 0, steam_bar: 0.03 };
/** Air moistened: 0.21 of the dry part is oxygen. */
const air = (steam_bar: number) => ({ h2_bar: 0, o2_bar: 0.21 * (1 - steam_bar), steam_bar });

/** E0 + RT/2F ln(pH2 sqrt(pO2) / pH2O at the air side), worked out apart: [degC, steam in air, V]. */
const OPEN = [
  [500, 0.03, 1.153],
  [500, 0.2, 1.086],
  [500, 0.5, 1.048],
  [600, 0.03, 1.14],
  [600, 0.2, 1.065],
  [600, 0.5, 1.022],
  [700, 0.03, 1.127],
  [700, 0.2, 1.043],
  [700, 0.5, 0.995],
] as const;

/** (RT/F) ln(1/t) of a transport number in air: [degC, t, mV]. */
const LOST = [
  [500, 0.98, 1.3],
  [500, 0.9, 7.0],
  [500, 0.5, 46.2],
  [600, 0.98, 1.5],
  [600, 0.95, 3.9],
  [600, 0.8, 16.8],
  [600, 0.5, 52.2],
  [700, 0.9, 8.8],
  [700, 0.5, 58.1],
] as const;

function formulaRows(): Row[] {
  const open = OPEN.map(([t, steam, v]): Pair => [ionicNernst_V(PROTONS, air(steam), FUEL, kelvin(t)), v]);
  const slopes = [500, 550, 600, 650, 700].map((t, k): Pair => {
    const wet = { ...air(0.03), steam_bar: 0.3 };
    const mV = 1000 * ionicNernst_V(PROTONS, air(0.03), { ...wet, o2_bar: air(0.03).o2_bar }, kelvin(t));
    return [mV, [76.7, 81.7, 86.6, 91.6, 96.6][k] ?? Number.NaN];
  });
  const lost = LOST.map(([t, number, mV]): Pair => {
    const gas = { h2_bar: 0, o2_bar: 0.21, steam_bar: 0.03 };
    const membrane = { ...PROTONS, holeRatio_1: (1 - number) / number };
    const volts = ionicNernst_V(membrane, gas, FUEL, kelvin(t));
    return [1000 * volts * (1 - meanIonic_frac(membrane, gas, FUEL, kelvin(t))), mV];
  });
  const told = { basis: 'published formula' } as const;
  return [
    row({
      ...told,
      id: 'emf.open-circuit',
      model: 'protons alone, moist H2 against air with 3, 20 and 50 % steam, 500..700 °C',
      reference: 'E0 + RT/2F ln(pH2 √pO2 / pH2O), E0 = 1.253 - 2.4516e-4 T',
      error: 1000 * largest(open),
      tolerance: 1,
      unit: 'mV',
      note: `V: ${pairsText(open, 3)}`,
    }),
    row({
      ...told,
      id: 'emf.steam-decade',
      model: 'protons alone, steam 0.3 against 0.03 bar in the same oxygen, 500..700 °C',
      reference: 'RT/2F ln 10',
      error: largest(slopes),
      tolerance: 0.1,
      unit: 'mV',
      note: `mV: ${pairsText(slopes, 2)}`,
    }),
    row({
      ...told,
      id: 'emf.hole-loss',
      model: 'holes on the oxygen side: what they take of the voltage',
      reference: '(RT/F) ln(1/t) with t the ionic transport number in air',
      error: largest(lost),
      tolerance: 0.1,
      unit: 'mV',
      note: `mV: ${pairsText(lost, 1)}`,
    }),
  ];
}

function rigAt(
  parameters: Readonly<Record<string, number>>,
  settings: Readonly<Record<string, number>>,
): PlantRig {
  const rig = EMF_MODEL.create({
    set: 'bzcyyb1711',
    parameters,
    subject: { cells: 1, activeArea_cm2: 1, currentNominal_A: 0.5 },
    random: seededRandom(4),
  });
  setAll(rig, settings);
  runFor(rig, 1800, 60);
  return rig;
}

/** Transport number as a person finds it: voltage of the cell over Nernst of the gases that its instruments show. */
function transportRow(): Row {
  const pairs = [500, 600, 700].map((start_degC): Pair => {
    const rig = rigAt(
      { start_degC, electrodes_Ohm_cm2: 1e-4 },
      { 'fuel.oxygenSet_pct': 21, 'steam.fractionSet_pct': 30 },
    );
    const shown = (role: string): number => rig.sensor(rig.sensorIndex(role));
    const side = (name: string, steam: string) => ({
      h2_bar: 0,
      o2_bar: (shown(`${name}.oxygen_pct`) / 100) * 1.01325,
      steam_bar: (shown(steam) / 100) * 1.01325,
    });
    const full_V = ionicNernst_V(
      PROTONS,
      side('steam', 'steam.fraction_pct'),
      side('fuel', 'fuel.steam_pct'),
      kelvin(shown('stack.temperature_degC')),
    );
    // Of protons: the ionic part, and of it what oxide ions do not carry.
    const declared = 0.95 * rig.truthOf('emf.transport_1');
    return [shown('stack.voltage_V') / full_V, declared];
  });
  return row({
    id: 'emf.transport-number',
    model:
      'proton transport number from a steam gradient (30 against 3 %) in air at 500, 600 and 700 °C, from the rig’s sensors',
    reference: 'what the membrane has, as a mean along the gradient',
    error: largest(pairs),
    tolerance: 0.03,
    unit: '1',
    basis: 'self-consistency, model only',
    note: `found (truth): ${pairsText(pairs, 3)}; figures of the sets are recalled, no measured table was at hand`,
  });
}

/** Gorelov, Liu and Hu: electrodes stand in series with the ions, so that the leakage's current costs there, too. */
function electrodesRow(): Row {
  const pairs = [0.1, 1, 10].map((electrodes_Ohm_cm2): Pair => {
    const rig = rigAt({ electrodes_Ohm_cm2 }, { 'fuel.h2Set_pct': 97 });
    const t = rig.truthOf('emf.transport_1');
    const ions = rig.truthOf('emf.ions_Ohm');
    // t_e observed = t_e true (R_b + R_eta) / R_b with R_b the ions' resistance beside the electrons.
    const electronic = (1 - t) / t / ions;
    const seen = 1 / (1 + electronic * (ions + electrodes_Ohm_cm2));
    return [rig.truthOf('stack.voltage_V') / rig.truthOf('emf.nernst_V'), seen];
  });
  return row({
    id: 'emf.electrodes',
    model: 'moist H2 against moist air at 600 °C with electrodes of 0.1, 1 and 10 Ω cm²: voltage over Nernst',
    reference: 'equivalent circuit with the electrodes in series with the ions (Gorelov; Liu and Hu)',
    error: largest(pairs),
    tolerance: 0.001,
    unit: '1',
    basis: 'self-consistency, model only',
    note: `found (circuit): ${pairsText(pairs, 4)}`,
  });
}

/** Rows of the membrane with gas on both sides. */
export function emfRows(): Row[] {
  return [...formulaRows(), transportRow(), electrodesRow()];
}
