import type { Device } from '../../drivers/contract/device.ts';
import type { Bench } from '../bench/bench.ts';
import type { CellShown, CellWork } from '../contract/channel-shown.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { Gate } from './gate.ts';
import type { ProcessImage } from './image.ts';

/** A current smaller than this part of the cell's largest is none: noise of a channel that is off. */
const NO_CURRENT_FRAC = 0.002;

/** What of a session knows a cell. */
interface Newest {
  readonly image: ProcessImage;
  readonly gate: Gate;
  readonly parts: {
    readonly bench: Bench;
    readonly roles: RoleTable;
    readonly devices: ReadonlyMap<string, Device>;
  };
}

/** The cell of a bench as it stands now; of a lost instrument nothing: what it said last is no reading. */
export function shownCell(newest: Newest): CellShown {
  const { image, parts } = newest;
  const read = (role: string): number | null => {
    const entry = parts.roles.measured.get(role);
    if (entry === undefined) return null;
    const device = parts.devices.get(entry.device);
    if (device !== undefined && device.state !== 'ready') return null;
    const value = image.value(role);
    return Number.isFinite(value) ? value : null;
  };
  const current_A = read('cell.current_A');
  return {
    work: current_A === null ? null : workOf(newest, current_A),
    voltage_V: read('cell.voltage_V'),
    current_A,
    temperature_degC: read('cell.temperature_degC'),
    charge_pct: read('cell.soc_pct'),
  };
}

/** By the mode that its channel was told, where there is one; else by the current alone. */
function workOf({ gate, parts }: Newest, current_A: number): CellWork {
  const modes = parts.bench.output?.modes;
  const mode = modes === undefined ? Number.NaN : gate.applied('cell.modeSet_count');
  const none_A = NO_CURRENT_FRAC * (parts.bench.cell?.currentMax_A ?? 0);
  if (mode === modes?.rest || Math.abs(current_A) <= none_A)
    return mode === modes?.cv ? 'hold voltage' : 'rest';
  if (mode === modes?.cv) return 'hold voltage';
  return current_A > 0 ? 'charge' : 'discharge';
}
