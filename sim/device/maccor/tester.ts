import { CyclerChannel } from '../cycler/channel.ts';
import { type EmulatorEnv, type Faults, freezable } from '../faults.ts';
import { readProcedure } from './procedure.ts';

/** What a Maccor tester does by itself: one channel on a cell of the plant, by procedures or in direct mode. */

/** What it is made of. */
export interface MacParts {
  readonly subject: string;
  readonly systemId: string;
  /** From 0: the channel on the cell. */
  readonly chan: number;
  readonly channels: number;
  /** `MacNetDirectModeWD` of its System.ini, s; 0: off. */
  readonly watchdog_s: number;
  readonly currentMax_A: number;
  readonly voltageMax_V: number;
  /** The procedure of that name; undefined: there is none. */
  readonly procedure: (name: string) => string | undefined;
  readonly port?: number;
  readonly binaryPort?: number;
  readonly timeFactor?: number;
  readonly onOutputOff?: (() => void) | undefined;
}

/** What may go wrong with one function (`6,2`): carried out without an answer, or answered and not carried out. */
export type MacTrick = 'unanswered' | 'not done';

/** What is shown in place of the channel's own state, as after a fault of the machine. */
export interface Shown {
  readonly Stat: number;
  readonly RF2: number;
}

interface Direct {
  /** Tenths of a second since the output was set. */
  set_s: number;
  readonly used: { readonly Current: boolean; readonly Voltage: boolean };
}

const STAT = { idle: 0, running: 2, paused: 3, finished: 4, stopped: 0, protected: 5 } as const;
const RF1_ENDED = { idle: 0, running: 0, paused: 30, finished: 31, stopped: 0, protected: 29 } as const;
const RF2 = { idle: 0, running: 0, paused: 192, finished: 193, stopped: 192, protected: 189 } as const;
const DIRECT_GAP_S = 0.1;

/** The tester. Time passes for it only in `service`. */
export function maccorTester(env: EmulatorEnv, faults: Faults, parts: MacParts) {
  const { chan, currentMax_A, voltageMax_V } = parts;
  const rig = freezable(env.rig, faults);
  const channel = new CyclerChannel({
    env: { ...env, rig },
    subject: parts.subject,
    ...(parts.timeFactor === undefined ? {} : { timeFactor: parts.timeFactor }),
    onOutputOff: parts.onOutputOff,
  });
  const tricks = new Map<string, MacTrick>();
  const names = new Set<string>();
  const procedures: string[] = [];
  let direct: Direct | undefined;
  let begun_ms = 0;
  let over_ms: number | undefined;
  let last = { Step: 0, Cycle: 0, Capacity: 0, Energy: 0, StepTime: 0, RF1: 0 };
  let show: Shown | undefined;

  function begin(program: Parameters<CyclerChannel['start']>[0]): void {
    begun_ms = env.clock.utc_ms();
    over_ms = undefined;
    channel.start(program);
  }

  function startTest(params: Readonly<Record<string, unknown>>): string | number {
    const name = String(params['TestName']);
    if (name.length > 25) return 18;
    if (names.has(name)) return 19;
    if (channel.state !== 'idle') return 23;
    const text = parts.procedure(String(params['ProcName']));
    if (text === undefined) return 14;
    try {
      begin(readProcedure(text));
    } catch {
      return 14;
    }
    if (name !== 'Random') names.add(name);
    procedures.push(String(params['ProcName']));
    direct = undefined;
    return 'OK';
  }

  const inRange = (value: unknown, most: number): value is number =>
    typeof value === 'number' && value >= 0 && value <= most;

  function drive(params: Readonly<Record<string, unknown>>, used: Direct['used']): void {
    const { Current, Voltage, ChMode } = params;
    const amps = used.Current && inRange(Current, currentMax_A) ? Current : currentMax_A;
    const way = ChMode === 'D' ? -1 : 1;
    if (ChMode === 'R' || amps === 0) channel.drive({ is: 'rest' });
    else
      channel.drive({
        is: 'current',
        current_A: way * amps,
        ...(used.Voltage && inRange(Voltage, voltageMax_V) ? { limit_V: Voltage } : {}),
      });
  }

  function startDirect(params: Readonly<Record<string, unknown>>): string | number {
    if (channel.state !== 'idle') return 2;
    const { Current, Voltage, ChMode } = params;
    if (ChMode !== 'C' && ChMode !== 'D') return 3;
    const used = { Current: inRange(Current, currentMax_A), Voltage: inRange(Voltage, voltageMax_V) };
    const step = { is: 'step', number: 1, kind: 'direct', drive: { is: 'rest' }, ends: [] } as const;
    const time_s = Number(params['DataTime']);
    begin({ steps: [step], record: time_s > 0 ? { time_s } : {}, protection: { delay_s: 0 } });
    direct = { set_s: env.clock.now_s(), used };
    drive(params, used);
    return 'OK';
  }

  function setDirect(params: Readonly<Record<string, unknown>>, isJson: boolean): string | number {
    if (channel.state !== 'running') return 2;
    if (direct === undefined) return 4;
    const now_s = env.clock.now_s();
    if (now_s - direct.set_s < DIRECT_GAP_S - 1e-6) return 3;
    const { ChMode } = params;
    // What JSON says is not understood here: nothing is changed.
    if (ChMode === 'R' && isJson) return 5;
    direct.set_s = now_s;
    drive(params, direct.used);
    return 'OK';
  }

  function order(fNum: number, params: Readonly<Record<string, unknown>>, isJson: boolean): string | number {
    const isNotDone = tricks.get(`6,${fNum}`) === 'not done';
    if (Number(params['Chan']) !== chan) return fNum === 2 ? 24 : 2;
    if (isNotDone) return 'OK';
    if (fNum === 2) return startTest(params);
    if (fNum === 7) return startDirect(params);
    if (fNum === 8) return setDirect(params, isJson);
    if (fNum === 3) {
      if (channel.state !== 'running') return 15;
      end('paused');
      return 'OK';
    }
    end('idle');
    direct = undefined;
    return 'OK';
  }

  function end(state: 'paused' | 'idle'): void {
    keep();
    channel.end(state);
  }

  /** What was shown while it ran stays to be seen. */
  function keep(): void {
    if (channel.state !== 'running') {
      over_ms ??= env.clock.utc_ms();
      return;
    }
    const { step, cycle, charge_Ah, energy_Wh, stepTime_s, current_A } = channel.reading();
    const RF1 = current_A > 0 ? 1 : current_A < 0 ? 2 : 4;
    last = { Step: step, Cycle: cycle, Capacity: charge_Ah, Energy: energy_Wh, StepTime: stepTime_s, RF1 };
  }

  function service(): void {
    channel.catchUp();
    keep();
    const isLate = direct !== undefined && env.clock.now_s() - direct.set_s >= parts.watchdog_s;
    if (parts.watchdog_s > 0 && isLate && channel.state === 'running') end('paused');
  }

  function status(asked: number): Record<string, unknown> {
    const TesterTime = new Date(env.clock.utc_ms()).toISOString().slice(0, 19);
    if (asked !== chan) {
      const none = { LastRecNum: 0, Cycle: 0, Step: 0, TestTime: 0, StepTime: 0, Capacity: 0, Energy: 0 };
      return { RF1: 0, RF2: 0, Stat: 0, ...none, Current: 0, Voltage: 0, TesterTime };
    }
    const { state } = channel;
    const isNever = state === 'idle' && begun_ms === 0;
    return {
      RF1: state === 'running' ? last.RF1 : RF1_ENDED[state],
      RF2: show?.RF2 ?? RF2[state],
      Stat: show?.Stat ?? STAT[state],
      LastRecNum: channel.rows.length,
      Cycle: last.Cycle,
      Step: last.Step,
      TestTime: isNever ? 0 : ((over_ms ?? env.clock.utc_ms()) - begun_ms) / 1000,
      StepTime: last.StepTime,
      Capacity: last.Capacity,
      Energy: last.Energy,
      Current: Math.abs(channel.current_A),
      Voltage: channel.voltage_V,
      TesterTime,
    };
  }

  return {
    channel,
    tricks,
    procedures,
    startTest,
    order,
    end,
    service,
    status,
    get show() {
      return show;
    },
    set show(shown) {
      show = shown;
    },
  };
}
