/** A text, or what makes it: words cost more time than a frame, and on a trip the frames go first. */
export type Words = string | (() => string);

/** The text. */
export function inWords(words: Words): string {
  return typeof words === 'string' ? words : words();
}
