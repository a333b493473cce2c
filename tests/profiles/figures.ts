import type { KpiValue } from '../../profiles/kpi.ts';
import type { Procedure } from '../../profiles/procedure.ts';

/** A procedure without instructions, for records that were not made by one. */
export const NOTHING: Procedure = {
  method: 'm',
  instructions: [],
  planned_s: 0,
};

/** The one figure of this id (and phase, absent: of the whole run); it must be there. */
export function figureOf(kpis: readonly KpiValue[], id: string, phase?: string): KpiValue {
  const found = kpis.find(k => k.id === id && k.phase === phase);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
}

/** Its value; NaN where it has none, which equals no expectation. */
export function figureValue(kpis: readonly KpiValue[], id: string, phase?: string): number {
  return figureOf(kpis, id, phase).value ?? Number.NaN;
}
