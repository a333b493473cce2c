import type { Term } from '../by-subject/subject-column.ts';

/**
 * Terms of the Battery Data Format (ontology 1.3.0, github.com/battery-data-alliance/battery-data-format at 1412b98):
 * preferred labels with their fixed units, and which of our roles they are. Current is positive into the cell in both.
 */

/** Base of the terms' IRIs; the notation follows. */
export const BDF_IRI = 'https://w3id.org/battery-data-alliance/ontology/battery-data-format#';

const term = (label: string, notation: string, unit: string): Term => ({ label, notation, unit });

/** Terms by name that are written or read here. */
export const BDF = {
  testTime: term('Test Time / s', 'test_time_second', 's'),
  voltage: term('Voltage / V', 'voltage_volt', 'V'),
  current: term('Current / A', 'current_ampere', 'A'),
  unixTime: term('Unix Time / s', 'unix_time_second', 's'),
  cycleCount: term('Cycle Count / 1', 'cycle_count', '1'),
  stepCount: term('Step Count / 1', 'step_count', '1'),
  stepId: term('Step ID', 'step_id', ''),
  power: term('Power / W', 'power_watt', 'W'),
  ambientTemperature: term('Ambient Temperature / degC', 'ambient_temperature_celsius', 'degC'),
  surfaceTemperature: term('Surface Temperature / degC', 'surface_temperature_celsius', 'degC'),
  charging: term('Charging Capacity / Ah', 'charging_capacity_ah', 'Ah'),
  discharging: term('Discharging Capacity / Ah', 'discharging_capacity_ah', 'Ah'),
  scheduleCharging: term('Schedule Charging Capacity / Ah', 'schedule_charging_capacity_ah', 'Ah'),
  scheduleDischarging: term('Schedule Discharging Capacity / Ah', 'schedule_discharging_capacity_ah', 'Ah'),
} as const satisfies Readonly<Record<string, Term>>;

/** Our roles of a cell, each with its term. A counter that begins anew is a schedule's, not the test's. */
export const BDF_ROLES: readonly {
  readonly role: string;
  readonly term: Term;
  /** Term of a counter that falls or does not begin at 0. */
  readonly otherwise?: Term;
}[] = [
  { role: 'cell.voltage_V', term: BDF.voltage },
  { role: 'cell.current_A', term: BDF.current },
  { role: 'cell.power_W', term: BDF.power },
  { role: 'chamber.temperature_degC', term: BDF.ambientTemperature },
  { role: 'cell.temperature_degC', term: BDF.surfaceTemperature },
  { role: 'cell.charged_Ah', term: BDF.charging, otherwise: BDF.scheduleCharging },
  { role: 'cell.discharged_Ah', term: BDF.discharging, otherwise: BDF.scheduleDischarging },
];

/** Columns of ours beside BDF's, which its readers pass over. */
export const QUALITY_COLUMN = 'Quality';
export const MARKS_COLUMN = 'Quality Marks';
export const REASON_COLUMN = 'Reason';
