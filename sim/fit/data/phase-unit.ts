import { FileError } from '../../../drivers/contract/yaml-file.ts';

/**
 * Whether a phase can be in degrees: over the logarithm of the frequency the modulus falls by 20 dB a decade for each
 * 90 degrees (H. W. Bode, Network Analysis and Feedback Amplifier Design, 1945), whatever the circuit is.
 */

/** Larger phases are no radians of a passive device (pi/2), with some noise. */
const MOST_RAD = 1.6;
/** The modulus must ask for so much, deg; and radians must lie so much nearer to what it asks for. */
const LEAST_DEG = 4;
const NEARER = 0.5;
const LEAST_POINTS = 5;

/** What is looked at: columns in Hz, Ohm and deg, the line of the headings and the heading of the phase. */
export interface PhaseColumn {
  readonly path: string;
  readonly line: number;
  readonly heading: string;
  readonly frequency_Hz: Float64Array;
  readonly modulus_Ohm: Float64Array;
  readonly phase_deg: Float64Array;
}

/** @throws FileError where a phase under a heading of degrees is that of the modulus only if it is in radians */
export function refuseRadians(column: PhaseColumn): void {
  const { path, line, heading, frequency_Hz, modulus_Ohm, phase_deg } = column;
  if (phase_deg.some(p => Math.abs(p) > MOST_RAD)) return;
  const order = [...frequency_Hz.keys()].sort((a, b) => frequency_Hz[a] - frequency_Hz[b]);
  let [n, asked, asDegrees, asRadians] = [0, 0, 0, 0];
  for (let k = 1; k + 1 < order.length; k++) {
    const [before, at, after] = [order[k - 1], order[k], order[k + 1]];
    const decades = Math.log(frequency_Hz[after] / frequency_Hz[before]);
    if (!(decades > 0)) continue;
    // Either sign of Im may stand there.
    const asked_deg = Math.abs((90 * Math.log(modulus_Ohm[after] / modulus_Ohm[before])) / decades);
    const said = Math.abs(phase_deg[at]);
    n++;
    asked += asked_deg ** 2;
    asDegrees += (said - asked_deg) ** 2;
    asRadians += ((said * 180) / Math.PI - asked_deg) ** 2;
  }
  if (n < LEAST_POINTS || !(Math.sqrt(asked / n) > LEAST_DEG) || !(asRadians < NEARER ** 2 * asDegrees))
    return;
  const most = phase_deg.reduce((a, p) => (Math.abs(p) > Math.abs(a) ? p : a), 0);
  throw new FileError(
    path,
    line,
    `${heading} is ${Number(most.toPrecision(3))} at most, the modulus beside it changes as with ${Math.round(Math.sqrt(asked / n))} degrees: radians?; expected phase_rad as heading if it is so, or re_Ohm and im_Ohm instead of modulus and phase`,
  );
}
