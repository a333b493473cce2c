import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Rig } from '../../../sim/plant/parts/rig.ts';

/** What the instruments saw, on their own clock: the other side's word against the program's. */

/** Times are seconds since 1970, so that two processes of one machine mean the same moment. */
export type Seen =
  /** Something was set: from the line, or by the instrument's own doing (a watchdog, a protection). */
  | {
      readonly what: 'set';
      readonly t_s: number;
      readonly signal: string;
      readonly value: number;
      readonly by: 'line' | 'own';
    }
  /** How the stack stood. */
  | {
      readonly what: 'stack';
      readonly t_s: number;
      readonly output_on: number;
      readonly current_A: number;
      readonly voltage_V: number;
      readonly cathode_barg: number;
    }
  /** An instrument read a sensor, to answer with it. */
  | { readonly what: 'read'; readonly t_s: number; readonly signal: string; readonly value: number };

/** Sensors that are read for an answer and for nothing else: one for the gas instruments, one for the rack. */
export const ANSWERED: readonly string[] = ['cathode.pressure_barg', 'stack.temperature_degC'];

/** How often the stack is looked at, s. */
export const LOOK_S = 0.05;

/** Seconds since 1970. */
export function utc_s(clock: Clock): number {
  return clock.utc_ms() / 1000;
}

/**
 * A notebook between the instruments and the plant. The instruments' timers run on `clock`: what they set while one of
 * their timers fires is their own doing, everything else has come over a line.
 */
export function notebook(
  clock: Clock,
  note: (seen: Seen) => void,
): { readonly clock: Clock; readonly observed: (rig: Rig) => Rig; readonly look: () => void } {
  let by: 'line' | 'own' = 'line';
  let plant: Rig | undefined;
  const asOwn = (work: () => void): void => {
    by = 'own';
    try {
      work();
    } finally {
      by = 'line';
    }
  };
  return {
    clock: {
      ...clock,
      schedule: (delay_s, call) => clock.schedule(delay_s, () => asOwn(call)),
      every: (period_s, tick) => clock.every(period_s, missed => asOwn(() => tick(missed))),
    },
    observed(rig) {
      plant = rig;
      return {
        sensors: rig.sensors,
        actuators: rig.actuators,
        sensorIndex: name => rig.sensorIndex(name),
        sensorRange: name => rig.sensorRange(name),
        sensor(index) {
          const signal = rig.sensors[index];
          const value = rig.sensor(index);
          if (ANSWERED.includes(signal)) note({ what: 'read', t_s: utc_s(clock), signal, value });
          return value;
        },
        actuatorIndex: name => rig.actuatorIndex(name),
        set(index, value) {
          note({ what: 'set', t_s: utc_s(clock), signal: rig.actuators[index], value, by });
          rig.set(index, value);
        },
        setting: index => rig.setting(index),
        advanceTo: time_s => rig.advanceTo(time_s),
        get time_s() {
          return rig.time_s;
        },
      };
    },
    look() {
      if (plant === undefined) return;
      const rig = plant;
      const shown = (name: string): number => rig.sensor(rig.sensorIndex(name));
      note({
        what: 'stack',
        t_s: utc_s(clock),
        output_on: rig.setting(rig.actuatorIndex('stack.outputSet_on')),
        current_A: shown('stack.current_A'),
        voltage_V: shown('stack.voltage_V'),
        cathode_barg: shown('cathode.pressure_barg'),
      });
    },
  };
}
