import { stringify } from 'yaml';
import type { Accuracy } from '../../../drivers/contract/device.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import type { CellFacts } from '../../../profiles/recorded-run.ts';
import type { MeasuredRole, RoleTable } from '../../contract/role-table.ts';
import { UNKNOWN } from '../../kinds/derived/kind.ts';
import type { JournalEvent } from '../../record/events.ts';
import { JournalFile } from '../../record/file/journal-file.ts';
import { type JournalSetpoint, SetpointBuffer } from '../../record/setpoint-buffer.ts';
import { CHANNELS, type ChannelField, type CyclerReadings } from './read-cycler.ts';

/** What was read from a file as the record of a run. */

/** Instrument that all readings are said to come from. */
export const IMPORTED_DEVICE = 'cycler';
const ROWS_AT_ONCE = 4096;
const SETPOINTS_AT_ONCE = 2048;

/** Role of each channel. */
const ROLES: Readonly<Record<ChannelField, string>> = {
  voltage: 'cell.voltage_V',
  current: 'cell.current_A',
  power: 'cell.power_W',
  charged: 'cell.charged_Ah',
  discharged: 'cell.discharged_Ah',
  surfaceTemperature: 'cell.temperature_degC',
  ambientTemperature: 'chamber.temperature_degC',
  cycle: 'cycler.cycle_count',
  step: 'cycler.step_count',
};

/** What the record says of itself beside the readings. */
export interface ImportedAbout {
  readonly name: string;
  readonly cell: CellFacts;
  readonly accuracies: Readonly<Record<string, Accuracy>>;
  readonly meta: Readonly<Record<string, string>>;
  readonly events: readonly JournalEvent[];
  readonly setpoints: readonly JournalSetpoint[];
}

/** Writes `run.sqlite`. Throws what the disk says. */
export function writeImported(path: string, readings: CyclerReadings, about: ImportedAbout): void {
  const { channels } = readings;
  const names = channels.map(({ name }) => name);
  const file = new JournalFile(path, [{ device: IMPORTED_DEVICE, channels: names }], {
    ...about.meta,
    benchFile: benchText(readings, about),
    roles: JSON.stringify(rolesText(readings, about.accuracies)),
  });
  try {
    let n = 0;
    const none = new SetpointBuffer(1).take();
    file.write({ n: n++, frames: [], events: about.events, setpoints: none, checkpoints: [] });
    for (let from = 0; from < about.setpoints.length; from += SETPOINTS_AT_ONCE) {
      const buffer = new SetpointBuffer(SETPOINTS_AT_ONCE);
      for (const setpoint of about.setpoints.slice(from, from + SETPOINTS_AT_ONCE)) buffer.add(setpoint, 0);
      file.write({ n: n++, frames: [], events: [], setpoints: buffer.take(), checkpoints: [] });
    }
    for (let from = 0; from < readings.t_s.length; from += ROWS_AT_ONCE) {
      const frames = [{ table: 0, ...rowsFrom(readings, from) }];
      file.write({ n: n++, frames, events: [], setpoints: none, checkpoints: [] });
    }
  } finally {
    file.close();
  }
}

function rowsFrom({ t_s, channels, reasons }: CyclerReadings, from: number) {
  const rows = Math.min(ROWS_AT_ONCE, t_s.length - from);
  const width = channels.length + 1;
  const values = new Float64Array(rows * width);
  const quality = new Uint8Array(rows * channels.length);
  const said = new Map<number, string>();
  for (let r = 0; r < rows; r++) {
    values[r * width] = t_s[from + r];
    channels.forEach((channel, c) => {
      values[r * width + c + 1] = channel.values[from + r];
      quality[r * channels.length + c] = channel.quality[from + r];
    });
    const reason = reasons.get(from + r);
    if (reason !== undefined) said.set(r, reason);
  }
  return { rows, values, quality, reasons: said };
}

/** Roles of the readings, as a bench file names them: what is exported from here is named like our own. */
function benchText({ channels }: CyclerReadings, { name, cell }: ImportedAbout): string {
  const { kind: _kind, ...facts } = cell;
  const roles = Object.fromEntries(
    channels.map(({ field }) => [ROLES[field], `${IMPORTED_DEVICE}.${CHANNELS[field]}`]),
  );
  const devices = { [IMPORTED_DEVICE]: { driver: 'imported', poll_s: 1, stale_after_s: 3600, options: {} } };
  return `# Made by cellbench import: names what was read, and runs on no instrument.\n${stringify({
    bench: name,
    version: 1,
    cell: facts,
    devices,
    roles,
  })}`;
}

/** Where each role stands, its unit and how well it is known, as a record of ours names them. */
function rolesText(readings: CyclerReadings, accuracies: Readonly<Record<string, Accuracy>>): object[] {
  const { measured } = importedRoles(readings, accuracies);
  return [...measured.values()].map(({ role, device, channel, count, accuracy }) => {
    const column = channel.slice(device.length + 1);
    const known = Number.isNaN(accuracy.abs) ? {} : { accuracy };
    return { role, unit: unitOf(role), table: `frames_${device}`, column, last: column, count, ...known };
  });
}

/** The roles of the record, for its figures. */
export function importedRoles(
  { channels }: CyclerReadings,
  accuracies: Readonly<Record<string, Accuracy>>,
): RoleTable {
  const measured = new Map<string, MeasuredRole>();
  channels.forEach(({ field, name }, first) => {
    const role = ROLES[field];
    measured.set(role, {
      role,
      device: IMPORTED_DEVICE,
      channel: `${IMPORTED_DEVICE}.${name}`,
      first,
      count: 1,
      accuracy: accuracies[role] ?? UNKNOWN,
      stale_after_s: Infinity,
    });
  });
  return { measured, settable: new Map() };
}
