import { type Bench, benchSchema, subjectOf } from '../../control/bench/bench.ts';
import type { JournalEvent } from '../../control/record/events.ts';
import type { FrameRows } from '../../control/record/journal-messages.ts';
import { Recording } from '../../control/record/recording.ts';
import type { JournalSetpoint } from '../../control/record/setpoint-buffer.ts';
import { type Run, startRun } from '../../control/run/run.ts';
import { BenchSession } from '../../control/run/session.ts';
import type { SessionParts } from '../../control/run/session-parts.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { RunState } from '../../control/view.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Quantity } from '../../drivers/contract/units.ts';
import { type LineDevice, lineDevice } from './line-device.ts';
import { testMethod } from './test-method.ts';

const PLC_SAFE: readonly (readonly [Quantity, number])[] = [
  ['n2Set_on', 1],
  ['ventSet_on', 1],
  ['outletSet_on', 0],
  ['heaterSet_degC', 25],
];
const ROLE_OF: Readonly<Record<string, string>> = {
  n2Set_on: 'anode.n2Set_on',
  ventSet_on: 'anode.ventValveSet_on',
  outletSet_on: 'cathode.outletSet_on',
  heaterSet_degC: 'stack.heaterSet_degC',
};

/** Time in which the pressure follows its set point, s. */
const TAU_S = 1;
/** Reading that counts as no current, A. */
const NO_CURRENT_A = 5;

/** What a test may want otherwise. */
export interface LineBenchOptions {
  /** How the PLC stands in the safe state: a line for each output, or one for its own safe list. */
  readonly plcBy?: 'set' | 'device';
  /** Between a question and its answer, s, by device. */
  readonly latency_s?: { readonly supply?: number; readonly plc?: number; readonly gas?: number };
  /** Time between two polls of the supply, s; default 0.25. */
  readonly poll_s?: number;
  /** Chance that a question or an answer gets lost. */
  readonly lossRate?: number;
  /** Ramp limit of the current, A/s; default 20. */
  readonly ramp_A_per_s?: number;
  /** Called with each poll of the PLC: a driver's bug. */
  readonly onPlcPoll?: () => void;
  /** Where set points go in a hold. */
  readonly hold?: object;
  /** In place of the bench's interlocks. */
  readonly interlocks?: readonly object[];
  readonly seed?: number;
  /** The list before a start; default: none, as in a rehearsal. */
  readonly preStart?: SessionParts['preStart'];
  /** The supply measures impedance, too, on its own line. */
  readonly measures?: boolean;
}

/** A session on three instruments behind real lines, in virtual time; the world goes on while it is looked at. */
export interface LineBench {
  readonly clock: VirtualClock;
  readonly session: BenchSession;
  readonly supply: LineDevice;
  readonly plc: LineDevice;
  readonly gas: LineDevice;
  readonly events: JournalEvent[];
  readonly setpoints: JournalSetpoint[];
  readonly spectra: FrameRows[];
  /** What the plant really does now. */
  current_A(): number;
  pressure_barg(): number;
  /** What the test makes the PLC read as H2 in O2. */
  h2InO2_vol_pct: number;
  /** Begins a run of these steps (YAML entries of a method's list); `head`: keys of the file above them. */
  start(steps: string | readonly string[], head?: string): Run;
  /** Lets time pass until this holds; fails after limit_s. */
  until(what: () => boolean, limit_s?: number): Promise<void>;
  pass(for_s: number): Promise<void>;
  /** Every write that is not urgent and has reached an instrument after this time, the wire's own time allowed for. */
  lateWrites(after_s: number): string[];
  /** When the run went into a state, s; NaN: never. */
  when(state: RunState): number;
}

const otherwise = 'by hand';

function benchFile(options: LineBenchOptions): Bench {
  const { plcBy = 'set', ramp_A_per_s = 20, poll_s = 0.25, interlocks, hold = {} } = options;
  const limit = { kind: 'threshold', basis: 'default', trips: '>' };
  const plcLines =
    plcBy === 'device'
      ? [{ device: 'plc', within_s: 1, otherwise }]
      : PLC_SAFE.map(([key, to]) => ({ set: ROLE_OF[key], to, within_s: 1, otherwise, ...whenOff(key) }));
  return benchSchema.parse({
    bench: 'lines',
    version: 1,
    stack: {
      name: 'lines',
      type: 'pem',
      cells: 2,
      activeArea_cm2: 100,
      currentNominal_A: 100,
      powerNominal_kW: 0.4,
      pressureMax_barg: 30,
    },
    devices: {
      supply: {
        driver: 'test/line',
        poll_s,
        stale_after_s: 1,
        options: {},
        watchdog: { timeout_s: 5 },
      },
      plc: { driver: 'test/line', poll_s: 0.5, stale_after_s: 2, options: {} },
      gas: { driver: 'test/line', poll_s: 1, stale_after_s: 3, options: {} },
    },
    roles: {
      'stack.current_A': 'supply.current_A',
      'stack.voltage_V': 'supply.voltage_V',
      'stack.currentSet_A': 'supply.currentSet_A',
      'stack.outputSet_on': 'supply.outputSet_on',
      'cathode.pressure_barg': 'gas.pressure_barg',
      'cathode.pressureSet_barg': 'gas.pressureSet_barg',
      'anode.ventValve_on': 'plc.vent_on',
      'o2.h2_vol_pct': 'plc.h2InO2_vol_pct',
      ...Object.fromEntries(PLC_SAFE.map(([key]) => [ROLE_OF[key], `plc.${key}`])),
    },
    limits: {
      'stack.currentSet_A': { min: 0, max: 120, ramp_per_s: ramp_A_per_s },
      'stack.outputSet_on': { min: 0, max: 1 },
      'cathode.pressureSet_barg': { min: 0, max: 30, ramp_per_s: 5 },
    },
    hold,
    interlocks: interlocks ?? [
      { ...limit, id: 'current-high', role: 'stack.current_A', limit: 110, reaction: 'trip' },
      { ...limit, id: 'h2-trip', role: 'o2.h2_vol_pct', limit: 2, reaction: 'trip' },
      { ...limit, id: 'h2-hold', role: 'o2.h2_vol_pct', limit: 1.5, reaction: 'hold' },
    ],
    safeState: {
      steps: [
        { device: 'supply', within_s: 1, otherwise },
        ...plcLines,
        {
          vent: 'cathode.pressureSet_barg',
          rate_bar_per_min: 30,
          role: 'cathode.pressure_barg',
          below: 0.5,
          within_s: 200,
          otherwise,
        },
      ],
      proof: [
        { role: 'stack.current_A', is: '<', limit: NO_CURRENT_A, within_s: 1, otherwise },
        { role: 'anode.ventValve_on', is: '>', limit: 0.5, within_s: 1.5, otherwise },
      ],
    },
  });
}

/** Hydrogen must find its way out as long as it is made. */
function whenOff(key: string): object {
  return key === 'outletSet_on' ? { when: { role: 'stack.current_A', is: '<', limit: NO_CURRENT_A } } : {};
}

/** Connects the instruments and opens a session on them. */
export async function lineBench(options: LineBenchOptions = {}): Promise<LineBench> {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const { seed = 1, latency_s = {}, lossRate = 0 } = options;
  const plant = { pressure_barg: 0, at_s: 0 };
  let h2InO2_vol_pct = 0.5;

  const current_A = (): number => {
    const { sets } = supply.instrument;
    return (sets.get('outputSet_on') ?? 0) > 0 ? (sets.get('currentSet_A') ?? 0) : 0;
  };
  /** Follows its set point; while gas is made behind a shut outlet it rises. */
  const pressure_barg = (): number => {
    const dt_s = clock.now_s() - plant.at_s;
    plant.at_s = clock.now_s();
    const set = gas.instrument.sets.get('pressureSet_barg') ?? 0;
    const isShutIn = current_A() > NO_CURRENT_A && plc.instrument.sets.get('outletSet_on') === 0;
    if (isShutIn && plant.pressure_barg >= set) plant.pressure_barg += 0.1 * dt_s;
    else plant.pressure_barg = set + (plant.pressure_barg - set) * Math.exp(-dt_s / TAU_S);
    return plant.pressure_barg;
  };
  const supply = lineDevice('supply', {
    clock,
    seed,
    channels: ['current_A', 'voltage_V'],
    settables: ['currentSet_A', 'outputSet_on'],
    safeList: [
      ['outputSet_on', 0],
      ['currentSet_A', 0],
    ],
    onSilence: [['outputSet_on', 0]],
    measures: options.measures ?? false,
    measure: channel => (channel === 'current_A' ? current_A() : current_A() > 0 ? 4 : 1),
  });
  const plc: LineDevice = lineDevice('plc', {
    clock,
    seed: seed + 1,
    channels: ['vent_on', 'h2InO2_vol_pct'],
    settables: PLC_SAFE.map(([key]) => key),
    safeList: options.plcBy === 'device' ? PLC_SAFE : [],
    reply_ms: 400,
    measure: (channel, { sets }) => (channel === 'vent_on' ? (sets.get('ventSet_on') ?? 0) : h2InO2_vol_pct),
    ...(options.onPlcPoll === undefined ? {} : { onPoll: options.onPlcPoll }),
  });
  const gas: LineDevice = lineDevice('gas', {
    clock,
    seed: seed + 2,
    channels: ['pressure_barg'],
    settables: ['pressureSet_barg'],
    measure: () => pressure_barg(),
  });
  for (const [key, value] of PLC_SAFE) plc.instrument.sets.set(key, value);
  supply.instrument.latency_s = latency_s.supply ?? 0.005;
  plc.instrument.latency_s = latency_s.plc ?? 0.02;
  gas.instrument.latency_s = latency_s.gas ?? 0.01;

  const bench = benchFile(options);
  const devices = new Map([supply, plc, gas].map(device => [device.id, device]));
  const events: JournalEvent[] = [];
  const setpoints: JournalSetpoint[] = [];
  const spectra: FrameRows[] = [];
  const recording = new Recording();
  recording.add({
    frame: () => {},
    event: event => void events.push(event),
    setpoint: setpoint => void setpoints.push(setpoint),
    spectrum: () => ({ add: rows => void spectra.push(rows) }),
    checkpoint: () => {},
  });
  const roles = compileRoles(bench, devices);
  const session = await clock.runUntil(
    BenchSession.open({
      bench,
      entryOf: device => device,
      roles,
      devices,
      clock,
      recording,
      control_s: 0.25,
      flush_s: 1,
      checkpoint_s: 10,
      checkpointsSteps: true,
      preStart: options.preStart,
    }),
  );
  for (const { instrument } of devices.values()) instrument.lossRate = lossRate;

  const self: LineBench = {
    clock,
    session,
    supply,
    plc,
    gas,
    events,
    setpoints,
    spectra,
    current_A,
    pressure_barg,
    get h2InO2_vol_pct() {
      return h2InO2_vol_pct;
    },
    set h2InO2_vol_pct(value) {
      h2InO2_vol_pct = value;
    },
    start: (steps, head = '') =>
      startRun(session, {
        procedure: testMethod(bench, devices, steps, { head }),
        subject: subjectOf(bench),
        timeFactor: 1,
        trendRoles: [],
      }),
    async until(what, limit_s = 300) {
      if (what()) return;
      const until_s = clock.now_s() + limit_s;
      let stop: () => void = () => {};
      const isSeen = await clock.runUntil(
        new Promise<boolean>(resolve => {
          stop = clock.every(0.0125, () => {
            if (what()) resolve(true);
            else if (clock.now_s() > until_s) resolve(false);
          });
        }),
      );
      stop();
      if (!isSeen) throw new Error(`not within ${limit_s} s, in state ${session.state}`);
    },
    pass: for_s => clock.runUntil(clock.sleep(for_s)),
    lateWrites: after_s =>
      [...devices.values()].flatMap(({ id, instrument }) =>
        instrument.log
          .filter(f => f.request.kind === 'write' && f.lane !== 'urgent')
          .filter(f => f.t_s > after_s + instrument.latency_s / 2 + 1e-9)
          .map(f => `${(f.t_s - after_s).toFixed(3)} s after: ${id} ${f.text}`),
      ),
    when: state => events.find(e => e.kind === 'state' && e.data.to === state)?.t_s ?? Number.NaN,
  };
  return self;
}
