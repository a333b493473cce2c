/** What an operator may ask of a run. */
export const COMMANDS = [
  'hold',
  'resume',
  'stop',
  'abort',
  'acknowledge',
  'clear',
  'reset',
  'start',
  'confirm',
  'shelve',
  'unshelve',
] as const;
/**
 * hold, resume: pause and go on. stop: load off, then the safe state. abort: at once into the safe state. acknowledge: one
 * alarm, or all. clear: a person says that the cause of a trip is gone. reset: ready for the next run. start: the same
 * method once more. confirm: what the method asks of a person is so. shelve, unshelve: put a warning aside for a while, and
 * bring it back; what an interlock does stays as it is.
 */
export type CommandName = (typeof COMMANDS)[number];

/** What an operator asks for. Asking is all: whether it may be done, the run decides. */
export interface Command {
  readonly command: CommandName;
  /** For acknowledge: the alarm's id, or absent for all. Shelve and unshelve need one. */
  readonly alarm?: string;
  /** Name of who asks; absent: nobody said. Shelve needs it. */
  readonly by?: string;
  /** For shelve: how long, s, and why. */
  readonly for_s?: number;
  readonly reason?: string;
}

/** What is missing or too much in a command, as (key, text); undefined: nothing. */
export function misfitOf({
  command,
  alarm,
  by,
  for_s,
  reason,
}: Command): readonly [string, string] | undefined {
  const isShelve = command === 'shelve';
  const takesAlarm = isShelve || command === 'unshelve' || command === 'acknowledge';
  if (alarm !== undefined && !takesAlarm)
    return ['alarm', 'only acknowledge, shelve and unshelve take an alarm'];
  if (alarm === undefined && takesAlarm && command !== 'acknowledge')
    return ['alarm', `${command} needs an alarm`];
  if (!isShelve && for_s !== undefined) return ['for_s', 'only shelve takes a time'];
  if (!isShelve && reason !== undefined) return ['reason', 'only shelve takes a reason'];
  if (isShelve && for_s === undefined) return ['for_s', 'shelve needs a time'];
  if (isShelve && by === undefined) return ['by', 'shelve needs a name'];
  if (isShelve && reason === undefined) return ['reason', 'shelve needs a reason'];
  return undefined;
}
