import { MINIMUM_LOAD_FRAC } from '../../profiles/compile-steps.ts';
import type { StepEnv } from '../../profiles/steps/step.ts';
import type { RunSpec } from './run.ts';
import type { BenchSession } from './session.ts';

const CURRENT_SET = 'stack.currentSet_A';

/**
 * The bench as the steps of a run see it, and whether it carries load now (an unknown current counts as load). Steps
 * speak in run time, which begins at `origin_s` of the session.
 */
export function stepEnv(
  session: BenchSession,
  spec: RunSpec,
  origin_s: number,
): StepEnv & { isLoaded(): boolean } {
  const { gate, image, parts } = session;
  const { recording, roles } = parts;
  return {
    value: role => image.value(role),
    arrived_s: role => image.arrived_s(role) - origin_s,
    applied: role => gate.applied(role),
    limits: role => roles.settable.get(role),
    ask: (role, value, source) => void gate.ask(role, value, source),
    answer: role => gate.answer(role),
    note: (t_s, note, text) => recording.event({ ...note, t_s: t_s + origin_s, text }),
    noteAsked: (t_s, role, value, source) =>
      recording.setpoint({
        t_s: t_s + origin_s,
        role,
        asked: value,
        applied: Number.NaN,
        source,
        outcome: 'asked',
      }),
    source: name => spec.source(name),
    timeFactor: spec.timeFactor,
    isLoaded() {
      const { subject } = spec;
      if (subject.kind !== 'stack') return false;
      return !(gate.applied(CURRENT_SET) < MINIMUM_LOAD_FRAC * subject.currentNominal_A);
    },
  };
}
