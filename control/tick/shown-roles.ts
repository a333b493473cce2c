import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY_NAMES } from '../../drivers/contract/frame.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { CellValues, RoleValue } from '../contract/shown.ts';
import { shownUnit } from '../contract/shown-unit.ts';
import type { Gate } from './gate.ts';
import type { ProcessImage } from './image.ts';

/** Every role of a bench with its newest value, for people. */

/** Of an array its lowest, mean and greatest member. */
const OF_ARRAY = ['min', 'mean', 'max'] as const;

/** What of a session knows the newest values. */
interface Newest {
  readonly image: ProcessImage;
  readonly gate: Gate;
  readonly parts: { readonly roles: RoleTable; readonly devices: ReadonlyMap<string, Device> };
}

/**
 * What is set of a role: `stack.current_A` by `stack.currentSet_A`, `h2.flow_NL_per_min` by `h2.flowSet_NL_per_min`, as it was
 * read back, and how far it may be set.
 */
function setOf(role: string, { gate, parts }: Newest): RoleValue['set'] {
  const at = role.indexOf('_', role.lastIndexOf('.'));
  const settable = parts.roles.settable.get(`${role.slice(0, at)}Set${role.slice(at)}`);
  if (settable === undefined) return undefined;
  const value = gate.applied(settable.role);
  return { value: Number.isFinite(value) ? value : null, min: settable.min, max: settable.max };
}

/** The newest values; of a device whose line is gone none: what it said before is no reading, however fresh. */
export function shownRoles(newest: Newest): RoleValue[] {
  const { image, parts } = newest;
  const result: RoleValue[] = [];
  for (const entry of parts.roles.measured.values()) {
    const device = parts.devices.get(entry.device);
    const isDead = device !== undefined && device.state !== 'ready';
    const quality = isDead ? 'stale' : QUALITY_NAMES[image.quality(entry)];
    const unit = shownUnit(entry.role);
    const names = entry.count === 1 ? [entry.role] : OF_ARRAY.map(figure => `${entry.role}.${figure}`);
    for (const name of names) {
      const value = isDead ? Number.NaN : image.value(name);
      const set = setOf(name, newest);
      result.push({
        role: name,
        unit,
        value: Number.isFinite(value) ? value : null,
        ...(entry.words?.[value] === undefined ? {} : { word: entry.words[value] }),
        ...(set === undefined ? {} : { set }),
        quality,
        channel: entry.channel,
      });
    }
  }
  return result;
}

/** Cells in series are told apart by their voltages. */
const CELLS = 'cell.voltage_V[]';

/** The newest voltage of each cell, as `shownRoles`; undefined where the bench has none. */
export function shownCells({ image, parts }: Newest): CellValues | undefined {
  const entry = parts.roles.measured.get(CELLS);
  if (entry === undefined || entry.count < 2) return undefined;
  const device = parts.devices.get(entry.device);
  const values = new Float64Array(entry.count).fill(Number.NaN);
  if (device === undefined || device.state === 'ready') image.fill(CELLS, values, 0);
  return {
    role: CELLS,
    unit: shownUnit(CELLS),
    values: Array.from(values, value => (Number.isFinite(value) ? value : null)),
  };
}
