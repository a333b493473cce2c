import { derivedKindOf } from '../kinds/derived/index.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { RecoverBlock } from '../kinds/interlocks/recover.ts';
import type { Bench } from './bench.ts';
import type { RecordingRules } from './recording-rules.ts';

/** Time between two polls of a wire run, real s: the method's minutes are the plant's hours. */
export const WIRE_POLL_S = 0.1;

/** Longest time of an answer in a wire run, real s: the process of the instruments may have to wait for a core. */
const WIRE_REPLY_S = 1;

/**
 * The bench for a shortened run over emulators whose plant runs `factor` times faster than life: what is a rate of
 * the plant (ramp limits, rate interlocks, the vent) goes with the plant. What is a property of wires and people
 * (polling, delays) is given in real seconds: faster than in the bench file, never slower. Stale limits and watchdogs
 * stay as they are: method, plant and instruments share one machine here, and have to wait for each other where it is busy.
 */
export function lapseBench(bench: Bench, factor: number): Bench {
  return {
    ...bench,
    devices: mapValues(bench.devices, device => ({
      ...device,
      poll_s: Math.min(device.poll_s, WIRE_POLL_S),
      // An answer may be asked for twice before its reading is stale.
      reply_s: Math.min(WIRE_REPLY_S, device.stale_after_s / 3),
    })),
    limits: mapValues(bench.limits, limit => ({
      ...limit,
      ...(limit.ramp_per_s === undefined ? {} : { ramp_per_s: limit.ramp_per_s * factor }),
    })),
    interlocks: bench.interlocks.map(interlock => ({
      ...interlock,
      // A reaction delay stays real, but must not be longer than the plant's own story: at most one second.
      delay_s: Math.min(interlock.delay_s, 1),
      ...(interlock.recover === undefined ? {} : { recover: lapseRecover(interlock.recover, factor) }),
      ...kindOf(interlock).lapse?.(interlock, { factor, poll_s: WIRE_POLL_S }),
    })) as Bench['interlocks'],
    derived: mapValues(bench.derived, derived => ({
      ...derived,
      ...derivedKindOf(derived).lapse?.(derived, { factor, poll_s: WIRE_POLL_S }),
    })) as Bench['derived'],
    ...(bench.recording === undefined ? {} : { recording: lapseRecording(bench.recording, factor) }),
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

/** A recovery is the plant's: faster, but never shorter than wires need. */
function lapseRecover(recover: RecoverBlock, factor: number): RecoverBlock {
  const for_s = Math.max(recover.for_s / factor, 5 * WIRE_POLL_S);
  return {
    ...recover,
    for_s,
    within_s: Math.max(recover.within_s / factor, for_s + 15),
    set: mapValues(recover.set, to =>
      typeof to === 'number' || to.per_s === undefined ? to : { ...to, per_s: to.per_s * factor },
    ),
  };
}

/** How often a reading is kept goes with the plant. */
function lapseRecording(rules: RecordingRules, factor: number): RecordingRules {
  return {
    ...rules,
    instruments: mapValues(rules.instruments, rule => ({
      ...rule,
      interval_s: Math.max(rule.interval_s / factor, WIRE_POLL_S),
    })),
  };
}

function mapValues<V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
