import { seededRandom } from '../../drivers/contract/random.ts';

/** Chance, and what is made by it. */

let random = seededRandom(1);
/** Begins the same chances again. */
export function seedWith(seed: number): void {
  random = seededRandom(seed);
}
export const below = (most: number): number => Math.floor(random.uniform() * most);
export const one = <T>(list: readonly T[]): T => list[below(list.length)];
export const bytes = (most: number): Buffer =>
  Buffer.from(Array.from({ length: below(most) }, () => below(256)));

/** As it is, or one to four changes: a bit, a byte, a piece out, in or doubled. */
export function mutated(frame: Uint8Array): Buffer {
  let result: Buffer = Buffer.from(frame);
  for (let i = below(5); i > 0; i--) {
    const at = below(result.length + 1);
    const kind = below(6);
    if (kind === 0 && at < result.length) result[at] ^= 1 << below(8);
    else if (kind === 1 && at < result.length) result[at] = below(256);
    else if (kind === 2) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + below(4))]);
    else if (kind === 3) result = Buffer.concat([result.subarray(0, at), bytes(5), result.subarray(at)]);
    else if (kind === 4) result = Buffer.concat([result.subarray(0, at), result]);
    else result = result.subarray(0, at);
  }
  return result;
}
export const mutatedText = (text: string): string => mutated(Buffer.from(text, 'latin1')).toString('latin1');
/** In pieces, as a stream brings it. */
export function inPieces(frame: Buffer, take: (piece: Buffer) => void): void {
  for (let at = 0; at < frame.length; ) {
    const end = below(3) === 0 ? at + 1 + below(frame.length - at) : frame.length;
    take(frame.subarray(at, end));
    at = end;
  }
}

export const seen = { accepted: 0, refused: 0 };
export function must(holds: boolean, text: () => string): void {
  if (!holds) throw new WrongError(text());
}
export class WrongError extends Error {}
