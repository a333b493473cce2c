import { inAmpere, leavesOf, type PlainMethod } from './plain-step.ts';

/** How far a method goes, positive into the cell; `undefined`: it says nothing of that side. */
export interface Reach {
  readonly voltageMax_V?: number;
  readonly voltageMin_V?: number;
  readonly currentMax_A?: number;
  readonly currentMin_A?: number;
}

/** What steps hold and end at: voltages and currents of a whole method. */
export function reachOf({ steps, capacity_Ah }: PlainMethod): Reach {
  const volts: number[] = [];
  const amps: number[] = [];
  for (const { voltage_V, current, ends } of leavesOf(steps)) {
    if (voltage_V !== undefined) volts.push(voltage_V);
    const set_A = current === undefined ? undefined : inAmpere(current, capacity_Ah);
    if (set_A !== undefined) amps.push(set_A);
    for (const { quantity, amount } of ends) if (quantity === 'voltage') volts.push(amount.value);
  }
  return {
    ...(volts.length === 0 ? {} : { voltageMax_V: Math.max(...volts), voltageMin_V: Math.min(...volts) }),
    ...(amps.length === 0 ? {} : { currentMax_A: Math.max(...amps), currentMin_A: Math.min(...amps) }),
  };
}
