import type { DeviceDescription } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { Bench } from '../bench/bench.ts';
import { benchFigures } from '../bench/bench-names.ts';
import type { MeasuredRole, RoleTable, SettableRole } from '../contract/role-table.ts';
import { derivedKindOf } from '../kinds/derived/index.ts';
import { DERIVED_DEVICE, METHOD_DEVICE, UNKNOWN } from '../kinds/derived/kind.ts';

/** Turns the bench file's role map into indices, once. Errors are `config` errors that name the role. */
export function compileRoles(bench: Bench, descriptions: ReadonlyMap<string, DeviceDescription>): RoleTable {
  const measured = new Map<string, MeasuredRole>();
  const settable = new Map<string, SettableRole>();
  for (const [role, target] of Object.entries(bench.roles)) {
    const dot = target.indexOf('.');
    const device = target.slice(0, dot);
    const name = target.slice(dot + 1);
    const description = descriptions.get(device);
    if (description === undefined) {
      throw new DeviceError('config', role, `maps to "${target}", but the bench has no device "${device}"`);
    }
    const set = description.settables.find(s => s.name === name);
    if (set !== undefined) {
      const limit = bench.limits[role];
      settable.set(role, {
        role,
        device,
        key: set.name,
        min: Math.max(set.range[0], limit?.min ?? set.range[0]),
        max: Math.min(set.range[1], limit?.max ?? set.range[1]),
        tolerance: set.tolerance,
        ramp_per_s: limit?.ramp_per_s,
      });
      continue;
    }
    const isMember = arrayMember(name);
    const first = description.channels.findIndex(c => (isMember ? isMember(c.name) : c.name === name));
    if (first < 0)
      throw new DeviceError('config', role, `maps to "${target}", but ${device} provides no such channel`);
    let count = 1;
    while (
      isMember &&
      first + count < description.channels.length &&
      isMember(description.channels[first + count].name)
    ) {
      count++;
    }
    const { accuracy, words } = description.channels[first];
    measured.set(role, {
      role,
      device,
      channel: target,
      first,
      count,
      accuracy,
      ...(words === undefined ? {} : { words }),
      stale_after_s: bench.devices[device].stale_after_s,
    });
  }
  addDerived(bench, measured);
  return { measured, settable, figures: benchFigures(bench) };
}

/** The same with the roles that a method works out of others, in a frame of their own. */
export function withMethodRoles(table: RoleTable, derived: readonly string[]): RoleTable {
  if (derived.length === 0) return table;
  const stale_after_s = Math.max(...[...table.measured.values()].map(role => role.stale_after_s));
  const own = derived.map((role, first): [string, MeasuredRole] => {
    const channel = `${METHOD_DEVICE}.${role}`;
    return [
      role,
      { role, device: METHOD_DEVICE, channel, first, count: 1, accuracy: UNKNOWN, stale_after_s },
    ];
  });
  return { ...table, measured: new Map([...table.measured, ...own]) };
}

/** Roles that a procedure works out of others, as they are recorded. */
export function methodRolesOf({ program }: Pick<Procedure, 'program'>): string[] {
  return (program?.derived ?? []).map(({ role }) => role);
}

/** Derived roles stand beside the measured ones, in a frame of their own. */
function addDerived(bench: Bench, measured: Map<string, MeasuredRole>): void {
  Object.entries(bench.derived).forEach(([role, spec], first) => {
    const kind = derivedKindOf(spec);
    const sources = Object.values(kind.sources(spec)).map(source => {
      const found = measured.get(source);
      if (found === undefined || found.device === DERIVED_DEVICE)
        throw new DeviceError('config', role, `is derived from "${source}", which no device measures`);
      return found;
    });
    measured.set(role, {
      role,
      device: DERIVED_DEVICE,
      channel: `${DERIVED_DEVICE}.${role}`,
      first,
      count: 1,
      accuracy: kind.accuracy(sources[0].accuracy),
      stale_after_s: Math.max(...sources.map(source => source.stale_after_s)),
    });
  });
}

/** `cell[].voltage_V` matches `cell[1].voltage_V`, `cell[2].voltage_V` ...; undefined for a plain channel. */
function arrayMember(name: string): ((channel: string) => boolean) | undefined {
  const at = name.indexOf('[]');
  if (at < 0) return undefined;
  const head = `${name.slice(0, at)}[`;
  const tail = `]${name.slice(at + 2)}`;
  return channel => channel.startsWith(head) && channel.endsWith(tail);
}

/** Channel name -> role, for every channel of one device: how a twin finds its place on the rig. */
export function rolesOfDevice(
  bench: Bench,
  device: string,
  description: DeviceDescription,
): Map<string, string> {
  const result = new Map<string, string>();
  for (const [role, target] of Object.entries(bench.roles)) {
    if (!target.startsWith(`${device}.`)) continue;
    const name = target.slice(device.length + 1);
    const isMember = arrayMember(name);
    if (isMember === undefined) result.set(name, role);
    else
      for (const channel of description.channels) if (isMember(channel.name)) result.set(channel.name, role);
  }
  return result;
}
