import { readFileSync } from 'node:fs';

/** Expressions of the language's own example files: what is expected of each, and its text. */
export const CONDITIONS: readonly string[] = [
  'cell.current_C < 1/20',
  'cell.voltage_V < subject.voltageMin_V',
  'step.charge_pct <= -10',
  'abs(slope(cell.voltage_V, 10 min)) < 1 mV_per_h',
  'now.capacity_Ah < 0.8 * first.capacity_Ah',
  'round.count == 1 and cycle.efficiency_pct < 75',
  'cell.current_C < charge_C / 10',
  'abs(cell.temperature_degC - 25) < 1 for 30 min',
  'cell.soc_pct <= level_pct',
  'step.time_s > 60 and abs(cell.voltage_V) < 0.3 * abs(first.cell.voltage_V) for 5 s',
  'cell.voltage_V >= subject.voltageMax_V',
  'cell.negativePotential_V < 0 for 2 s',
  'abs(cell.temperature_degC - t_degC) < 0.5 for 30 min',
  'mean(cell.voltage_V) > stop_V or spread(cell.voltage_V) > 0.2 for 2 s',
  'max(cell.voltage_V) > 2.2 for 1 s',
  'o2.h2_vol_pct < 1 for 5 min',
  'o2.h2_vol_pct < gate_vol_pct and stack.current_A > least_A_per_bar * cathode.pressure_bara',
  'o2.h2_vol_pct > gate_vol_pct for 10 s',
  'span(tank.pressure_bara, 10 min) < 2 mbar',
  'span(stack.voltage_V, 20 min) < 1 mV',
  'stack.voltage_V_per_cell > 1.5',
  'now.referenceVoltage_mV - begin.referenceVoltage_mV > drift_mV',
  'mix.o2_vol_pct > 4 and mix.h2_vol_pct > 3 for 1 s',
  'mix.o2_vol_pct < 1 for 2 min',
];

/** Texts with the unit of the key they stand beside. */
export const VALUES: readonly (readonly [unit: string, text: string])[] = [
  ['C', '1/10'],
  ['V', 'subject.voltageMax_V'],
  ['C', '-rate_C'],
  ['h', '1.5 / rate_C'],
  ['C', '0.75 * pulse_C'],
  ['A', '-us06.current_A'],
  ['pct', 'pct(down.chargeOut_Ah / up.chargeIn_Ah)'],
  ['h', '-2 / discharge_C'],
  ['degC', 'triangle(10, 40, 12 h)'],
  ['h', 'plated_mAh_per_cm2 / j_mA_per_cm2'],
  ['V_per_cell', 'triangle(1.45, 2.0, 60 s)'],
  ['pct', 'pct(wind.power_MW / 3.4 MW)'],
  ['pct', '75 pct + 125 pct_per_Hz * clamp(grid.frequency_Hz - 50, -0.2, 0.2)'],
  ['mol', 'left_mol + h2_mol(tank.pressure_bara, tank.temperature_degC, bench.tankVolume_L)'],
];

/** Texts that are refused, each for a reason of its own. */
export const REFUSED: readonly string[] = readFileSync(new URL('refused.txt', import.meta.url), 'utf8')
  .split('\n')
  .flatMap(line => (/^\w[\w ]* \| /.test(line) ? [line.slice(line.indexOf(' | ') + 3)] : []));
