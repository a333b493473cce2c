import type { Scalar } from 'yaml';

/** Where a character of a YAML text stands in the file: quotes, escapes and folded lines lie between. */

const ESCAPED = new Map([
  ['x', 4],
  ['u', 6],
  ['U', 10],
]);
const isBlank = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

/**
 * Offset in the file of the character at `at` of a scalar's value; behind its last one where it ends before. Blanks
 * have no place of their own: theirs is that of what follows.
 */
export function offsetInFile(text: string, scalar: Scalar, at: number): number {
  const value = String(scalar.value);
  const start = scalar.range?.[0] ?? 0;
  const end = scalar.range?.[1] ?? text.length;
  const isQuoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
  const isBlock = scalar.type === 'BLOCK_FOLDED' || scalar.type === 'BLOCK_LITERAL';
  let i = start;
  if (isQuoted) i++;
  if (isBlock) i = text.indexOf('\n', start) + 1;

  /** Length in the file of the character that begins at `i`. */
  const lengthAt = (): number => {
    if (scalar.type === 'QUOTE_DOUBLE' && text[i] === '\\') return ESCAPED.get(text[i + 1]) ?? 2;
    return scalar.type === 'QUOTE_SINGLE' && text[i] === "'" ? 2 : 1;
  };
  const skipBlanks = (): void => {
    while (i < end) {
      const isEscapedBlank =
        scalar.type === 'QUOTE_DOUBLE' && text[i] === '\\' && /[\s nrtLPN_0]/.test(text[i + 1] ?? '');
      if (!isBlank(text[i]) && !isEscapedBlank) return;
      i += lengthAt();
    }
  };

  for (let v = 0; v < Math.min(at, value.length); v++) {
    if (isBlank(value[v])) continue;
    skipBlanks();
    i += lengthAt();
  }
  if (at < value.length) skipBlanks();
  return Math.min(i, end);
}
