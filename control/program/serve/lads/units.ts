import { codeOfUnit } from '../../../../drivers/opcua/own-units.ts';

type Library = typeof import('node-opcua');

/** Units that the list of UNECE recommendation 20 does not have: told by their text. */
const OWN = 'urn:cellbench:units';
const TEXTS: Readonly<Record<string, string>> = { degC: '°C', pct: '%', vol_pct: 'vol %' };

/** Property EngineeringUnits of a quantity, with our own word as text, so that gauge stays gauge; undefined: it has no unit. */
export function engineeringUnits(
  opcua: Library,
  unit: string,
): ReturnType<Library['makeEUInformation']> | undefined {
  if (unit === 'on') return undefined;
  if (unit === '' || unit === 'count') return opcua.makeEUInformation('C62', '1', '1');
  const text = TEXTS[unit] ?? unit.replace('_per_', '/');
  const code = codeOfUnit(unit === '%' ? 'pct' : unit);
  if (code !== undefined) return opcua.makeEUInformation(code, text, text);
  return Object.assign(opcua.makeEUInformation('', text, text), { unitId: -1, namespaceUri: OWN });
}
