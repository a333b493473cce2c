import { z } from 'zod';
import { DeviceError } from '../contract/errors.ts';
import { MisfitError, parseExplained } from '../contract/explain.ts';
import type { DriverEntry } from '../entry.ts';
import { type LinesTable, linesDriver } from './lines.ts';
import { type RegistersTable, registersDriver } from './registers.ts';

/** What every declared driver says of itself. */
const headSchema = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/, 'expected maker/model in small letters'),
  manual: z.string().min(10, 'expected title and edition of the paper that it was written from'),
  triedOn: z.string().min(4, 'expected model, firmware and date of what it was tried on, or "emulator only"'),
});

/** One driver as one table: lines of text (`line`), or Modbus registers. */
export type DriverTable = LinesTable | RegistersTable;

/**
 * Makes a driver of one declared table: what is asked and how often, what is set, range, tolerance, read-back, watchdog,
 * what the output does on loss, identity, and where each fact comes from (`basis`). Lines of text over TCP or serial have
 * the keys of the families in drivers/generic/scpi, Modbus (TCP, serial) those of drivers/generic/modbus; the options of
 * the bench file, their checks, the description and the device follow from it.
 * @throws DeviceError `config` that names the driver, the place in its table and what was expected there
 */
export function defineDriver(table: DriverTable): DriverEntry {
  try {
    parseExplained(headSchema, table);
    return 'line' in table ? linesDriver(table) : registersDriver(table);
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    const name = typeof table?.id === 'string' ? table.id : 'defineDriver';
    throw new DeviceError('config', name, error.message, error);
  }
}
