import { type EmulatorEnv, requireActuator, requireSensor } from '../faults.ts';
import {
  FULL_SCALE,
  isLoad,
  mapQuantities,
  PROTECTION_MAX,
  percentRaw,
  QUANTITIES,
  type SetQuantity,
  SIDE,
  STEPS,
  type SupplyQuantity,
} from './quantities.ts';
import { SUPERVISED, type Supervision, type SupervisionAlarm, supervision } from './supervision.ts';

/** Ratings and texts of one supply, as on its type plate. */
export interface SupplyRatings {
  readonly voltageNominal_V: number;
  readonly currentNominal_A: number;
  readonly powerNominal_W: number;
  readonly type: string;
  readonly serial: string;
}

/** Alarms, in the order of their counters; OT, PF and SF come from outside, by `setCause`. */
export const ALARMS = ['OV', 'OC', 'OP', 'OT', 'PF', 'sinkOC', 'sinkOP', 'SF'] as const;
export type SupplyAlarm = (typeof ALARMS)[number] | SupervisionAlarm;

/** Who has remote control: one interface, or the supply has been left alone for too long. */
export type Holder = 'ethernet' | 'usb' | 'none' | 'timed-out';

/** The supply behind its interfaces: who controls it, set values, output, latched alarms, interface monitoring. */
export interface SupplyState {
  readonly ratings: SupplyRatings;
  readonly remote: boolean;
  readonly holder: Holder;
  readonly local: boolean;
  readonly output: boolean;
  /** Current flows into the supply. */
  readonly sinks: boolean;
  readonly alarms: ReadonlySet<SupplyAlarm>;
  /** An alarm of current or power came from the sink side (bit 31 of the status). */
  readonly alarmOfSink: boolean;
  /** How often each alarm came since power-on, in the order of ALARMS. */
  readonly alarmCounts: readonly number[];
  readonly monitoring: { readonly active: boolean; readonly timeout_s: number; readonly expired: boolean };
  /** 0 constant voltage, 2 constant current, 3 constant power. */
  readonly regulation: 0 | 2 | 3;
  /** Events that are supervised, each with a threshold and an action. Stored. */
  readonly supervision: Supervision;
  /** DC comes back by itself after power fail (coil 407), after power-on (register 408): neither from the factory. Stored. */
  restores: { readonly afterPowerFail: boolean; readonly afterPowerOn: boolean };
  /** What DC does when remote control ends (register 425): off from the factory. Stored. */
  afterRemote: 'off' | 'unchanged';
  /** Compliance (register 10013). Limited from the factory: address 0 only, function 1 answers two bytes. Stored. */
  isFull: boolean;
  /** Idle sockets are closed after this time, s; 0: never (registers 10573, 10889). Stored. */
  idle_s: number;
  setRaw(quantity: SetQuantity): number;
  protectionRaw(quantity: SetQuantity): number;
  nominal(quantity: SupplyQuantity): number;
  /** Measured value in V, A or W, sink negative; NaN if the sensor is broken. */
  actual(quantity: SupplyQuantity): number;
  /** The same as a register: percent of the rating in even steps, without the sign. */
  actualRaw(quantity: SupplyQuantity): number;
  /** An interface takes or leaves remote control. */
  takeRemote(on: boolean, by?: 'ethernet' | 'usb'): void;
  /** Somebody presses "Local" at the panel: remote control is lost and refused. */
  setLocal(on: boolean): void;
  writeSet(quantity: SetQuantity, raw: number): void;
  writeProtection(quantity: SetQuantity, raw: number): void;
  /** False if an alarm stands in the way. */
  switchOutput(on: boolean): boolean;
  /** Clears alarms whose cause is gone; the output stays off. */
  acknowledge(): void;
  setMonitoring(options: { readonly active?: boolean; readonly timeout_s?: number }): void;
  /** A valid message has come in on any interface. */
  heard(): void;
  /** Makes or removes an outside cause of an alarm. */
  setCause(alarm: 'OT' | 'PF' | 'SF', present: boolean): void;
  /** Off and on at the mains: what is stored stays, all else is as from the factory. */
  powerCycle(): void;
  /** Checks protections and monitoring; called at every message and every few milliseconds. */
  service(): void;
}

const SIGNALS: Readonly<Record<SupplyQuantity, readonly [sensor: string, actuator: string]>> = {
  voltage: ['stack.voltage_V', 'stack.voltageSet_V'],
  current: ['stack.current_A', 'stack.currentSet_A'],
  power: ['stack.power_W', 'stack.powerSet_W'],
};
/** `shown` is the rig as the display sees it (it may be frozen); the protections see `env.rig` itself. */
export function supplyState(
  env: EmulatorEnv,
  shown: EmulatorEnv['rig'],
  ratings: SupplyRatings,
): SupplyState {
  const { rig, clock } = env;
  const nominals = {
    voltage: ratings.voltageNominal_V,
    current: ratings.currentNominal_A,
    power: ratings.powerNominal_W,
  };
  const sensor = mapQuantities(q => requireSensor(rig, 'ea-psb-10000', SIGNALS[q][0]));
  // Not every plant has a power to set: there it is what voltage and current make.
  const actuator = mapQuantities(q =>
    q === 'power' ? rig.actuatorIndex(SIGNALS[q][1]) : requireActuator(rig, 'ea-psb-10000', SIGNALS[q][1]),
  );
  const outputActuator = requireActuator(rig, 'ea-psb-10000', 'stack.outputSet_on');

  /** What the set values of the list mean on the rig, where current into what is under test is positive: of a load out of it. */
  const wayOf = (q: SupplyQuantity): number => (q !== 'voltage' && isLoad(ratings.type) ? -1 : 1);
  const setRaw: Record<SetQuantity, number> = {
    voltage: 0,
    current: 0,
    // Whatever the last user left: nothing in the maker's papers says that it is 0.
    power: FULL_SCALE,
    sinkCurrent: FULL_SCALE,
    sinkPower: FULL_SCALE,
  };
  const protection: Record<SetQuantity, number> = {
    ...mapQuantities(() => PROTECTION_MAX),
    sinkCurrent: PROTECTION_MAX,
    sinkPower: PROTECTION_MAX,
  };
  const causes = new Set<SupplyAlarm>();
  const alarms = new Set<SupplyAlarm>();
  const alarmCounts = ALARMS.map(() => 0);
  let holder: Holder = 'none';
  let local = false;
  let output = false;
  /** When mains failed. */
  let wasOn = false;
  let monitoring = { active: false, timeout_s: 5, expired: false };
  let lastHeard_s = clock.now_s();

  const isRemote = (): boolean => holder === 'ethernet' || holder === 'usb';
  const driveOutput = (on: boolean): void => {
    output = on;
    rig.set(outputActuator, on ? 1 : 0);
  };
  driveOutput(false);

  /** However remote control ends: DC does what register 425 says. */
  const leaveRemote = (to: Holder): void => {
    if (isRemote() && output && state.afterRemote === 'off') driveOutput(false);
    holder = to;
  };

  /** Current and power of a side: positive where it flows that way. */
  const flowing = (quantity: SetQuantity, of: EmulatorEnv['rig']): number => {
    const value = of.sensor(sensor[SIDE[quantity]]);
    return quantity.startsWith('sink') ? -value : wayOf(SIDE[quantity]) * value;
  };
  const checkProtection = (quantity: SetQuantity, alarm: SupplyAlarm): void => {
    const limit = (protection[quantity] / FULL_SCALE) * nominals[SIDE[quantity]];
    if (flowing(quantity, rig) > limit) causes.add(alarm);
    else causes.delete(alarm);
  };

  const addAlarms = (): void => {
    for (const alarm of causes) {
      if (alarms.has(alarm)) continue;
      alarms.add(alarm);
      const counter = (ALARMS as readonly SupplyAlarm[]).indexOf(alarm);
      if (counter >= 0) alarmCounts[counter]++;
    }
  };
  /** Supervised is what flows while DC is on. */
  const supervise = (): void => {
    const share = (q: SetQuantity): number => (FULL_SCALE * flowing(q, rig)) / nominals[SIDE[q]];
    const now: readonly SupplyAlarm[] = output ? state.supervision.causes(share) : [];
    for (const alarm of SUPERVISED) {
      if (now.includes(alarm)) causes.add(alarm);
      else causes.delete(alarm);
    }
  };

  const state: SupplyState = {
    ratings,
    supervision: supervision(),
    restores: { afterPowerFail: false, afterPowerOn: false },
    afterRemote: 'off',
    isFull: false,
    idle_s: 5,
    get remote() {
      return isRemote();
    },
    get holder() {
      return holder;
    },
    get local() {
      return local;
    },
    get output() {
      return output;
    },
    get sinks() {
      return shown.sensor(sensor.current) < 0;
    },
    alarms,
    alarmCounts,
    get alarmOfSink() {
      return [...alarms].some(alarm => alarm.startsWith('sink'));
    },
    get monitoring() {
      return monitoring;
    },
    get regulation() {
      if (!output) return 0;
      const share = (q: SetQuantity): number => {
        const set = (setRaw[q] / FULL_SCALE) * nominals[SIDE[q]];
        return set > 0 ? flowing(q, shown) / set : 1;
      };
      const hasSink = state.sinks && !isLoad(ratings.type);
      const current = share(hasSink ? 'sinkCurrent' : 'current');
      const power = share(hasSink ? 'sinkPower' : 'power');
      if (current >= 0.99 && current >= power) return 2;
      return power >= 0.99 ? 3 : 0;
    },
    setRaw: q => setRaw[q],
    protectionRaw: q => protection[q],
    nominal: q => nominals[q],
    actual: q => shown.sensor(sensor[q]),
    actualRaw: q => percentRaw(Math.abs(shown.sensor(sensor[q])), nominals[q]),
    takeRemote(on, by = 'ethernet') {
      if (on) {
        holder = by;
        monitoring = { ...monitoring, expired: false };
      } else leaveRemote('none');
    },
    setLocal(on) {
      local = on;
      if (on) leaveRemote('none');
    },
    writeSet(q, raw) {
      setRaw[q] = raw;
      if (q === 'sinkCurrent' || q === 'sinkPower' || actuator[q] < 0) return;
      // The register keeps what was written; what the converter puts out has its resolution.
      rig.set(actuator[q], wayOf(q) * (Math.round((raw / FULL_SCALE) * STEPS) / STEPS) * nominals[q] + 0);
    },
    writeProtection(q, raw) {
      protection[q] = raw;
    },
    switchOutput(on) {
      if (on && alarms.size > 0) return false;
      driveOutput(on);
      return true;
    },
    acknowledge() {
      state.service();
      for (const alarm of [...alarms]) if (!causes.has(alarm)) alarms.delete(alarm);
    },
    setMonitoring(options) {
      monitoring = {
        active: options.active ?? monitoring.active,
        timeout_s: options.timeout_s ?? monitoring.timeout_s,
        expired: false,
      };
    },
    heard() {
      lastHeard_s = clock.now_s();
    },
    setCause(alarm, present) {
      const comesBack = alarm === 'PF' && state.restores.afterPowerFail;
      if (comesBack && present && !causes.has(alarm)) wasOn = output;
      if (present) causes.add(alarm);
      else causes.delete(alarm);
      if (comesBack && !present && alarms.delete(alarm) && wasOn && alarms.size === 0) driveOutput(true);
      state.service();
    },
    powerCycle() {
      const isKept = output && state.restores.afterPowerOn;
      if (!isKept) driveOutput(false);
      holder = 'none';
      local = false;
      alarms.clear();
      alarmCounts.fill(0);
      if (!isKept) for (const q of QUANTITIES) state.writeSet(q, 0);
      monitoring = { ...monitoring, expired: false };
    },
    service() {
      checkProtection('voltage', 'OV');
      checkProtection('current', 'OC');
      checkProtection('power', 'OP');
      checkProtection('sinkCurrent', 'sinkOC');
      checkProtection('sinkPower', 'sinkOP');
      supervise();
      addAlarms();
      const isSilent = clock.now_s() - lastHeard_s > monitoring.timeout_s;
      if (monitoring.active && isRemote() && isSilent) {
        monitoring = { ...monitoring, expired: true };
        leaveRemote('timed-out');
      }
      if (alarms.size > 0 && output) driveOutput(false);
    },
  };
  for (const q of QUANTITIES) state.writeSet(q, setRaw[q]);
  return state;
}
