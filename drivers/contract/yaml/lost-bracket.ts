import { type CST, Parser } from 'yaml';
import type { Slip } from '../yaml-slips.ts';

/** A bracket or a quote of a YAML text that was never closed, told where it opens and not where the reader gave up. */

const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
/** Brackets deeper than this belong to nobody's file; the parser says so itself. */
const DEEPEST = 200;

/** A text that its reader gave up. */
export interface Broken {
  readonly text: string;
  /** Offset of its first error. */
  readonly gaveUp: number;
  /** Line of an offset, from 1. */
  lineAt(offset: number): number;
}

/** The first lost bracket or quote, innermost first; undefined where the text is wrong in another way. */
export function lostBracket(broken: Broken): Slip | undefined {
  for (const token of new Parser().parse(broken.text)) {
    if (token.type === 'error') {
      const isCloser = token.source === '}' || token.source === ']';
      if (!isCloser) return undefined;
      return {
        offset: token.offset,
        text: `${token.source} closes nothing here, expected each bracket opened before`,
      };
    }
    const found = token.type === 'document' ? lostIn(token.value, broken, 0) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function lostIn(token: CST.Token | null | undefined, broken: Broken, depth: number): Slip | undefined {
  if (token === null || token === undefined || depth > DEEPEST) return undefined;
  if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') return lostQuote(token);
  if (token.type !== 'flow-collection' && token.type !== 'block-map' && token.type !== 'block-seq')
    return undefined;
  for (const { key, value } of token.items) {
    const inside = lostIn(key, broken, depth + 1) ?? lostIn(value, broken, depth + 1);
    if (inside !== undefined) return inside;
  }
  return token.type === 'flow-collection' ? lostFlow(token, broken) : undefined;
}

function lostFlow({ start, end }: CST.FlowCollection, { text, gaveUp, lineAt }: Broken): Slip | undefined {
  const [opener, wanted] = [start.source, CLOSERS[start.source]];
  const found = end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
  if (found?.source === wanted) return undefined;
  const { offset } = start;
  if (found !== undefined)
    return { offset, text: `${opener} opens here and is closed by ${found.source}, expected ${wanted}` };
  // The reader gives up at the first line that stands too far left for what is open.
  const isInside = lineAt(gaveUp) > lineAt(offset) && text.slice(gaveUp).trim() !== '';
  const before = isInside ? `line ${lineAt(gaveUp)}` : 'the end of the file';
  return { offset, text: `${opener} opens here and is not closed, expected ${wanted} before ${before}` };
}

function lostQuote({ source, offset }: CST.FlowScalar): Slip | undefined {
  const quote = source[0];
  const isClosed = quote === '"' ? /^"(?:\\.|[^"\\])*"$/s.test(source) : /^'(?:''|[^'])*'$/.test(source);
  return isClosed
    ? undefined
    : { offset, text: `${quote} opens here and is not closed, expected ${quote} behind the text` };
}
