/**
 * Units of the bench. A unit is written once, as the last part of a name (`stackVoltage_V`), everywhere:
 * code, files, journal, export. A channel name without one of these units does not compile and does not load.
 *
 * `on` is a two-state quantity: 0 = off/closed/de-energised, 1 = on/open/energised.
 * `barg` is gauge pressure, `bara` absolute. `NL_per_min` is normal litres (0 degC, 1.01325 bar) per minute.
 */
export const UNITS = [
  'V',
  'mV',
  'A',
  'Ah',
  'W',
  'kW',
  'Wh',
  'Ohm',
  'degC',
  'K',
  'barg',
  'bara',
  'bar',
  'MPa',
  'vol_pct',
  'pct',
  'NL_per_min',
  'L_per_min',
  'uS_per_cm',
  'V_per_min',
  'mV_per_min',
  'A_per_min',
  'W_per_min',
  'kW_per_min',
  'K_per_min',
  'bar_per_min',
  'vol_pct_per_min',
  'pct_per_min',
  'on',
  'count',
  's',
] as const;

export type Unit = (typeof UNITS)[number];

/** A quantity with its unit: `current_A`, `cell[17].voltage_V`. */
export type Quantity = `${string}_${Unit}`;

/** What a method speaks of: `stack.current_A`, `cathode.pressure_barg`, `cell.voltage_V[]` (all cells). */
export type Role = `${string}.${string}_${Unit}` | `${string}.${string}_${Unit}[]`;

// Longest first, so that `_vol_pct` is not read as `_pct`.
const BY_LENGTH = [...UNITS].sort((a, b) => b.length - a.length);

/** The unit at the end of a name, or undefined if the name carries none. A trailing `[]` or `[n]` is ignored. */
export function unitOf(name: string): Unit | undefined {
  const bare = name.replace(/\[\d*\]$/, '');
  return BY_LENGTH.find(unit => bare.endsWith(`_${unit}`) && bare.length > unit.length + 1);
}

/** True if the name ends in a unit of this page. */
export function isQuantity(name: string): name is Quantity {
  return unitOf(name) !== undefined;
}

/** Whether it is a current or a power: what the safe state is to end. */
export const isCurrentOrPower = (name: string): boolean => ['A', 'W', 'kW'].includes(unitOf(name) ?? '');

/** Whether it is the name of a channel that holds an instrument's own time: `instrumentTime_s`, `flowInstrumentTime_s`. */
export const isTimeName = (name: string): boolean => /(^|\.)instrumentTime_s$|InstrumentTime_s$/.test(name);

/** Name of the channel that holds the instrument's own time of another: `cell[].voltage_V` -> `cell.voltageInstrumentTime_s`. */
export function timeNameOf(name: Quantity): Quantity {
  const bare = name.replace(/\[\d*\]/, '');
  return `${bare.slice(0, -1 - (unitOf(bare) ?? '').length)}InstrumentTime_s`;
}
