import type { Clock } from '../../../drivers/contract/clock.ts';

/** What the plant has of the bath, where it has one: else it stands alone with the first-order answer below. */
export interface BathGround {
  readonly clock: Clock;
  /** Temperature that the plant's sensor shows, degC; undefined: the bath's own. */
  felt?(): number | undefined;
  /** What the bath gives to the plant, degC. */
  drive?(temperature_degC: number): void;
}

/** Half an hour to within a few per cent: a circulator of some litres. */
const TIME_CONSTANT_s = 300;
const ROOM_degC = 22;

/** A bath or chamber behind its interface: set point, start and stop, alarm, its own temperature. */
export interface Bath {
  readonly limits: readonly [low: number, high: number];
  setpoint: number;
  running: boolean;
  pumping: boolean;
  /** Stands until somebody clears it at the panel; it does not run meanwhile. */
  alarm: boolean;
  /** Commands are taken from the panel only. */
  local: boolean;
  /** An external probe is connected. */
  hasProbe: boolean;
  /** s; 0: off. */
  timeout_s: number;
  temperature(): number;
  heater_pct(): number;
  /** A message has come in. */
  heard(): void;
  /** Looks at its time-out. */
  service(): void;
}

/** `limits`: set points are taken within, degC. */
export function bath(ground: BathGround, limits: readonly [number, number] = [-50, 200]): Bath {
  const { clock } = ground;
  let own = ROOM_degC;
  let at_s = clock.now_s();
  let heard_s = at_s;
  const settle = (): void => {
    const target = one.running && !one.alarm ? one.setpoint : ROOM_degC;
    const now_s = clock.now_s();
    own = target + (own - target) * Math.exp(-(now_s - at_s) / TIME_CONSTANT_s);
    at_s = now_s;
  };
  let setpoint = 20;
  let running = false;
  let alarm = false;
  const changed = (): void => ground.drive?.(running && !alarm ? setpoint : ROOM_degC);
  const one: Bath = {
    limits,
    pumping: false,
    local: false,
    hasProbe: true,
    timeout_s: 0,
    get setpoint() {
      return setpoint;
    },
    set setpoint(value) {
      settle();
      setpoint = value;
      changed();
    },
    get running() {
      return running;
    },
    set running(value) {
      settle();
      running = value && !alarm;
      changed();
    },
    get alarm() {
      return alarm;
    },
    set alarm(value) {
      settle();
      alarm = value;
      if (value) running = false;
      changed();
    },
    temperature() {
      settle();
      return ground.felt?.() ?? own;
    },
    heater_pct: () => (running ? Math.max(-100, Math.min(100, 10 * (setpoint - one.temperature()))) : 0),
    heard() {
      heard_s = clock.now_s();
    },
    service() {
      if (one.timeout_s > 0 && running && clock.now_s() - heard_s > one.timeout_s) one.alarm = true;
    },
  };
  return one;
}
