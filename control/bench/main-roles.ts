import { unitOf } from '../../drivers/contract/units.ts';
import type { RoleTable } from '../contract/role-table.ts';

/** The roles that a person looks at first, the important ones first; those of a stack, of a cell, of a vessel. */
const MAIN = [
  'stack.current_A',
  'stack.voltage_V',
  'cathode.pressure_barg',
  'o2.h2_vol_pct',
  'h2.o2_vol_pct',
  'stack.temperature_degC',
  'h2.flow_NL_per_min',
  'cell.current_A',
  'cell.voltage_V',
  'cell.temperature_degC',
  'cell.negativePotential_V',
  'cell.positivePotential_V',
  'cell.platingReserve_V',
  'cell.pressure_MPa',
  'tank.pressure_bara',
  'sample.pressure_bara',
  'sample.temperature_degC',
];

/** A bench of which fewer are known is another one: a gas mixer, a rig of its own. */
const LEAST_KNOWN = 3;
const MOST_OTHERS = 12;
/** What only says that something is on, counts, or is a time is no quantity to look at first. */
const NO_QUANTITY: readonly (string | undefined)[] = ['on', 'count', 's', undefined];

/** Main roles that this bench measures, in order of importance; of one that is none of those above, its quantities in the order of its file. */
export function mainRoles({ measured }: RoleTable): string[] {
  const known = MAIN.filter(role => measured.get(role)?.count === 1);
  if (known.length >= LEAST_KNOWN) return known;
  const others = [...measured.values()]
    .filter(
      ({ role, count, words }) => count === 1 && words === undefined && !NO_QUANTITY.includes(unitOf(role)),
    )
    .map(({ role }) => role);
  return [...new Set([...known, ...others])].slice(0, MOST_OTHERS);
}
