/**
 * Gas analyser behind a sample line: pure delay of the line, then a first-order cell. The sample pump always draws
 * from the separator, so the analyser follows the gas there also when nothing flows out.
 */
export interface Analyser {
  /** What the instrument shows, vol%. */
  shown_vol_pct: number;
  /** Sample on its way through the line, one entry each `spacing_s`. */
  readonly line: Float64Array;
  readonly spacing_s: number;
  next: number;
}

/** What makes an analyser slow: the way through the sample line, then the cell's own response, both in s. */
export interface AnalyserParameters {
  /** 5..60 s are usual for sample lines; basis recalled. */
  readonly lineDelay_s: number;
  /** Thermal conductivity cell: t90 6.5 s (Variotec 460 manual). */
  readonly t90_s: number;
}

export const ANALYSER: AnalyserParameters = { lineDelay_s: 8, t90_s: 6.5 };

/**
 * An analyser that has drawn the same gas, `start_vol_pct`, for long. The line holds one sample each
 * `spacing_s`, at least one, so that its delay is a whole number of plant steps.
 */
export function analyser(parameters: AnalyserParameters, spacing_s: number, start_vol_pct: number): Analyser {
  const slots = Math.max(1, Math.round(parameters.lineDelay_s / spacing_s));
  return {
    shown_vol_pct: start_vol_pct,
    line: new Float64Array(slots).fill(start_vol_pct),
    spacing_s,
    next: 0,
  };
}

/** Lets dt_s pass; `isGridStep`: the sample moves on by one slot (the plant's step grid is its spacing). */
export function stepAnalyser(
  state: Analyser,
  parameters: AnalyserParameters,
  drawn_vol_pct: number,
  isGridStep: boolean,
  dt_s: number,
): void {
  const arrived = state.line[state.next];
  state.shown_vol_pct +=
    (arrived - state.shown_vol_pct) * (1 - Math.exp((-dt_s * Math.LN10) / parameters.t90_s));
  if (!isGridStep) return;
  state.line[state.next] = drawn_vol_pct;
  state.next = state.next + 1 === state.line.length ? 0 : state.next + 1;
}
