import { Recording } from '../record/recording.ts';
import { type Run, startRun } from '../run/run.ts';
import type { BenchSession } from '../run/session.ts';
import { openSession, runSpecOf } from './open-session.ts';
import { openRunRecord, type RecordAbout, type RunRecord } from './run-record.ts';

/** A run under way on a session of its own, with its record open. */
export interface Begun {
  readonly session: BenchSession;
  readonly run: Run;
  readonly kept: RunRecord;
}

/**
 * Opens the record of one run in `dir`, a session for it, and begins. A bench that cannot be connected leaves no record
 * behind. @throws DeviceError naming every device that cannot be had
 */
export async function beginRun(dir: string, about: RecordAbout): Promise<Begun> {
  const { loaded, devices, clock, procedure, timeFactor, head } = about;
  const recording = new Recording();
  const kept = await openRunRecord(dir, recording, about);
  try {
    const isRehearsal = head.mode === 'rehearsal';
    const session = await openSession({ loaded, devices, clock, recording, isRehearsal, procedure });
    const spec = runSpecOf(session, procedure, timeFactor, kept.origin_s);
    // No page looks on.
    const run = startRun(session, { ...spec, trendRoles: [] });
    return { session, run, kept };
  } catch (error) {
    await kept.discard();
    throw error;
  }
}
