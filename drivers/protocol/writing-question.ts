import { switchOf } from './scpi.ts';

/** A table of lines keeps what is asked and what is set apart: who only looks (`watch`, `check`) sends every question. */

/** A number, where a line that sets has `{}`, `{s}` or `{ms}`. */
const NUMBER = '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?';

/**
 * One command as an instrument takes it: case, blanks and the colon of the root do not count, ON is 1. With a parameter a
 * long form of SCPI is its short form; a lone word may be of another language, where STOPPED is not STOP.
 */
function plain(command: string): string {
  const words = command.trim().replace(/^:/, '').toLowerCase().split(/\s+/);
  if (words.length === 1) return words[0];
  const header = words[0].split(':').map(shortForm).join(':');
  const last = words[words.length - 1];
  return [header, ...words.slice(1, -1), switchOf(last) ?? last].join(' ');
}

/** `output2` -> `outp2`: four letters, or three where the fourth of a longer word is a vowel (SCPI-99 volume 1, 6.2.1). */
function shortForm(word: string): string {
  const [, letters = word, suffix = ''] = /^([a-z]+)(\d*)$/.exec(word) ?? [];
  if (letters.length <= 4) return word;
  return letters.slice(0, /[aeiou]/.test(letters[3]) ? 3 : 4) + suffix;
}

const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&');

/** Commands of a line, `VOLT 5;OUTP ON`. */
const commandsOf = (line: string): string[] => line.split(';').map(plain);

/** What each command of a line that sets looks like on the wire. */
const patternsOf = (line: string): RegExp[] =>
  commandsOf(line)
    .filter(command => command !== '')
    .map(
      command =>
        new RegExp(
          `^${command
            .split(/\{(?:s|ms)?\}/)
            .map(escaped)
            .join(NUMBER)}$`,
        ),
    );

type Path = (string | number)[];

/** All lines under these keys, with where they stand. Functions and everything else are passed over. */
function linesAt(value: unknown, keys: readonly string[], at: Path = [], isOne = false): [Path, string][] {
  if (typeof value === 'string') return isOne ? [[at, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const place = Array.isArray(value) ? Number(key) : key;
    return linesAt(part, keys, [...at, place], Array.isArray(value) ? isOne : keys.includes(key));
  });
}

/**
 * The first `ask` of a table that is a line which the table itself sends to set something (`say`): undefined where there is
 * none. Compared command by command, with whatever number stands for `{}`.
 */
export function writingQuestion(table: object): { readonly path: Path; readonly text: string } | undefined {
  const said = linesAt(table, ['say']).map(([, line]) => ({ line, patterns: patternsOf(line) }));
  for (const [path, ask] of linesAt(table, ['ask'])) {
    const commands = commandsOf(ask);
    const same = said.find(({ patterns }) => patterns.some(one => commands.some(part => one.test(part))));
    if (same !== undefined)
      return { path, text: `expected a question, not what "${same.line}" sets: who only looks sends it too` };
  }
  return undefined;
}

/** The first `ask` without a question mark: in SCPI that is no question (IEEE 488.2-1992: the header of a query ends in one). */
export function questionWithoutMark(
  table: object,
): { readonly path: Path; readonly text: string } | undefined {
  const found = linesAt(table, ['ask']).find(([, line]) => !line.includes('?'));
  return found && { path: found[0], text: 'expected a question with "?", as SCPI has them' };
}
