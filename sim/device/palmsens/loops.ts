/** Parts of a script's run: what ends it, its loops by number, comparisons, the way of a sweep. */

/** The script ends here: told to, or with an error. */
export class Stop extends Error {
  readonly code: string | undefined;
  readonly line: number;
  constructor(code: string | undefined, line: number) {
    super(code ?? 'abort');
    this.code = code;
    this.line = line;
  }
}

/** Number of each loop in its `M` line (second hand). */
export const LOOPS: Readonly<Record<string, string>> = {
  meas_loop_lsv: '0000',
  meas_loop_cv: '0005',
  meas_loop_ca: '0007',
  meas_loop_cp: '000A',
  meas_loop_ocp: '000B',
  meas_loop_eis: '000D',
  meas_loop_geis: '000E',
};
/** A comparison as a script writes it. */
export function compare(a: number, sign: string, b: number): boolean {
  switch (sign) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    default:
      return a !== b;
  }
}

/** Potentials from corner to corner in even steps, V; each corner once. */
export function* stepsThrough(corners: readonly number[], step_V: number): Generator<number> {
  yield corners[0];
  for (let i = 1; i < corners.length; i++) {
    const way_V = corners[i] - corners[i - 1];
    const steps = Math.round(Math.abs(way_V) / step_V);
    for (let n = 1; n <= steps; n++) yield corners[i - 1] + (way_V * n) / steps;
  }
}
