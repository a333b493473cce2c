import type { RoleTable } from '../../contract/role-table.ts';

/** What is made of the channels of a trend: of one its value, of an array the least, mean or greatest of its members. */
export type TrendFigure = 'value' | 'min' | 'mean' | 'max';

/** Where a trend lies in a record: an instrument's channels by place, and what is made of them. */
export interface TrendRole {
  readonly name: string;
  readonly device: string;
  readonly channels: readonly number[];
  readonly figure: TrendFigure;
}

/**
 * Where a trend lies: a role of one value, `cell.voltage_V[].min` (`.mean`, `.max`) of an array, or `cell.voltage_V[17]`, one
 * member of it. Undefined: the bench has no such role.
 */
export function trendRole(name: string, { measured }: RoleTable): TrendRole | undefined {
  const single = measured.get(name);
  if (single?.count === 1) return { name, device: single.device, channels: [single.first], figure: 'value' };
  const [, array, figure] = /^(.*\[\])\.(min|mean|max)$/.exec(name) ?? [];
  const all = array === undefined ? undefined : measured.get(array);
  if (all !== undefined) {
    const channels = Array.from({ length: all.count }, (_, i) => all.first + i);
    return { name, device: all.device, channels, figure: figure as TrendFigure };
  }
  const [, before, place, behind] = /^(.*)\[(\d+)\](.*)$/.exec(name) ?? [];
  const of = before === undefined ? undefined : measured.get(`${before}[]${behind}`);
  const nth = Number(place) - 1;
  if (of === undefined || nth < 0 || nth >= of.count) return undefined;
  return { name, device: of.device, channels: [of.first + nth], figure: 'value' };
}

/**
 * One value a row, from the rows of a trend's channels, NaN where one of them may not be used: as the page shows it live.
 */
export function figureOf(figure: TrendFigure, members: readonly Float64Array[]): Float64Array {
  const [first, ...others] = members;
  if (figure === 'value' || first === undefined) return first ?? new Float64Array(0);
  const made = Float64Array.from(first);
  for (const member of others) {
    if (figure === 'mean') add(made, member);
    else take(made, member, figure === 'min' ? 1 : -1);
  }
  if (figure === 'mean') for (let r = 0; r < made.length; r++) made[r] /= members.length;
  return made;
}

function add(to: Float64Array, member: Float64Array): void {
  for (let r = 0; r < to.length; r++) to[r] += member[r];
}

/** The lesser of each two (`sign` 1) or the greater (-1); a NaN is taken and stays: comparisons with it are false. */
function take(to: Float64Array, member: Float64Array, sign: number): void {
  for (let r = 0; r < to.length; r++) {
    const value = member[r];
    if (sign * value < sign * to[r] || Number.isNaN(value)) to[r] = value;
  }
}
