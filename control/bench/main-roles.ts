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

/** Main roles that this bench measures, in order of importance. */
export function mainRoles(roles: RoleTable): string[] {
  return MAIN.filter(role => roles.measured.get(role)?.count === 1);
}
