import { eventsOf, readEvents } from '../../record/recorded-events.ts';
import type { RunSource } from '../recorded-run.ts';

/** Cycle and step of each row, counted as BDF asks: whole numbers that never fall. */

/** Numbers at rising times. */
export interface Counts {
  /** Cycles that have begun, from the result's table; NaN without one. */
  cycle(t_s: number): number;
  /** Steps that have begun and lasted; `id` is the step's place in the procedure, which recurs in a loop. */
  step(t_s: number): { readonly count: number; readonly id: string | null };
}

/** Cycles and steps of a run. A cell's half-cycles before the first whole cycle count as cycle 0. */
export function countsOf({ db, result }: RunSource): Counts {
  const table = result?.tables.find(({ id }) => id === 'cycles');
  const column = (name: string): number => table?.columns.indexOf(name) ?? -1;
  const [number, start] = [column('cycle'), column('start_s')];
  const begins = (table?.rows ?? []).map(row => ({ number: Number(row[number]), t_s: Number(row[start]) }));
  const steps = eventsOf(readEvents(db), 'step')
    .filter(({ t_s, data }) => t_s > data.start_s)
    .map(({ data }) => ({ start_s: data.start_s, id: String(data.pc) }))
    .sort((a, b) => a.start_s - b.start_s);
  const before = begins.length === 0 ? Number.NaN : begins[0].number - 1;
  let atCycle = 0;
  let atStep = 0;
  return {
    cycle(t_s) {
      while (atCycle < begins.length && begins[atCycle].t_s <= t_s) atCycle++;
      return atCycle === 0 ? before : begins[atCycle - 1].number;
    },
    step(t_s) {
      while (atStep < steps.length && steps[atStep].start_s <= t_s) atStep++;
      return { count: atStep, id: atStep === 0 ? null : steps[atStep - 1].id };
    },
  };
}
