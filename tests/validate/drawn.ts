import type { BatteryModel } from '../../sim/plant/cell/battery-model.ts';

/** How a cell is emptied: a current down to a voltage or for a time, or a resistance across it for a time. */
export type Draw =
  | { readonly rate_A: number; readonly until_V: number }
  | { readonly rate_A: number; readonly for_s: number }
  | { readonly short_Ohm: number; readonly for_s: number };

/** Halvings of the bracket 0..2000 A: to a nanoampere. */
const HALVINGS = 60;

function shortCurrent_A(model: BatteryModel, short_Ohm: number): number {
  let low_A = -2000;
  let high_A = 0;
  for (let k = 0; k < HALVINGS; k++) {
    const middle_A = (low_A + high_A) / 2;
    if (model.voltageAfter_V(middle_A) + short_Ohm * middle_A > 0) high_A = middle_A;
    else low_A = middle_A;
  }
  return high_A;
}

/** Empties a cell in steps of 1 s, at most a day; the charge drawn, Ah. */
export function drawn(model: BatteryModel, draw: Draw): number {
  const before_Ah = model.state.discharged_Ah;
  const most_s = 'for_s' in draw ? draw.for_s : 86_400;
  for (let k = 0; k < most_s; k++) {
    model.prepare(1);
    model.take('short_Ohm' in draw ? shortCurrent_A(model, draw.short_Ohm) : -draw.rate_A);
    if ('until_V' in draw && model.state.voltage_V <= draw.until_V) break;
  }
  return model.state.discharged_Ah - before_Ah;
}
