/** Vapour for each mol of H2: degC, bar(g) of the cathode (the anode at 1.013 bar), mol; from the saturation pressure. */
export const VAPOUR_PER_H2: readonly (readonly [degC: number, barg: number, mol: number])[] = [
  [60, 0, 0.368],
  [60, 30, 0.129],
  [80, 0, 1.32],
  [80, 30, 0.455],
];

/** Nafion with 22 water per acid group at 60 degC: thickness in um, resistance in mOhm cm2. */
export const NAFION_60_MOHM_CM2: readonly (readonly [um: number, mOhm_cm2: number])[] = [
  [50, 31],
  [125, 78],
  [178, 111],
];

/** Stack voltage after a stop: s, V. 34 cells, 10 bar, 1700 A before; the meter's offset is up to 1 V. */
export const STOP_34: readonly (readonly [at_s: number, volts: number])[] = [
  [40, 8.9],
  [150, 5.2],
  [420, 3.6],
];

/** 160 cells: 13..15 V after a minute, 3..5 V after a quarter of an hour. */
export const STOP_160: readonly (readonly [at_s: number, volts: number])[] = [
  [60, 14],
  [900, 4],
];

/** Of the H2 crossover through Nafion 117 at 1 A/cm2, 1 bar, 60 degC. */
export const SUPERSATURATION_SHARE_FRAC = 0.98;
