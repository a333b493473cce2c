import { type LineBench, type LineBenchOptions, lineBench } from './line-bench.ts';

/** Steps for the bench on lines. */

/** Load on, gas outlet open, heater on: outputs of two instruments. */
export const ON = `- name: on
  set: { stack.output_on: on, stack.current_A: 80, cathode.outlet_on: on, stack.heater_degC: 60, anode.n2_on: off }`;
/** Under pressure. */
export const PRESS = '- { name: press, set: { cathode.pressure_barg: 8 } }';
/** Waits. */
export const HOLD = (for_s: number, tags = ''): string =>
  `- { name: hold, wait: {}, for_s: ${for_s}${tags === '' ? '' : `, tags: [${tags}]`} }`;
/** Who asks. */
export const ME = { by: 'person', id: 'test' } as const;

/** A bench at load and under pressure, long to go. */
export async function benchAtLoad(options: LineBenchOptions = {}): Promise<LineBench> {
  const bench = await lineBench(options);
  bench.start([ON, PRESS, HOLD(1000)]);
  await bench.until(() => bench.current_A() === 80 && bench.pressure_barg() > 7.9);
  return bench;
}
