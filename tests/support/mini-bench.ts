import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bench, benchSchema, subjectOf } from '../../control/bench/bench.ts';
import type { RunOutcome } from '../../control/contract/run-outcome.ts';
import { Journal } from '../../control/record/journal.ts';
import { Recording } from '../../control/record/recording.ts';
import { type Run, type RunSpec, startRun } from '../../control/run/run.ts';
import { BenchSession } from '../../control/run/session.ts';
import type { SessionParts } from '../../control/run/session-parts.ts';
import { derivedTables } from '../../control/tick/derived-source.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import { type Clock, VirtualClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { type MemoryDevice, memoryDevice } from './memory-device.ts';
import { oneColumn } from './one-column.ts';
import { openRows } from './plain-rows.ts';
import { testMethod } from './test-method.ts';

/** A small bench for tests of control: a supply and a PLC without physics, polled each second of virtual time. */
export const MINI_BENCH: Bench = benchSchema.parse({
  bench: 'mini',
  version: 1,
  stack: {
    name: 'mini',
    type: 'pem',
    cells: 2,
    activeArea_cm2: 100,
    currentNominal_A: 100,
    powerNominal_kW: 1,
    pressureMax_barg: 30,
  },
  devices: {
    supply: { driver: 'test/memory', poll_s: 1, stale_after_s: 3, options: {}, watchdog: { timeout_s: 5 } },
    plc: { driver: 'test/memory', poll_s: 1, stale_after_s: 3, options: {} },
  },
  roles: {
    'stack.current_A': 'supply.current_A',
    'stack.power_W': 'supply.power_W',
    'stack.voltage_V': 'supply.voltage_V',
    'stack.currentSet_A': 'supply.currentSet_A',
    'stack.outputSet_on': 'supply.outputSet_on',
    'cathode.pressure_barg': 'plc.pressure_barg',
    'cathode.pressureSet_barg': 'plc.pressureSet_barg',
    'anode.ventValve_on': 'plc.vent_on',
    'anode.ventValveSet_on': 'plc.ventSet_on',
    'o2.h2_vol_pct': 'plc.h2InO2_vol_pct',
  },
  limits: {
    'stack.currentSet_A': { min: 0, max: 100, ramp_per_s: 20 },
    'stack.outputSet_on': { min: 0, max: 1 },
    'cathode.pressureSet_barg': { min: 0, max: 30, ramp_per_s: 0.1 },
  },
  interlocks: [
    {
      id: 'current-high',
      kind: 'threshold',
      role: 'stack.current_A',
      trips: '>',
      limit: 110,
      reaction: 'trip',
      basis: 'default',
    },
    {
      id: 'h2-in-o2',
      kind: 'threshold',
      role: 'o2.h2_vol_pct',
      trips: '>',
      limit: 2,
      rearm: 1,
      delay_s: 2,
      reaction: 'trip',
      basis: 'default',
    },
    {
      id: 'h2-hold',
      kind: 'threshold',
      role: 'o2.h2_vol_pct',
      trips: '>',
      limit: 1.6,
      reaction: 'hold',
      basis: 'default',
    },
  ],
  safeState: {
    steps: [
      { device: 'supply', within_s: 0.3, otherwise: 'emergency stop' },
      { set: 'anode.ventValveSet_on', to: 1, within_s: 0.5, otherwise: 'open the vent by hand' },
      {
        vent: 'cathode.pressureSet_barg',
        rate_bar_per_min: 3,
        role: 'cathode.pressure_barg',
        below: 0.5,
        within_s: 900,
        otherwise: 'hand vent',
      },
    ],
    proof: [
      { role: 'stack.current_A', is: '<', limit: 5, within_s: 1, otherwise: 'emergency stop' },
      { role: 'anode.ventValve_on', is: '>', limit: 0.5, within_s: 1, otherwise: 'open the vent by hand' },
    ],
  },
});

export interface MiniRun {
  /** The session, once it is open. */
  readonly session: BenchSession;
  /** The run, once it has begun. */
  readonly run: Run;
  readonly clock: VirtualClock;
  readonly supply: MemoryDevice;
  readonly plc: MemoryDevice;
  readonly journal: Journal;
  readonly path: string;
  /** Connects and begins to sample. */
  open(): Promise<BenchSession>;
  /** Opens the session if it is not yet, runs the procedure to its end, and closes the session unless told not to. */
  execute(options?: { readonly staysOpen?: boolean }): Promise<RunOutcome>;
  /** Closes the journal and reads its events as `t kind text`. */
  events(): Promise<{ t_s: number; kind: string; text: string }[]>;
  setpoints(role: string): { t_s: number; asked: number; applied: number | null; outcome: string }[];
}

/** Values that follow what was set, at once: the devices' "plant". */
function follow(device: MemoryDevice, map: Record<string, number>): void {
  const write = device.write.bind(device);
  device.write = async (key, value, options) => {
    await write(key, value, options);
    const at = map[key];
    if (at !== undefined) device.values[at] = value;
  };
}

/** The devices of the mini bench, with values that follow what is set. */
export function miniDevices(clock: Clock): { readonly supply: MemoryDevice; readonly plc: MemoryDevice } {
  const supply = memoryDevice(
    'supply',
    clock,
    ['voltage_V', 'current_A', 'power_W'],
    ['currentSet_A', 'outputSet_on'],
    [
      ['outputSet_on', 0],
      ['currentSet_A', 0],
    ],
  );
  const plc = memoryDevice(
    'plc',
    clock,
    ['pressure_barg', 'vent_on', 'h2InO2_vol_pct'],
    ['pressureSet_barg', 'ventSet_on'],
  );
  follow(supply, { currentSet_A: 1 });
  follow(plc, { pressureSet_barg: 0, ventSet_on: 1 });
  plc.values[1] = 1;
  supply.values[0] = 4;
  return { supply, plc };
}

/** A run on it. `steps`: YAML entries of a method's list. */
export async function miniRun(
  steps: string | readonly string[],
  options: {
    bench?: Bench;
    planned_s?: number;
    /** Keys of the method above its steps. */
    head?: string;
    /** What every column of the method's data files reads, at s seconds of their time. */
    source?: (s: number) => number;
    realTime?: Clock;
    /** As of `SessionParts`; default true. */
    checkpointsSteps?: boolean;
    /** One more device of the bench, made on the run's clock. */
    also?: (clock: Clock) => Device;
  } = {},
): Promise<MiniRun> {
  const bench = options.bench ?? MINI_BENCH;
  const virtual = new VirtualClock({ utcStart_ms: 0 });
  const clock = options.realTime ?? virtual;
  const { supply, plc } = miniDevices(clock);
  const devices = new Map<string, Device>([
    ['supply', supply],
    ['plc', plc],
  ]);
  const also = options.also?.(clock);
  if (also !== undefined) devices.set(also.id, also);
  const roles = compileRoles(bench, devices);
  const path = join(mkdtempSync(join(tmpdir(), 'mini-')), 'run.sqlite');
  const journal = await Journal.open(
    path,
    [
      ...[...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => String(c.name)) })),
      ...derivedTables(bench),
    ],
    {},
  );
  const procedure = testMethod(bench, devices, steps, {
    name: 'mini',
    planned_s: options.planned_s ?? 100,
    ...(options.head === undefined ? {} : { head: options.head }),
  });
  const { source } = options;
  const recording = new Recording();
  recording.add(journal);
  const parts: SessionParts = {
    bench,
    entryOf: device => `mini.yaml:${Object.keys(bench.devices).indexOf(device) + 1}`,
    roles,
    devices,
    clock,
    recording,
    control_s: bench.devices['supply'].poll_s,
    flush_s: 60,
    checkpoint_s: 10,
    checkpointsSteps: options.checkpointsSteps ?? true,
  };
  const spec: RunSpec = {
    procedure:
      source === undefined
        ? procedure
        : {
            ...procedure,
            data: oneColumn(source),
          },
    subject: subjectOf(bench),
    timeFactor: 1,
    trendRoles: ['stack.current_A'],
    origin_s: 0,
  };
  let session: BenchSession | undefined;
  let run: Run | undefined;
  return {
    get session() {
      if (session === undefined) throw new Error('the session is not open yet');
      return session;
    },
    get run() {
      if (run === undefined) throw new Error('the run has not begun yet');
      return run;
    },
    clock: virtual,
    supply,
    plc,
    journal,
    path,
    async open() {
      session = await BenchSession.open(parts);
      return session;
    },
    async execute({ staysOpen = false } = {}) {
      const open = session ?? (await BenchSession.open(parts));
      session = open;
      journal.onFailure(error =>
        open.abort({ by: 'record', id: 'journal' }, `the record cannot be written: ${error.message}`),
      );
      run = startRun(open, spec);
      const outcome = await run.finished;
      if (!staysOpen) await open.close();
      return outcome;
    },
    async events() {
      await journal.close();
      const db = new DatabaseSync(path, { readOnly: true });
      const rows = db.prepare('SELECT t_s, kind, text FROM events ORDER BY rowid').all();
      db.close();
      return rows as { t_s: number; kind: string; text: string }[];
    },
    setpoints(role) {
      const db = openRows(path);
      const rows = db
        .prepare('SELECT t_s, asked, applied, outcome FROM setpoints WHERE role = ? ORDER BY rowid')
        .all(role);
      db.close();
      return rows as { t_s: number; asked: number; applied: number | null; outcome: string }[];
    },
  };
}
