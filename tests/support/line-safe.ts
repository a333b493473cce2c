import { expect } from 'vitest';
import type { LineBench } from './line-bench.ts';

/** What an ending must leave behind on the bench behind real lines. */
export function expectSafeLines({ session, supply, plc, pressure_barg }: LineBench): void {
  expect(session.run?.outcome?.unproven).toEqual([]);
  expect(supply.instrument.sets.get('outputSet_on')).toBe(0);
  expect(Object.fromEntries(plc.instrument.sets)).toEqual({
    n2Set_on: 1,
    ventSet_on: 1,
    outletSet_on: 0,
    heaterSet_degC: 25,
  });
  expect(pressure_barg()).toBeLessThan(0.5);
}
