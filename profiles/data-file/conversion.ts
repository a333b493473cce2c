import { FileError } from '../../drivers/contract/file-error.ts';
import { namedRating } from './entry.ts';
import { type Draft, round } from './mend.ts';
import { TURBINE, turbineSeries_frac } from './turbine.ts';
import type { Quantity } from './units.ts';

/** From what a file holds to the offered power as a part of rated. */
export interface Conversion {
  /** So much of the base unit is 1 where the range is checked. */
  readonly scale: number;
  /** The way in words. */
  readonly text: string;
  /** A value in the base unit -> part of rated; undefined where it takes what was before it: `overTime`. */
  readonly part?: (value: number) => number;
  /** Values at 1 s in the base unit -> part of rated. */
  readonly overTime?: (values: Float64Array) => Float64Array;
}

/**
 * How a quantity becomes a part of rated: power by what the method says is rated, wind through the turbine, sun in
 * proportion up to the irradiance at which the plant gives its rated power (no temperature, no angle: as declared).
 * @throws FileError where nothing says what counts as 1
 */
export function conversionOf(draft: Draft, quantity: Quantity, headerLine: number): Conversion {
  const { path, entry, heading } = draft;
  const rating = namedRating(entry);
  if (rating !== undefined && rating.quantity !== quantity) {
    const text = `${heading} is a ${quantity}, expected no "${rating.text}" under data: for it`;
    throw new FileError(path, headerLine, text);
  }
  if (quantity === 'share') return { scale: 1, text: 'a part of rated as it is', part: value => value };
  if (quantity === 'wind speed') {
    const { cutIn_m_per_s, rated_m_per_s, cutOut_m_per_s, rotorLag_s } = TURBINE;
    const speeds = `${cutIn_m_per_s}, ${rated_m_per_s} and ${cutOut_m_per_s} m/s`;
    return {
      scale: 1,
      text: `through a turbine (starts, is rated and stops at ${speeds}; rotor lag ${rotorLag_s} s)`,
      overTime: values => turbineSeries_frac(TURBINE, values),
    };
  }
  if (rating === undefined) throw unrated(draft, quantity, headerLine);
  const { value } = rating;
  if (quantity === 'power') return { scale: value, text: `1 is ${value / 1000} kW`, part: v => v / value };
  return {
    scale: 1,
    text: `in proportion, rated power from ${value} W/m2 on`,
    part: v => Math.min(1, v / value),
  };
}

function unrated({ path, series, heading }: Draft, quantity: Quantity, headerLine: number): FileError {
  const highest = series.value.reduce((most, v) => (v > most ? v : most), 0);
  const text =
    quantity === 'power'
      ? `a power of up to ${round(highest / 1000)} kW, and nothing says how much counts as 1, expected rated_kW`
      : `an irradiance of up to ${round(highest)} W/m2, and no model of a PV plant stands here, expected the irradiance at which yours gives its rated power, e.g. rated_W_per_m2: 1000,`;
  return new FileError(path, headerLine, `${heading} is ${text} under data:`);
}
