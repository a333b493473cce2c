import type { Quantity } from '../../drivers/contract/units.ts';

/** The PLC of the line bench: its own safe list, and which role each of its outputs is. */

export const PLC_SAFE: readonly (readonly [Quantity, number])[] = [
  ['n2Set_on', 1],
  ['ventSet_on', 1],
  ['outletSet_on', 0],
  ['heaterSet_degC', 25],
];
export const ROLE_OF: Readonly<Record<string, string>> = {
  n2Set_on: 'anode.n2Set_on',
  ventSet_on: 'anode.ventValveSet_on',
  outletSet_on: 'cathode.outletSet_on',
  heaterSet_degC: 'stack.heaterSet_degC',
};
