import type { ShownUnit } from './server.ts';

/** Engineering units that analog nodes show, by the end of their name; the longest first. */
const UNITS: readonly (readonly [end: string, shown: ShownUnit])[] = [
  ['_vol_pct', { code: 'P1', text: '%' }],
  ['_NL_per_min', { code: 'L2', text: 'Nl/min' }],
  ['_L_per_min', { code: 'L2', text: 'l/min' }],
  ['_barg', { code: 'BAR', text: 'bar' }],
  ['_degC', { code: 'CEL', text: '°C' }],
  ['_pct', { code: 'P1', text: '%' }],
  ['_uS_per_cm', { code: 'G42', text: 'µS/cm' }],
  ['_kW', { code: 'KWT', text: 'kW' }],
  ['_V', { code: 'VLT', text: 'V' }],
  ['_A', { code: 'AMP', text: 'A' }],
];

/** What a node of that name shows; undefined for one without a unit. */
export function shownUnitOf(name: string): ShownUnit | undefined {
  return UNITS.find(([end]) => name.endsWith(end))?.[1];
}
