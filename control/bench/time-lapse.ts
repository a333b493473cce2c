import { derivedKindOf } from '../kinds/derived/index.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { Bench } from './bench.ts';

/** Sampling of a wire run in real seconds: the method's minutes are the plant's hours. */
export const WIRE_TIMES = { poll_s: 0.1, stale_after_s: 1, watchdog_s: 3 };

/**
 * The bench for a shortened run over emulators whose plant runs `factor` times faster than life: what is a rate of
 * the plant (ramp limits, rate interlocks, the vent) goes with the plant. What is a property of wires and people
 * (polling, stale limits, delays) is given in real seconds: faster than in the bench file, never slower.
 */
export function lapseBench(
  bench: Bench,
  factor: number,
  wire: { poll_s: number; stale_after_s: number; watchdog_s: number },
): Bench {
  return {
    ...bench,
    devices: mapValues(bench.devices, device => ({
      ...device,
      poll_s: Math.min(device.poll_s, wire.poll_s),
      stale_after_s: Math.min(device.stale_after_s, wire.stale_after_s),
      ...(device.watchdog === undefined
        ? {}
        : { watchdog: { timeout_s: Math.min(device.watchdog.timeout_s, wire.watchdog_s) } }),
    })),
    limits: mapValues(bench.limits, limit => ({
      ...limit,
      ...(limit.ramp_per_s === undefined ? {} : { ramp_per_s: limit.ramp_per_s * factor }),
    })),
    interlocks: bench.interlocks.map(interlock => ({
      ...interlock,
      // A reaction delay stays real, but must not be longer than the plant's own story: at most one second.
      delay_s: Math.min(interlock.delay_s, 1),
      ...kindOf(interlock).lapse?.(interlock, { factor, poll_s: wire.poll_s }),
    })) as Bench['interlocks'],
    derived: mapValues(bench.derived, derived => ({
      ...derived,
      ...derivedKindOf(derived).lapse?.(derived, { factor, poll_s: wire.poll_s }),
    })) as Bench['derived'],
    safeState: {
      ...bench.safeState,
      steps: bench.safeState.steps.map(step =>
        'vent' in step
          ? {
              ...step,
              rate_bar_per_min: step.rate_bar_per_min * factor,
              within_s: Math.max(step.within_s / factor, 15),
            }
          : step,
      ),
    },
  };
}

function mapValues<V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
