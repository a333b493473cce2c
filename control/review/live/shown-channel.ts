import { GRAVITY } from '../../../profiles/steps/recovery.ts';
import type { LiveAlarm } from '../../contract/alarm.ts';
import type { ChannelShown, Round } from '../../contract/channel-shown.ts';

/** A round of a loop; of one without an end nobody knows how many there will be. */
export function roundOf(loop: { readonly round: number; readonly rounds: number } | null): Round | null {
  return loop === null ? null : { at: loop.round, of: loop.rounds > 1 ? loop.rounds : null };
}

/** The gravest alarm that nobody has acknowledged, else the gravest that stands; what is shelved is not told. */
export function worstAlarm(alarms: readonly LiveAlarm[]): ChannelShown['alarm'] {
  const told = alarms.filter(({ shelved }) => shelved === null);
  const open = told.filter(({ acknowledged }) => !acknowledged);
  const [worst] = (open.length > 0 ? open : told).toSorted(
    (a, b) => GRAVITY[b.reaction] - GRAVITY[a.reaction],
  );
  if (worst === undefined) return null;
  return { id: worst.id, reaction: worst.reaction, text: worst.text, open: open.length };
}
