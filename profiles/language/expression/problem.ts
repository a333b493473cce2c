/** What is wrong in an expression, and where: offsets into its text, `end` behind the last character. */
export class ExpressionError extends Error {
  readonly start: number;
  readonly end: number;

  constructor(start: number, end: number, text: string) {
    super(text);
    this.name = 'ExpressionError';
    this.start = start;
    this.end = Math.max(end, start);
  }
}

/** A stretch of the text of an expression: [start, end). */
export type Span = readonly [start: number, end: number];

/** An error about a stretch of the text. */
export function problem(at: Span, text: string): ExpressionError {
  return new ExpressionError(at[0], at[1], text);
}
