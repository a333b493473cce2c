import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import type { MeasureRequest } from '../../../drivers/contract/measure/request.ts';
import { PointsCount, type PointsFound } from '../../../drivers/contract/measure/whole.ts';
import { datasetStretches, datasetsOf, type RecordedDataset } from '../datasets.ts';
import type { RecordedEvent } from '../recorded-events.ts';

/** What an instrument has measured by itself, as it stands in a record: a dataset with what was asked, and how it ended. */

type Ends = Extract<RecordedEvent, { kind: 'spectrum' | 'voltammogram' }>;

/** What all of them have in common; times in s of the run. */
export interface MeasuredHead {
  readonly name: string;
  readonly start_s: number;
  /** That of its end event, else of its last point, else of its beginning. */
  readonly end_s: number;
  /** The instrument said that it is whole. */
  readonly isWhole: boolean;
  readonly t_s: Float64Array;
}

/** One of them; `column`: by name, NaN throughout where there is none. */
export interface MeasuredDataset<About> {
  readonly head: MeasuredHead;
  readonly about: About;
  column(name: string): Float64Array;
}

/** Whether one is whole: the instrument said so, and nothing that was asked for is missing among its usable points. */
export function wholeOf(
  request: MeasureRequest,
  { isWhole }: MeasuredHead,
  columns: readonly Float64Array[],
): Pick<PointsFound, 'asked' | 'isWhole'> {
  const count = new PointsCount(request);
  for (const r of columns[0]?.keys() ?? []) count.add(columns.map(column => column[r]));
  const { found } = count;
  return { asked: found.asked, isWhole: isWhole && found.isWhole };
}

/** How a kind of them is read. */
export interface MeasuredKind<About> {
  /** Of the dataset, and of the event that ends one. */
  readonly kind: string;
  readonly event: Ends['kind'];
  readonly about: z.ZodType<About>;
  /** Columns without which a point is none. */
  readonly needed: readonly string[];
}

/** Those of an open record in the order in which they were begun; one whose head cannot be read is left out. */
export function measuredOf<About>(
  db: DatabaseSync,
  events: readonly RecordedEvent[],
  of: MeasuredKind<About>,
): MeasuredDataset<About>[] {
  return datasetsOf(db)
    .filter(({ kind }) => kind === of.kind)
    .flatMap(dataset => {
      const about = aboutOf(dataset, of);
      return about === undefined ? [] : [{ about, ...pointsOf(db, dataset, events, of) }];
    });
}

function aboutOf<About>({ about }: RecordedDataset, of: MeasuredKind<About>): About | undefined {
  try {
    return of.about.safeParse(JSON.parse(about)).data;
  } catch {
    return undefined;
  }
}

function pointsOf(
  db: DatabaseSync,
  dataset: RecordedDataset,
  events: readonly RecordedEvent[],
  { event, needed }: Omit<MeasuredKind<unknown>, 'about'>,
): Omit<MeasuredDataset<unknown>, 'about'> {
  const t_s: number[] = [];
  const found = dataset.columns.map((): number[] => []);
  const wanted = needed.map(name => dataset.columns.indexOf(name));
  for (const stretch of datasetStretches(db, dataset)) {
    const columns = dataset.columns.map((_, i) => stretch.usable(i));
    for (let r = 0; r < stretch.rows; r++) {
      if (!wanted.every(i => Number.isFinite(columns[i]?.[r]))) continue;
      t_s.push(stretch.t_s[r]);
      for (const [i, column] of columns.entries()) found[i].push(column[r]);
    }
  }
  const { name, t_s: start_s } = dataset;
  const end = events.find(
    (e): e is Ends => e.kind === event && e.data.name === name && Math.abs(e.data.start_s - start_s) < 1e-3,
  );
  return {
    head: {
      name,
      start_s,
      end_s: end?.t_s ?? t_s.at(-1) ?? start_s,
      isWhole: end?.data.whole === true,
      t_s: Float64Array.from(t_s),
    },
    column(of) {
      const at = dataset.columns.indexOf(of);
      return at < 0 ? new Float64Array(t_s.length).fill(Number.NaN) : Float64Array.from(found[at]);
    },
  };
}
