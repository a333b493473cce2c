import type { MethodEvents } from '../../profiles/language/run/method-events.ts';
import { besideUnusable } from '../../profiles/language/run/watch.ts';
import type { Cause } from '../contract/cause.ts';
import { isStill } from '../contract/run-state.ts';
import type { BenchSession } from './session.ts';

/** What of a method goes into the record as it is told, and what of it leads the session somewhere: a hold, a suspension, its end. */
export function methodNotes(
  session: BenchSession,
): Pick<
  MethodEvents,
  | 'returned'
  | 'callReturned'
  | 'part'
  | 'exceeded'
  | 'resumed'
  | 'inexact'
  | 'finishes'
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
    resumed: (cut_s, steps) => {
      const how = steps.map(one => `${one.step}: ${one.how}`).join(', ');
      session.note({ kind: 'resumed', data: { cut_s, steps } }, `cut off, taken up: ${how}`);
    },
    finishes: (what, reason) =>
      session.note({ kind: 'finishes', data: { what, reason } }, `to the end by ${what}: ${reason}`),
    inexact: found => {
      const [asked, lasted] = [found.asked_s, found.lasted_s].map(s => Number(s.toFixed(3)));
      const text = `${found.step}: lasted ${lasted} s, asked ${asked} s to ${found.allowed_s} s`;
      session.note({ kind: 'inexact', data: found }, text);
    },
  };
}
