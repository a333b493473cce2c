/**
 * What a Bronkhorst controller follows (parameter 1/4, DDE 12): in most of its modes it takes a set point of the bus, gives it
 * back, and does something else.
 */

/** Modes in which it follows the set point of the bus. */
const FOLLOWING: readonly number[] = [0, 18];

/** What it does in the others (bronkhorst-propar 1.3.0, parameter list). */
const MEANINGS: Readonly<Record<number, string>> = {
  1: 'analog input',
  2: 'set point of another instrument',
  3: 'valve closed',
  4: 'controller idle',
  7: 'set point 100 %',
  8: 'valve purges',
  9: 'calibration',
  12: 'set point 0 %',
  20: 'the set point drives the valve itself',
  21: 'the analog input drives the valve itself',
  22: 'valve in its safe state',
};

/** Why a set point of the bus does not count in this mode; undefined: it does. */
export function modeSlip(mode: unknown): string | undefined {
  if (typeof mode === 'number' && FOLLOWING.includes(mode)) return undefined;
  const meaning = MEANINGS[Number(mode)];
  const means = meaning === undefined ? '' : ` (${meaning})`;
  return `is in control mode ${mode}${means}, in which it does not follow the set point of the bus: set control mode 0 with the maker's program`;
}
