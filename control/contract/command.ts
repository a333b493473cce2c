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
  'skip',
  'limit',
  'edit',
  'shelve',
  'unshelve',
] as const;
/**
 * hold, resume: pause and go on. stop: load off, then the safe state. abort: at once into the safe state. acknowledge: one
 * alarm, or all. clear: a person says that the cause of a trip is gone. reset: ready for the next run. start: the same
 * method once more, as it was edited last. confirm: what the method asks of a person is so. skip: the step that runs now is over, the
 * method goes on behind it. limit: an interlock has another limit for this run, as strict as the bench or more. edit: what of the
 * method is left is another one, while the run is held. shelve,
 * unshelve: put a warning aside for a while, and bring it back; what an interlock does stays as it is.
 */
export type CommandName = (typeof COMMANDS)[number];

/** What an operator asks for. Asking is all: whether it may be done, the run decides. */
export interface Command {
  readonly command: CommandName;
  /** For acknowledge: the alarm's id, or absent for all. Shelve and unshelve need one. */
  readonly alarm?: string;
  /** For skip: run time at which the step to be skipped began, s (`skips` of a snapshot); absent: whichever runs now. */
  readonly began_s?: number;
  /** For limit: the interlock's id, and its limit from now on, in the unit of its role. */
  readonly interlock?: string;
  readonly value?: number;
  /** For edit: the method file as it is to be and its SHA-256, and that of the one in force. */
  readonly method?: string;
  readonly sha256?: string;
  readonly from?: string;
  /** Name of who asks; absent: nobody said. Shelve, skip, limit and edit need it. */
  readonly by?: string;
  /** For shelve: how long, s. */
  readonly for_s?: number;
  /** Why: of shelve, skip, limit and edit, and of stop, abort, hold and resume where somebody says it. */
  readonly reason?: string;
}

/** Commands that lead to the safe state: what else is said with them, or not said, keeps nobody from them. */
const TO_SAFE: readonly CommandName[] = ['stop', 'abort'];
/** Commands that say who asks and why, or they are refused: it stands in the record. */
const WITH_REASON: readonly CommandName[] = ['skip', 'limit', 'edit', 'shelve'];
/** Commands that take a reason where somebody says it. */
const MAY_HAVE_REASON: readonly CommandName[] = [...TO_SAFE, 'hold', 'resume'];

/** What is missing or too much in a command, as (key, text); undefined: nothing. */
export function misfitOf(asked: Command): readonly [string, string] | undefined {
  const { command, alarm, began_s, for_s } = asked;
  if (TO_SAFE.includes(command)) return undefined;
  const isShelve = command === 'shelve';
  const takesAlarm = isShelve || command === 'unshelve' || command === 'acknowledge';
  if (alarm !== undefined && !takesAlarm)
    return ['alarm', 'only acknowledge, shelve and unshelve take an alarm'];
  if (alarm === undefined && takesAlarm && command !== 'acknowledge')
    return ['alarm', `${command} needs an alarm`];
  if (began_s !== undefined && command !== 'skip') return ['began_s', 'only skip takes a step'];
  if (!isShelve && for_s !== undefined) return ['for_s', 'only shelve takes a time'];
  if (isShelve && for_s === undefined) return ['for_s', 'shelve needs a time'];
  return misfitOfEdit(asked) ?? misfitOfReason(asked) ?? misfitOfLimit(asked);
}

function misfitOfReason({ command, by, reason }: Command): readonly [string, string] | undefined {
  const isSaid = (text: string | undefined): boolean => text !== undefined && /\S/.test(text);
  if (MAY_HAVE_REASON.includes(command)) return undefined;
  if (!WITH_REASON.includes(command)) {
    const those = [...WITH_REASON, ...MAY_HAVE_REASON].join(', ');
    return reason === undefined ? undefined : ['reason', `only ${those} take a reason`];
  }
  if (!isSaid(by)) return ['by', `${command} needs a name`];
  return isSaid(reason) ? undefined : ['reason', `${command} needs a reason`];
}

function misfitOfEdit({ command, method, sha256, from }: Command): readonly [string, string] | undefined {
  const said = [method, sha256, from].filter(one => one !== undefined);
  if (command !== 'edit') return said.length === 0 ? undefined : ['method', 'only edit takes a method'];
  if (said.length === 3) return undefined;
  return [
    'method',
    'what an edit changes is looked at before: cellbench edit RUN METHOD --by NAME --reason WHY',
  ];
}

function misfitOfLimit({ command, interlock, value }: Command): readonly [string, string] | undefined {
  if (command !== 'limit')
    return interlock === undefined && value === undefined
      ? undefined
      : ['interlock', 'only limit takes an interlock and a value'];
  if (interlock === undefined) return ['interlock', 'limit needs an interlock'];
  return value === undefined || Number.isNaN(value) ? ['value', 'limit needs a value'] : undefined;
}
