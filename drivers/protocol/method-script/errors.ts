/**
 * Error codes of MethodSCRIPT instruments (`!0032`). Second hand: transcribed from the manual v1.8 (2025-10-15) and the
 * communication protocols of EmStat4 and EmStat Pico by a public project; basis recalled.
 */
const MEANINGS: Readonly<Record<string, string>> = {
  '0001': 'unspecified',
  '0002': 'bad type of a variable',
  '0003': 'unknown command',
  '0004': 'unknown register',
  '0005': 'register is read-only',
  '0006': 'not possible in its present state',
  '0007': 'bad argument',
  '0008': 'line too long',
  '0009': 'time-out',
  '000C': 'no script loaded',
  '000F': 'potential outside its range',
  '0010': 'not a number, or infinite',
  '0011': 'frequency outside its range',
  '0012': 'amplitude outside its range',
  '0014': 'open-circuit potential asked for while the cell is on',
  '001B': 'not supported',
  '001F': 'not licensed',
  '0023': 'not valid in this mode of the potentiostat',
  '0024': 'too many extra variables',
  '0032': 'cell overloaded, instrument stopped',
  '0058': 'timing failed',
  '005A': 'timing failed',
  '0080': 'counter electrode oscillates',
  '4000': 'syntax',
  '4001': 'unknown command in the script',
  '4002': 'bad argument in the script',
  '4003': 'argument outside its range',
  '4004': 'unexpected character',
  '4005': 'script too large',
  '4006': 'unknown type of a variable',
  '4007': 'variable not declared',
  '4009': 'firmware too old for the script',
  '400B': 'measurement inside a measurement',
  '400C': 'command not allowed here',
  '400E': 'block without its end',
  '4018': 'script ends too early',
  '4026': 'variable declared twice',
  '4027': 'needs the cell on',
  '4028': 'needs the cell off',
  '7FFF': 'fatal: the instrument must be reset',
};

/** An error that the instrument tells of. */
export interface ScriptError {
  /** Command that it answers, empty for a script that runs. */
  readonly command: string;
  /** Four hexadecimal digits. */
  readonly code: string;
  /** In words, with the place in the script where the instrument names it. */
  readonly text: string;
}

/** The cell is on where it must be off: the only code that a driver decides by. */
export const CELL_IS_ON = '0014';

/** `e!4001: Line 1, Col 27`, `!0032: Line 14`, `Z!0006`; undefined for any other line. */
export function decodeError(line: string): ScriptError | undefined {
  const match = /^([A-Za-z]?)!([0-9A-F]{4})(?:: (Line \d+(?:, Col \d+)?))?$/.exec(line);
  if (match === null) return undefined;
  const [, command, code, place] = match;
  const meaning = MEANINGS[code] ?? 'not in the list';
  return {
    command,
    code,
    text: `error ${code} (${meaning})${place === undefined ? '' : ` in ${place.toLowerCase()} of the script`}`,
  };
}
