import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY_NAMES } from '../../drivers/contract/frame.ts';
import type { Bench } from '../bench/bench.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import type { CellValues, RoleValue } from '../contract/shown.ts';
import { shownUnit } from '../contract/shown-unit.ts';
import type { Gate } from './gate.ts';
import type { ProcessImage } from './image.ts';
import { isThere, type LastUsable, shownNames } from './last-usable.ts';
import { setValueOf } from './shown-set.ts';

/** Every role of a bench with its newest value, for people. */

/** What of a session knows the newest values. */
interface Newest {
  readonly image: ProcessImage;
  readonly gate: Gate;
  readonly parts: {
    readonly bench: Bench;
    readonly roles: RoleTable;
    readonly devices: ReadonlyMap<string, Device>;
    readonly clock: { now_s(): number };
  };
}

/**
 * The newest values; of a device whose line is gone none: what it said before is no reading, however fresh. It is told beside
 * it with its age.
 */
export function shownRoles(newest: Newest, last: LastUsable): RoleValue[] {
  const { image, parts } = newest;
  const now_s = parts.clock.now_s();
  const result: RoleValue[] = [];
  for (const entry of parts.roles.measured.values()) {
    const isDead = !isThere(newest, entry);
    const quality = isDead ? 'stale' : QUALITY_NAMES[image.quality(entry)];
    const unit = shownUnit(entry.role);
    const set = setValueOf(entry.role, newest);
    const resolution = resolutionOf(entry, set);
    for (const name of shownNames(entry)) {
      const value = isDead ? Number.NaN : image.value(name);
      const known = last.of(name, now_s);
      const isMissed = known !== undefined && (quality === 'stale' || quality === 'bad');
      const word = entry.words?.[isMissed ? known.value : value];
      result.push({
        role: name,
        unit,
        value: Number.isFinite(value) ? value : null,
        ...(word === undefined ? {} : { word }),
        ...(isMissed ? { last: known } : {}),
        ...(set === undefined ? {} : { set }),
        ...(resolution > 0 ? { resolution } : {}),
        quality,
        channel: entry.channel,
      });
    }
  }
  return result;
}

/** Of what is set, where its instrument declares nothing: part of how far it may be set. */
const OF_RANGE = 1e-3;

/** What its instrument may be wrong at least, in the unit of the role; NaN: nobody knows. */
function resolutionOf({ accuracy }: MeasuredRole, set: RoleValue['set']): number {
  if (accuracy.abs > 0) return accuracy.abs;
  return set === undefined ? Number.NaN : OF_RANGE * Math.max(Math.abs(set.min), Math.abs(set.max));
}

/** Cells in series are told apart by their voltages. */
export const CELLS = 'cell.voltage_V[]';

/** The newest voltage of each cell, as `shownRoles`; undefined where the bench has none. */
export function shownCells(newest: Newest, last: LastUsable): CellValues | undefined {
  const { image, parts } = newest;
  const entry = parts.roles.measured.get(CELLS);
  if (entry === undefined || entry.count < 2) return undefined;
  const values = new Float64Array(entry.count).fill(Number.NaN);
  if (isThere(newest, entry)) image.fill(CELLS, values, 0);
  const isMissed = !values.some(Number.isFinite);
  const known = isMissed ? last.members(parts.clock.now_s()) : undefined;
  return {
    role: CELLS,
    unit: shownUnit(CELLS),
    values: Array.from(values, value => (Number.isFinite(value) ? value : null)),
    ...(known === undefined ? {} : { last: known }),
  };
}
