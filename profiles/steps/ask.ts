import type { StepEnd, StepEndKind, StepEnv } from './step.ts';
import type { OnTimeout } from './words.ts';

/** Asks, unless this very value is what was asked last and is on its way, or stands there. */
export function askOnce(env: StepEnv, role: string, value: number, source: string): void {
  const { outcome, asked } = env.answer(role);
  if (asked === value && outcome === 'pending') return;
  if (asked === value && outcome === 'applied' && env.applied(role) === value) return;
  env.ask(role, value, source);
}

/** The newest request was for this value, and it is applied and read back. */
export function isApplied(env: StepEnv, role: string, value: number): boolean {
  const { outcome, asked } = env.answer(role);
  return outcome === 'applied' && asked === value;
}

/** Sums of seconds are exact to less than this, s. */
const DUST_S = 1e-6;

/** A step has lasted for so long. */
export function hasLasted(elapsed_s: number, for_s: number): boolean {
  return elapsed_s >= for_s - DUST_S;
}

/** An ending after which the run goes on. */
export function ended(kind: StepEndKind, reason: string): StepEnd {
  return { kind, reason, leadsTo: 'next' };
}

/** The bound came before the condition. */
export function timedOut(reason: string, onTimeout: OnTimeout): StepEnd {
  return { kind: 'timeout', reason, leadsTo: onTimeout === 'continue' ? 'next' : onTimeout };
}
