import { bronkhorstPropar } from './bronkhorst/propar.ts';
import { DeviceError } from './contract/errors.ts';
import { eaPsb10000 } from './ea/psb-10000.ts';
import type { DriverEntry } from './entry.ts';
import { genericImpedanceJson } from './generic/impedance-json.ts';
import { genericModbusMap } from './generic/modbus-map.ts';
import { genericScpi } from './generic/scpi.ts';
import { genericThermal } from './generic/thermal.ts';
import { opcuaPlc } from './opcua/plc.ts';
import { palmsensMethodScript } from './palmsens/methodscript.ts';

/** The only list of drivers: one line each. */
const DRIVERS: readonly DriverEntry[] = [
  eaPsb10000,
  genericModbusMap,
  genericScpi,
  genericThermal,
  genericImpedanceJson,
  bronkhorstPropar,
  opcuaPlc,
  palmsensMethodScript,
];

/** What a bench file may name as `driver`. */
export const driverIds: readonly string[] = DRIVERS.map(driver => driver.id);

/** The driver of that name. Throws DeviceError `config` that lists the known ones. */
export function findDriver(id: string): DriverEntry {
  const driver = DRIVERS.find(entry => entry.id === id);
  if (driver === undefined) {
    throw new DeviceError('config', id, `no such driver; expected one of: ${driverIds.join(', ')}`);
  }
  return driver;
}
