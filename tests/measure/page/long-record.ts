import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadBench } from '../../../control/bench/bench-file.ts';
import type { RoleTable } from '../../../control/contract/role-table.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import type { JournalEvent } from '../../../control/record/events.ts';
import { JournalFile } from '../../../control/record/file/journal-file.ts';
import type { FrameRows } from '../../../control/record/journal-messages.ts';
import { NO_SETPOINTS } from '../../../control/record/setpoint-buffer.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { channelsOf } from '../full-bench.ts';

/** A record of many hours, written by the journal's own writer without waiting for them. */
export interface LongRecord {
  readonly path: string;
  readonly roles: RoleTable;
  readonly channels: number;
  /** Rows of one instrument: one a second. */
  readonly rows: number;
  readonly bytes: number;
  readonly made_s: number;
  /** One reading of `role` alone, at `t_s`, stands at `value`. */
  readonly spike: { readonly role: string; readonly t_s: number; readonly value: number };
}

const BENCH = new URL('../../../examples/pem-500kw/bench.yaml', import.meta.url).pathname;
/** Rows that are sealed together in a run at 1 Hz. */
const AT_ONCE = 1024;
/** What the noise of a channel repeats itself after; no multiple of what is written at once. */
const NOISE = 9973;
/** A wave of the plant, s, in so many places. */
const WAVE_S = 7200;
const PHASE_S = 5 * 3600;
const SPIKE = { role: 'stack.current_A', value: 3999 };

/** Makes a record of the example bench, all of its channels at 1 Hz, in the folder. */
export function writeLongRecord(dir: string, hours: number): LongRecord {
  const begin_ms = performance.now();
  const loaded = loadBench(BENCH, describeDevice);
  const roles = compileRoles(loaded.bench, loaded.descriptions);
  const tables = [...loaded.descriptions].map(([device, { channels: of }]) => ({
    device,
    channels: of.map(({ name }) => name),
  }));
  const path = join(dir, 'run.sqlite');
  const file = new JournalFile(path, tables, {}, { survives: 'kill' });
  const spiked = roles.measured.get(SPIKE.role);
  if (spiked === undefined) throw new RangeError(`the example has no ${SPIKE.role}, expected one`);
  const rows = Math.round(3600 * hours);
  const spike_s = Math.floor(rows * 0.37);
  const random = seededRandom(12);
  const noise = Float64Array.from({ length: NOISE }, () => Math.round(3 * random.gauss()));
  const wave = Float64Array.from({ length: WAVE_S }, (_, i) =>
    Math.round(200 * Math.sin((2 * Math.PI * i) / WAVE_S)),
  );
  for (let n = 0, from = 0; from < rows; n++, from += AT_ONCE) {
    const count = Math.min(AT_ONCE, rows - from);
    const frames = tables.map(({ device, channels: { length } }, table) => {
      const made = readings(from, count, length, noise, wave);
      if (device === spiked.device && from <= spike_s && spike_s < from + count)
        made.values[(spike_s - from) * (length + 1) + 1 + spiked.first] = SPIKE.value;
      return { table, ...made };
    });
    const events = eventsIn(from, from + count);
    file.write({ n, frames, events, setpoints: NO_SETPOINTS, checkpoints: [] });
  }
  file.close();
  return {
    path,
    roles,
    channels: channelsOf(loaded),
    rows,
    bytes: statSync(path).size,
    made_s: (performance.now() - begin_ms) / 1000,
    spike: { ...SPIKE, t_s: spike_s },
  };
}

/** A slow wave a channel and noise, in steps of a thousandth, as instruments give them. */
function readings(
  from: number,
  rows: number,
  channels: number,
  noise: Float64Array,
  wave: Float64Array,
): FrameRows {
  const width = channels + 1;
  const values = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const t_s = from + r;
    values[r * width] = t_s;
    for (let c = 0; c < channels; c++) {
      const steps = 1800 + 3 * c + wave[(t_s + 60 * c) % WAVE_S] + noise[(t_s + 997 * c) % NOISE];
      values[r * width + 1 + c] = steps / 1000;
    }
  }
  return {
    rows,
    values,
    quality: new Uint8Array(rows * channels).fill(QUALITY.good),
    reasons: new Map(),
  };
}

/** A phase every five hours, and a warning in each. */
function eventsIn(from_s: number, to_s: number): JournalEvent[] {
  const events: JournalEvent[] = [];
  for (let i = Math.ceil(from_s / PHASE_S); i * PHASE_S < to_s; i++) {
    const t_s = i * PHASE_S;
    events.push({ t_s, kind: 'phase', text: `phase ${i}`, data: { name: `phase ${i}`, method: 'long' } });
    const id = 'h2-in-o2-warn';
    events.push({ t_s: t_s + 0.5, kind: 'alarm', text: id, data: { id, reaction: 'warn' } } as JournalEvent);
  }
  return events;
}
