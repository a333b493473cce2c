/** Times that are no further apart are the same, s: sums of looks are no exact numbers. */
export const DUST_S = 1e-6;
