import { datasetStretches, datasetsOf } from '../record/datasets.ts';
import { marked } from './marks.ts';
import { closing } from './readings.ts';
import type { RunSource } from './recorded-run.ts';
import type { OpenTable, TableColumn } from './tables/table.ts';

/** Results that are no frame (curves, spectra), each as a table of its own, and a list of them. */

const LIST: readonly TableColumn[] = [
  { name: 'dataset', kind: 'text' },
  { name: 't_s', kind: 'number' },
  { name: 'utc', kind: 'utc' },
  { name: 'kind', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'rows', kind: 'number' },
  { name: 'about', kind: 'text' },
];

/** Writes them through `open`, which makes a table by its name; none where the record has none. */
export async function writeDatasets(
  { db, utc }: Pick<RunSource, 'db' | 'utc'>,
  open: (name: string, columns: readonly TableColumn[]) => OpenTable,
): Promise<void> {
  const datasets = datasetsOf(db);
  if (datasets.length === 0) return;
  const nameOf = ({ number, kind, name }: (typeof datasets)[number]): string =>
    `dataset-${number}-${`${kind}-${name}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')}`;
  for (const dataset of datasets) {
    const places = dataset.columns.map((_, place) => place);
    const table = open(nameOf(dataset), [
      { name: 't_s', kind: 'number' },
      { name: 'utc', kind: 'utc' },
      ...dataset.columns.map(name => ({ name, kind: 'number' }) as const),
      ...['quality', 'marks', 'note'].map(name => ({ name, kind: 'text' }) as const),
    ]);
    await closing(table, async () => {
      for (const stretch of datasetStretches(db, dataset)) {
        const { t_s, values, quality, marks, reason } = marked(stretch, places, dataset.columns);
        table.write([t_s, utc.microseconds(t_s), ...values, quality, marks, reason]);
      }
    });
  }
  const list = open('datasets', LIST);
  await closing(list, async () => {
    const t_s = Float64Array.from(datasets, dataset => dataset.t_s);
    const texts = (of: (dataset: (typeof datasets)[number]) => string): string[] => datasets.map(of);
    list.write([
      texts(nameOf),
      t_s,
      utc.microseconds(t_s),
      texts(({ kind }) => kind),
      texts(({ name }) => name),
      Float64Array.from(datasets, ({ rows }) => rows),
      texts(({ about }) => about),
    ]);
  });
}
