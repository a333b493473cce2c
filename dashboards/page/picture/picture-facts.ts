import type { Picture, PictureNode, PictureSymbol, RoleValue } from '../../../control/view.ts';
import { usable } from '../trends.ts';

/** What the symbols of the process picture say. Pure, but for the memory that it is given. */

/**
 * on, off: as it is read back. moving: another one was asked a moment ago. differs: it has not followed in its time.
 * unread: nothing usable is read of it. none: it has no state.
 */
export type SymbolState = 'on' | 'off' | 'moving' | 'differs' | 'unread' | 'none';

export interface DrawnNode {
  readonly node: PictureNode;
  readonly state: SymbolState;
  /** What was asked last; null: nothing sets it, or nothing has been set. */
  readonly asked: boolean | null;
  /** As it is read; null: it has no state, or none that may be used. */
  readonly isOn: boolean | null;
  /** How full it is, 0 to 1; null: nothing says so. */
  readonly level: number | null;
  /** What it shows in figures, as it is read. */
  readonly values: readonly RoleValue[];
}

/** By the id of a symbol: since when it has not been as it was asked, s of run time. */
export type NotFollowing = Map<string, number>;

const WITH_LEVEL: readonly PictureSymbol[] = ['separator', 'vessel'];

/** The symbols as they stand at a run time, s. `since` remembers from one look to the next. */
export function drawnOf(
  { nodes }: Picture,
  roles: readonly RoleValue[],
  now_s: number,
  since: NotFollowing,
): readonly DrawnNode[] {
  const byRole = new Map(roles.map(value => [value.role, value]));
  return nodes.map((node): DrawnNode => {
    const own = node.roles.flatMap(role => byRole.get(role.replace(/\[\]$/, '[].mean')) ?? []);
    const state = own.find(({ unit }) => unit === 'on');
    const full = WITH_LEVEL.includes(node.symbol) ? own.find(({ unit }) => unit === 'pct') : undefined;
    const full_pct = usable(full);
    const values = own.filter(value => value !== state);
    const read = usable(state);
    const isOn = read === null ? null : read >= 0.5;
    const set = state?.set?.value ?? null;
    const asked = set === null ? null : set >= 0.5;
    return {
      node,
      state: stateOf(node, { isOn, asked, isState: state !== undefined, values }, now_s, since),
      asked,
      isOn,
      level: full_pct === null ? null : Math.min(1, Math.max(0, full_pct / 100)),
      values,
    };
  });
}

interface ReadNode {
  readonly isOn: boolean | null;
  readonly asked: boolean | null;
  readonly isState: boolean;
  readonly values: readonly RoleValue[];
}

function stateOf(
  { id, travel_s }: PictureNode,
  { isOn, asked, isState, values }: ReadNode,
  now_s: number,
  since: NotFollowing,
): SymbolState {
  if (isOn === null || asked === null || asked === isOn) since.delete(id);
  if (!isState) {
    const isDead = values.length > 0 && values.every(value => usable(value) === null && !isIdle(value));
    return isDead ? 'unread' : 'none';
  }
  if (isOn === null) return 'unread';
  if (asked === null || asked === isOn) return isOn ? 'on' : 'off';
  const from_s = since.get(id) ?? now_s;
  // A run that begins anew counts from its own begin.
  since.set(id, Math.min(from_s, now_s));
  return now_s - from_s > travel_s ? 'differs' : 'moving';
}

/** Read, and yet no value: nothing is asked of it or measured at present. */
function isIdle({ quality, value }: RoleValue): boolean {
  return value === null && quality !== 'bad' && quality !== 'stale';
}

/** One field of the grid, in units of the picture; on a wall, where its words are large, it is higher. */
export interface Field {
  readonly width: number;
  readonly height: number;
}

type Place = readonly [column: number, row: number];

/** Middle of a field, in units of the picture. */
export function middleOf([column, row]: Place, { width, height }: Field): readonly [x: number, y: number] {
  return [(column - 0.5) * width, (row - 0.5) * height];
}

/** The corners of a line from one field to another: along its row, then up or down on the border before the other field. */
export function cornersOf(from: Place, to: Place, field: Field): readonly (readonly [number, number])[] {
  const [x1, y1] = middleOf(from, field);
  const [x2, y2] = middleOf(to, field);
  if (x1 === x2 || y1 === y2) {
    return [
      [x1, y1],
      [x2, y2],
    ];
  }
  const x = x2 > x1 ? x2 - field.width / 2 : x2 + field.width / 2;
  return [
    [x1, y1],
    [x, y1],
    [x, y2],
    [x2, y2],
  ];
}
