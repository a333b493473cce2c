import { existsSync, readFileSync } from 'node:fs';

/**
 * What SQLite leaves out of a `-wal` without a word: all frames from the first one on whose checksum is wrong. It takes them
 * for a write that was never finished; frames of the same writing behind it say that they were.
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */

/** A write-ahead log of which a part is not read. */
export interface WalDamage {
  /** Frame (page that was written) from which on nothing is read, from 1; 0: the head of the log itself. */
  readonly frame: number;
  /** So many frames of the same writing are not read, and so many times something was finished in them. */
  readonly lost: number;
  readonly commits: number;
}

const HEAD_BYTES = 32;
const FRAME_BYTES = 24;
const MAGIC = 0x377f0682;

/** Undefined: all of it is read, or there is none. Looks before anybody opens the record for writing: that writes over it. */
export function walDamageOf(record: string): WalDamage | undefined {
  const found = look(`${record}-wal`);
  if (found === undefined) return undefined;
  // Somebody may be writing it just now.
  const again = look(`${record}-wal`);
  const isSame = again?.frame === found.frame && again.lost === found.lost;
  return isSame ? found : undefined;
}

/** In words, for people. */
export function walDamageText({ frame, lost, commits }: WalDamage): string {
  const where = frame === 0 ? 'its head' : `frame ${frame}`;
  return (
    `run.sqlite-wal is damaged: the checksum of ${where} is wrong, so it and what was written behind it cannot be read ` +
    `(${lost} pages, ${commits} ${commits === 1 ? 'write' : 'writes'}): the newest rows, events and counts are lost`
  );
}

function look(path: string): WalDamage | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  if (bytes.length < HEAD_BYTES + FRAME_BYTES) return undefined;
  const page_bytes = bytes.readUInt32BE(8);
  const isBig = (bytes.readUInt32BE(0) & 1) === 1;
  const sum = checksum(bytes, { from: 0, to: 24, isBig });
  const isPage = page_bytes >= 512 && page_bytes <= 65_536 && (page_bytes & (page_bytes - 1)) === 0;
  const isHead = bytes.readUInt32BE(0) >>> 1 === MAGIC >>> 1 && isPage && isSum(bytes, 24, sum);
  const each_bytes = FRAME_BYTES + (isPage ? page_bytes : 4096);
  const count = Math.floor((bytes.length - HEAD_BYTES) / each_bytes);
  const at = (frame: number): number => HEAD_BYTES + (frame - 1) * each_bytes;
  // A head that is wrong says nothing of what belongs to it: the first frame does.
  const salts = isHead ? bytes.subarray(16, 24) : bytes.subarray(HEAD_BYTES + 8, HEAD_BYTES + 16);
  const isOurs = (frame: number): boolean => bytes.compare(salts, 0, 8, at(frame) + 8, at(frame) + 16) === 0;
  let good = 0;
  for (let frame = 1; isHead && frame <= count; frame++) {
    const start = at(frame);
    checksum(bytes, { from: start, to: start + 8, isBig }, sum);
    checksum(bytes, { from: start + FRAME_BYTES, to: start + each_bytes, isBig }, sum);
    if (!isOurs(frame) || !isSum(bytes, start + 16, sum)) break;
    good = frame;
  }
  let [behind, commits] = [0, 0];
  for (let frame = good + 1; frame <= count; frame++) {
    if (!isOurs(frame)) continue;
    behind++;
    if (bytes.readUInt32BE(at(frame) + 4) > 0) commits++;
  }
  // The last one alone may be a write that a kill came into.
  const isLast = isHead && behind <= 1 && (behind === 0 || isOurs(good + 1));
  return isLast || behind === 0 ? undefined : { frame: isHead ? good + 1 : 0, lost: behind, commits };
}

/** Two sums over words of 32 bits, going on from those that are given. */
function checksum(
  bytes: Buffer,
  { from, to, isBig }: { readonly from: number; readonly to: number; readonly isBig: boolean },
  sum: [number, number] = [0, 0],
): [number, number] {
  const word = (at: number): number => (isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let [a, b] = sum;
  for (let at = from; at < to; at += 8) {
    a = (a + word(at) + b) >>> 0;
    b = (b + word(at + 4) + a) >>> 0;
  }
  sum[0] = a;
  sum[1] = b;
  return sum;
}

function isSum(bytes: Buffer, at: number, [a, b]: readonly [number, number]): boolean {
  return bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b;
}
