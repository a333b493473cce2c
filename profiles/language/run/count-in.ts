import type { Core } from './core.ts';
import type { Mark } from './counts/totals.ts';
import type { Frame } from './frame.ts';
import type { Count } from './live-expression.ts';
import type { OpenStep } from './open-step.ts';

/** What lies around a place in a method. */
export interface Around {
  innermost(): OpenStep | undefined;
  loop(): Frame | undefined;
  phase(): Frame | undefined;
}

/** Counts as the owner of a condition sees them: `block` is its own, `step` the innermost running one. */
export function countIn(core: Core, around: Around, own: Mark): Count {
  const markOf = (part: string): Mark => {
    if (part === 'block') return own;
    if (part === 'step') return around.innermost()?.mark ?? own;
    if (part === 'round') return around.loop()?.roundMark ?? core.zero;
    if (part === 'phase') return around.phase()?.mark ?? core.zero;
    return core.zero;
  };
  return (part, counted) => {
    if (counted === 'soc') return core.socNow_pct();
    if (counted === 'count') return around.loop()?.round ?? Number.NaN;
    return core.totals.since(markOf(part), counted, core.env.cells_count);
  };
}
