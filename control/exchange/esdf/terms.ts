import { type Unit, unitOf } from '../../../drivers/contract/units.ts';
import { BDF } from '../bdf/terms.ts';
import type { Term } from '../by-subject/subject-column.ts';

/**
 * Terms for electrolyser stacks in the manner of the Battery Data Format: one stack a file, current positive into the
 * stack, label with the unit behind a stroke, a name for machines. What BDF has a term for keeps it (voltage: of the whole
 * stack). IRIs beside those are of EMMO's domain of electrochemistry; where it has none there is none. A role without a
 * term of its own is named by its words.
 */

const EMMO = 'https://w3id.org/emmo/domain/electrochemistry#electrochemistry_';
const CELL_VOLTAGE = `${EMMO}4ebe2ef1_eea8_4b10_822d_7a68215bd24d`;

/** How a unit is written in a label and in a name for machines. `on`: 0 or 1. */
const UNIT_WORDS: Readonly<Partial<Record<Unit, readonly [label: string, notation: string]>>> = {
  V: ['V', 'volt'],
  mV: ['mV', 'millivolt'],
  A: ['A', 'ampere'],
  Ah: ['Ah', 'ah'],
  W: ['W', 'watt'],
  kW: ['kW', 'kilowatt'],
  Wh: ['Wh', 'wh'],
  Ohm: ['Ohm', 'ohm'],
  degC: ['degC', 'celsius'],
  K: ['K', 'kelvin'],
  barg: ['bar', 'bar'],
  bara: ['bar', 'bar'],
  bar: ['bar', 'bar'],
  MPa: ['MPa', 'megapascal'],
  vol_pct: ['1e-2', 'volume_percent'],
  pct: ['1e-2', 'percent'],
  NL_per_min: ['L.min-1', 'litre_per_minute'],
  L_per_min: ['L.min-1', 'litre_per_minute'],
  uS_per_cm: ['uS.cm-1', 'microsiemens_per_centimetre'],
  on: ['1', 'on'],
  count: ['1', 'count'],
  s: ['s', 'second'],
};
/** What a label says of a unit that its letters do not: gauge or absolute pressure, litres of the normal state. */
const KINDS: Readonly<Partial<Record<Unit, string>>> = {
  barg: 'Gauge',
  bara: 'Absolute',
  NL_per_min: 'Normal Volume',
};

function term(words: string, notation: string, unit: Unit, iri?: string): Term {
  const [label, ending] = UNIT_WORDS[unit] ?? [rate(unit), unit.toLowerCase()];
  return {
    label: `${words} / ${label}`,
    notation: `${notation}_${ending}`,
    unit: label,
    ...(iri === undefined ? {} : { iri }),
  };
}

/** `A_per_min` as `A.min-1`. */
function rate(unit: string): string {
  const [of, ...per] = unit.split('_per_');
  return [of, ...per.map(part => `${part}-1`)].join('.');
}

/** Roles with a term of their own. */
const TERMS: Readonly<Record<string, Term>> = {
  'stack.voltage_V': BDF.voltage,
  'stack.current_A': BDF.current,
  'stack.power_W': BDF.power,
  'room.temperature_degC': BDF.ambientTemperature,
  'stack.temperature_degC': term('Stack Outlet Temperature', 'stack_outlet_temperature', 'degC'),
  'stack.inletTemperature_degC': term('Stack Inlet Temperature', 'stack_inlet_temperature', 'degC'),
  'h2.flow_NL_per_min': term('H2 Normal Volume Flow', 'h2_normal_volume_flow', 'NL_per_min'),
  'o2.flow_NL_per_min': term('O2 Normal Volume Flow', 'o2_normal_volume_flow', 'NL_per_min'),
  'n2.flow_NL_per_min': term('N2 Normal Volume Flow', 'n2_normal_volume_flow', 'NL_per_min'),
  'o2.h2_vol_pct': term('H2 in O2', 'h2_in_o2', 'vol_pct'),
  'h2.o2_vol_pct': term('O2 in H2', 'o2_in_h2', 'vol_pct'),
  'room.h2_vol_pct': term('Room H2', 'room_h2', 'vol_pct'),
  'water.level_pct': term('Separator Level', 'separator_level', 'pct'),
  'h2.dewPoint_degC': term('H2 Dew Point', 'h2_dew_point', 'degC'),
};

/** The term of a role; `member` is the number of one of an array (a cell). */
export function esdfTerm(role: string, member: number | undefined): Term {
  const known = TERMS[role];
  if (known !== undefined) return known;
  if (role === 'cell.voltage_V[]' && member !== undefined) {
    const number = String(member).padStart(3, '0');
    return term(`Cell ${number} Voltage`, `cell_${number}_voltage`, 'V', CELL_VOLTAGE);
  }
  const unit = unitOf(role) ?? 'count';
  const bare = role.replace(/\[\]$/, '').slice(0, -unit.length - 1);
  const words = bare
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[ .]/)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1));
  const kind = KINDS[unit];
  // "Cathode Gauge Pressure", not "Cathode Pressure Gauge".
  if (kind !== undefined) words.splice(-1, 0, kind);
  if (member !== undefined) words.push(String(member));
  return term(words.join(' '), words.join('_').toLowerCase(), unit);
}
