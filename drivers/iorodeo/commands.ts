import { DeviceError } from '../contract/errors.ts';
import type { TextRequest } from '../transport/text/lines.ts';

/** Commands of a Rodeostat: an object of JSON on a line, answered by one that names its command. */

/** A command with its name. */
export interface CommandRequest extends TextRequest {
  readonly command: string;
  /** What it sets beside. */
  readonly sets: Readonly<Record<string, unknown>>;
}

/** What an answer carries beside the name of its command. */
export type Said = Readonly<Record<string, unknown>>;

/** An answer of the device, or undefined where the line is none. */
export function saidIn(text: string): { readonly response?: Said; readonly refusal?: string } | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const { success, message, response } = read as Said;
  if (success === false) return { refusal: String(message) };
  if (success !== true || typeof response !== 'object' || response === null) return undefined;
  return { response: response as Said };
}

/** On boards with an M4 a message whose length is a multiple of this hangs, the end of its line counted. */
const USB_PACKET = 64;

/** A command as it goes out: padded with a blank where its length would make the device hang (iorodeo/rodeostat-rs). */
export function lineOf(message: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(message);
  const hangs = (length: number): boolean => [1, 2].some(end => (length + end) % USB_PACKET === 0);
  let line = text;
  while (hangs(line.length)) line += ' ';
  return line;
}

/**
 * Asks one command. An answer of another command is not taken for its own; a refusal names none, so it belongs to the
 * oldest question that is open. `key`: what the answer must carry.
 */
export function commandOf(
  command: string,
  key?: string,
  more: Readonly<Record<string, unknown>> = {},
): CommandRequest {
  for (const value of Object.values(more)) {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new DeviceError('range', command, `${value} is no set value`);
  }
  return {
    command,
    sets: more,
    lines: [lineOf({ command, ...more })],
    fits(text) {
      const said = saidIn(text);
      if (said?.refusal !== undefined) return true;
      return said?.response?.['command'] === command && (key === undefined || key in said.response);
    },
    refusal: text => saidIn(text)?.refusal,
  };
}

/** What an answer says under a key. */
export const saidAt = (said: unknown, key: string): unknown =>
  typeof said === 'string' ? saidIn(said)?.response?.[key] : undefined;

/** A number of an answer; NaN where it is none. */
export function numberOf(said: unknown, key: string): number {
  const value = saidAt(said, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}
