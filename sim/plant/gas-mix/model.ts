import { ANALYSER, type AnalyserParameters, analyser, stepAnalyser } from '../parts/analyser.ts';
import { AMBIENT_BARA, ZERO_DEGC_K } from '../parts/constants.ts';
import { declare, declaredValues } from '../parts/declared.ts';
import { gridRig, noImpedance } from '../parts/grid-rig.ts';
import type { DeclaredParameter, PlantModel, PlantRig } from '../parts/model.ts';
import { analog, type PlantRandom } from '../parts/sensors.ts';
import { type FlammableLimits, isFlammable, leastOxygen_vol_pct, lowerLimit_vol_pct } from './flammable.ts';
import { type MixVessel, mixed_mol, mixStart, part_vol_pct, stepMix } from './vessel.ts';

const SET = 'h2-o2-n2';
const CHOSEN = 'a stirred laboratory vessel; chosen here';
const LIMITS = 'upward propagation at 25 degC and 1 bar: H2 4.0..75 % in air, 4.0..94 % in O2';
const OXYGEN =
  'limiting oxygen of H2, air and N2: 5.0 % in tubes, 4.6 % in a 120 L sphere (Zlochower, Green, J. Loss Prev. Process Ind. 22 (2009))';
const WARM = 'lower limit in air 3.9, 3.4, 2.9, 2.1, 1.5 % at 20, 100, 200, 300, 400 degC';

const DECLARED: readonly DeclaredParameter[] = [
  declare('volume_L', 10, [0.01, 1e5], 0.1, 'default', CHOSEN),
  declare('h2Max_NL_per_min', 20, [0.01, 1e5], 0, 'default', CHOSEN),
  declare('o2Max_NL_per_min', 20, [0.01, 1e5], 0, 'default', CHOSEN),
  declare('n2Max_NL_per_min', 50, [0.01, 1e5], 0, 'default', CHOSEN),
  declare('flowLag_s', 1, [0.01, 60], 0.3, 'default', `thermal mass-flow controllers; ${CHOSEN}`),
  declare('outlet_mmol_per_s_bar', 100, [0.001, 1e6], 20, 'default', CHOSEN),
  declare('relief_barg', 0.5, [0.01, 100], 0.02, 'default', CHOSEN),
  declare('lineDelay_s', ANALYSER.lineDelay_s, [1, 300], 2, 'recalled', '5..60 s are usual for sample lines'),
  declare(
    'analyser_s',
    ANALYSER.t90_s,
    [0.1, 120],
    1,
    'sourced',
    't90 of a thermal conductivity cell: Variotec 460 manual',
  ),
  declare('start_degC', 25, [-20, 200], 0, 'default', 'vessel at the start'),
  declare('lower_vol_pct', 4, [0.5, 10], 0.1, 'recalled', LIMITS),
  declare('upperAir_vol_pct', 75, [50, 90], 1, 'recalled', LIMITS),
  declare('upperOxygen_vol_pct', 94, [80, 99], 1, 'recalled', LIMITS),
  declare('leastOxygen_vol_pct', 4.6, [1, 10], 0.3, 'recalled', OXYGEN),
  declare('lowerFalls_per_K', 0.0016, [0, 0.005], 2e-4, 'recalled', WARM),
];

const ACTUATORS = [
  'h2.flowSet_NL_per_min',
  'o2.flowSet_NL_per_min',
  'n2.flowSet_NL_per_min',
  'mix.pressureSet_barg',
  'mix.temperatureSet_degC',
] as const;
const DISTURBANCES = [
  'h2.leak_NL_per_min',
  'n2.lost_on',
  'mix.outletBlocked_pct',
  'analyser.lineBlocked_on',
  'room.temperatureRise_K',
] as const;
const STEP_S = 1;
const JACKET_LAG_S = 300;
const [COLDEST_DEGC, HOTTEST_DEGC] = [-90, 400] as const;
/** Limits are those of ambient pressure; above 400 degC nothing is known, and H2 ignites by itself near 560. */
const VALID = { degC: [0, 400], mostBara: 1.6 } as const;
const SAME_S = 1e-9;

function mixRig(v: Readonly<Record<string, number>>, random: PlantRandom): PlantRig {
  const p: MixVessel = {
    volume_L: v['volume_L'],
    h2Max_NL_per_min: v['h2Max_NL_per_min'],
    o2Max_NL_per_min: v['o2Max_NL_per_min'],
    n2Max_NL_per_min: v['n2Max_NL_per_min'],
    flowLag_s: v['flowLag_s'],
    outlet_mol_per_s_bar: v['outlet_mmol_per_s_bar'] / 1000,
    relief_bara: v['relief_barg'] + AMBIENT_BARA,
  };
  const limits: FlammableLimits = {
    lower_vol_pct: v['lower_vol_pct'],
    upperAir_vol_pct: v['upperAir_vol_pct'],
    upperOxygen_vol_pct: v['upperOxygen_vol_pct'],
    leastOxygen_vol_pct: v['leastOxygen_vol_pct'],
    lowerFalls_per_K: v['lowerFalls_per_K'],
  };
  const response: AnalyserParameters = { lineDelay_s: v['lineDelay_s'], t90_s: v['analyser_s'] };
  let temperature_degC = v['start_degC'];
  let jacket_degC = temperature_degC;
  const state = mixStart(p, temperature_degC + ZERO_DEGC_K);
  const h2 = (): number => part_vol_pct(state.gas, 'h2');
  const o2 = (): number => part_vol_pct(state.gas, 'o2');
  const shown = {
    h2: analyser(response, STEP_S, h2()),
    o2: analyser(response, STEP_S, o2()),
    sinceSlot_s: 0,
  };
  const burns = (): number => (isFlammable(limits, h2(), o2(), temperature_degC) ? 1 : 0);
  const flow = (name: string, most: number) => analog(name, 0.005 * most, 0.005, 5e-4 * most, 1000, 0);
  const content = (name: string) => analog(name, 0.05, 0.01, 0.01, 1000, 0, 0.1);
  const exact = (name: string) => analog(name, 0, 0, 0, 0);

  return gridRig({
    step_s: STEP_S,
    sensors: [
      [flow('h2.flow_NL_per_min', p.h2Max_NL_per_min), () => state.flow.h2],
      [flow('o2.flow_NL_per_min', p.o2Max_NL_per_min), () => state.flow.o2],
      [flow('n2.flow_NL_per_min', p.n2Max_NL_per_min), () => state.flow.n2],
      [content('mix.h2_vol_pct'), () => shown.h2.shown_vol_pct],
      [content('mix.o2_vol_pct'), () => shown.o2.shown_vol_pct],
      [analog('mix.pressure_barg', 0.005, 5e-4, 2e-4, 10_000), () => state.pressure_bara - AMBIENT_BARA],
      [analog('mix.pressure_bara', 0.005, 5e-4, 2e-4, 10_000), () => state.pressure_bara],
      [analog('mix.temperature_degC', 0.2, 0, 0.02, 100), () => temperature_degC],
      // Of the twin alone: no instrument measures them, a limit of a rehearsal can use them.
      [exact('mix.flammable_on'), burns],
      [
        exact('mix.outsideValidity_on'),
        () =>
          state.pressure_bara > VALID.mostBara ||
          temperature_degC < VALID.degC[0] ||
          temperature_degC > VALID.degC[1]
            ? 1
            : 0,
      ],
    ],
    actuators: ACTUATORS.map(
      role => [role, role === 'mix.temperatureSet_degC' ? v['start_degC'] : 0] as const,
    ),
    disturbances: DISTURBANCES,
    truths: {
      'mix.h2_vol_pct': h2,
      'mix.o2_vol_pct': o2,
      'mix.n2_vol_pct': () => part_vol_pct(state.gas, 'n2'),
      'mix.pressure_bara': () => state.pressure_bara,
      'mix.temperature_degC': () => temperature_degC,
      'mix.flammable_on': burns,
      'mix.lowerLimit_vol_pct': () => lowerLimit_vol_pct(limits, temperature_degC),
      'mix.leastOxygen_vol_pct': () => leastOxygen_vol_pct(limits, h2()),
      'mix.inside_mol': () => mixed_mol(state.gas),
      ...Object.fromEntries(
        (['h2', 'o2', 'n2'] as const).flatMap(gas => [
          [`fed.${gas}_mol`, () => state.fed[gas]],
          [`out.${gas}_mol`, () => state.out[gas]],
          [`inside.${gas}_mol`, () => state.gas[gas]],
        ]),
      ),
    },
    step(set, disturbed, dt_s) {
      const most_K = dt_s;
      const wish_K = (set[4] - jacket_degC) * -Math.expm1(-dt_s / JACKET_LAG_S);
      jacket_degC += Math.max(-most_K, Math.min(most_K, wish_K));
      jacket_degC = Math.min(HOTTEST_DEGC, Math.max(COLDEST_DEGC, jacket_degC));
      temperature_degC = Math.min(HOTTEST_DEGC, Math.max(COLDEST_DEGC, jacket_degC + disturbed[4]));
      stepMix(
        p,
        state,
        {
          h2Set_NL_per_min: set[0],
          o2Set_NL_per_min: set[1],
          n2Set_NL_per_min: set[2],
          pressureSet_bara: set[3] + AMBIENT_BARA,
          temperature_K: temperature_degC + ZERO_DEGC_K,
          h2Leak_NL_per_min: disturbed[0],
          isN2Lost: disturbed[1] >= 0.5,
          outletBlocked_frac: disturbed[2] / 100,
        },
        dt_s,
      );
      // A blocked line keeps the gas that it has.
      if (disturbed[3] >= 0.5) return;
      shown.sinceSlot_s += dt_s;
      const isSlot = shown.sinceSlot_s >= STEP_S - SAME_S;
      if (isSlot) shown.sinceSlot_s = 0;
      stepAnalyser(shown.h2, response, h2(), isSlot, dt_s);
      stepAnalyser(shown.o2, response, o2(), isSlot, dt_s);
    },
    impedance: () => noImpedance('gas-mix'),
    random,
  });
}

function declaredOf(set: string): readonly DeclaredParameter[] {
  if (set !== SET) throw new RangeError(`gas-mix: no set "${set}", expected ${SET}`);
  return DECLARED;
}

/** H2, O2 and N2 mixed in a stirred vessel. */
export const GAS_MIX_MODEL: PlantModel = {
  name: 'gas-mix',
  kind: 'vessel',
  about:
    'H2, O2 and N2 by mass-flow controllers into a stirred vessel (full of air at the start), outlet that holds a ' +
    'pressure, relief valve, analysers behind a sample line; says whether the true mixture burns, by RECALLED limits at ' +
    'ambient pressure (lower limit over temperature, upper limits in air and O2, limiting oxygen). For rehearsing ' +
    'inerting and interlocks, never for deciding what is safe. Not modelled: dead corners, ignition and what follows, ' +
    'other inerts than N2, water, limits under pressure, uptake by a culture.',
  sets: [SET],
  parameters: declaredOf,
  create({ set, parameters, random }) {
    return mixRig(declaredValues(declaredOf(set), parameters), random);
  },
};
