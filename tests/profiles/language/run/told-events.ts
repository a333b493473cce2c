import type { MethodEvents } from '../../../../profiles/language/run/method-events.ts';
import type { RecordedPart } from '../../../../profiles/recorded-run.ts';

/** What a run has told, in order, one line each; the steps with their times. */
export interface Told {
  readonly lines: string[];
  readonly parts: RecordedPart[];
}

export const shown = (t_s: number): number => Number(t_s.toFixed(3));

/** Events of a method as lines; `isOver` is told of its end. */
export function toldEvents({ lines, parts }: Told, isOver: () => void): MethodEvents {
  return {
    phase: (name, _method, t_s) => lines.push(`${shown(t_s)} phase ${name}`),
    phaseEnd: (name, t_s) => lines.push(`${shown(t_s)} phaseEnd ${name}`),
    step: () => {},
    stepEnd: (_pc, { label }, start_s, { kind, reason, wasMet }, t_s) =>
      lines.push(
        `${shown(start_s)}..${shown(t_s)} ${label}: ${kind}, ${reason}${wasMet === true ? ' (at once)' : ''}`,
      ),
    part: part => parts.push(part),
    returned: figures => lines.push(`returns ${JSON.stringify(figures)}`),
    callReturned: ({ call, figures }) => lines.push(`${call} returns ${JSON.stringify(figures)}`),
    roundValues: ({ where, round, nth, figures }) =>
      lines.push(`let ${where} round ${round} (${nth}): ${JSON.stringify(figures)}`),
    roundsLeft: ({ loop, where, round, rounds, kind, by, reason }) =>
      lines.push(`left ${loop} ${where} in ${round} of ${rounds} by ${kind} of ${by}: ${reason}`),
    tags: tags => lines.push(`tags ${tags.join(' ')}`),
    transition: () => {},
    resumed: (cut_s, steps) =>
      lines.push(`cut at ${shown(cut_s)}: ${steps.map(({ step, how }) => `${step} ${how}`).join(', ')}`),
    finishes: (what, reason) => lines.push(`finishes by ${what}: ${reason}`),
    inexact: ({ step, asked_s, lasted_s, allowed_s }) =>
      lines.push(`inexact ${step}: ${shown(lasted_s)} for ${asked_s} +- ${allowed_s}`),
    exceeded: ({ then, text, where }) => lines.push(`${then}: ${text} at ${where}`),
    end: (how, reason) => {
      lines.push(`${how}: ${reason}`);
      isOver();
    },
  };
}
