import { type Clock, VirtualClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import { subjectOf } from '../bench/bench.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { BESIDE_DEVICE } from '../contract/residual-roles.ts';
import { DERIVED_DEVICE, METHOD_DEVICE } from '../kinds/derived/kind.ts';
import type { Recording } from '../record/recording.ts';
import type { RunSpec } from '../run/run.ts';
import { BenchSession } from '../run/session.ts';
import type { SessionParts } from '../run/session-parts.ts';
import { compileRoles, methodRolesOf, withMethodRoles } from '../tick/roles.ts';
import { noteClock } from '../watch/instrument-clock.ts';
import { isBeside } from '../watch/residuals.ts';
import { slowPollText } from '../watch/slow-polls.ts';
import { practiseTrips } from './trip-practice.ts';

/** A checkpoint so often on instruments, s; in virtual time, where nothing is taken up again, as seldom as a batch. */
const CHECKPOINT_S = 1;
const CHECKPOINT_REHEARSED_S = 3600;
/** What was recorded is on the disk so soon, s; in virtual time so seldom that what comes at once makes a block. */
const FLUSH_S = 1;
const FLUSH_REHEARSED_S = 86_400;

/** How often what was recorded goes to the disk, s of the clock: at a pace once a second of whoever looks on. */
export function flushEvery_s(clock: Clock, isRehearsal: boolean): number {
  if (!isRehearsal) return FLUSH_S;
  const pace = clock instanceof VirtualClock ? clock.pace : 0;
  return pace === 0 ? FLUSH_REHEARSED_S : Math.min(FLUSH_REHEARSED_S, Math.max(1, pace) * FLUSH_S);
}

/** What the page draws, of these what the bench has. */
export const TREND_ROLES = [
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
  'o2.flow_NL_per_min',
  'n2.flow_NL_per_min',
  'mix.h2_vol_pct',
  'mix.o2_vol_pct',
  'mix.pressure_barg',
  'mix.temperature_degC',
  'cell.current_A',
  'cell.voltage_V',
  'cell.power_W',
  'cell.temperature_degC',
  'cell.negativePotential_V',
  'cell.positivePotential_V',
];

/**
 * Connects a bench, looks at the channel that is to run a program, and begins to sample. @throws DeviceError naming every
 * device that cannot be had, or what holds the channel; all is closed then
 */
export async function openSession(of: {
  readonly loaded: LoadedBench;
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  readonly recording: Recording;
  readonly isRehearsal: boolean;
  /** What will be run on it: its own roles stand beside those of the bench. */
  readonly procedure: Procedure;
  /** The program of a cycler that the run follows that is begun next. */
  readonly program?: SessionParts['program'];
  /** Who watches this process. */
  readonly beat?: () => void;
  /** Beside other runs on the same bench. */
  readonly beside?: Pick<SessionParts, 'isLeft' | 'isAligned'>;
  /** The list before a start; a rehearsal has none. */
  readonly preStart?: SessionParts['preStart'];
}): Promise<BenchSession> {
  const { loaded, devices, clock, recording } = of;
  const { bench, descriptions, path } = loaded;
  const parts: SessionParts = {
    bench,
    entryOf: device => `${path}:${loaded.lineOf(['devices', device])}`,
    roles: withMethodRoles(compileRoles(bench, descriptions), methodRolesOf(of.procedure)),
    devices,
    clock,
    recording,
    control_s: Math.min(...Object.values(bench.devices).map(d => d.poll_s)),
    flush_s: flushEvery_s(clock, of.isRehearsal),
    checkpoint_s: of.isRehearsal ? CHECKPOINT_REHEARSED_S : CHECKPOINT_S,
    checkpointsSteps: !of.isRehearsal,
    program: of.program,
    ...(of.beat === undefined ? {} : { beat: of.beat }),
    preStart: of.preStart,
    ...of.beside,
  };
  if (!of.isRehearsal) await practiseTrips(parts);
  const session = await BenchSession.open(parts);
  try {
    await parts.program?.()?.prove();
  } catch (error) {
    await session.close();
    throw error;
  }
  const slow = new Set<string>();
  session.sampling.slow$.add(({ device, took_s }) => {
    const text = slow.has(device) ? undefined : slowPollText(took_s, bench.devices[device]);
    if (text === undefined) return;
    slow.add(device);
    session.note(
      { kind: 'device', data: { device, state: devices.get(device)?.state ?? 'ready' } },
      `${device}: ${text}`,
    );
    console.error(`cellbench: ${device}: ${text}`);
  });
  // In the record, and so that whoever starts the run reads it.
  for (const instrument of devices.values()) {
    const { id: device, notices = [] } = instrument;
    const note = (text: string): void =>
      session.note({ kind: 'device', data: { device, state: instrument.state } }, `${device}: ${text}`);
    for (const notice of notices) {
      note(notice);
      console.error(`cellbench: ${device}: ${notice}`);
    }
    instrument.onNews?.(note);
    noteClock(instrument, (body, text) => {
      session.note(body, text);
      console.error(`cellbench: ${text}`);
    });
  }
  for (const device of devices.values()) if (isBeside(device)) device.attach(session);
  return session;
}

/** What is to be run on a session; `procedure` as it is to be run (shortened, for a run over wires). */
export function runSpecOf(
  session: BenchSession,
  procedure: RunSpec['procedure'],
  timeFactor: number,
  origin_s: number,
): RunSpec {
  const { bench, roles } = session.parts;
  const measured = [...roles.measured.values()];
  return {
    procedure,
    subject: subjectOf(bench),
    timeFactor,
    // Only a rehearsal keeps no steps: nobody is there to ask.
    ...(session.parts.checkpointsSteps ? {} : { confirmedBy: 'rehearsal' }),
    trendRoles: [
      ...TREND_ROLES.filter(role => roles.measured.has(role.replace(/\.(min|mean|max)$/, ''))),
      ...measured
        .filter(role => [BESIDE_DEVICE, DERIVED_DEVICE, METHOD_DEVICE].includes(role.device))
        .map(role => role.role),
    ],
    origin_s,
  };
}
