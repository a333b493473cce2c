import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { renderComparison } from '../../../dashboards/compare.ts';
import { comparisonText } from '../../../dashboards/terminal/compare.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import { damageText, type WhenDamaged } from '../../record/damage/marks.ts';
import { verifyRecord } from '../../record/seal/verify.ts';
import { type Comparison, comparedCount, compareResults } from '../../review/compare.ts';
import type { RunResult } from '../../review/result.ts';
import { readOptions } from '../options.ts';
import { openMarkedSource } from '../result/marked-result.ts';
import { refuseIfThere, writeWhole } from '../result/write-whole.ts';
import { damagedOption } from '../runs/damaged-option.ts';
import { resultOfRun } from '../runs/run-list.ts';

const schema = z.strictObject({
  a: z.string(),
  b: z.string(),
  html: z.string().optional(),
  json: z.boolean().default(false),
  damaged: damagedOption,
  help: z.boolean().default(false),
});

/**
 * `cellbench compare RUN RUN`: figures side by side. Returns 1 where some differ beyond their uncertainty, 2
 * where nothing can be compared.
 */
export async function compareCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    words: ['a', 'b'],
    help: 'npm start -- compare --help',
  });
  if (options.html !== undefined) refuseIfThere(options.html);
  const comparison = comparedRuns([options.a, options.b], options.damaged);
  if (options.html !== undefined) writeWhole(options.html, renderComparison(comparison));
  if (options.json) console.log(JSON.stringify(comparisonJson(comparison)));
  else {
    console.log(comparisonText(comparison));
    if (options.html !== undefined) console.log(`Picture and table: ${options.html}`);
  }
  // Nobody may take "nothing could be compared" for "nothing differs".
  if (comparedCount(comparison) === 0) return 2;
  return comparison.figures.some(({ as }) => as === 'differs') ? 1 : 0;
}

/** Two runs by their folders, with what has to be known of their records. @throws FileError */
export function comparedRuns(runs: readonly [string, string], damaged: WhenDamaged): Comparison {
  const named = (run: string) => ({
    name: basename(resolve(run)),
    result: resultMarked(run, damaged) ?? resultOfRun(run),
  });
  const [a, b] = [named(runs[0]), named(runs[1])];
  const compared = compareResults(a, b);
  const left = [a, b].flatMap(({ name, result }) =>
    (result.damaged ?? []).map(part => `${name} is damaged, marked: without ${damageText(part)}`),
  );
  const sealed = [
    ...(a.result.damaged === undefined ? [runs[0]] : []),
    ...(b.result.damaged === undefined ? [runs[1]] : []),
  ];
  const doubts = [...left, ...sealed.flatMap(run => doubtsOfRecord(run))];
  return { ...compared, notes: [...doubts, ...compared.notes] };
}

/** A comparison as `compare --json` prints it. */
export function comparisonJson({ a, b, figures, notes }: Comparison) {
  const rows = figures.map(({ a: one, b: other, ...rest }) => ({
    ...rest,
    a: one === undefined ? null : { value: one.value, u95: one.u95 ?? null },
    b: other === undefined ? null : { value: other.value, u95: other.u95 ?? null },
  }));
  return { a: a.name, b: b.name, notes, figures: rows };
}

/** The figures of what is left of a damaged record; undefined where it is whole, or nobody has asked for that. */
function resultMarked(run: string, damaged: WhenDamaged): RunResult | undefined {
  const record = recordPath(run);
  if (damaged === 'refuse' || !existsSync(record) || record.endsWith('.json')) return undefined;
  const source = openMarkedSource(run, damaged);
  try {
    return source.damaged.length === 0 ? undefined : source.result;
  } finally {
    source.close();
  }
}

/** What has to be known of the record that a run's figures were taken from; none where only a `result.json` is named. */
function doubtsOfRecord(run: string): string[] {
  const record = recordPath(run);
  if (!existsSync(record) || record.endsWith('.json')) return [];
  const name = basename(resolve(run));
  const review = verifyRecord(record);
  if (review === undefined) return [];
  const [first, ...more] = review.found;
  if (first === undefined) return [];
  const rest = more.length === 0 ? '' : `, and ${more.length} more`;
  return [
    `the record of ${name} is damaged or was changed (${first}${rest}): its figures are those that were written ` +
      'into it, and the record does not prove them any more',
  ];
}
