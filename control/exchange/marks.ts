import { QUALITY, QUALITY_NAMES } from '../../drivers/contract/frame.ts';
import type { QualityRun } from '../record/blocks/block-codec.ts';
import type { Stretch } from '../record/stretches.ts';

/**
 * Readings with their quality, for tables. A value that must not be used (stale, bad) is no number of its column: it
 * stands in the row's marks with its quality, so that nobody takes it for a measurement and nothing is lost.
 *
 * `quality` of a row is that of each of its channels that the marks do not name. Marks: `channel=quality` or, where there
 * was a value that must not be used, `channel=quality:value`, parted by blanks.
 */
export interface MarkedStretch {
  readonly rows: number;
  readonly t_s: Float64Array;
  /** Usable values by place in `channels`; NaN where there is none. */
  readonly values: readonly Float64Array[];
  readonly quality: readonly string[];
  readonly marks: readonly (string | null)[];
  readonly reason: readonly (string | null)[];
}

/** These channels (places in the table, and what they are called) of a stretch. */
export function marked(
  stretch: Stretch,
  channels: readonly number[],
  names: readonly string[],
): MarkedStretch {
  const { rows, t_s, reasons } = stretch;
  const values = channels.map(channel => stretch.values(channel));
  const quality = new Array<string>(rows).fill('');
  const marks = new Array<string | null>(rows).fill(null);
  for (const run of stretch.quality) markRun(run, channels, names, { values, quality, marks });
  const reason = Array.from({ length: rows }, (_, r) => reasons.get(r) ?? null);
  return { rows, t_s, values, quality, marks, reason };
}

interface Columns {
  readonly values: readonly Float64Array[];
  readonly quality: string[];
  readonly marks: (string | null)[];
}

function markRun(
  { from, to, bytes }: QualityRun,
  channels: readonly number[],
  names: readonly string[],
  { values, quality, marks }: Columns,
): void {
  const codes = channels.map(channel => bytes[bytes.length === 1 ? 0 : channel]);
  const common = mostCommon(codes);
  quality.fill(qualityName(common), from, to);
  // Of each channel that says something of itself: its mark without a value.
  const odd = codes.flatMap((code, i) =>
    code !== common || code >= QUALITY.stale ? [{ i, code, mark: `${names[i]}=${qualityName(code)}` }] : [],
  );
  if (odd.length === 0) return;
  for (let r = from; r < to; r++) {
    const said = odd.flatMap(({ i, code, mark }) => {
      const value = values[i][r];
      if (code < QUALITY.stale) return [mark];
      values[i][r] = Number.NaN;
      if (!Number.isNaN(value)) return [`${mark}:${value}`];
      return code === common ? [] : [mark];
    });
    if (said.length > 0) marks[r] = said.join(' ');
  }
}

function mostCommon(codes: readonly number[]): number {
  const counts = new Map<number, number>();
  let best = codes[0] ?? QUALITY.good;
  for (const code of codes) {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count > (counts.get(best) ?? 0)) best = code;
  }
  return best;
}

/** Word of a quality; a code of another version as its number. */
export function qualityName(code: number): string {
  return QUALITY_NAMES[code] ?? `quality ${code}`;
}

/** The marks of a row again: by channel its quality, and the value that must not be used (NaN: there was none). */
export function readMarks(text: string): Map<string, { readonly quality: string; readonly value: number }> {
  const marks = new Map<string, { quality: string; value: number }>();
  for (const part of text.split(' ')) {
    const found = /^(.+)=([a-z]+)(?::(.+))?$/.exec(part);
    if (found === null) continue;
    const [, name, quality, value] = found;
    marks.set(name, { quality, value: value === undefined ? Number.NaN : Number(value) });
  }
  return marks;
}
