import { arbinCti } from './arbin/cti.ts';
import { bronkhorstPropar } from './bronkhorst/propar.ts';
import { brooksSProtocol } from './brooks/s-protocol.ts';
import { DeviceError } from './contract/errors.ts';
import { eaPsb10000 } from './ea/psb-10000.ts';
import type { DriverEntry } from './entry.ts';
import { genericImpedanceJson } from './generic/impedance-json.ts';
import { genericModbusMap } from './generic/modbus-map.ts';
import { genericScpi } from './generic/scpi.ts';
import { genericThermal } from './generic/thermal.ts';
import { iorodeoRodeostat } from './iorodeo/rodeostat.ts';
import { keithleySourceMeter } from './keithley/source-meter.ts';
import { keysightDataLogger } from './keysight/data-logger.ts';
import { kolibrikCvm } from './kolibrik/cvm.ts';
import { maccorMacnet } from './maccor/macnet.ts';
import { mksGSeries } from './mks/g-series.ts';
import { newareBts8 } from './neware/bts-8.ts';
import { opcuaLads } from './opcua/lads.ts';
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
  brooksSProtocol,
  iorodeoRodeostat,
  keithleySourceMeter,
  keysightDataLogger,
  kolibrikCvm,
  mksGSeries,
  opcuaLads,
  opcuaPlc,
  palmsensMethodScript,
  newareBts8,
  maccorMacnet,
  arbinCti,
];

/** What a bench file may name as `driver`. */
export const driverIds: readonly string[] = DRIVERS.map(driver => driver.id);

/** Drivers of a lab's own, as its bench file names them. */
const own = new Map<string, DriverEntry>();

/** Takes a driver of a lab's own in; in place of one of the same name. */
export function addOwnDriver(entry: DriverEntry): void {
  own.set(entry.id, entry);
}

/** The driver of that name. Throws DeviceError `config` that lists the known ones. */
export function findDriver(id: string): DriverEntry {
  const driver = DRIVERS.find(entry => entry.id === id) ?? own.get(id);
  if (driver === undefined) {
    const known = [...driverIds, ...own.keys()].join(', ');
    throw new DeviceError('config', id, `no such driver; expected one of: ${known}`);
  }
  return driver;
}
