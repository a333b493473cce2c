import { bound_s } from '../../steps/bound.ts';
import type { LanguageEnv } from './env.ts';
import type { Stage } from './output.ts';

/** What an asking remembers, JSON. */
export interface AskingState {
  readonly stage: number;
  readonly isAsked: boolean;
  /** Set points of the stage that were asked for, not those that stood already. */
  readonly asked?: readonly string[] | undefined;
  readonly since_s: number;
  readonly took_s: number;
}

/** How far an asking is. */
export type Progress = 'waits' | 'done' | { readonly missing: string };

/**
 * Set points in stages: those of one stage are asked for together, the next stage when all of them are applied and read
 * back. What stands already is not asked for again, unless `always`.
 */
export class Asking {
  readonly #stages: readonly Stage[];
  readonly #label: string;
  readonly #isAlways: boolean;
  #stage = 0;
  #isAsked = false;
  #asked: readonly string[] = [];
  #since_s = 0;
  #bound_s = Infinity;
  #took_s = 0;

  constructor(stages: readonly Stage[], label: string, isAlways = false, saved?: AskingState) {
    this.#stages = stages.filter(stage => stage.length > 0);
    this.#label = label;
    this.#isAlways = isAlways;
    if (saved === undefined) return;
    this.#stage = saved.stage;
    this.#isAsked = saved.isAsked;
    this.#asked = saved.asked ?? [];
    this.#since_s = saved.since_s;
    this.#took_s = saved.took_s;
  }

  /** All of it is applied. */
  get isDone(): boolean {
    return this.#stage >= this.#stages.length;
  }

  /** How long the last stage that was asked for took from leaving to its read-back, s; 0: all of it stood already. */
  get took_s(): number {
    return this.#took_s;
  }

  /** One look at run time `t_s`; says what is missing once a stage has taken far too long. */
  tick(env: LanguageEnv, t_s: number): Progress {
    while (!this.isDone) {
      const stage = this.#stages[this.#stage];
      if (!this.#isAsked) this.#ask(env, stage, t_s);
      const missing = stage.filter(([role, value]) => !stands(env, role, value));
      if (missing.length > 0) {
        const names = missing.map(([role]) => role).join(', ');
        return t_s - this.#since_s > this.#bound_s ? { missing: names } : 'waits';
      }
      if (this.#asked.length > 0)
        this.#took_s = Math.max(0, ...this.#asked.map(role => env.answer(role).took_s ?? 0));
      this.#stage++;
      this.#isAsked = false;
    }
    return 'done';
  }

  #ask(env: LanguageEnv, stage: Stage, t_s: number): void {
    this.#isAsked = true;
    this.#since_s = t_s;
    this.#bound_s = bound_s(stage, env);
    const asked = stage.filter(([role, value]) => this.#isAlways || !stands(env, role, value));
    for (const [role, value] of asked) env.ask(role, value, this.#label);
    this.#asked = asked.map(([role]) => role);
  }

  /** A hold has lasted so long: it is no time that an answer has taken, s. */
  shift(held_s: number): void {
    this.#since_s += held_s;
  }

  /** What it remembers. */
  state(): AskingState {
    return {
      stage: this.#stage,
      isAsked: this.#isAsked,
      ...(this.#asked.length > 0 ? { asked: this.#asked } : {}),
      since_s: this.#since_s,
      took_s: this.#took_s,
    };
  }
}

/** The newest request was for this value, and it is applied and read back. */
export function stands(env: LanguageEnv, role: string, value: number): boolean {
  const { outcome, asked } = env.answer(role);
  return outcome === 'applied' && asked === value && env.applied(role) === value;
}
