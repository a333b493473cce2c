import type { StepEnv } from './step.ts';

/** Asks, unless this very value is what was asked last and is on its way, or stands there. */
export function askOnce(env: StepEnv, role: string, value: number, source: string): void {
  const { outcome, asked } = env.answer(role);
  if (asked === value && outcome === 'pending') return;
  if (asked === value && outcome === 'applied' && env.applied(role) === value) return;
  env.ask(role, value, source);
}
