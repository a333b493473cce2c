import type { LabRun } from '../../../../dashboards/door/lab.ts';
import { actedText } from '../../../guard/guard-log.ts';
import { guardOfRun } from '../../guard/guard-of-run.ts';
import type { Guards } from './guards-of.ts';

/** Why a run takes no commands, for whoever has asked it for something. */

/** `run`: one with a record, as it is now; `dir`: its folder; `guards`: what guarded its bench, out of its record. Rejects where that cannot be read. */
export async function noCommandsText(
  run: LabRun,
  dir: string,
  guards: () => Promise<Guards>,
): Promise<string> {
  if (run.state !== 'over') return 'takes no commands now: it is about to begin or to end';
  if (run.duration_s !== null) return `is over: ${run.verdict}`;
  if (run.mode === 'rehearsal') return 'was cut off: its process is gone';
  const acted = guardOfRun(dir, () => 0)?.acted;
  if (acted !== undefined) return `was cut off: ${actedText(acted)}`;
  const { guard } = await guards();
  return `was cut off: its process is gone; ${guardText(guard)}`;
}

/** What is known of a guard that has not said how it went. */
function guardText(guard: Guards['guard']): string {
  const look = 'look at the bench, in danger use its hard-wired emergency stop';
  if (guard?.what !== 'watches') return `no guard was there to lead the bench to its safe state: ${look}`;
  const within = guard.timeout_s === null ? '' : ` within ${guard.timeout_s} s of its last word`;
  return `its guard begins with the safe state${within}, and has not said yet how it went: ${look}`;
}
