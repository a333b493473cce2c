import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import {
  chooseChain,
  type ImpedanceData,
  KK_LEAST_POINTS,
  type KkResult,
  linKk,
} from '../../../profiles/spectrum/lin-kk.ts';
import { columnOf, type FitData } from '../fit-data.ts';

/** A spectrum made ready for a fit: order, sign, Kramers-Kronig; each thing done is said. */

/** What a person says of a spectrum beside its header. */
export interface SpectrumChoices {
  /** `plus`: capacitive arcs have a negative Im; `minus`: the column holds -Im; absent: found out. */
  readonly im?: 'plus' | 'minus' | undefined;
  /** `accept`: fit although the test fails, keep the points that lie off. */
  readonly kk?: 'refuse' | 'accept' | undefined;
}

/** Ready to be fitted: frequencies falling, Z in the unit of the file. */
export interface PreparedSpectrum extends ImpedanceData {
  readonly path: string;
  readonly unit: FitData['impedanceUnit'];
  /** The test of all points, in the order of `tested`; absent with too few of them. */
  readonly kk?: KkResult | undefined;
  readonly tested: ImpedanceData;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Log-likelihood by which one sign must be better than the other. */
const CLEAR_SIGN = 10;
/** Residuals below are of the chain, not of the data. */
const CHAIN_FLOOR = 1e-5;
/** Above, the part of the residuals that is no noise makes the figures of a fit worthless. */
const REFUSED_FRAC = 0.005;

/** Points that scatter by so much of the modulus hide any drift from the test. */
const SCATTER_FRAC = 0.03;

/** Fewer different frequencies tell no circuit. */
const LEAST_DIFFERENT = 3;
/** Readings at one frequency that differ by more are told of, as a part of the modulus. */
const REPEATS_FRAC = 0.02;

/** How far readings at the same frequency lie apart at most, part of the modulus. */
function repeatsApart_frac({ frequency_Hz, re, im }: ImpedanceData): number {
  let apart = 0;
  for (let i = 1; i < re.length; i++)
    if (frequency_Hz[i] === frequency_Hz[i - 1])
      apart = Math.max(apart, Math.hypot(re[i] - re[i - 1], im[i] - im[i - 1]) / Math.hypot(re[i], im[i]));
  return apart;
}

/** Makes a spectrum ready. @throws FitError where it fails the Kramers-Kronig test and nobody accepts that */
export function prepareSpectrum(data: FitData, choices: SpectrumChoices = {}): PreparedSpectrum {
  const notes = [...data.notes];
  const warnings: string[] = [];
  const sorted = fallingFrequencies(data, notes);
  const zero = sorted.re.findIndex((re, i) => Math.hypot(re, sorted.im[i]) === 0);
  if (zero >= 0)
    throw new FitError(
      `${data.path}: Z at ${sorted.frequency_Hz[zero]} Hz is 0, expected a measured impedance`,
    );
  const different = new Set(sorted.frequency_Hz).size;
  if (different < LEAST_DIFFERENT)
    throw new FitError(
      `${data.path}: ${different} different ${different === 1 ? 'frequency' : 'frequencies'}, expected at least ${LEAST_DIFFERENT}: fewer tell no circuit`,
    );
  const negative = sorted.re.reduce((count, re) => count + (re < 0 ? 1 : 0), 0);
  if (negative > sorted.re.length / 2)
    throw new FitError(
      `${data.path}: Re Z is negative at ${negative} of ${sorted.re.length} points, expected a resistance; are sign and columns right?`,
    );
  const apart_frac = repeatsApart_frac(sorted);
  if (apart_frac > REPEATS_FRAC)
    warnings.push(
      `readings at the same frequency differ by up to ${short(100 * apart_frac)} % of the modulus: two sweeps of a cell that changed? All are fitted together`,
    );
  const tested = withOurSign(sorted, choices.im, notes);
  const head = { path: data.path, unit: data.impedanceUnit, tested, notes, warnings };
  if (new Set(tested.frequency_Hz).size < KK_LEAST_POINTS) {
    warnings.push(`fewer than ${KK_LEAST_POINTS} frequencies: no Kramers-Kronig test`);
    return { ...head, ...tested };
  }
  const kk = linKk(tested);
  const said = kkText(kk, tested);
  if (!kk.passes) {
    if (kk.systematic_frac > REFUSED_FRAC && choices.kk !== 'accept')
      throw new FitError(
        `${data.path}: ${said}; expected a steady, linear cell, or --kk accept to fit it nonetheless`,
      );
    warnings.push(said);
  } else if (kk.rms_frac > SCATTER_FRAC) warnings.push(said);
  else notes.push(said);
  if (kk.outliers.length === 0 || choices.kk === 'accept') return { ...head, ...tested, kk };
  const kept = [...tested.re.keys()].filter(i => !kk.outliers.includes(i));
  const at = kk.outliers.map(i => short(tested.frequency_Hz[i])).join(', ');
  warnings.push(`left out, off the Kramers-Kronig chain: ${at} Hz (--kk accept keeps them)`);
  return { ...head, ...pick(tested, kept), kk };
}

function fallingFrequencies(data: FitData, notes: string[]): ImpedanceData {
  const frequency_Hz = columnOf(data, 'frequency_Hz');
  const order = [...frequency_Hz.keys()].sort((a, b) => frequency_Hz[b] - frequency_Hz[a]);
  const isFalling = order.every((i, k) => i === k);
  const isRising = order.every((i, k) => frequency_Hz[i] === frequency_Hz[order.length - 1 - k]);
  if (!isFalling && !isRising) notes.push('rows put in the order of their frequency');
  const all = { frequency_Hz, re: columnOf(data, 're_Ohm'), im: columnOf(data, 'im_Ohm') };
  return pick(all, order);
}

function pick({ frequency_Hz, re, im }: ImpedanceData, at: readonly number[]): ImpedanceData {
  const of = (values: Float64Array): Float64Array => Float64Array.from(at, i => values[i]);
  return { frequency_Hz: of(frequency_Hz), re: of(re), im: of(im) };
}

/** With the sign that real part and Kramers-Kronig ask for, or the one that was said. */
function withOurSign(data: ImpedanceData, said: SpectrumChoices['im'], notes: string[]): ImpedanceData {
  const turned = { ...data, im: data.im.map(v => -v) };
  if (said === 'minus') notes.push('sign of Im Z turned, as --im minus says');
  if (said !== undefined) return said === 'minus' ? turned : data;
  if (new Set(data.frequency_Hz).size < KK_LEAST_POINTS) return data;
  const asIs = chooseChain(data).rms_frac;
  const other = chooseChain(turned).rms_frac;
  const better = 2 * data.re.length * Math.log((asIs + CHAIN_FLOOR) / (other + CHAIN_FLOOR));
  if (better < CLEAR_SIGN) return data;
  notes.push(
    `sign of Im Z turned: as in the file it contradicts Re Z (Kramers-Kronig residual ${percent(asIs)}, turned ${percent(other)}); ` +
      '--im plus keeps it',
  );
  return turned;
}

/** The test in one sentence. */
function kkText(kk: KkResult, { frequency_Hz }: ImpedanceData): string {
  const chain = `${kk.links} links, mu ${kk.mu.toFixed(2)}`;
  if (kk.passes && kk.rms_frac > SCATTER_FRAC)
    return `Kramers-Kronig (linear, ${chain}): no drift to be seen, for the points scatter by ${percent(kk.rms_frac)} of the modulus; nothing is passed by that`;
  if (kk.passes) return `Kramers-Kronig (linear, ${chain}): passed, residual ${percent(kk.rms_frac)}`;
  const off = Array.from(kk.re_frac, (re, i) => Math.hypot(re, kk.im_frac[i]) || 0);
  const worst = off.indexOf(Math.max(...off));
  return (
    `Kramers-Kronig (linear, ${chain}) fails: ${percent(kk.systematic_frac)} of the modulus is no noise (noise ${percent(kk.noise_frac)}), ` +
    `most at ${short(frequency_Hz[worst])} Hz: the cell drifted or was driven out of its linear range`
  );
}

const percent = (frac: number): string => `${Number((100 * frac).toPrecision(2))} %`;
const short = (value: number): string => String(Number(value.toPrecision(4)));
