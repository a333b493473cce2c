/**
 * What ageing does to a cell beside the film's resistance, in step with the capacity that is lost for good: charge transfer
 * on fewer sites (kinetic part), salt through fuller pores (transport part). One record per cell, read by the functions of
 * its set, so that steps, spectrum and whichever model works on the cell see the same.
 */
export interface Wear {
  /** Of the fresh exchange current density, and of diffusivity and conductivity of the electrolyte; 0..1. */
  kinetic_frac: number;
  transport_frac: number;
  /** Takes up how much of the nominal capacity is lost for good, 0..1. */
  update(lost_frac: number): void;
}

/** Per part of the capacity lost, the parts by which either falls (their logarithm); 0 = none. */
export function cellWear(kineticPerCapacity_1: number, transportPerCapacity_1: number): Wear {
  const wear = {
    kinetic_frac: 1,
    transport_frac: 1,
    update(lost_frac: number): void {
      wear.kinetic_frac = Math.exp(-kineticPerCapacity_1 * lost_frac);
      wear.transport_frac = Math.exp(-transportPerCapacity_1 * lost_frac);
    },
  };
  return wear;
}
