import { AC_DECLARED } from '../electrolyser/ac-side.ts';
import { AGEING_CLASSES, ageingDeclared } from '../parts/ageing-classes.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter } from '../parts/model.ts';
import type { AlkalineCurve } from './cell.ts';
import type { AlkalineSet } from './sets.ts';

/** Temperature at which the resistance is declared, degC. */
const AT_DEGC = 60;
const CM2_PER_M2 = 1e4;

/** What of an alkaline plant may be chosen, fitted or varied. */
export type AlkalineValues = Readonly<
  Record<
    | 'asr60_Ohm_cm2'
    | 'asrSlope_Ohm_cm2_per_K'
    | 'activationSlope_V'
    | 'kinetics_1'
    | 'doubleLayer_F_per_cm2'
    | 'koh_frac'
    | 'crossover_1'
    | 'diaphragm_nmol_per_s_cm2_bar'
    | 'supersaturation_bar_cm2_per_A'
    | 'carriedWithLoad_frac'
    | 'storedCharge_C_per_cm2'
    | 'reverse_mA_per_cm2'
    | 'restTail_V'
    | 'lyeFlow_mL_per_min_cm2'
    | 'lyeResidence_s'
    | 'gasVolume_L_per_kA'
    | 'heatCapacity_kJ_per_K_kW'
    | 'cooling_h'
    | 'ageing_uV_per_h'
    | 'ageingOhmicShare_frac'
    | 'ageingTransportShare_frac'
    | 'perStop_uV'
    | 'analyserDelay_s',
    number
  >
> & {
  /** Only for sets without a measured faradaic efficiency, which contains it. */
  readonly shuntLoss_frac?: number;
};

const ULLEBERG = 'Ulleberg, Int. J. Hydrogen Energy 28 (2003) 21: 26 kW, 625 kJ/K, 0.167 K/W';
const FIELD = 'pressure runs of a 160-cell field plant: 38..68 L at about 14 kA of cells';

/**
 * Of what the lye carries over at nominal load, the part that goes with the current: bubbles carried under and
 * supersaturated gas. With the diffusion beside it the content at 23 % of the load is 2.6 times that at full load.
 */
const CARRIED_WITH_LOAD_FRAC = 0.6;
const CARRIED_WITH_LOAD =
  'H2 in O2 over load of a 34-cell plant at 10 bar, 1.85 % at 399 A, 0.71 % at 1699 A: log published with ' +
  'Electrolyzer_static_and_dynamic_property (2021)';
const STOPS =
  '17 stops of a 34-cell plant: log published with Electrolyzer_static_and_dynamic_property (2021)';
const COOLING =
  'cooling of a 34-cell plant after a stop, 7.5 and 9.7 h on its two sides: log published with ' +
  'Electrolyzer_static_and_dynamic_property (2021)';

const SHUNT_LOSS = declare(
  'shuntLoss_frac',
  0.02,
  [0, 0.3],
  0.01,
  'recalled',
  'current lost to the common lye at nominal load; 1..5 % is usual',
);

/** Declared parameters of a set with their values there. */
export function alkalineDeclared(set: AlkalineSet): readonly DeclaredParameter[] {
  const { curve } = set;
  const u_V = curve.rmse_mV / 1000;
  const asr60 = (curve.r1_Ohm_m2 + AT_DEGC * curve.r2_Ohm_m2_per_K) * CM2_PER_M2;
  const { basis, source } = curve;
  return [
    declare('asr60_Ohm_cm2', asr60, [0.01, 3], 0.05 * asr60, basis, source),
    declare('asrSlope_Ohm_cm2_per_K', curve.r2_Ohm_m2_per_K * CM2_PER_M2, [-0.02, 0.005], 0, basis, source),
    declare('activationSlope_V', curve.slope_V, [0.03, 1], u_V, basis, source),
    declare('kinetics_1', 1, [0.05, 20], 0.1, basis, `factor on t1 + t2/t + t3/t2 of ${source}`),
    declare('doubleLayer_F_per_cm2', 0.1, [0.001, 10], 0.05, 'default', 'porous nickel; chosen here'),
    declare('koh_frac', set.koh_frac, [0.1, 0.45], 0.01, 'recalled', 'usual concentration of such stacks'),
    declare(
      'crossover_1',
      1,
      [0, 20],
      set.isPurityMeasured ? 0.1 : 0.5,
      set.isPurityMeasured ? 'sourced' : 'default',
      set.isPurityMeasured ? source : 'factor on diaphragm and lye mixing; chosen here',
    ),
    declare(
      'diaphragm_nmol_per_s_cm2_bar',
      0.032,
      [0, 10],
      0.016,
      'recalled',
      'Zirfon of 500 um in 30 wt% KOH, of the order found by Schalenbach et al., J. Electrochem. Soc. 163 (2016) F1480',
    ),
    declare(
      'supersaturation_bar_cm2_per_A',
      10,
      [0, 200],
      5,
      'default',
      'chosen here; that it matters: de Groot et al., Int. J. Hydrogen Energy 47 (2022) 34773',
    ),
    declare('carriedWithLoad_frac', CARRIED_WITH_LOAD_FRAC, [0, 0.95], 0.1, 'sourced', CARRIED_WITH_LOAD),
    ...(set.faradaic === undefined ? [SHUNT_LOSS] : []),
    declare(
      'lyeFlow_mL_per_min_cm2',
      set.lyeFlow_mL_per_min_cm2,
      [0.02, 20],
      0.25 * set.lyeFlow_mL_per_min_cm2,
      'default',
      'chosen here for some 10 K over the stack at nominal load',
    ),
    declare(
      'lyeResidence_s',
      300,
      [10, 7200],
      100,
      'default',
      'volume of the lye over its flow; chosen here',
    ),
    declare(
      'storedCharge_C_per_cm2',
      0.1,
      [1e-3, 30],
      0.05,
      'default',
      'nickel mesh 0.05..0.5, Raney nickel 1..20 (recalled); chosen here so that the voltage falls in 10..40 s',
    ),
    declare('reverse_mA_per_cm2', 5, [0.05, 100], 2, 'default', 'some percent of the nominal current'),
    declare('restTail_V', 0.23, [0, 1.2], 0.03, 'sourced', `of a cell of 34, 1 min after a stop; ${STOPS}`),
    declare('gasVolume_L_per_kA', 3.6, [0.2, 50], 0.7, 'sourced', FIELD),
    declare('heatCapacity_kJ_per_K_kW', 24, [1, 100], 5, 'recalled', ULLEBERG),
    declare('cooling_h', 8.6, [0.5, 200], 1.1, 'sourced', COOLING),
    ...ageingDeclared(AGEING_CLASSES.alkaline),
    declare('perStop_uV', 20, [0, 2000], 20, 'default', 'reverse current after a stop; chosen here'),
    declare('analyserDelay_s', 20, [1, 300], 5, 'recalled', 'sample lines take 5..60 s'),
    ...AC_DECLARED,
  ];
}

/** The curve with the chosen resistance, slope and kinetics. */
export function alkalineCurveOf(set: AlkalineSet, values: AlkalineValues): AlkalineCurve {
  const { curve } = set;
  const r2_Ohm_m2_per_K = values.asrSlope_Ohm_cm2_per_K / CM2_PER_M2;
  return {
    r1_Ohm_m2: values.asr60_Ohm_cm2 / CM2_PER_M2 - AT_DEGC * r2_Ohm_m2_per_K,
    r2_Ohm_m2_per_K,
    d2_Ohm_m2_per_bar: curve.d2_Ohm_m2_per_bar,
    slope_V: values.activationSlope_V,
    t1_m2_per_A: curve.t1_m2_per_A * values.kinetics_1,
    t2: curve.t2 * values.kinetics_1,
    t3: curve.t3 * values.kinetics_1,
  };
}
