/**
 * Every way in which a device or a line can fail. Callers test `code`, never the text.
 *
 * | code | meaning | retry? |
 * |---|---|---|
 * | closed | line or device not connected (yet, or any more) | the supervisor reconnects |
 * | timeout | no complete answer within the deadline | yes, after the line is quiet |
 * | garbled | answer with wrong CRC, length, node, sequence | yes |
 * | busy | the instrument, or the gateway before it, asks to be asked again | yes |
 * | refused | the instrument answered with an error of its own | no |
 * | local | the instrument is under local or foreign control and refuses writes | no, a person must act |
 * | identity | the instrument is not the one the bench file names | no |
 * | range | value outside the range of the channel; nothing was sent | no |
 * | readback | written, but reading back gave something else | no |
 * | config | bench file or data file is wrong | no |
 * | cancelled | given up by us (closing, overtaken by the safe state) | no |
 */
export type DeviceErrorCode =
  | 'closed'
  | 'timeout'
  | 'garbled'
  | 'busy'
  | 'refused'
  | 'local'
  | 'identity'
  | 'range'
  | 'readback'
  | 'config'
  | 'cancelled';

/** The only error that devices, lines and codecs throw. */
export class DeviceError extends Error {
  readonly code: DeviceErrorCode;
  /** Device id or line the error belongs to, e.g. `supply`, `tcp://127.0.0.1:502`. */
  readonly where: string;

  constructor(code: DeviceErrorCode, where: string, message: string, cause?: unknown) {
    super(`${where}: ${message}`, cause === undefined ? undefined : { cause });
    this.name = 'DeviceError';
    this.code = code;
    this.where = where;
  }
}

/** The other side answers and does not let us in (user, password): it is tried seldom then, for an account may be locked. */
export class NotLetIn extends DeviceError {}

/** For the answer to a login: what refuses it lets us not in. @throws NotLetIn, or the error as it is */
export function notLetIn(error: unknown): never {
  if (!(error instanceof DeviceError) || error.code !== 'refused') throw error;
  const { where, message } = error;
  throw new NotLetIn('refused', where, message.slice(`${where}: `.length), error);
}

/** The other side has closed a line that it had let us open: one that serves a single client may not have missed the last one yet. */
export class ClosedByOther extends DeviceError {}

/** Text of anything thrown, for reports and journals. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the operating system means, in words for a person at the bench. */
const PLAIN: readonly (readonly [sign: RegExp, words: string])[] = [
  [/ENOENT|no such file or directory/i, 'no such file'],
  [/EISDIR/, 'it is a folder'],
  [/ENOTDIR/, 'a part of its path is a file, not a folder'],
  [/EEXIST/, 'a file of that name is there'],
  [/EACCES|EPERM|permission denied/i, 'no permission'],
  [/EROFS/, 'the file system is read-only'],
  [/ENOSPC|database or disk is full/, 'no space left'],
  [/EBUSY|cannot lock port/i, 'another program has it open'],
  [/ENOTTY|inappropriate ioctl/i, 'it is not a serial line'],
  [/ECONNREFUSED/, 'nobody answers there (connection refused)'],
  [/ECONNRESET/, 'the other side broke the connection off'],
  [/ETIMEDOUT/, 'no answer'],
  [/EHOSTUNREACH|ENETUNREACH/, 'no way to that address'],
  [/ENOTFOUND|EAI_AGAIN/, 'no such host'],
];

/** Why a file or a line could not be opened, without codes and without the path again; else the text as it is. */
export function plainReason(error: unknown): string {
  const text = messageOf(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return PLAIN.find(([sign]) => sign.test(code) || sign.test(text))?.[1] ?? text;
}
