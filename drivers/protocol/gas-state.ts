/**
 * The fluid and the reference state that a flow instrument is set to, against what the bench file takes its figures for: one
 * that is set otherwise is wrong by a factor without a word.
 */

/** Text as it stands in an instrument: filled with blanks, or cut short at the field's length. */
export function plain(text: unknown): string {
  return String(text).split('\0')[0].trim();
}

/** What is wrong with the fluid that an instrument is set to; undefined: nothing, or the bench file names none. */
export function fluidSlip(channel: string, shown: unknown, declared: string | undefined): string | undefined {
  const found = plain(shown);
  if (declared === undefined || found.toLowerCase() === declared.toLowerCase()) return undefined;
  return `is set to the fluid "${found}", expected "${declared}" for ${channel}; choose the fluid at the instrument, or put \`fluid:\` of the bench file right`;
}

/** A state of a gas to which an amount of it is told. */
export interface ReferenceState {
  readonly temperature_degC: number;
  /** Absolute, mbar. */
  readonly pressure_mbar: number;
}

/** DIN 1343: the normal litre of our units. */
export const NORMAL: ReferenceState = { temperature_degC: 0, pressure_mbar: 1013.25 };
/** Numbers in an instrument are 32-bit floats, and set by hand: nearer than this is the same state (0.02 % of a flow). */
const SAME = { temperature_K: 0.05, pressure_mbar: 0.2 };

/** Normal litres in a litre of gas at this state (ideal gas). */
export function normalLitres({ temperature_degC, pressure_mbar }: ReferenceState): number {
  return (273.15 / (273.15 + temperature_degC)) * (pressure_mbar / NORMAL.pressure_mbar);
}

/**
 * What is wrong with the reference state of a flow instrument; undefined: nothing. `told`: what it says, undefined where it
 * has no parameter for it: then its unit alone says what it means, which is not enough for a bench that declares a state.
 */
export function referenceSlip(
  channel: string,
  told: ReferenceState | undefined,
  declared: ReferenceState | undefined,
): string | undefined {
  const expected = declared ?? NORMAL;
  const shown = ({ temperature_degC, pressure_mbar }: ReferenceState): string =>
    `${Number(temperature_degC.toFixed(2))} degC and ${Number(pressure_mbar.toFixed(2))} mbar`;
  const said = `${declared === undefined ? channel : 'the bench file'} means litres at ${shown(expected)}`;
  if (told === undefined) {
    return declared === undefined ? undefined : `does not say to which state its litres refer; ${said}`;
  }
  const isSame =
    Math.abs(told.temperature_degC - expected.temperature_degC) <= SAME.temperature_K &&
    Math.abs(told.pressure_mbar - expected.pressure_mbar) <= SAME.pressure_mbar;
  if (isSame) return undefined;
  return `refers its litres to ${shown(told)}; ${said}: set the reference state with the maker's program, or put \`reference:\` of the bench file right (the figures are then converted)`;
}
