import { decodeNumber } from './number.ts';

/**
 * Data packages of a MethodSCRIPT instrument: `P`, then variables parted by semicolons, each two letters of its type, eight
 * characters of its value, and what is said of it behind commas. Nothing guards a line against a damaged digit.
 * Source: PalmSens/MethodSCRIPT_Examples (bd1a44a): Example_Python, palmsens/mscript.py.
 */

/** What an instrument says against a reading, bits of its status. */
export const STATUS = { timing: 1, overload: 2, underload: 4, overloadWarning: 8 } as const;

/** One variable of a package. */
export interface ScriptValue {
  /** Type: `ab` potential, `ba` current, `da` set potential, `cc` Re Z ... */
  readonly type: string;
  /** NaN where the instrument says `nan`. */
  readonly value: number;
  /** Bits of `STATUS`; undefined where nothing is said. */
  readonly status: number | undefined;
  /** Index of the range it was measured in; its meaning is the model's. */
  readonly range: number | undefined;
  /** As it stood on the line, for a comparison to the last character. */
  readonly text: string;
}

/** Type and eight characters, then what is said of it. */
const VARIABLE = /^([a-z]{2})([0-9A-F]{7}[afpnumkMGTPEi ]| {5}nan)((?:,[0-9A-F]{2,9})*)$/;

/** The variables of a package; undefined where the line is none, or a damaged one. */
export function decodePackage(line: string): readonly ScriptValue[] | undefined {
  if (!line.startsWith('P')) return undefined;
  const values: ScriptValue[] = [];
  for (const text of line.slice(1).split(';')) {
    const match = VARIABLE.exec(text);
    const value = match === null ? undefined : decodeNumber(match[2]);
    const said = match === null ? undefined : decodeSaid(match[3]);
    if (match === null || value === undefined || said === undefined) return undefined;
    values.push({ type: match[1], value, ...said, text });
  }
  return values;
}

/** Status `,1h`, range `,2hh`; other kinds (`,4` noise) are skipped. Said twice, or longer than it is: damaged. */
function decodeSaid(text: string): Pick<ScriptValue, 'status' | 'range'> | undefined {
  let status: number | undefined;
  let range: number | undefined;
  for (const part of text.split(',').slice(1)) {
    const figure = Number.parseInt(part.slice(1), 16);
    if (part[0] === '1') {
      if (status !== undefined || part.length !== 2) return undefined;
      status = figure;
    } else if (part[0] === '2') {
      if (range !== undefined || part.length !== 3) return undefined;
      range = figure;
    }
  }
  return { status, range };
}

/**
 * What a package says that carries its own script's number (type `ja`) and then every variable twice, as our scripts send it:
 * the number and each variable once. Undefined where the two differ in a single character, or the number is missing: then
 * something was damaged on the way.
 */
export function decodeTwice(
  line: string,
): { readonly number: number; readonly values: readonly ScriptValue[] } | undefined {
  const [first, ...rest] = decodePackage(line) ?? [];
  if (first === undefined || first.type !== 'ja' || !Number.isInteger(first.value)) return undefined;
  const half = rest.length / 2;
  if (!Number.isInteger(half) || rest.slice(0, half).some(({ text }, i) => text !== rest[half + i].text))
    return undefined;
  return { number: first.value, values: rest.slice(0, half) };
}
