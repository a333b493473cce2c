import { benchSchema, subjectOf } from '../../control/bench/bench.ts';
import { isFinal } from '../../control/contract/run-state.ts';
import { Recording } from '../../control/record/recording.ts';
import { allowedNow, decide } from '../../control/run/operator.ts';
import { startRun } from '../../control/run/run.ts';
import { BenchSession } from '../../control/run/session.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { Command } from '../../control/view.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { type EditName, Edits } from './edits.ts';
import { type Instrument, instrument, type Trouble } from './instrument.ts';
import { LIMITS, Model, STALE_S } from './model.ts';

/** Plays one sequence on a real session with two instruments, the model beside it. */

/** One thing that happens. */
export type Happening =
  | { readonly is: 'pass'; readonly for_s: number }
  | { readonly is: 'reads'; readonly what: 'h2' | 'current' | 'pressure'; readonly value: number }
  | ({ readonly is: 'trouble'; readonly of: 'supply' | 'plc' } & Partial<Trouble>)
  | { readonly is: 'healed' }
  | { readonly is: 'asks'; readonly command: Command }
  /** The rest of the method is edited; read until time passes. `isStale`: in place of one that is not in force. */
  | { readonly is: 'edits'; readonly to: EditName; readonly isStale: boolean };

const otherwise = 'by hand';
const BENCH = benchSchema.parse({
  bench: 'model',
  version: 1,
  stack: {
    name: 'model',
    type: 'pem',
    cells: 2,
    activeArea_cm2: 100,
    currentNominal_A: 100,
    powerNominal_kW: 0.4,
    pressureMax_barg: 30,
  },
  devices: {
    supply: {
      driver: 'test/model',
      poll_s: 0.5,
      stale_after_s: STALE_S,
      options: {},
      watchdog: { timeout_s: 5 },
    },
    plc: { driver: 'test/model', poll_s: 0.5, stale_after_s: STALE_S, options: {} },
  },
  roles: {
    'stack.current_A': 'supply.current_A',
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
    'stack.currentSet_A': { min: 0, max: 120, ramp_per_s: 40 },
    'stack.outputSet_on': { min: 0, max: 1 },
    'cathode.pressureSet_barg': { min: 0, max: 30, ramp_per_s: 5 },
  },
  hold: { 'stack.currentSet_A': { to: 20, ramp_per_s: 30 } },
  // The other way round: what acts first is not what stands first.
  interlocks: LIMITS.toReversed().map(({ id, device, channel, bench, reaction, isAlways }) => ({
    id,
    kind: 'threshold',
    role: device === 'supply' ? 'stack.current_A' : channel === 0 ? 'cathode.pressure_barg' : 'o2.h2_vol_pct',
    trips: '>',
    limit: bench,
    reaction,
    basis: 'default',
    armed: isAlways ? 'always' : 'running',
  })),
  safeState: {
    steps: [
      { device: 'supply', within_s: 1, otherwise },
      { set: 'anode.ventValveSet_on', to: 1, within_s: 1, otherwise },
      {
        vent: 'cathode.pressureSet_barg',
        rate_bar_per_min: 120,
        role: 'cathode.pressure_barg',
        below: 0.5,
        within_s: 30,
        otherwise,
      },
    ],
    proof: [
      { role: 'stack.current_A', is: '<', limit: 5, within_s: 2, otherwise },
      { role: 'anode.ventValve_on', is: '>', limit: 0.5, within_s: 2, otherwise },
    ],
  },
});
/** Commands whose answer must be what was offered before. */
const OFFERED = ['hold', 'resume', 'stop', 'clear', 'reset', 'start', 'skip'];

/** How a sequence went. */
export interface Played {
  readonly violations: readonly string[];
  /** States that were reached; (edited): an edit was taken. */
  readonly states: readonly string[];
  readonly runs: number;
}

/** Plays it, leads the bench to an end, and says what was not as it must be. */
export async function play(sequence: readonly Happening[]): Promise<Played> {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const model = new Model();
  const states = new Set<string>();
  const shown = { h2: 0.5, current: 0, pressure: 0 };
  const supply: Instrument = instrument(
    'supply',
    clock,
    ['current_A', 'voltage_V'],
    [
      ['outputSet_on', 0],
      ['currentSet_A', 0],
    ],
    ['currentSet_A', 'outputSet_on'],
    channel => (channel === 'current_A' ? current_A() + shown.current : 3.5),
  );
  const plc: Instrument = instrument(
    'plc',
    clock,
    ['pressure_barg', 'vent_on', 'h2InO2_vol_pct'],
    [],
    ['pressureSet_barg', 'ventSet_on'],
    channel => {
      if (channel === 'vent_on') return plc.sets.get('ventSet_on') ?? 0;
      return channel === 'h2InO2_vol_pct'
        ? shown.h2
        : (plc.sets.get('pressureSet_barg') ?? 0) + shown.pressure;
    },
  );
  const current_A = (): number =>
    (supply.sets.get('outputSet_on') ?? 0) > 0 ? (supply.sets.get('currentSet_A') ?? 0) : 0;
  for (const { device, ...one } of [supply, plc]) {
    void one;
    const of = device === supply.device ? supply : plc;
    of.asked = ({ key, value, isUrgent }) => {
      model.sets(`${key} = ${value} asked for`, isUrgent);
      if (key === 'outputSet_on' && value === 1) edits?.sets();
    };
    of.arrived = ({ key, value, isUrgent }) => model.sets(`${key} = ${value} arrived`, isUrgent);
  }
  plc.sets.set('ventSet_on', 1);
  const devices = new Map([supply, plc].map(({ device }) => [device.id, device]));
  const recording = new Recording();
  recording.add({
    frame: () => {},
    setpoint: () => {},
    checkpoint: () => {},
    event: event => {
      edits?.event(event);
      if (event.kind === 'command') toldCommands++;
      if (event.kind === 'state') {
        model.went(event.data.from, event.data.to, event.data.event);
        states.add(event.data.to);
      } else if (event.kind === 'alarm') {
        model.raised(event.data.id, clock.now_s());
        raisedNow.push(event.data.id);
      }
    },
  });
  let raisedNow: string[] = [];
  let edits: Edits | undefined;
  let [asked, toldCommands] = [0, 0];
  const roles = compileRoles(BENCH, devices);
  const session = await clock.runUntil(
    BenchSession.open({
      bench: BENCH,
      entryOf: device => device,
      roles,
      devices,
      clock,
      recording,
      control_s: 0.25,
      flush_s: 60,
      checkpoint_s: 60,
      checkpointsSteps: false,
    }),
  );
  const { interlocks } = session;
  const judge = interlocks.check.bind(interlocks);
  interlocks.check = frame => {
    const isBad =
      frame.quality.some(quality => quality > 1) || frame.values.some(value => !Number.isFinite(value));
    model.before(frame.device, frame.t_s, frame.values, isBad);
    raisedNow = [];
    judge(frame);
    model.after(session.state);
    for (const id of raisedNow) model.follows(id);
  };
  const ofEdits = new Edits(session, BENCH, model);
  edits = ofEdits;
  let runs = 0;
  const start = (): Promise<string> => {
    const procedure = ofEdits.procedure();
    startRun(session, { procedure, subject: subjectOf(BENCH), timeFactor: 1, trendRoles: [] });
    runs++;
    return Promise.resolve('');
  };
  const ask = async (command: Command): Promise<boolean> => {
    const { command: word } = command;
    asked++;
    model.asks = word;
    const isOffered = allowedNow(session, true).includes(word);
    const mayAbort = model.state !== 'Idle' && model.state !== 'Aborted';
    const before = session.interlocks.alarms().map(alarm => alarm.id);
    const mayChange =
      word === 'limit' && model.mayChange(command.interlock ?? '', command.value ?? Number.NaN);
    if (word === 'acknowledge' && (command.alarm === undefined || before.includes(command.alarm)))
      model.acknowledged(command.alarm);
    const { accepted } = await decide(session, command, 'model', start, ofEdits.run);
    if (OFFERED.includes(word) && accepted !== isOffered)
      model.wrong(`offered: ${word} in ${model.state}: offered ${isOffered}, accepted ${accepted}`);
    if (word === 'abort' && accepted !== mayAbort)
      model.wrong(`abort: accepted ${accepted}, expected ${mayAbort}`);
    if (word === 'limit' && accepted !== mayChange)
      model.wrong(
        `limit: ${command.interlock} ${command.value}: accepted ${accepted}, expected ${mayChange}`,
      );
    model.asks = '';
    return accepted;
  };
  const look = (): void => model.compare(clock.now_s(), session.interlocks.alarms());
  const pass = async (for_s: number): Promise<void> => {
    await ofEdits.settle();
    await clock.runUntil(clock.sleep(for_s));
    look();
  };
  const heal = (): void => {
    Object.assign(shown, { h2: 0.5, current: 0, pressure: 0 });
    for (const { trouble } of [supply, plc]) Object.assign(trouble, { reads: 'ok', writes: 'ok' });
  };
  await pass(1);
  await ask({ command: 'start' });
  await pass(1);
  for (const one of sequence) {
    if (one.is === 'pass') await pass(one.for_s);
    else if (one.is === 'reads') shown[one.what] = one.value;
    else if (one.is === 'trouble') Object.assign((one.of === 'supply' ? supply : plc).trouble, one);
    else if (one.is === 'healed') heal();
    else if (one.is === 'edits') ofEdits.ask(one.to, one.isStale, ask);
    else {
      await ask(one.command);
      look();
    }
  }
  await ofEdits.settle();
  heal();
  for (
    let i = 0;
    i < 200 && !(isFinal(session.state) && session.run?.outcome !== undefined) && session.state !== 'Idle';
    i++
  ) {
    await pass(1);
    if (i === 5) await ask({ command: 'acknowledge' });
    if (i === 6) await ask({ command: 'stop' });
  }
  if (session.run?.outcome === undefined) model.wrong(`no end: a run is still in ${session.state}`);
  if (session.state !== 'Idle' && !isFinal(session.state)) model.wrong(`no end: ${session.state}`);
  if (toldCommands !== asked) model.wrong(`audit: ${toldCommands} commands told of ${asked}`);
  if (current_A() !== 0) model.wrong(`output: ${current_A()} A at the end`);
  if (ofEdits.taken > 0) states.add('(edited)');
  await clock.runUntil(session.close());
  return { violations: model.violations, states: [...states], runs };
}
