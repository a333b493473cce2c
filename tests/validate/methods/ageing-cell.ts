import { ecm } from '../../../sim/plant/ecm/ecm.ts';
import { ECM_LFP_26650 } from '../../../sim/plant/ecm/parameters.ts';

/** What is true of the twin that loses capacity with each cycle, without instruments: steps of 20 ms, 25 degC, 1C, rests of half an hour. */

const STEP_S = 0.02;
const REST_S = 1800;
const { capacity_Ah, voltageMin_V, voltageMax_V } = ECM_LFP_26650;

/** Coulombic efficiency, %, of the first whole cycles of the cell of eight-cells after a charge from half full and a discharge. */
export function trueEfficiencies_pct(cycles: number): readonly number[] {
  const cell = ecm(ECM_LFP_26650, { soc_frac: 0.5, temperature_degC: 25 });
  /** Charge, Ah, until a step of current is the last one. */
  const go = (current_A: () => number, isLast: (current_A: number, t_s: number) => boolean): number => {
    let moved_Ah = 0;
    for (let t_s = STEP_S; ; t_s += STEP_S) {
      cell.prepare(STEP_S);
      const now_A = current_A();
      cell.take(now_A);
      moved_Ah += (now_A * STEP_S) / 3600;
      if (isLast(now_A, t_s)) return Math.abs(moved_Ah);
    }
  };
  const rest = (): number =>
    go(
      () => 0,
      (_, t_s) => t_s >= REST_S,
    );
  const out = (): number =>
    go(
      () => -capacity_Ah,
      () => cell.state.voltage_V <= voltageMin_V,
    );
  /** At 1C, then as much as the upper voltage takes: it is linear in the current. */
  const held_A = (): number => {
    const [none_V, full_V] = [cell.voltageAfter_V(0), cell.voltageAfter_V(capacity_Ah)];
    return Math.min(capacity_Ah, (capacity_Ah * (voltageMax_V - none_V)) / (full_V - none_V));
  };
  const into = (): number => go(held_A, now_A => now_A < capacity_Ah / 20);
  const cycle = (): number => {
    const in_Ah = into();
    rest();
    const out_Ah = out();
    rest();
    return (100 * out_Ah) / in_Ah;
  };
  cycle();
  return Array.from({ length: cycles }, cycle);
}
