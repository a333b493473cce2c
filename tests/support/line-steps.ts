import { type LineBench, type LineBenchOptions, lineBench } from './line-bench.ts';

/** Steps for the bench on lines. */

/** The phase that everything runs in. */
export const PHASE = { op: 'phase', name: 'p', method: 'steps', planned_s: 10 } as const;
const LOAD = { 'stack.outputSet_on': 1, 'stack.currentSet_A': 80 };
const PLANT = { 'cathode.outletSet_on': 1, 'stack.heaterSet_degC': 60, 'anode.n2Set_on': 0 };
/** Load on, gas outlet open, heater on: outputs of two instruments. */
export const ON = { op: 'set', label: 'on', values: { ...LOAD, ...PLANT } } as const;
/** Under pressure. */
export const PRESS = { op: 'set', label: 'press', values: { 'cathode.pressureSet_barg': 8 } } as const;
/** Waits. */
export const HOLD = (for_s: number, tags: readonly string[] = []) =>
  ({ op: 'wait', label: 'hold', for_s, until: [], onTimeout: 'stop', tags }) as const;
/** Who asks. */
export const ME = { by: 'person', id: 'test' } as const;

/** A bench at load and under pressure, long to go. */
export async function benchAtLoad(options: LineBenchOptions = {}): Promise<LineBench> {
  const bench = await lineBench(options);
  bench.start([PHASE, ON, PRESS, HOLD(1000)]);
  await bench.until(() => bench.current_A() === 80 && bench.pressure_barg() > 7.9);
  return bench;
}
