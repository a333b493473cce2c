const SECONDS = { s: 1, min: 60, h: 3600 } as const;

/** A time span as people write it (`30min`, `90 s`, `1.5h`), s; undefined: it is none. */
export function timeSpan_s(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(s|min|h)$/.exec(text.trim());
  if (found === null) return undefined;
  return Number(found[1]) * SECONDS[found[2] as keyof typeof SECONDS];
}
