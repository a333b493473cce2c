/**
 * The rig: a stack, its balance of plant and its sensors, as one model that devices (twin or emulated)
 * read and set by signal name. Signals carry the names of the bench's roles, so that the twin of any
 * device can find its values through the role map; an array signal `cell.voltage_V[]` has one entry per cell.
 */
export interface Rig {
  /** Every measurable signal with its current sensor value (noise, lag, drift, quantisation included). */
  readonly sensors: readonly string[];
  /** Every actuator that can be set. */
  readonly actuators: readonly string[];
  /** Index of a sensor, or -1. Look up once, then use `sensor(i)`. */
  sensorIndex(name: string): number;
  /** First index and count of an array sensor such as `cell.voltage_V[]`; count 0 if unknown. */
  sensorRange(name: string): { readonly first: number; readonly count: number };
  /** What the sensor shows at the rig's present time, unit as in its name. */
  sensor(index: number): number;
  actuatorIndex(name: string): number;
  /** Sets an actuator; takes effect from the rig's present time on. */
  set(index: number, value: number): void;
  /** What the actuator was last set to (the instrument's own set register). */
  setting(index: number): number;
  /** Lets the plant run to time_s (monotonic; going back is ignored). Sub-steps as the physics needs. */
  advanceTo(time_s: number): void;
  readonly time_s: number;
}
