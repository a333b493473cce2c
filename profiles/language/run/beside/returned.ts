import type { Core } from '../core.ts';
import { UnknownValue } from '../core.ts';
import type { Count } from '../live-expression.ts';
import type { MethodEvents } from '../method-events.ts';

/** Tells what the method itself returns, as it is known when the run ends; nothing where it returns nothing. */
export function returnedBy(core: Core, count: Count, events: MethodEvents): void {
  const entries = Object.entries(core.program.returns);
  if (entries.length === 0) return;
  const figures = entries.map(([name, value]) => {
    try {
      return [name, core.figureOf(value, count)] as const;
    } catch (error) {
      // Known of no step that was come to.
      if (error instanceof UnknownValue) return [name, Number.NaN] as const;
      throw error;
    }
  });
  events.returned(Object.fromEntries(figures));
}
