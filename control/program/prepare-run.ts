import { join } from 'node:path';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { LoadProfile } from '../../profiles/loads/load-profile.ts';
import { readTextFile } from '../../profiles/method-file.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { Journal } from '../record/journal.ts';
import { Run } from '../run/run.ts';
import { DERIVED_DEVICE } from '../tick/derived/kind.ts';
import { derivedTables } from '../tick/derived/source.ts';
import { compileRoles } from '../tick/roles.ts';
import { BESIDE_DEVICE } from '../watch/residual-roles.ts';
import { isBeside } from '../watch/residuals.ts';
import type { RunHead } from './outcome.ts';

/** What the page draws, of these what the bench has. */
const TREND_ROLES = [
  'stack.current_A',
  'stack.voltage_V',
  'stack.power_W',
  'cell.voltage_V[].min',
  'cell.voltage_V[].mean',
  'cell.voltage_V[].max',
  'cathode.pressure_barg',
  'anode.pressure_barg',
  'o2.h2_vol_pct',
  'stack.temperature_degC',
  'h2.flow_NL_per_min',
  'cell.current_A',
  'cell.voltage_V',
  'cell.power_W',
  'cell.temperature_degC',
  'cell.negativePotential_V',
  'cell.positivePotential_V',
];

/**
 * Opens the journal in `dir` and puts a run together from a bench, its devices and a procedure. Nothing is connected
 * and nothing starts before `run.execute()`. The files that made the run go into the journal as they were.
 */
export async function prepareRun(
  loaded: LoadedBench,
  devices: ReadonlyMap<string, Device>,
  procedure: Procedure,
  source: LoadProfile,
  about: {
    readonly dir: string;
    readonly clock: Clock;
    readonly timeFactor: number;
    readonly head: RunHead;
    readonly method: string;
    /** What is made to go wrong in a simulated run, in words: a record must say so of itself. */
    readonly faults?: readonly string[];
  },
): Promise<Run> {
  const { bench, descriptions, path } = loaded;
  const { clock, timeFactor, head, dir } = about;
  const tables = [
    ...[...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => String(c.name)) })),
    ...derivedTables(bench),
  ];
  const journal = await Journal.open(join(dir, 'run.sqlite'), tables, {
    bench: bench.bench,
    benchFile: readTextFile(path),
    method: procedure.method,
    methodFile: readTextFile(about.method),
    loadSource: source.source,
    mode: head.mode,
    seed: String(head.seed),
    startedUtc: head.startedUtc,
    timeFactor: String(timeFactor),
    software: head.software,
  });
  for (const text of about.faults ?? [])
    journal.event({ t_s: clock.now_s(), kind: 'fault', text: `put in: ${text}` });
  const roles = compileRoles(bench, descriptions);
  const last = source.power_frac.length - 1;
  const run = new Run({
    bench,
    entryOf: device => `${path}:${loaded.lineOf(['devices', device])}`,
    roles,
    procedure,
    devices,
    clock,
    journal,
    source: name =>
      name === 'wind' ? s => source.power_frac[Math.min(last, Math.floor(s / source.dt_s))] : undefined,
    timeFactor,
    control_s: Math.min(...Object.values(bench.devices).map(d => d.poll_s)),
    flush_s: head.mode === 'rehearsal' ? 3600 : 1,
    trendRoles: [
      ...TREND_ROLES.filter(role => roles.measured.has(role.replace(/\.(min|mean|max)$/, ''))),
      ...[...roles.measured.values()]
        .filter(role => role.device === BESIDE_DEVICE || role.device === DERIVED_DEVICE)
        .map(role => role.role),
    ],
  });
  for (const device of devices.values()) if (isBeside(device)) device.attach(run);
  return run;
}
