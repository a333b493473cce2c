import { findName } from '../bench/find-name.ts';
import type { BenchNames, Reference } from '../bench/reference.ts';
import type { Conversion } from '../units/unit.ts';
import { ownName } from './own-names.ts';

/** What is asked of a step after its end, `discharge.charge_Ah`, and where it comes from. All JSON. */
export interface StepFigure {
  /** The step, `rate.yaml#discharge`, and what stands behind its dot. */
  readonly id: string;
  readonly name: string;
  readonly from: /** What it counted, in the unit of `to`. */
    | { readonly counted: string; readonly to: Conversion }
    /** Mean of a role over its `average_`. */
    | { readonly role: string; readonly isArray: boolean; readonly to: Conversion }
    /** What its procedure returned, or a figure of its evaluation. */
    | 'returned';
}

const NOTHING = { own: new Map(), derived: [], data: new Map() };

/** What the figure `name` of a step is on a bench. */
export function stepFigure(path: string, id: string, name: string, bench: BenchNames): StepFigure {
  const found: readonly (Reference | { readonly wrong: string })[] = [
    findName(`step.${name}`, bench, NOTHING, []),
    ...(name.includes('.') ? [findName(name, bench, NOTHING, [])] : []),
  ];
  for (const one of found) {
    if ('wrong' in one) continue;
    if (one.from === 'part of the run')
      return { id: ownName(path, id), name, from: { counted: one.counted, to: one.to } };
    if (one.from === 'role')
      return { id: ownName(path, id), name, from: { role: one.role, isArray: one.isArray, to: one.to } };
  }
  return { id: ownName(path, id), name, from: 'returned' };
}
