/** Seeded chance for made-up records (mulberry32; Box and Muller). Same seed, same numbers. */
export interface Seeded {
  /** Between 0 and 1, never either. */
  uniform(): number;
  gauss(): number;
}

/** A generator of its own for each record. */
export function seeded(seed: number): Seeded {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  const gauss = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, gauss };
}

/** Noise of unit variance with a correlation time (same unit as the step); 0: independent. */
export function correlated(chance: Seeded, step: number, correlation: number): () => number {
  const kept = correlation === 0 ? 0 : Math.exp(-step / correlation);
  let state = chance.gauss();
  return () => {
    state = kept * state + Math.sqrt(1 - kept * kept) * chance.gauss();
    return state;
  };
}
