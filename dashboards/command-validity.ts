import type { CommandName } from '../control/view.ts';

/**
 * How long a command counts that is passed on to the process of a run. One that hangs takes what was asked meanwhile as soon as
 * it wakes, minutes later: by then nobody wants it any more, and it is void. What leads to the safe state stays good.
 */

/** Header of a command that is passed on: until when it may be taken, `machine_s` of this machine, s. */
export const TAKE_BEFORE = 'x-take-before-s';
/** So long a command may be taken, s. */
export const VALID_S = 7;
/** So long it is waited for its answer, s: longer, so that one that was taken in time is heard of. */
export const ANSWER_S = 9;

/** These lead to the safe state. */
const ALWAYS_GOOD: readonly CommandName[] = ['stop', 'abort'];

/** Whether it is to be done however late it is taken. */
export const staysGood = (command: CommandName): boolean => ALWAYS_GOOD.includes(command);

/** The header of a command that is passed on at `now_s`. */
export function takeBefore(now_s: number): Readonly<Record<string, string>> {
  return { [TAKE_BEFORE]: String(now_s + VALID_S) };
}

/** Why a command is not done any more; undefined: it is in time, stays good, or came from somebody who waits for it. */
export function voidReason(
  command: CommandName,
  header: string | readonly string[] | undefined,
  now_s: number,
): string | undefined {
  if (typeof header !== 'string' || staysGood(command)) return undefined;
  const late_s = now_s - Number(header);
  if (late_s <= 0) return undefined;
  const late = Number.isFinite(late_s) ? `${Math.max(1, Math.round(late_s))} s too late` : 'at no time';
  return `${command} is void: the run came to it ${late}; expected it to be asked for once more`;
}
