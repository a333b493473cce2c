import { type EmulatorEnv, requireActuator, requireSensor } from './faults.ts';

/** Ratings and texts of one supply, as on its type plate. */
export interface SupplyRatings {
  readonly voltageNominal_V: number;
  readonly currentNominal_A: number;
  readonly powerNominal_W: number;
  readonly type: string;
  readonly serial: string;
}

export const QUANTITIES = ['voltage', 'current', 'power'] as const;
export type SupplyQuantity = (typeof QUANTITIES)[number];

/** Alarms of the supply; OT (overtemperature) and PF (power fail) come from outside, by `setCause`. */
export const ALARMS = ['OV', 'OC', 'OP', 'OT', 'PF'] as const;
export type SupplyAlarm = (typeof ALARMS)[number];

/** 100 % of a rating (EA programming guide PGMBEN rev. 24, "Translating set values"). */
export const FULL_SCALE = 0xcccc;
/** Set values may be written up to 102 %, protection thresholds up to 110 %. */
export const SET_MAX = 0xd0e5;
export const PROTECTION_MAX = 0xe147;
/** The converters resolve 26214 steps over 100 %. */
const STEPS = 26214;

/** The supply behind its interfaces: who controls it, set values, output, latched alarms, interface monitoring. */
export interface SupplyState {
  readonly ratings: SupplyRatings;
  readonly remote: boolean;
  readonly local: boolean;
  readonly output: boolean;
  readonly alarms: ReadonlySet<SupplyAlarm>;
  /** How often each alarm came since power-on, in the order of ALARMS. */
  readonly alarmCounts: readonly number[];
  readonly monitoring: { readonly active: boolean; readonly timeout_s: number; readonly expired: boolean };
  /** 0 constant voltage, 2 constant current, 3 constant power. */
  readonly regulation: 0 | 2 | 3;
  setRaw(quantity: SupplyQuantity): number;
  protectionRaw(quantity: SupplyQuantity): number;
  nominal(quantity: SupplyQuantity): number;
  /** Measured value in V, A or W; NaN if the sensor is broken. */
  actual(quantity: SupplyQuantity): number;
  /** The same as a register: percent of the rating in even steps. Negative (sink) shows as 0. */
  actualRaw(quantity: SupplyQuantity): number;
  takeRemote(on: boolean): void;
  /** Somebody presses "Local" at the panel: remote control is lost and refused. The output stays as it is. */
  setLocal(on: boolean): void;
  writeSet(quantity: SupplyQuantity, raw: number): void;
  writeProtection(quantity: SupplyQuantity, raw: number): void;
  /** False if an alarm stands in the way. */
  switchOutput(on: boolean): boolean;
  /** Clears alarms whose cause is gone; the output stays off. */
  acknowledge(): void;
  setMonitoring(options: { readonly active?: boolean; readonly timeout_s?: number }): void;
  /** A valid message has come in on any interface. */
  heard(): void;
  /** Makes or removes an outside cause of an alarm. */
  setCause(alarm: 'OT' | 'PF', present: boolean): void;
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
  const actuator = mapQuantities(q => requireActuator(rig, 'ea-psb-10000', SIGNALS[q][1]));
  const outputActuator = requireActuator(rig, 'ea-psb-10000', 'stack.outputSet_on');

  const setRaw = mapQuantities(q =>
    clamp(Math.round((rig.setting(actuator[q]) / nominals[q]) * FULL_SCALE), 0, SET_MAX),
  );
  const protection = mapQuantities(() => PROTECTION_MAX);
  const causes = new Set<SupplyAlarm>();
  const alarms = new Set<SupplyAlarm>();
  const alarmCounts = ALARMS.map(() => 0);
  let remote = false;
  let local = false;
  let output = false;
  let monitoring = { active: false, timeout_s: 5, expired: false };
  let lastHeard_s = clock.now_s();
  // Acts once for each silence: the first message after it starts a new watch.
  let hasActed = false;

  const driveOutput = (on: boolean): void => {
    output = on;
    rig.set(outputActuator, on ? 1 : 0);
  };
  driveOutput(false);

  const checkProtection = (quantity: SupplyQuantity, alarm: SupplyAlarm): void => {
    const isOver = rig.sensor(sensor[quantity]) > (protection[quantity] / FULL_SCALE) * nominals[quantity];
    if (isOver) causes.add(alarm);
    else causes.delete(alarm);
  };

  const state: SupplyState = {
    ratings,
    get remote() {
      return remote;
    },
    get local() {
      return local;
    },
    get output() {
      return output;
    },
    alarms,
    alarmCounts,
    get monitoring() {
      return monitoring;
    },
    get regulation() {
      if (!output) return 0;
      const share = (q: SupplyQuantity): number => {
        const set = (setRaw[q] / FULL_SCALE) * nominals[q];
        return set > 0 ? shown.sensor(sensor[q]) / set : 1;
      };
      const current = share('current');
      const power = share('power');
      if (current >= 0.99 && current >= power) return 2;
      return power >= 0.99 ? 3 : 0;
    },
    setRaw: q => setRaw[q],
    protectionRaw: q => protection[q],
    nominal: q => nominals[q],
    actual: q => shown.sensor(sensor[q]),
    actualRaw: q => percentRaw(shown.sensor(sensor[q]), nominals[q]),
    takeRemote(on) {
      remote = on;
    },
    setLocal(on) {
      local = on;
      if (on) remote = false;
    },
    writeSet(q, raw) {
      setRaw[q] = raw;
      // The register keeps what was written; what the converter puts out has its resolution.
      rig.set(actuator[q], (Math.round((raw / FULL_SCALE) * STEPS) / STEPS) * nominals[q]);
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
      hasActed = false;
    },
    setCause(alarm, present) {
      if (present) causes.add(alarm);
      else causes.delete(alarm);
      state.service();
    },
    service() {
      checkProtection('voltage', 'OV');
      checkProtection('current', 'OC');
      checkProtection('power', 'OP');
      for (const alarm of causes) {
        if (alarms.has(alarm)) continue;
        alarms.add(alarm);
        alarmCounts[ALARMS.indexOf(alarm)]++;
      }
      if (monitoring.active && !hasActed && clock.now_s() - lastHeard_s > monitoring.timeout_s) {
        hasActed = true;
        monitoring = { ...monitoring, expired: true };
        if (output) driveOutput(false);
      }
      if (alarms.size > 0 && output) driveOutput(false);
    },
  };
  return state;
}

function percentRaw(value: number, nominal: number): number {
  const raw = 2 * Math.round((value / nominal) * STEPS);
  return Number.isNaN(raw) ? 0 : clamp(raw, 0, 0xfffe);
}

function mapQuantities(of: (quantity: SupplyQuantity) => number): Record<SupplyQuantity, number> {
  return { voltage: of('voltage'), current: of('current'), power: of('power') };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
