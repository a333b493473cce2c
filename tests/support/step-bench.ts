import type { SetAnswer, SetLimits, StepEnv } from '../../profiles/steps/step.ts';

/**
 * A bench for tests of steps, without devices or time: readings are what the test says, a value that is asked for is
 * applied at the next beat, slewed to the role's ramp limit, unless the test lets it fail.
 */
export class StepBench {
  /** What is read, by role; a role that is not here reads NaN. */
  readonly readings = new Map<string, number>();
  /** When it was read, s of run time; a role that is not here has always just been read. */
  readonly arrived_s = new Map<string, number>();
  readonly limits = new Map<string, SetLimits>();
  /** Roles whose writes fail, are refused, or never answer. */
  readonly faults = new Map<string, 'failed' | 'refused' | 'silent'>();
  readonly sources = new Map<string, (profile_s: number) => number>();
  /** Everything that steps did, as lines. */
  log: string[] = [];
  readonly #applied = new Map<string, number>();
  readonly #answers = new Map<string, SetAnswer>();

  readonly env: StepEnv = {
    value: role => this.readings.get(role) ?? Number.NaN,
    arrived_s: role => this.arrived_s.get(role) ?? Number.POSITIVE_INFINITY,
    applied: role => this.#applied.get(role) ?? Number.NaN,
    limits: role => this.limits.get(role),
    ask: (role, value, source) => {
      this.log.push(`ask ${role} = ${value} (${source})`);
      const outcome = this.faults.get(role) === 'refused' ? 'refused' : 'pending';
      this.#answers.set(role, { outcome, asked: value, reason: outcome === 'refused' ? 'not allowed' : '' });
    },
    answer: role => this.#answers.get(role) ?? { outcome: 'none', asked: Number.NaN, reason: '' },
    note: (t_s, note, text) => this.log.push(`${t_s} ${text} ${JSON.stringify(note)}`),
    noteAsked: (t_s, role, value) => this.log.push(`${t_s} ${role} ${value}`),
    source: name => this.sources.get(name),
    timeFactor: 1,
  };

  /** A role stands at a value that was read back before. */
  stands(role: string, value: number): void {
    this.#applied.set(role, value);
  }

  /** One beat of the gate: moves and answers what was asked. */
  beat(dt_s: number): void {
    for (const [role, answer] of this.#answers) {
      if (answer.outcome !== 'pending') continue;
      const fault = this.faults.get(role);
      if (fault === 'silent') continue;
      if (fault === 'failed') {
        this.#answers.set(role, { ...answer, outcome: 'failed', reason: 'says no' });
        continue;
      }
      const from = this.#applied.get(role) ?? this.limits.get(role)?.min ?? answer.asked;
      const step = (this.limits.get(role)?.ramp_per_s ?? Infinity) * dt_s;
      const way = Math.max(-step, Math.min(step, answer.asked - from));
      const now = Math.abs(answer.asked - from) <= step ? answer.asked : from + way;
      this.#applied.set(role, now);
      if (now === answer.asked) this.#answers.set(role, { ...answer, outcome: 'applied' });
    }
  }
}
