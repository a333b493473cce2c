import type { Basis } from '../device.ts';

/** Impedance of the device under test, measured by an instrument: what it can, what it is asked, what it says. */

/** What the direct current does meanwhile: stays as it is, none flows, or a bias of the measurement's own. */
export type ImpedanceDc = 'keep' | 'open' | 'bias';

/** What an instrument that measures impedance can; for checks before anything starts. */
export interface ImpedanceAbility {
  /** Lowest and highest frequency, Hz. */
  readonly band_Hz: readonly [low: number, high: number];
  /** Largest amplitude, peak, of a voltage (V) and of a current (A) that it lays over the direct one; 0: not that way. */
  readonly amplitudeMax_V: number;
  readonly amplitudeMax_A: number;
  /** Which it can measure at. */
  readonly dc: readonly ImpedanceDc[];
  /** Declared accuracy (k = 2) of modulus and phase. */
  readonly accuracy: ImpedanceAccuracy;
  /** It says of each point how long it had been measuring, by its own clock. Absent: `elapsed_s` is that of arrival, and uncertain. */
  readonly tellsTime?: boolean;
}

/** +-modulus_pct of |Z| and +-phase_deg, k = 2. */
export interface ImpedanceAccuracy {
  readonly modulus_pct: number;
  readonly phase_deg: number;
  readonly basis: Basis;
}

/** One spectrum. Frequencies lie evenly over the logarithm, the last one is `to_Hz`. */
export interface ImpedanceRequest {
  /** Tells it from a curve (`sweep.ts`); a request without is a spectrum. */
  readonly kind?: 'impedance';
  /** What is driven: a voltage (PEIS) or a current (GEIS). */
  readonly control: 'voltage' | 'current';
  /** Peak, V or A. */
  readonly amplitude: number;
  readonly from_Hz: number;
  readonly to_Hz: number;
  readonly pointsPerDecade: number;
  /** Periods that are measured at each frequency. */
  readonly cycles: number;
  /** Voltage (V) or current (A) of a bias; a bench whose supply drives the output has set it already. */
  readonly dc: 'keep' | 'open' | { readonly voltage_V: number } | { readonly current_A: number };
}

/** Columns without which there is no point of a spectrum. */
export const IMPEDANCE_COLUMNS = ['frequency_Hz', 're_Ohm', 'im_Ohm'] as const;

/**
 * Columns of a spectrum as the instrument gives it: behind the others s since it began when the point was complete, by the clock
 * of an instrument that says so; else when it arrived, and uncertain.
 */
export const SPECTRUM_COLUMNS = [...IMPEDANCE_COLUMNS, 'elapsed_s'] as const;

/** A row of a dataset: its own time (s of the clock, when it was complete), values in the order of the columns, a flag for each. */
export interface DatasetRow {
  readonly t_s: number;
  readonly values: Float64Array;
  /** As in a frame (`QUALITY`). */
  readonly quality: Uint8Array;
}

/** A result that is no frame. A unit is the end of a column's name. */
export interface Dataset {
  readonly columns: readonly string[];
  readonly rows: readonly DatasetRow[];
}

/** Z at one frequency with a flag for each value: NaN is never good. Capacitive arcs have im < 0. */
export function impedanceRow(
  t_s: number,
  begun_s: number,
  frequency_Hz: number,
  z: { readonly re_Ohm: number; readonly im_Ohm: number },
  flags: { readonly good: number; readonly bad: number },
): DatasetRow {
  const values = Float64Array.of(frequency_Hz, z.re_Ohm, z.im_Ohm, t_s - begun_s);
  const quality = Uint8Array.from(values, value => (Number.isFinite(value) ? flags.good : flags.bad));
  return { t_s, values, quality };
}

/** The frequencies of a spectrum, Hz, in the order in which they are measured. */
export function frequenciesOf({
  from_Hz,
  to_Hz,
  pointsPerDecade,
}: Pick<ImpedanceRequest, 'from_Hz' | 'to_Hz' | 'pointsPerDecade'>): Float64Array {
  const steps = Math.round(Math.abs(Math.log10(to_Hz / from_Hz)) * pointsPerDecade);
  const one = steps === 0 ? 0 : Math.log(to_Hz / from_Hz) / steps;
  return Float64Array.from({ length: steps + 1 }, (_, i) =>
    i === 0 ? from_Hz : i === steps ? to_Hz : from_Hz * Math.exp(one * i),
  );
}

/** Before a frequency is measured the device under test settles at it: for so many periods, and no less than so long, s. */
const SETTLING_PERIODS = 0.1;
const SETTLING_LEAST_S = 0.05;

/** How long a frequency takes, s: settling and the periods that are measured. */
export function pointTime_s(frequency_Hz: number, cycles: number): number {
  return Math.max(SETTLING_LEAST_S, SETTLING_PERIODS / frequency_Hz) + cycles / frequency_Hz;
}

/** How long a spectrum takes, s. */
export function spectrumTime_s(request: Omit<ImpedanceRequest, 'control' | 'amplitude' | 'dc'>): number {
  return frequenciesOf(request).reduce((sum, f) => sum + pointTime_s(f, request.cycles), 0);
}

/** Why an instrument cannot measure it so, with what it can; undefined: it can. */
export function cannotMeasure(
  { band_Hz, amplitudeMax_V, amplitudeMax_A, dc }: ImpedanceAbility,
  asked: {
    readonly from_Hz: number;
    readonly to_Hz: number;
    readonly control: ImpedanceRequest['control'];
    readonly amplitude: number;
    readonly dc: ImpedanceDc;
  },
): string | undefined {
  const [low, high] = band_Hz;
  const within = (f: number): boolean => f >= low * (1 - 1e-9) && f <= high * (1 + 1e-9);
  const out = [asked.from_Hz, asked.to_Hz].find(f => !Number.isNaN(f) && !within(f));
  if (out !== undefined) return `${short(out)} Hz, expected ${short(low)}..${short(high)} Hz`;
  if (!dc.includes(asked.dc)) {
    const can = dc.length === 0 ? 'nothing' : dc.join(', ');
    return `cannot measure with dc: ${asked.dc}, expected one of ${can}`;
  }
  const [most, unit] = asked.control === 'voltage' ? [amplitudeMax_V, 'V'] : [amplitudeMax_A, 'A'];
  if (asked.amplitude <= 0) return `amplitude ${short(asked.amplitude)} ${unit}, expected above 0`;
  if (most === 0) return `drives no ${asked.control}, expected an amplitude in ${unit === 'V' ? 'A' : 'V'}`;
  if (asked.amplitude > most * (1 + 1e-9))
    return `amplitude ${short(asked.amplitude)} ${unit}, expected at most ${short(most)} ${unit}`;
  return undefined;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
