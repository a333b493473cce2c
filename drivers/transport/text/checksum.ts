/** What is put behind each line of text in both directions, so that a damaged one is seen. */
export interface LineChecksum {
  add(line: string): string;
  /** The line without it; undefined where it is missing or wrong. */
  take(line: string): string | undefined;
}

/** The low byte of the sum of the characters, as two hexadecimal digits. */
const sumOf = (text: string): string => {
  let sum = 0;
  for (const char of text) sum += char.charCodeAt(0);
  return (sum & 0xff).toString(16).toUpperCase().padStart(2, '0');
};

/** Huber LAI: two hexadecimal digits behind the frame, `[M01V07C6` (recalled). */
export const SUM_CHECKSUM: LineChecksum = {
  add: line => `${line}${sumOf(line)}`,
  take(line) {
    const text = line.slice(0, -2);
    return text !== '' && line.slice(-2) === sumOf(text) ? text : undefined;
  },
};

/** TDK-Lambda Genesys: `$` and the low byte of the sum of what stands before it, `STT?$3A` (manual, recalled). */
export const DOLLAR_CHECKSUM: LineChecksum = {
  add: line => `${line}$${sumOf(line)}`,
  take(line) {
    const [, text, sum = ''] = /^(.*)\$([0-9A-Fa-f]{2})$/.exec(line) ?? [];
    return text !== undefined && sum.toUpperCase() === sumOf(text) ? text : undefined;
  },
};
