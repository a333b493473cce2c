import type { Accuracy } from '../../../drivers/contract/device.ts';
import type { Unit } from '../../../drivers/contract/units.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import { type Derivation, isRead, newOutput, type Range, say } from './kind.ts';

/** What kinds say of themselves whose figure has the unit, range and accuracy of the members. */
export const likeItsMembers = {
  takes: 'array',
  sources: ({ of }: { readonly of: string }) => ({ of }),
  unit: (of: Unit) => of,
  range: (of: Range) => of,
  accuracy: (of: Accuracy) => of,
} as const;

/** A figure over all members of an array role, as good as its worst member; one unusable member makes it bad. */
export function overArray(
  role: MeasuredRole,
  figure: (values: Float64Array, first: number, end: number) => number,
): Derivation {
  const out = newOutput();
  const end = role.first + role.count;
  return {
    out,
    take(frame) {
      let worst = 0;
      for (let i = role.first; i < end; i++) {
        if (!isRead(out, role, frame, i)) return;
        if (frame.quality[i] > worst) worst = frame.quality[i];
      }
      say(out, figure(frame.values, role.first, end), worst);
    },
    state: () => null,
  };
}

/** Largest of some columns. */
export function largest(values: Float64Array, first: number, end: number): number {
  let most = -Infinity;
  for (let i = first; i < end; i++) if (values[i] > most) most = values[i];
  return most;
}

/** Smallest of some columns. */
export function smallest(values: Float64Array, first: number, end: number): number {
  let least = Infinity;
  for (let i = first; i < end; i++) if (values[i] < least) least = values[i];
  return least;
}
