import { type EmulatorEnv, requireActuator, requireSensor } from '../faults.ts';

/** Type plate of a supply. */
export interface ScpiPlate {
  readonly voltageNominal_V: number;
  readonly currentNominal_A: number;
  readonly powerNominal_W: number;
  readonly model: string;
  readonly serial: string;
}

export type Quantity = 'voltage' | 'current' | 'power';
/** What latches the output off. */
export type Trip = 'overvoltage' | 'overcurrent' | 'watchdog' | 'overtemperature';

/** A DC supply behind its interface: set values, output, latched trips, watchdog, error queue. */
export interface ScpiState {
  readonly plate: ScpiPlate;
  readonly output: boolean;
  readonly trips: ReadonlySet<Trip>;
  /** Under remote control, for families that ask for it. */
  readonly remote: boolean;
  takeRemote(on: boolean): void;
  /** What a family keeps beside all that: sources of set values, sink limits, modes. */
  readonly extras: Map<string, string>;
  set(quantity: Quantity): number;
  /** Measured value in V, A, W; NaN if the sensor is broken. */
  measured(quantity: Quantity): number;
  nominal(quantity: Quantity): number;
  /** False if out of range. */
  writeSet(quantity: Quantity, value: number): boolean;
  /** False while a trip is latched. */
  switchOutput(on: boolean): boolean;
  /** Forgets trips whose cause is gone; the output stays off. */
  clearTrips(): void;
  /** The watchdog: 0 or less is off. What it does when it has acted is the family's business. */
  readonly watchdog: {
    armed: boolean;
    timeout_s: number;
    acted: boolean;
    /** It takes something else away (remote control), and the output stays as it is. Absent: the output goes off. */
    leavesOutput?: boolean;
  };
  /** A message has come in. */
  heard(): void;
  pushError(code: number): void;
  nextError(): number;
  /** A cause from outside: a hot heat sink. */
  setHot(hot: boolean): void;
  /** Looks at protections and watchdog; called with every message and every few milliseconds. */
  service(): void;
}

/** Trips of over-voltage and over-current stand at this part of the rating from the factory. */
const PROTECTION = 1.1;

/** Mode of a cell's channel in which it drives a current. */
const MODE_CURRENT = 1;

/** `shown` is the rig as the display sees it (it may be frozen); protections see `env.rig` itself. */
export function scpiState(
  env: EmulatorEnv,
  shown: EmulatorEnv['rig'],
  options: {
    readonly plate: ScpiPlate;
    /** First part of the rig's signals: `stack` or `cell`. */
    readonly subject: string;
    readonly errorDepth: number;
    /** Set values are accepted up to this part of the rating. */
    readonly setMax: number;
    readonly onOutputOff?: (() => void) | undefined;
    /** Errors of all outputs of one instrument stand in one queue. */
    readonly errors?: number[];
  },
): ScpiState {
  const { rig, clock } = env;
  const { plate, subject, errorDepth } = options;
  const name = 'scpi-supply';
  const nominals = {
    voltage: plate.voltageNominal_V,
    current: plate.currentNominal_A,
    power: plate.powerNominal_W,
  };
  const units = { voltage: 'V', current: 'A', power: 'W' } as const;
  const sensors = {
    voltage: requireSensor(rig, name, `${subject}.voltage_V`),
    current: requireSensor(rig, name, `${subject}.current_A`),
  };
  const actuators = {
    voltage: requireActuator(rig, name, `${subject}.voltageSet_V`),
    current: requireActuator(rig, name, `${subject}.currentSet_A`),
    // A cell has none: its power is what voltage and current make.
    power: rig.actuatorIndex(`${subject}.powerSet_${units.power}`),
  };
  const outputActuator = requireActuator(rig, name, `${subject}.outputSet_on`);
  // On a cell's channel a supply is a current that gives way to a voltage limit.
  const channel = {
    mode: rig.actuatorIndex(`${subject}.modeSet_count`),
    voltageMax: rig.actuatorIndex(`${subject}.voltageMaxSet_V`),
  };
  const sets = { voltage: 0, current: 0, power: nominals.power };
  const trips = new Set<Trip>();
  const errors = options.errors ?? [];
  let output = false;
  let remote = false;
  let isHot = false;
  let lastHeard_s = clock.now_s();

  const drive = (on: boolean): void => {
    if (output && !on) options.onOutputOff?.();
    output = on;
    if (channel.mode >= 0) rig.set(channel.mode, on ? MODE_CURRENT : 0);
    rig.set(outputActuator, on ? 1 : 0);
  };
  const causes = (): Trip[] => [
    ...(rig.sensor(sensors.voltage) > PROTECTION * nominals.voltage ? (['overvoltage'] as const) : []),
    ...(rig.sensor(sensors.current) > PROTECTION * nominals.current ? (['overcurrent'] as const) : []),
    ...(isHot ? (['overtemperature'] as const) : []),
  ];
  drive(false);
  rig.set(actuators.voltage, sets.voltage);
  rig.set(actuators.current, sets.current);
  // A family without a word for it has its power limit at the rating, and the others until somebody sets it.
  if (actuators.power >= 0) rig.set(actuators.power, sets.power);

  const state: ScpiState = {
    plate,
    get output() {
      return output;
    },
    trips,
    get remote() {
      return remote;
    },
    takeRemote(on) {
      remote = on;
    },
    extras: new Map(),
    set: q => sets[q],
    measured: q =>
      q === 'power'
        ? shown.sensor(sensors.voltage) * shown.sensor(sensors.current)
        : shown.sensor(sensors[q]),
    nominal: q => nominals[q],
    writeSet(q, value) {
      if (!(value >= 0 && value <= options.setMax * nominals[q])) return false;
      sets[q] = value;
      if (actuators[q] >= 0) rig.set(actuators[q], value);
      if (q === 'voltage' && channel.voltageMax >= 0) rig.set(channel.voltageMax, value);
      return true;
    },
    switchOutput(on) {
      if (on && trips.size > 0) return false;
      drive(on);
      return true;
    },
    clearTrips() {
      trips.clear();
      for (const cause of causes()) trips.add(cause);
    },
    watchdog: { armed: false, timeout_s: 60, acted: false },
    heard() {
      lastHeard_s = clock.now_s();
    },
    pushError(code) {
      // A full queue says so in its last place (SCPI-1999 21.8.1).
      if (errors.length < errorDepth) errors.push(errors.length === errorDepth - 1 ? -350 : code);
    },
    nextError: () => errors.shift() ?? 0,
    setHot(hot) {
      isHot = hot;
      state.service();
    },
    service() {
      for (const cause of causes()) trips.add(cause);
      const { watchdog } = state;
      if (watchdog.armed && clock.now_s() - lastHeard_s > watchdog.timeout_s) {
        watchdog.armed = false;
        watchdog.acted = true;
        if (watchdog.leavesOutput !== true) trips.add('watchdog');
      }
      if (trips.size > 0 && output) drive(false);
    },
  };
  return state;
}
