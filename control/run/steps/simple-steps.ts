import type { Condition, Instruction } from '../../../profiles/procedure.ts';
import type { GateAnswer } from '../../tick/gate.ts';
import type { ProcessImage } from '../../tick/image.ts';
import { ended, type Step, type StepEnd, type StepEnv, setFailed } from './step.ts';

type Of<Op extends Instruction['op']> = Extract<Instruction, { op: Op }>;

/** Setting several roles at once must be through within this and the ramp limit's own time. */
const SET_LIMIT_S = 600;

/** Asks for all values; ends when each is applied and read back. */
export function setStep(instruction: Of<'set'>, env: StepEnv): Step {
  const roles = Object.keys(instruction.values);
  const answers = new Map<string, GateAnswer>();
  for (const role of roles) {
    // Never rejects (gate.ts); a floating rejection would be a bug there.
    void env.gate
      .ask(role, instruction.values[role], instruction.label)
      .then(answer => answers.set(role, answer));
  }
  return {
    tick(tick) {
      for (const [role, answer] of answers) {
        const failure = setFailed(role, answer);
        if (failure !== undefined) return failure;
      }
      if (answers.size === roles.length) return ended('applied', 'applied');
      if (tick.elapsed_s > SET_LIMIT_S) {
        const missing = roles.filter(role => !answers.has(role)).join(', ');
        return {
          kind: 'timeout',
          reason: `not applied within ${SET_LIMIT_S} s: ${missing}`,
          leadsTo: 'trip',
        };
      }
      return undefined;
    },
  };
}

/** Linear ramp: asks for a new value each tick, ends when the last one is applied. */
export function rampStep(instruction: Of<'ramp'>, env: StepEnv): Step {
  const { role, to, rate_per_s, timeout_s } = instruction;
  const known = env.gate.applied(role);
  const from = Number.isNaN(known) ? (env.image.roles.settable.get(role)?.min ?? 0) : known;
  let outcome: StepEnd | undefined;
  return {
    tick(tick) {
      if (outcome !== undefined) return outcome;
      if (tick.elapsed_s > timeout_s)
        return {
          kind: 'timeout',
          reason: `${role} did not reach ${to} within ${timeout_s} s`,
          leadsTo: 'trip',
        };
      const way = rate_per_s * tick.elapsed_s;
      const value = Math.abs(to - from) <= way ? to : from + Math.sign(to - from) * way;
      void env.gate.ask(role, value, instruction.label).then(answer => {
        outcome ??=
          setFailed(role, answer) ??
          (answer.outcome === 'applied' && answer.applied === to ? ended('reached', 'reached') : undefined);
      });
      return undefined;
    },
  };
}

/** Waits; ends early when all conditions hold at once, else after for_s. */
export function waitStep(instruction: Of<'wait'>, env: StepEnv): Step {
  const conditions = instruction.until.map(watchCondition);
  return {
    tick(tick) {
      let met = conditions.length > 0;
      // Every condition sees every tick: they keep their own time.
      for (const condition of conditions) met = condition.holds(tick.t_s, env.image) && met;
      if (met) return ended('condition', conditions.map(c => c.text).join(' and '));
      if (tick.elapsed_s < instruction.for_s) return undefined;
      if (conditions.length === 0) return ended('time', 'time');
      const text = `time-out after ${Number(instruction.for_s.toPrecision(6))} s without ${conditions.map(c => c.text).join(' and ')}`;
      return {
        kind: 'timeout',
        reason: text,
        leadsTo: instruction.onTimeout === 'continue' ? 'next' : instruction.onTimeout,
      };
    },
  };
}

/** A point of a sweep: dwell, then its averaging window is recorded. */
export function pointStep(instruction: Of<'point'>, env: StepEnv): Step {
  const { minCurrentPerBar_A } = instruction;
  return {
    tick(tick) {
      if (minCurrentPerBar_A > 0) {
        // i_min(p): below it the oxygen made no longer dilutes the permeated hydrogen.
        const least_A = minCurrentPerBar_A * (env.image.value('cathode.pressure_barg') + 1.01325);
        // Two parts in a hundred for sensors and set point; NaN fails.
        if (!(instruction.setpoint >= 0.98 * least_A))
          return ended('skipped', `skipped: below i_min(p) = ${least_A.toFixed(0)} A`);
      }
      const stop = instruction.stopAbove;
      if (stop !== null) {
        const value = env.image.value(stop.role);
        if (value > stop.limit) {
          return {
            kind: 'skipped',
            reason: `${stop.role} = ${value.toPrecision(5)} > ${stop.limit}: rest of the leg skipped`,
            leadsTo: 'skipSweep',
          };
        }
      }
      if (tick.elapsed_s < instruction.dwell_s) return undefined;
      const { leg, setpoint, average_s } = instruction;
      env.journal.event({
        t_s: tick.t_s,
        kind: 'point',
        text: `${leg} ${setpoint}`,
        data: { leg, setpoint, from_s: tick.t_s - Math.min(average_s, tick.elapsed_s), to_s: tick.t_s },
      });
      return ended('time', 'time');
    },
  };
}

interface Watched {
  readonly text: string;
  holds(t_s: number, image: ProcessImage): boolean;
}

function watchCondition(condition: Condition): Watched {
  return condition.kind === 'compare' ? watchCompare(condition) : watchStable(condition);
}

function watchCompare(condition: Extract<Condition, { kind: 'compare' }>): Watched {
  const { role, is, limit, for_s } = condition;
  let since_s = Number.NaN;
  return {
    text: `${role} ${is} ${limit}${for_s > 0 ? ` for ${Number(for_s.toPrecision(6))} s` : ''}`,
    holds(t_s, image) {
      const value = image.value(role);
      // Written so that NaN satisfies none of them.
      const met =
        is === '>'
          ? value > limit
          : is === '>='
            ? value >= limit
            : is === '<'
              ? value < limit
              : value <= limit;
      if (!met) since_s = Number.NaN;
      else if (Number.isNaN(since_s)) since_s = t_s;
      return met && t_s - since_s >= for_s;
    },
  };
}

/**
 * Stable for over_s within a band. Keeps only the extremes since the last break, so it costs the same after an
 * hour as after a second; a break starts the count anew (stricter than a sliding window, never laxer).
 */
function watchStable(condition: Extract<Condition, { kind: 'stable' }>): Watched {
  const { role, band, over_s } = condition;
  let since_s = Number.NaN;
  let low = Number.NaN;
  let high = Number.NaN;
  return {
    text: `${role} within ${band} over ${Number(over_s.toPrecision(6))} s`,
    holds(t_s, image) {
      const value = image.value(role);
      low = Math.min(low, value);
      high = Math.max(high, value);
      if (!(high - low <= band)) {
        since_s = Number.isNaN(value) ? Number.NaN : t_s;
        low = value;
        high = value;
        return false;
      }
      return t_s - since_s >= over_s;
    },
  };
}
