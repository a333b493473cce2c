import { GRAVITY } from '../../profiles/steps/recovery.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { Seen } from '../kinds/interlocks/words.ts';
import { Fence } from './fence.ts';
import type { Guarded } from './guarded.ts';

/** The interlocks that look at one device, the gravest first. */
export interface Panel {
  readonly seen: Seen;
  readonly all: Guarded[];
  /** Those that must see every frame, because they keep a history. */
  readonly historic: Guarded[];
  /** The limits of the others. */
  readonly fence: Fence;
  /** The cause of none of the others is present: while the fence holds, there is nothing to judge of them. */
  isQuiet: boolean;
  /** The shortest stale limit of all. */
  readonly stale_after_s: number;
}

/**
 * In the order in which they are judged: of one reading that trips and stops, the trip's OFF is on the line before anything that
 * a stop or a hold would set; else in the order of the bench file.
 */
export function gravestFirst(interlocks: readonly Guarded[]): Guarded[] {
  const gravity = ({ bench }: Guarded): number => GRAVITY[bench.reaction];
  return interlocks.toSorted((a, b) => gravity(b) - gravity(a));
}

/** The panel of a device. */
export function makePanel(seen: Seen, interlocks: readonly Guarded[], roles: RoleTable): Panel {
  const all = gravestFirst(interlocks).filter(guarded => guarded.probe.devices.includes(seen));
  const ofDevice = [...roles.measured.values()].filter(role => role.device === seen.device);
  return {
    seen,
    all,
    historic: all.filter(guarded => guarded.probe.band === undefined),
    fence: new Fence(all.flatMap(guarded => guarded.probe.band ?? [])),
    // Not before the first frame has been judged one by one.
    isQuiet: false,
    stale_after_s: Math.min(...ofDevice.map(role => role.stale_after_s)),
  };
}
