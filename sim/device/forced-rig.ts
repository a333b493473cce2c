import type { Rig } from '../plant/parts/rig.ts';
import { withSensors } from './faults.ts';

/** A rig whose sensors can be overridden one by one, as with a calibrator clipped to an instrument's input. */
export interface ForcedRig extends Rig {
  /** Shows `value` instead of what the sensor measures; null lifts it. An array sensor's name forces every entry. */
  force(signal: string, value: number | null): void;
  /** True if a forced entry of `signal` has been read since `forgetReads`. */
  wasRead(signal: string): boolean;
  forgetReads(): void;
}

/**
 * Puts the calibrator in front of a rig: the plant goes on undisturbed, only what its sensors show can be
 * replaced. Values in the signal's own unit. Forcing a signal that the rig does not have throws.
 */
export function forcedRig(rig: Rig): ForcedRig {
  const forced = new Float64Array(rig.sensors.length);
  const isForced = new Uint8Array(rig.sensors.length);
  const readSince = new Set<number>();

  const entriesOf = (signal: string): { first: number; count: number } => {
    const range = rig.sensorRange(signal);
    if (range.count > 0) return range;
    const index = rig.sensorIndex(signal);
    if (index < 0) throw new Error(`cannot force "${signal}": the rig has no such sensor`);
    return { first: index, count: 1 };
  };

  const shown = withSensors(rig, index => {
    if (isForced[index] === 0) return rig.sensor(index);
    readSince.add(index);
    return forced[index];
  });
  // Onto the rig itself, so that its `time_s` stays the plant's.
  return Object.assign(shown, {
    force(signal: string, value: number | null) {
      const { first, count } = entriesOf(signal);
      for (let i = first; i < first + count; i++) {
        isForced[i] = value === null ? 0 : 1;
        forced[i] = value ?? Number.NaN;
      }
    },
    wasRead(signal: string) {
      const { first, count } = entriesOf(signal);
      for (let i = first; i < first + count; i++) if (readSince.has(i)) return true;
      return false;
    },
    forgetReads: () => readSince.clear(),
  });
}
