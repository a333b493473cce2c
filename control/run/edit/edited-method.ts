import { messageOf } from '../../../drivers/contract/errors.ts';
import type { RecordBounds } from '../../../profiles/language/bench/record-bounds.ts';
import { carried } from '../../../profiles/language/edited/carried.ts';
import type { LanguageEnv } from '../../../profiles/language/run/env.ts';
import type { MethodEvents } from '../../../profiles/language/run/method-events.ts';
import { MethodRun } from '../../../profiles/language/run/method-run.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import type { Measuring } from '../measure/measuring.ts';
import type { Suspension } from '../suspend/suspension.ts';

/** What of a run an edit looks at. */
interface HeldRun {
  readonly spec: { readonly procedure: Procedure };
  readonly suspension: Suspension;
  readonly measuring: Measuring;
}

/**
 * The edited method of a held run with all that the one before (`method`) remembers; that one is not looked at any more.
 * Nothing is asked for or told. A text: what stands against it, and nothing has changed.
 */
export function editedRun(
  run: HeldRun,
  method: MethodRun,
  procedure: Procedure,
  env: LanguageEnv,
  events: MethodEvents,
): MethodRun | string {
  const before = run.spec.procedure;
  const [then, now] = [before.program, procedure.program];
  if (then === undefined || now === undefined) return 'is a name only, and cannot be edited';
  if (run.suspension.isOpen) return 'a recovery is under way, expected the run held by a person alone';
  if (run.measuring.now.is === 'under way') return 'a measurement is under way, expected it over';
  const rows = keepsLess(before.record, procedure.record);
  if (rows !== undefined) return rows;
  const found = carried(then, method.state(), now);
  if ('against' in found) return found.against;
  try {
    const edited = new MethodRun(now, env, events, found.state);
    edited.takeOver(method);
    run.suspension.rename(found.places);
    return edited;
  } catch (error) {
    return messageOf(error);
  }
}

/** The record says of itself from its begin on how much may be left out of it. */
function keepsLess(then: RecordBounds | undefined, now: RecordBounds | undefined): string | undefined {
  if (now === undefined) return undefined;
  const isAsMuch =
    then !== undefined &&
    now.every_s <= then.every_s &&
    now.before_s <= then.before_s &&
    Object.entries(now.change).every(([role, by]) => by <= (then.change[role] ?? 0));
  return isAsMuch
    ? undefined
    : 'record: keeps less than the record of this run says of itself, expected its rules as they were, or closer rows';
}
