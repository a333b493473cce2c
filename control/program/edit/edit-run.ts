import { startThread } from '../../../drivers/contract/code/threads.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { shortenProcedure } from '../../../profiles/procedure.ts';
import type { Accepted } from '../../bench/checks/objection.ts';
import type { Input } from '../../review/result.ts';
import type { EditAsked, EditRun } from '../../run/operator.ts';
import type { BenchSession } from '../../run/session.ts';
import type { Given } from '../resume/given.ts';
import { type EditReply, received, type SentEdit } from './edit-messages.ts';
import type { MethodOfSession } from './in-force.ts';
import type { EditOrder } from './read-edit.ts';

/** A run whose method may be edited. */
export interface Editable {
  readonly session: BenchSession;
  readonly given: Given;
  /** The method file that it began with, or was taken up with. */
  readonly inForce: { readonly path: string; readonly text: string };
  readonly inputs: readonly Input[];
  readonly accepted: readonly Accepted[];
  readonly timeFactor: number;
  /** Told of each edit that was taken: the next run of the session begins with it. */
  readonly ofSession: Pick<MethodOfSession, 'take'>;
  /** Who reads the new method; absent: a thread beside. */
  readonly read?: (order: EditOrder) => Promise<EditReply>;
}

/**
 * Takes edits for a run, one at a time. The new method is read in a thread of its own; then, in one go, it takes the place of the
 * one in force, if the run is still held and nobody else has edited it, and stands in the record before whoever has asked is
 * answered.
 */
export function editor({
  session,
  given,
  inputs,
  accepted,
  timeFactor,
  ofSession,
  read = readBeside,
  ...begun
}: Editable): EditRun {
  let inForce = begun.inForce;
  let isReading = false;
  return async asked => {
    const { run } = session;
    if (run === undefined) return 'no run is under way';
    if (isReading) return 'somebody else edits it at this moment: look again at what is in force';
    const from = sha256Of(inForce.text);
    if (asked.from !== from)
      return `somebody else has edited it meanwhile (in force is ${from.slice(0, 12)}): look again at what is in force`;
    isReading = true;
    let reply: EditReply;
    try {
      reply = await session.parts.clock.track(read({ given, inForce, inputs, method: asked.method }));
    } finally {
      isReading = false;
    }
    if ('refused' in reply) return reply.refused;
    const { edit } = reply;
    if (edit.sha256 !== asked.sha256) return `${edit.path} has changed since it was looked at`;
    if (session.state !== 'Held' || session.run !== run) return 'the run is not held any more';
    const procedure = received(edit, run.spec.procedure);
    if (typeof procedure === 'string') return procedure;
    const asRun = timeFactor === 1 ? procedure : shortenProcedure(procedure, timeFactor);
    const against = run.edit(asRun);
    if (against !== '') return against;
    inForce = { path: edit.path, text: edit.text };
    ofSession.take({ ...inForce, procedure: asRun, inputs: edit.inputs });
    record(session, asked, from, edit, accepted);
    await session.parts.recording.flush();
    return '';
  };
}

/** Event and checkpoint leave together: either both are in the record, or neither. */
function record(
  session: BenchSession,
  { by, reason }: EditAsked,
  from: string,
  edit: SentEdit,
  accepted: readonly Accepted[],
): void {
  const { run } = session;
  if (run === undefined) return;
  const { path, sha256: to, inputs, changes, text } = edit;
  const said = { by, reason, from, to, changes, path, inputs };
  run.edits.push({ ...said, t_s: run.time_s });
  session.note(
    { kind: 'edit', data: { ...said, text } },
    `the rest of the method is edited by ${by}: ${reason} (${path}, ${changes.length} lines differ)`,
  );
  for (const { place, line, check, reason: why } of edit.accepted)
    if (!accepted.some(one => one.place === place && one.check === check))
      session.note({ kind: 'accepted' }, `line ${line}: ${place}: ${check} accepted: ${why}`);
  session.checkpoint();
}

function readBeside(order: EditOrder): Promise<EditReply> {
  return new Promise(resolve => {
    const worker = startThread(siblingUrl(import.meta.url, './edit-thread'), { workerData: order });
    worker.once('message', (reply: EditReply) => resolve(reply));
    worker.once('error', error => resolve({ refused: messageOf(error) }));
    worker.once('exit', code => resolve({ refused: `reading it ended with code ${code}` }));
  });
}
