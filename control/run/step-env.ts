import type { SetAnswer, StepEnv } from '../../profiles/steps/step.ts';
import type { Journal } from '../record/journal.ts';
import type { Gate } from '../tick/gate.ts';
import type { ProcessImage } from '../tick/image.ts';

/** The bench as steps see it, over its gate, image and journal. */
export function stepEnv(parts: {
  readonly gate: Gate;
  readonly image: ProcessImage;
  readonly journal: Journal;
  readonly source: StepEnv['source'];
  readonly timeFactor: number;
}): StepEnv {
  const { gate, image, journal, source, timeFactor } = parts;
  const answers = new Map<string, SetAnswer>();
  return {
    value: role => image.value(role),
    applied: role => gate.applied(role),
    limits: role => image.roles.settable.get(role),
    ask(role, value, source) {
      const pending: SetAnswer = { outcome: 'pending', asked: value, reason: '' };
      answers.set(role, pending);
      // Never rejects (gate.ts); a floating rejection would be a bug there.
      void gate.ask(role, value, source).then(answer => {
        const reason = answer.outcome === 'applied' ? '' : answer.reason;
        const newest = answers.get(role) ?? pending;
        // A failure is one of the role, whichever request has overtaken it meanwhile.
        if (newest === pending || answer.outcome === 'failed')
          answers.set(role, { outcome: answer.outcome, asked: newest.asked, reason });
      });
    },
    answer: role => answers.get(role) ?? { outcome: 'none', asked: Number.NaN, reason: '' },
    note: (t_s, note, text) => journal.event({ t_s, ...note, text }),
    noteAsked: (t_s, role, value, source) =>
      journal.setpoint({ t_s, role, asked: value, applied: Number.NaN, source, outcome: 'asked' }),
    source,
    timeFactor,
  };
}
