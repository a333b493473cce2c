import type { RunMark, TrendWindow } from '../../../control/view.ts';

/** What a page asks a bench for when somebody looks at a stretch of a run, and what it costs. */

/** Most roles of one question, as the page asks. */
const MOST_ROLES = 64;
/** Pixels of a chart on a desk. */
export const COLUMNS = 1000;

/** A stretch as it was got; ms from the first question until the last byte of the last answer. */
export interface Got {
  readonly ms: number;
  /** CPU time of this process meanwhile, its reading thread included: what of `ms` is no waiting for others. */
  readonly cpu_ms: number;
  readonly bytes: number;
  readonly windows: readonly TrendWindow[];
  readonly marks: readonly RunMark[];
}

/** Asks for the trends and marks of a stretch at once, as the page does. Throws where an answer is no 200. */
export async function look(
  url: string,
  roles: readonly string[],
  from_s: number,
  to_s: number,
): Promise<Got> {
  const stretch = `from_s=${from_s}&to_s=${to_s}`;
  const paths = [`/api/marks?${stretch}`];
  for (let i = 0; i < roles.length; i += MOST_ROLES) {
    const some = encodeURIComponent(roles.slice(i, i + MOST_ROLES).join(','));
    paths.push(`/api/window?roles=${some}&${stretch}&columns=${COLUMNS}`);
  }
  const cpu = process.cpuUsage();
  const begin_ms = performance.now();
  const texts = await Promise.all(paths.map(path => textOf(`${url}${path}`)));
  const ms = performance.now() - begin_ms;
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms,
    cpu_ms: (user + system) / 1000,
    bytes: texts.reduce((sum, text) => sum + text.length, 0),
    marks: JSON.parse(texts[0]) as RunMark[],
    windows: texts.slice(1).flatMap(text => JSON.parse(text) as TrendWindow[]),
  };
}

/** The body of an answer. Throws where it is no 200. */
export async function textOf(url: string): Promise<string> {
  const reply = await fetch(url);
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url.slice(0, 100)}: ${reply.status} ${text.slice(0, 200)}`);
  return text;
}

/** Median and worst of several, to a tenth. */
export function spread(values: readonly number[]): { readonly median: number; readonly worst: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const tenth = (value: number | undefined): number => Number((value ?? Number.NaN).toFixed(1));
  return { median: tenth(sorted[sorted.length >> 1]), worst: tenth(sorted.at(-1)) };
}
