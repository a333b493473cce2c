/**
 * What other languages can say, as a table: `said` is read (where the format is read) and written, `difference` only
 * when a person accepts what changes, `not` is refused with its line, `unknown` too: nobody has shown us how it is
 * written there. Sources: EmpaEconversion/aurora-unicycler `_core.py` and `_formats/`, pybamm-team/PyBaMM
 * `experiment/step/`, battery-data-alliance/battery-data-format test-protocol.schema.json with BIG-MAP/BattINFO
 * `testmethod.py`, TRI-AMDD/beep `protocol/` (Maccor procedures, BT-Lab settings).
 */

export const FORMATS = ['unicycler', 'pybamm', 'battinfo', 'neware', 'biologic', 'maccor'] as const;
export type FormatKey = (typeof FORMATS)[number];

export type Cell = 'said' | 'difference' | 'not' | 'unknown';

/** What a step may ask for beyond rest, cc, cv with a time and one limit, which every format can say. */
export const ROWS = [
  'cccv',
  'cp',
  'cr',
  'until on charge',
  'several ends',
  'deadline',
  'exits',
  'nested loops',
  'logic',
  'chamber',
  'follow',
  'eis',
  'record of a step',
  'limits',
] as const;
export type Row = (typeof ROWS)[number];

/** Name of each format as people say it. */
export const TITLES: Readonly<Record<FormatKey, string>> = {
  unicycler: 'unicycler',
  pybamm: 'PyBaMM',
  battinfo: 'BattINFO',
  neware: 'a Neware step file',
  biologic: 'a BioLogic settings file',
  maccor: 'a Maccor procedure',
};

const [said, difference, not, unknown] = ['said', 'difference', 'not', 'unknown'] as const;

/** The table, in the order of `FORMATS`. */
const CELLS: Readonly<Record<Row, readonly [Cell, Cell, Cell, Cell, Cell, Cell]>> = {
  cccv: [difference, difference, said, difference, difference, said],
  cp: [not, said, said, unknown, unknown, unknown],
  cr: [not, said, said, unknown, unknown, unknown],
  'until on charge': [not, not, said, unknown, unknown, unknown],
  'several ends': [not, said, said, unknown, unknown, said],
  deadline: [difference, difference, difference, difference, difference, said],
  exits: [not, not, not, unknown, unknown, said],
  'nested loops': [said, said, said, said, not, said],
  logic: [not, not, not, not, not, not],
  chamber: [not, said, said, not, not, not],
  follow: [not, unknown, not, unknown, unknown, unknown],
  eis: [said, not, said, not, said, unknown],
  'record of a step': [difference, said, said, difference, said, said],
  limits: [said, difference, said, said, said, said],
};

/** What a format says of a row. */
export function cellOf(format: FormatKey, row: Row): Cell {
  return CELLS[row][FORMATS.indexOf(format)];
}
