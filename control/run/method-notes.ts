import type { GapCharge } from '../../profiles/language/run/counts/totals.ts';
import type { MethodEvents } from '../../profiles/language/run/method-events.ts';
import { besideUnusable } from '../../profiles/language/run/watch.ts';
import { leavingText } from '../../profiles/recorded-round.ts';
import type { Cause } from '../contract/cause.ts';
import type { PhaseResult } from '../contract/phase-result.ts';
import { isStill } from '../contract/run-state.ts';
import { stepData } from '../contract/step-data.ts';
import type { BenchSession } from './session.ts';

/** What of a method goes into the record as it is told, and what of it leads the session somewhere: a hold, a suspension, its end. */
function methodNotes(
  session: BenchSession,
): Pick<
  MethodEvents,
  | 'returned'
  | 'callReturned'
  | 'roundValues'
  | 'roundsLeft'
  | 'part'
  | 'exceeded'
  | 'resumed'
  | 'inexact'
  | 'tags'
  | 'transition'
  | 'isHeld'
  | 'goesOn'
  | 'end'
> {
  return {
    tags: tags => session.showTags(tags),
    transition: () => {
      if (session.parts.checkpointsSteps) session.checkpoint();
    },
    isHeld: () => isStill(session.state),
    goesOn: () => void session.go('unsuspended'),
    end: (how, reason, step) => {
      const role = step?.end.role;
      const cause: Cause =
        role === undefined ? { by: 'step', id: step?.label ?? '' } : { by: 'set-point', id: role };
      if (how === 'complete') session.complete();
      else if (how === 'stop') session.stop(cause, reason);
      else session.abort(cause, reason);
    },
    returned: figures => session.note({ kind: 'returned', data: { figures } }, 'returns of the method'),
    callReturned: data => session.note({ kind: 'callReturned', data }, `${data.call}: returns`),
    roundValues: data => session.note({ kind: 'roundValues', data }, `let at ${data.where}`),
    roundsLeft: data => session.note({ kind: 'roundsLeft', data }, leavingText(data)),
    part: part => session.note({ kind: 'part', data: part }, `${part.name}: ${part.method}`),
    exceeded: found => {
      const { then, where: place, text: condition, unusable } = found;
      const text = `${place}: ${condition}${besideUnusable(found)}`;
      if (then === 'hold') session.hold(`limit of ${text}`);
      const beside = unusable.length === 0 ? {} : { unusable };
      session.note({ kind: 'limit', data: { reaction: then, place, condition, ...beside } }, text);
      if (found.recovery !== undefined)
        session.suspend({ of: 'limit', id: place, recovery: found.recovery, text: `limit of ${text}` });
    },
    resumed: (cut_s, steps, gap) => {
      const how = steps.map(one => `${one.step}: ${one.how}`).join(', ');
      const flowed = gap === undefined ? {} : { flowed: { into_Ah: gap.into_Ah, out_Ah: gap.out_Ah } };
      const text = `cut off, taken up: ${how}${gap === undefined ? '' : `; ${gapText(gap)}`}`;
      session.note({ kind: 'resumed', data: { cut_s, steps, ...flowed } }, text);
    },
    inexact: found => {
      const [asked, lasted] = [found.asked_s, found.lasted_s].map(s => Number(s.toFixed(3)));
      const text = `${found.step}: lasted ${lasted} s, asked ${asked} s to ${found.allowed_s} s`;
      session.note({ kind: 'inexact', data: found }, text);
    },
  };
}

const WHY_NOT = {
  none: 'no counter of the instrument was read on both sides of it',
  restarted: 'a counter of the instrument began anew in it',
  unbelieved: 'a counter of the instrument went on by more than can have flowed, or counts something else',
} as const;

/** What flowed while a run was cut off. */
function gapText({ into_Ah, out_Ah, why }: GapCharge): string {
  const known = [
    ...(Number.isNaN(into_Ah) ? [] : [`${Number(into_Ah.toPrecision(4))} Ah in`]),
    ...(Number.isNaN(out_Ah) ? [] : [`${Number(out_Ah.toPrecision(4))} Ah out`]),
  ];
  const counts =
    known.length === 0 ? [] : [`by the instrument's counters ${known.join(', ')} flowed, which count`];
  const not =
    why === ''
      ? []
      : [`${known.length === 0 ? 'what' : 'what else'} flowed meanwhile does not count: ${WHY_NOT[why]}`];
  return [...counts, ...not].join('; ');
}

/** Where a run stands in its procedure. */
interface Place {
  phase: string;
  phaseStart_s: number;
  step: string;
  finishedBy: string;
  readonly phases: PhaseResult[];
}

/** What a method tells of its way: into the record, into the place of its run, and to the session where it ends. */
export function methodEvents(session: BenchSession, place: Place): MethodEvents {
  return {
    ...methodNotes(session),
    phase: (name, method, t_s) => {
      place.phase = name;
      place.phaseStart_s = t_s;
      session.note({ kind: 'phase', data: { name, method } }, name);
    },
    phaseEnd: (name, end_s, ended_by) => {
      const data = { name, start_s: place.phaseStart_s, end_s, ended_by };
      place.phases.push(data);
      session.note({ kind: 'phaseEnd', data }, `${name}: ${ended_by}`);
    },
    finishes: (what, reason) => {
      place.finishedBy = `${what}: ${reason}`;
      session.note({ kind: 'finishes', data: { what, reason } }, `to the end by ${place.finishedBy}`);
    },
    step: label => {
      place.step = label;
    },
    stepEnd: (pc, instruction, start_s, end, t_s) => {
      const data = stepData(pc, instruction, start_s, end, t_s);
      session.note({ kind: 'step', data }, `${instruction.label}: ${end.reason}`);
    },
  };
}
