import { risingRoot } from '../cell/root.ts';
import { type EmfChamber, feedOf, flush, gasOf_mol, total_mol } from '../emf/chamber.ts';
import { AMBIENT_BARA, FARADAY_C_PER_MOL, MOLAR_VOLUME_NL_PER_MOL, ZERO_DEGC_K } from '../parts/constants.ts';
import { declare, declaredValues } from '../parts/declared.ts';
import { gridRig } from '../parts/grid-rig.ts';
import type { DeclaredParameter, PlantModel, PlantRig, PlantSubject } from '../parts/model.ts';
import { analog, type PlantRandom } from '../parts/sensors.ts';
import { saturationPressure_bar } from '../pem/cell.ts';
import {
  type FuelGas,
  type ReversiblePem,
  reversibleCell_V,
  reversibleHeat_W_per_cm2,
  transfer_Ohm_cm2,
  transport_Ohm_cm2,
} from './cell.ts';

const SET = 'neyerlin-class';
const NEYERLIN = 'Neyerlin et al., J. Electrochem. Soc. 153 (2006) A1955 and what followed';
const CHOSEN = 'chosen here';

const DECLARED: readonly DeclaredParameter[] = [
  declare('reduction_nA_per_cm2Pt', 24.7, [0.01, 1e5], 8, 'recalled', NEYERLIN),
  declare('roughness_1', 240, [1, 2000], 40, 'recalled', '0.4 mg Pt/cm2 of 60 m2/g'),
  declare('oxygenOrder_1', 0.54, [0, 2], 0.03, 'recalled', NEYERLIN),
  declare('reduction_kJ_per_mol', 67, [0, 150], 2, 'recalled', NEYERLIN),
  declare('crossover_mA_per_cm2', 2, [0.01, 100], 0.5, 'recalled', 'thin membranes, H2 at ambient pressure'),
  declare(
    'resistance_mOhm_cm2',
    60,
    [1, 1000],
    8,
    'recalled',
    '25 um membrane and contacts, 50..70 mOhm cm2',
  ),
  declare('limit_A_per_cm2', 2, [0.05, 20], 0.4, 'recalled', 'air, 1.5..2.5 A/cm2'),
  declare(
    'evolution_uA_per_cm2',
    0.3,
    [1e-6, 1e3],
    0.3,
    'default',
    'so that 0.5 A/cm2 take 1.6..1.7 V in electrolysis',
  ),
  declare('evolution_kJ_per_mol', 50, [0, 150], 10, 'default', CHOSEN),
  declare('doubleLayer_mF_per_cm2', 30, [0.01, 1e4], 10, 'default', CHOSEN),
  declare('chamber_mL', 20, [0.1, 1e5], 2, 'default', `gas space of a side and cell; ${CHOSEN}`),
  declare('heat_J_per_K_cm2', 4, [0.01, 1e4], 1, 'default', `plates of a cell per active area; ${CHOSEN}`),
  declare('coolant_W_per_K_cm2', 0.05, [0, 100], 0.02, 'default', `stack against its coolant; ${CHOSEN}`),
  declare('start_degC', 70, [1, 95], 0, 'default', 'stack and coolant at the start'),
];

const ACTUATORS = [
  'stack.currentSet_A',
  'stack.voltageSet_V',
  'stack.outputSet_on',
  'stack.temperatureSet_degC',
  'stack.pressureSet_barg',
  'h2.flowSet_NL_per_min',
  'air.flowSet_NL_per_min',
  'air.oxygenSet_pct',
] as const;
const DISTURBANCES = ['h2.lost_on', 'air.lost_on'] as const;
/** Where such cells are measured as fuel cells; of electrolysis the set has no data at all. */
const VALID = { degC: [50, 90], mostBara: 2.6, leastDensity: 0.005 } as const;
const NEAR_K = 2;
const [COLDEST_DEGC, HOTTEST_DEGC] = [0, 98] as const;
/** A supply and load that lets no cell be turned round. */
const LEAST_CELL_V = 0;
const MOST_DENSITY = 100;
const NOTHING = { h2: 0, o2: 0, steam: 0, inert: 0 } as const;

function fuelCellRig(
  v: Readonly<Record<string, number>>,
  subject: PlantSubject,
  random: PlantRandom,
): PlantRig {
  const p: ReversiblePem = {
    reduction_A_per_cm2Pt: v['reduction_nA_per_cm2Pt'] * 1e-9,
    roughness_1: v['roughness_1'],
    oxygenOrder_1: v['oxygenOrder_1'],
    reductionActivation_J_per_mol: 1000 * v['reduction_kJ_per_mol'],
    evolution_A_per_cm2: v['evolution_uA_per_cm2'] * 1e-6,
    evolutionActivation_J_per_mol: 1000 * v['evolution_kJ_per_mol'],
    crossover_A_per_cm2: v['crossover_mA_per_cm2'] / 1000,
    resistance_Ohm_cm2: v['resistance_mOhm_cm2'] / 1000,
    limit_A_per_cm2: v['limit_A_per_cm2'],
  };
  const { cells, activeArea_cm2: area_cm2 } = subject;
  const chamber_L = (v['chamber_mL'] / 1000) * cells;
  const start_mol = gasOf_mol(chamber_L, 0.8, v['start_degC'] + ZERO_DEGC_K);
  const none = (): EmfChamber => ({ h2: 0, o2: 0, steam: 0, inert: 0 });
  /** Plain data: gases without their vapour, what came in and left, what was made and used. */
  const s = {
    h2Side: { ...none(), inert: start_mol },
    airSide: { ...none(), o2: 0.21 * start_mol, inert: 0.79 * start_mol },
    fed: none(),
    out: none(),
    temperature_degC: v['start_degC'],
    density: 0,
    cell_V: 0,
    heat_J: 0,
    used_h2: 0,
    used_o2: 0,
    starved_on: 0,
    pressure_bara: AMBIENT_BARA,
  };
  let isOn = false;
  const flow = { h2: 0, air: 0 };

  function gases(): FuelGas {
    const kelvin = s.temperature_degC + ZERO_DEGC_K;
    const dry_bar = Math.max(0.01, s.pressure_bara - saturationPressure_bar(kelvin));
    const part = (c: EmfChamber, amount: number): number =>
      (dry_bar * amount) / Math.max(1e-30, total_mol(c));
    return { h2_bar: part(s.h2Side, s.h2Side.h2), o2_bar: part(s.airSide, s.airSide.o2) };
  }

  let limit_V = 0;
  let gas = gases();
  const overLimit = (density: number): number =>
    reversibleCell_V(p, density, gas, s.temperature_degC + ZERO_DEGC_K) - limit_V;

  /** Density that the supply drives or draws, A/cm2: its voltage limit holds in electrolysis, 0 V in a fuel cell. */
  function held(asked: number, voltageMax_V: number): number {
    limit_V = asked > 0 ? voltageMax_V / cells : LEAST_CELL_V;
    if (asked > 0) return overLimit(0) >= 0 ? 0 : risingRoot(overLimit, asked, 0.01, 0, asked, 1e-9);
    return overLimit(0) <= 0 ? 0 : risingRoot(overLimit, asked, 0.01, asked, 0, 1e-9);
  }

  /** Density that the gas in the stack can carry for a step, A/cm2; beyond it the load takes the cells down to 0 V. */
  const most = (dt_s: number): number =>
    (Math.min(s.h2Side.h2, 2 * s.airSide.o2) * 2 * FARADAY_C_PER_MOL) / (area_cm2 * cells * dt_s);

  /** Moves gas for the charge of a step, all cells. Crossover burns. */
  function react(dt_s: number): void {
    const charge_C = s.density * area_cm2 * cells * dt_s;
    const asked = charge_C / (2 * FARADAY_C_PER_MOL);
    const moved = asked >= 0 ? asked : -Math.min(-asked, s.h2Side.h2, 2 * s.airSide.o2);
    s.h2Side.h2 += moved;
    s.airSide.o2 += moved / 2;
    const through = (p.crossover_A_per_cm2 * area_cm2 * cells * dt_s) / (2 * FARADAY_C_PER_MOL);
    const burnt = Math.min(through, s.h2Side.h2, 2 * s.airSide.o2);
    s.h2Side.h2 -= burnt;
    s.airSide.o2 -= burnt / 2;
    s.used_h2 += burnt - moved;
    s.used_o2 += (burnt - moved) / 2;
  }

  function feed(side: EmfChamber, nl_per_min: number, h2: number, o2: number, dt_s: number): void {
    const into = feedOf(nl_per_min / 60 / MOLAR_VOLUME_NL_PER_MOL, 0, h2, o2);
    for (const key of ['h2', 'o2', 'inert'] as const) {
      side[key] += into[key] * dt_s;
      s.fed[key] += into[key] * dt_s;
    }
  }

  const isOutside = (): number => {
    const isLoaded = Math.abs(s.density) > VALID.leastDensity;
    const isCold = s.temperature_degC < VALID.degC[0] - NEAR_K || s.temperature_degC > VALID.degC[1] + NEAR_K;
    const isElectrolysis = s.density > VALID.leastDensity;
    const isBeyond = isElectrolysis || isCold || s.pressure_bara > VALID.mostBara;
    return (isLoaded && isBeyond) || s.starved_on > 0 ? 1 : 0;
  };
  const current_A = (): number => s.density * area_cm2;
  const heat_W = (): number => {
    const burnt_A = p.crossover_A_per_cm2 * (s.h2Side.h2 > 0 && s.airSide.o2 > 0 ? 1 : 0);
    return cells * area_cm2 * (reversibleHeat_W_per_cm2(s.density, s.cell_V) + 1.4813 * burnt_A);
  };
  const flowSensor = (name: string) => analog(name, 0.01, 0.005, 0.002, 1000, 0);
  const exact = (name: string) => analog(name, 0, 0, 0, 0);
  const nominal_A = subject.currentNominal_A;

  return gridRig({
    step_s: 1,
    sensors: [
      [analog('stack.voltage_V', 0.001 * cells, 2e-4, 2e-4 * cells, 10_000), () => s.cell_V * cells],
      [analog('stack.current_A', 1e-3 * nominal_A, 1e-3, 1e-4 * nominal_A, 1e4), current_A],
      [exact('stack.power_W'), () => s.cell_V * cells * current_A()],
      [exact('stack.output_on'), () => (isOn ? 1 : 0)],
      [analog('stack.temperature_degC', 0.2, 0, 0.02, 100), () => s.temperature_degC],
      [analog('stack.pressure_barg', 0.01, 1e-3, 1e-3, 1000), () => s.pressure_bara - AMBIENT_BARA],
      [flowSensor('h2.flow_NL_per_min'), () => flow.h2],
      [flowSensor('air.flow_NL_per_min'), () => flow.air],
      [exact('outsideValidity_on'), isOutside],
    ],
    actuators: ACTUATORS.map(role => {
      const start: Readonly<Record<string, number>> = {
        'stack.voltageSet_V': 2 * cells,
        'stack.temperatureSet_degC': v['start_degC'],
        'air.oxygenSet_pct': 21,
      };
      return [role, start[role] ?? 0] as const;
    }),
    disturbances: DISTURBANCES,
    truths: {
      current_A,
      temperature_degC: () => s.temperature_degC,
      cellVoltage_V: () => s.cell_V,
      'stack.voltage_V': () => s.cell_V * cells,
      'stack.heat_W': heat_W,
      'heat.made_J': () => s.heat_J,
      'h2.pressure_bar': () => gases().h2_bar,
      'o2.pressure_bar': () => gases().o2_bar,
      'stack.starved_on': () => s.starved_on,
      'fed.h2_mol': () => s.fed.h2,
      'out.h2_mol': () => s.out.h2,
      'inside.h2_mol': () => s.h2Side.h2,
      'used.h2_mol': () => s.used_h2,
      'fed.o2_mol': () => s.fed.o2,
      'out.o2_mol': () => s.out.o2,
      'inside.o2_mol': () => s.airSide.o2,
      'used.o2_mol': () => s.used_o2,
      'validity.low_degC': () => VALID.degC[0],
      'validity.high_degC': () => VALID.degC[1],
    },
    step(set, disturbed, dt_s) {
      isOn = set[2] >= 0.5;
      flow.h2 = disturbed[0] >= 0.5 ? 0 : Math.min(1e5, Math.max(0, set[5]));
      flow.air = disturbed[1] >= 0.5 ? 0 : Math.min(1e5, Math.max(0, set[6]));
      s.pressure_bara = AMBIENT_BARA + Math.min(30, Math.max(0, set[4]));
      const kelvin = s.temperature_degC + ZERO_DEGC_K;
      const dry_bar = Math.max(0.01, s.pressure_bara - saturationPressure_bar(kelvin));
      const end_mol = gasOf_mol(chamber_L, dry_bar, kelvin);
      // Gas as it leaves the stirred sides is what the electrodes see; what comes in during the step can be used in it.
      gas = gases();
      feed(s.h2Side, flow.h2, 1, 0, dt_s);
      feed(s.airSide, flow.air, 0, set[7] / 100, dt_s);
      const asked = isOn ? Math.max(-MOST_DENSITY, Math.min(MOST_DENSITY, set[0] / area_cm2)) : 0;
      const drawn = asked === 0 ? 0 : held(asked, set[1]);
      s.density = Math.max(drawn, -most(dt_s));
      s.starved_on = s.density > drawn ? 1 : 0;
      s.cell_V = s.starved_on > 0 ? LEAST_CELL_V : reversibleCell_V(p, s.density, gas, kelvin);
      react(dt_s);
      flush(s.h2Side, NOTHING, end_mol, dt_s, s.out);
      flush(s.airSide, NOTHING, end_mol, dt_s, s.out);
      const made_W = heat_W();
      s.heat_J += made_W * dt_s;
      // Exact for heat that holds through the step; never so hot that its water boils.
      const coolant_W_per_K = v['coolant_W_per_K_cm2'] * area_cm2 * cells;
      const heat_J_per_K = v['heat_J_per_K_cm2'] * area_cm2 * cells;
      const x = (coolant_W_per_K * dt_s) / heat_J_per_K;
      const fades = x > 1e-12 ? -Math.expm1(-x) / x : 1;
      const pull_W = coolant_W_per_K * (set[3] - s.temperature_degC) + made_W;
      s.temperature_degC = Math.min(
        HOTTEST_DEGC,
        Math.max(COLDEST_DEGC, s.temperature_degC + (pull_W * dt_s * fades) / heat_J_per_K),
      );
    },
    impedance(frequencies_Hz) {
      const kelvin = s.temperature_degC + ZERO_DEGC_K;
      const transfer = transfer_Ohm_cm2(p, s.density, gas, kelvin);
      const transport = transport_Ohm_cm2(p, s.density, gas, kelvin);
      const tau_s = (transfer * v['doubleLayer_mF_per_cm2']) / 1000;
      const re_Ohm = new Float64Array(frequencies_Hz.length);
      const im_Ohm = new Float64Array(frequencies_Hz.length);
      frequencies_Hz.forEach((f, i) => {
        const x = 2 * Math.PI * f * tau_s;
        const arc = (transfer + transport) / (1 + x * x);
        re_Ohm[i] = (cells * (p.resistance_Ohm_cm2 + arc)) / area_cm2;
        im_Ohm[i] = (-cells * arc * x) / area_cm2;
      });
      return { re_Ohm, im_Ohm };
    },
    random,
  });
}

function declaredOf(set: string): readonly DeclaredParameter[] {
  if (set !== SET) throw new RangeError(`pem-fc: no set "${set}", expected ${SET}`);
  return DECLARED;
}

/** PEM cells as a fuel cell, and back. */
export const PEM_FC_MODEL: PlantModel = {
  name: 'pem-fc',
  kind: 'stack',
  about:
    'PEM stack as a fuel cell (negative current: H2 and O2 used, heat made, voltage below open circuit) and, by the same ' +
    'equations, as an electrolyser (positive current). Oxygen kinetics, crossover, resistance, transport limit; stirred ' +
    'gas sides fed with H2 and air, heat against a coolant. Every figure RECALLED or chosen here. Of electrolysis the set ' +
    'has no data: outsideValidity_on is 1 there. Not modelled: humidity of the membrane (fully wet), flooding, starvation ' +
    'of single cells, drying between the two ways, ageing; the double layer counts in the spectrum only.',
  sets: [SET],
  parameters: declaredOf,
  create({ set, parameters, subject, random }) {
    const values = declaredValues(declaredOf(set), parameters);
    if (!(subject.activeArea_cm2 > 0))
      throw new RangeError(`pem-fc: active area ${subject.activeArea_cm2} cm2, expected more than 0`);
    return fuelCellRig(values, subject, random);
  },
};
