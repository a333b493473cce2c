import { figureText, unitText } from '../../format.ts';
import type { Spoken } from '../words/words.ts';

/** UTC to the minute, as it stands in tables that say so in their head. */
export function utcText(utc: string | null): string {
  return utc === null ? '' : utc.slice(0, 16).replace('T', ' ');
}

/** A figure with its unit and, where it has one, its expanded uncertainty. */
export function amountOf(
  { t, n }: Spoken,
  {
    value,
    unit,
    u95,
  }: { readonly value: number | null; readonly unit: string; readonly u95?: number | undefined },
): string {
  if (value === null) return t.noValue;
  const shown = figureText(value, u95);
  const uncertain = shown.u95 === '' ? '' : ` ± ${n(shown.u95)}`;
  return `${n(shown.value)}${uncertain} ${unitText(unit)}`.trim();
}

export function bytesText({ n }: Spoken, bytes: number): string {
  if (bytes < 1e6) return `${n((bytes / 1e3).toFixed(0))} kB`;
  return bytes < 1e9 ? `${n((bytes / 1e6).toFixed(1))} MB` : `${n((bytes / 1e9).toFixed(2))} GB`;
}
