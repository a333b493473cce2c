import type { DeviceDescription } from '../../drivers/contract/device.ts';
import type { RoleTable } from '../contract/role-table.ts';

/** Set points of an output that bound its current, behind the name of the current itself. */
const BOUNDS: Readonly<Record<string, readonly string[]>> = {
  currentSet_A: ['voltageSet_V', 'powerSet_W'],
  sinkCurrentSet_A: ['sinkPowerSet_W'],
};

/**
 * Voltages and powers of supplies that the bench drives by their current and that no role names, in words. Nobody sets
 * them: a real supply holds what it was left at, 0 V or 0 W too, a twin its rating. Not of a cycler: it is told its mode.
 */
export function unnamedLimits(
  devices: ReadonlyMap<string, Pick<DeviceDescription, 'settables'>>,
  { settable }: Pick<RoleTable, 'settable'>,
): string[] {
  return [...devices].flatMap(([id, { settables }]) => {
    const there = settables.map(({ name }) => String(name));
    if (there.some(name => name.endsWith('modeSet_count'))) return [];
    const named = [...settable.values()].flatMap(({ device, key }) => (device === id ? [String(key)] : []));
    return named.flatMap(key => {
      const name = key.slice(key.lastIndexOf('.') + 1);
      const before = key.slice(0, key.length - name.length);
      const bounds = (Object.hasOwn(BOUNDS, name) ? BOUNDS[name] : []).map(bound => before + bound);
      return bounds
        .filter(bound => there.includes(bound) && !named.includes(bound))
        .map(
          bound =>
            `No role names ${id}.${bound}, so nobody sets it: it stays as the instrument holds it, and at 0 no current flows; here it was the rating`,
        );
    });
  });
}
