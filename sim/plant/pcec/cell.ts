import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';

/**
 * A proton-ceramic cell: protons carry the useful current, electron holes (from oxygen and steam at the anode) leak
 * through the same membrane and make no H2. Steady and one-dimensional, after Vollestad et al., Nature Materials 18
 * (2019) 752: i_H = sigma_H dphi/dx, i_e = sigma_e(E) dpi/dx, E = pi - phi, with
 * sigma_e = sigma_p exp(f (E - E0)) + sigma_n exp(-f E). Currents in A/cm2, positive in electrolysis.
 */
export interface ProtonicMembrane {
  readonly thickness_cm: number;
  /** Anode: R_ct = prefactor exp(Ea / R T) (p_O2 / bar)^-0.2, Ohm cm2; Butler-Volmer with limits, A/cm2. */
  readonly anodePrefactor_Ohm_cm2: number;
  readonly anodeActivation_J_per_mol: number;
  readonly anodeSymmetry: number;
  readonly anodeLimitForward_A_per_cm2: number;
  readonly anodeLimitBackward_A_per_cm2: number;
  readonly cathode_Ohm_cm2: number;
  /** Hydration of the oxide. */
  readonly hydrationEntropy_J_per_mol_K: number;
  readonly hydrationEnthalpy_J_per_mol: number;
  readonly acceptor: number;
  readonly protonActivation_J_per_mol: number;
  readonly holePrefactor: number;
  readonly holeActivation_J_per_mol: number;
  readonly electron_S_per_cm: number;
  /** Mole fraction of steam in the anode feed; of O2 in the rest of it; of H2 in the cathode gas. */
  readonly steam_frac: number;
  readonly oxygen_frac: number;
  readonly cathodeH2_frac: number;
  /** Part of the steam that is taken up, at which the anode's gas is taken. */
  readonly utilisation_frac: number;
}

/** Tubular cell of 2019 with a 22 um membrane. Treat as one cell, not as the kind. */
export const VOLLESTAD_2019: ProtonicMembrane = {
  thickness_cm: 22e-4,
  anodePrefactor_Ohm_cm2: 12e-7,
  anodeActivation_J_per_mol: 85_000,
  anodeSymmetry: 0.4,
  anodeLimitForward_A_per_cm2: 2,
  anodeLimitBackward_A_per_cm2: 4,
  cathode_Ohm_cm2: 0.01,
  hydrationEntropy_J_per_mol_K: -119,
  hydrationEnthalpy_J_per_mol: -90_000,
  acceptor: 0.085,
  protonActivation_J_per_mol: 47_700,
  holePrefactor: 68,
  holeActivation_J_per_mol: 101_000,
  electron_S_per_cm: 1e-5,
  steam_frac: 0.5,
  oxygen_frac: 0.2,
  cathodeH2_frac: 0.9,
  utilisation_frac: 0.05,
};

/** Everything of the membrane that its temperature and pressure fix. */
export interface ProtonicPoint {
  /** F / R T, 1/V. */
  readonly f_per_V: number;
  readonly proton_S_per_cm: number;
  /** sigma_e = hole exp(f E) + electron exp(-f E). */
  readonly hole_S_per_cm: number;
  readonly electron_S_per_cm: number;
  readonly membrane_Ohm_cm2: number;
  readonly anode_Ohm_cm2: number;
  /** Potentials of the electrodes at rest; their difference is the voltage without leakage, V. */
  readonly anodeRest_V: number;
  readonly cathodeRest_V: number;
}

/** Protons per formula unit at a hydration constant k (equilibrium with steam), 0..acceptor. */
function protons(k: number, y: number): number {
  return (3 * k - Math.sqrt(k * (9 * k - 6 * k * y + k * y * y + 24 * y - 4 * y * y))) / (k - 4);
}

/** The membrane between a steam side and an H2 side at one total pressure, bar absolute. */
export function protonicPoint(
  m: ProtonicMembrane,
  temperature_K: number,
  pressure_bara: number,
): ProtonicPoint {
  const rt = GAS_CONSTANT_J_PER_MOL_K * temperature_K;
  const hydration = Math.exp(
    m.hydrationEntropy_J_per_mol_K / GAS_CONSTANT_J_PER_MOL_K - m.hydrationEnthalpy_J_per_mol / rt,
  );
  const steamIn_bar = m.steam_frac * pressure_bara;
  const steam_bar = steamIn_bar * (1 - m.utilisation_frac);
  const oxygen_bar =
    m.oxygen_frac * (1 - m.steam_frac) * pressure_bara + (m.utilisation_frac * steamIn_bar) / 2;
  // Hydration at the anode and, with 5 % steam, at the cathode; the mean carries the protons.
  const anodeProtons = protons(hydration * steam_bar, m.acceptor);
  const cathodeProtons = protons(hydration * 0.05 * pressure_bara, m.acceptor);
  const diffusivity = ((0.023 * 38.1) / temperature_K) * Math.exp(-m.protonActivation_J_per_mol / rt);
  const proton_S_per_cm = (FARADAY_C_PER_MOL * diffusivity * (anodeProtons + cathodeProtons)) / 2;
  const vacancies = m.acceptor - protons(hydration, m.acceptor);
  const holeAtStandard_S_per_cm =
    (FARADAY_C_PER_MOL / temperature_K) *
    Math.sqrt(vacancies / 2) *
    m.holePrefactor *
    Math.exp(-m.holeActivation_J_per_mol / rt);
  const standard_V = 1.253 - 2.4516e-4 * temperature_K;
  const f_per_V = FARADAY_C_PER_MOL / rt;
  return {
    f_per_V,
    proton_S_per_cm,
    hole_S_per_cm: holeAtStandard_S_per_cm * Math.exp(-f_per_V * standard_V),
    electron_S_per_cm: m.electron_S_per_cm,
    membrane_Ohm_cm2: m.thickness_cm / proton_S_per_cm,
    anode_Ohm_cm2: m.anodePrefactor_Ohm_cm2 * Math.exp(m.anodeActivation_J_per_mol / rt) * oxygen_bar ** -0.2,
    anodeRest_V: standard_V - Math.log(steam_bar / Math.sqrt(oxygen_bar)) / (2 * f_per_V),
    cathodeRest_V: -Math.log(m.cathodeH2_frac * pressure_bara) / (2 * f_per_V),
  };
}

/** Overvoltage of the anode, V, at a proton current inside its limits (beyond: that of 99.9 % of the limit). */
export function protonicAnode_V(m: ProtonicMembrane, point: ProtonicPoint, proton_A_per_cm2: number): number {
  const { f_per_V } = point;
  const exchange = 1 / (point.anode_Ohm_cm2 * f_per_V);
  const most = 0.999 * m.anodeLimitForward_A_per_cm2;
  const i = Math.min(most, Math.max(-0.999 * m.anodeLimitBackward_A_per_cm2, proton_A_per_cm2));
  // Rising in the overvoltage, so bisection finds it; the range covers the limits at 300 degC.
  let low = -2;
  let high = 2;
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    const forward = exchange * Math.exp((1 - m.anodeSymmetry) * f_per_V * middle);
    const backward = exchange * Math.exp(-m.anodeSymmetry * f_per_V * middle);
    const current =
      (forward - backward) /
      (1 + backward / m.anodeLimitBackward_A_per_cm2 + forward / m.anodeLimitForward_A_per_cm2);
    if (current < i) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** What the cell does at one proton current. */
export interface ProtonicState {
  readonly voltage_V: number;
  /** Electronic leakage from anode to cathode, A/cm2; makes no H2. */
  readonly leakage_A_per_cm2: number;
}

/**
 * Voltage and leakage of the cell at a proton current. The membrane's equations have a closed solution:
 * with u = exp(f E) and a = i_H / sigma_H, f V = (i_e / D) ln[(ua - u1)(u2 - uc) / ((u2 - ua)(uc - u1))], where u1, u2
 * are the roots of a P u2 - i_e u + a N and D the root of i_e2 - 4 a2 P N; it falls with i_e for protons that go forward and
 * rises for those that go back, so bisection ends.
 */
export function protonicState(
  m: ProtonicMembrane,
  point: ProtonicPoint,
  proton_A_per_cm2: number,
): ProtonicState {
  const { f_per_V, hole_S_per_cm: hole, electron_S_per_cm: electron } = point;
  const anode_V = point.anodeRest_V + protonicAnode_V(m, point, proton_A_per_cm2);
  const cathode_V = point.cathodeRest_V - m.cathode_Ohm_cm2 * proton_A_per_cm2;
  const voltage_V = anode_V - cathode_V + point.membrane_Ohm_cm2 * proton_A_per_cm2;
  const ua = Math.exp(f_per_V * anode_V);
  const uc = Math.exp(f_per_V * cathode_V);
  const a = proton_A_per_cm2 / point.proton_S_per_cm;
  // Without proton current the electrons see the integral of their conductivity.
  const still_A_per_cm2 = (hole * (ua - uc) + electron * (1 / uc - 1 / ua)) / (f_per_V * m.thickness_cm);
  if (Math.abs(a) * m.thickness_cm * f_per_V < 1e-6) return { voltage_V, leakage_A_per_cm2: still_A_per_cm2 };
  // Below `least` the electrons could not flow towards the cathode everywhere.
  const least =
    a > 0
      ? a * Math.max(hole * ua + electron / ua, hole * uc + electron / uc)
      : -2 * a * Math.sqrt(hole * electron);
  let low = Math.log(Math.max(least, 1e-30) * 1e-14);
  let high = Math.log(least + still_A_per_cm2 + Math.abs(proton_A_per_cm2)) + 2;
  for (let k = 0; k < 42; k++) {
    const middle = (low + high) / 2;
    const above = closedVoltage_1(least + Math.exp(middle), a, hole, electron, ua, uc) - f_per_V * voltage_V;
    if (above > 0 === a > 0) low = middle;
    else high = middle;
  }
  return { voltage_V, leakage_A_per_cm2: least + Math.exp((low + high) / 2) };
}

/** f V that a leakage i_e belongs to; see `protonicState`. */
function closedVoltage_1(
  leakage: number,
  a: number,
  hole: number,
  electron: number,
  ua: number,
  uc: number,
): number {
  const root = Math.sqrt(Math.max(0, leakage * leakage - 4 * a * a * hole * electron));
  const u1 = (2 * a * electron) / (leakage + root);
  const u2 = (leakage + root) / (2 * a * hole);
  const ratio = ((ua - u1) / (uc - u1)) * ((u2 - uc) / (u2 - ua));
  return ratio > 0 ? (leakage / root) * Math.log(ratio) : Number.POSITIVE_INFINITY;
}

/** Leakage at open circuit, A/cm2: as many protons go back as holes come through; and the voltage there. */
export function protonicOpenCircuit(m: ProtonicMembrane, point: ProtonicPoint): ProtonicState {
  // Protons that go back lower the voltage, so the leakage is less than without them.
  let low = -protonicState(m, point, 0).leakage_A_per_cm2;
  let high = 0;
  for (let k = 0; k < 24; k++) {
    const middle = (low + high) / 2;
    if (middle + protonicState(m, point, middle).leakage_A_per_cm2 < 0) low = middle;
    else high = middle;
  }
  return protonicState(m, point, high);
}
