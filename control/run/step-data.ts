import type { MethodEvents } from '../../profiles/language/run/method-events.ts';
import type { EventBody } from '../record/events.ts';

type StepData = Extract<EventBody, { readonly kind: 'step' }>['data'];

/** What the record says of a step that has ended. */
export function stepData(...[pc, instruction, start_s, end]: Parameters<MethodEvents['stepEnd']>): StepData {
  const { kind, reason, wasMet } = end;
  const id = instruction.id === undefined ? {} : { id: instruction.id };
  return {
    ...id,
    pc,
    op: instruction.op,
    start_s,
    ended: kind,
    reason,
    ...(wasMet === true ? { wasMet } : {}),
  };
}
