/** From this part of the nominal current on, a stack counts as loaded (lowest load of PEM practice: 5 %). */
export const MINIMUM_LOAD_FRAC = 0.05;
