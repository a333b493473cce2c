import { fstatSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Screen } from '../../dashboards/terminal/screen.ts';
import { nearest } from '../../drivers/contract/explain.ts';
import type { Live } from '../live.ts';
import { COMMANDS, type Command, type CommandName } from '../view.ts';
import { timeSpan_s } from './alarms/time-span.ts';

/** What may stand behind a word. */
const BEHIND: Partial<Record<CommandName, string>> = {
  acknowledge: ' [alarm [name]]',
  skip: ' NAME: WHY',
  limit: ' ID VALUE NAME: WHY',
  shelve: ' alarm 30min name reason',
  unshelve: ' alarm [name]',
};
const WORDS = COMMANDS.map(word => `${word}${BEHIND[word] ?? ''}`).join(', ');

/**
 * A person at the terminal asks for the same things as on the page: a word and Enter. Only where a terminal stands at
 * our input and we are its foreground: a process in the background that reads from a terminal is stopped by the system,
 * with the bench at load. Dispose it when the program ends.
 */
export function terminalCommands(live: Live, input: NodeJS.ReadStream, screen: Screen): Disposable {
  if (input.isTTY !== true) {
    // A `stop` from a script or over a pipe would be thought given. What nobody can write into needs no word.
    if (isPipe()) screen.say(NO_WORDS);
    return { [Symbol.dispose]() {} };
  }
  if (!isForeground()) return { [Symbol.dispose]() {} };
  const lines = createInterface({ input, terminal: false });
  const say = (text: string): void => screen.say(text);
  say(`Type a command and Enter: ${WORDS}. Ctrl-C stops.`);
  // After each answer, and when a run has come to its end by itself.
  let said = '';
  const sayNext = (): void => {
    const { text, command } = live.next;
    if (text !== said && command !== '') say(text);
    said = text;
  };
  let isDue = false;
  const unsubscribe = live.onChange(() => {
    if (isDue) return;
    isDue = true;
    // The answer to what was asked comes first.
    setImmediate(() => {
      isDue = false;
      sayNext();
    });
  });
  lines.on('line', line => {
    screen.typed(line.trim());
    const [word = '', ...behind] = line.trim().split(/\s+/);
    if (word === '') return;
    const command = commandOf(word);
    if (command === undefined) {
      const near = nearest(word, COMMANDS);
      const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
      say(`"${word}" is no command${meant}, expected one of ${COMMANDS.join(', ')}`);
      return;
    }
    void live
      .ask(askedOf(command, behind), 'terminal')
      .then(({ accepted, text }) => say(`${accepted ? '' : 'refused: '}${text}`));
  });
  return {
    [Symbol.dispose]() {
      unsubscribe();
      lines.close();
      input.unref();
    },
  };
}

/** The command with what was typed behind it; what is missing is told by whoever decides. */
export function askedOf(command: CommandName, behind: readonly string[]): Command {
  if (BEHIND[command] === undefined || behind.length === 0) return { command };
  if (command === 'skip') return { command, ...whoAndWhy(behind) };
  const [first, ...more] = behind;
  if (command === 'limit') {
    const [value = '', ...who] = more;
    return { command, interlock: first, value: Number(value), ...whoAndWhy(who) };
  }
  if (command !== 'shelve')
    return { command, alarm: first, ...(more.length === 0 ? {} : { by: more.join(' ') }) };
  const [time = '', by, ...why] = more;
  const for_s = timeSpan_s(time);
  return {
    command,
    alarm: first,
    ...(for_s === undefined ? {} : { for_s }),
    ...(by === undefined ? {} : { by }),
    ...(why.length === 0 ? {} : { reason: why.join(' ') }),
  };
}

/** `A. Volta: the cell is full`. */
function whoAndWhy(words: readonly string[]): Pick<Command, 'by' | 'reason'> {
  const [by = '', ...why] = words.join(' ').split(':');
  return { by: by.trim(), reason: why.join(':').trim() };
}

const NO_WORDS =
  'No commands are taken from standard input: it is no terminal. The page takes them, and SIGINT (Ctrl-C) stops in order.';

/** Something may be written into our input: a pipe or a socket. */
function isPipe(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

/** The whole word or its beginning, if that is one command's only. */
function commandOf(word: string): CommandName | undefined {
  const found = COMMANDS.filter(command => command.startsWith(word.toLowerCase()));
  return (
    COMMANDS.find(command => command === word.toLowerCase()) ?? (found.length === 1 ? found[0] : undefined)
  );
}

/** Whether our process group is the one that its terminal listens to (proc(5): fields 5 and 8 of stat). */
function isForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch {
    // No such file system: there is no job control to fear either.
    return true;
  }
}
