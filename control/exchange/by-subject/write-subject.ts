import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BDF, BDF_IRI, MARKS_COLUMN, QUALITY_COLUMN, REASON_COLUMN } from '../bdf/terms.ts';
import { damageNote } from '../damage-note.ts';
import { closing, type Progress, type WrittenColumn } from '../readings.ts';
import { accuraciesOf, type RunSource, thinnedOf } from '../recorded-run.ts';
import { csvFormat } from '../tables/csv.ts';
import type { Decimal } from '../tables/csv-lines.ts';
import type { TableColumn } from '../tables/table.ts';
import { channelName, type SubjectColumn, subjectFileName, type Term } from './subject-column.ts';
import { subjectRows } from './subject-rows.ts';

/** A run of one cell or stack as one table in the terms of a vocabulary, with what it says of itself in a file beside. */

/** A vocabulary. */
export interface Vocabulary {
  /** Behind the file's name, e.g. `bdf`. */
  readonly ending: string;
  readonly name: string;
  readonly version: string;
  /** What of a run it has terms for, the first one read at each row. @throws FileError where it is not for such a run */
  columns(source: RunSource): SubjectColumn[];
}

/** What a table of a cell or stack may be told. */
export interface SubjectOptions {
  /** Who made it, as its name begins. */
  readonly institution: string;
  readonly decimal: Decimal;
  readonly progress: Progress;
}

const OURS: readonly { readonly column: string; readonly meaning: string }[] = [
  { column: QUALITY_COLUMN, meaning: 'of all columns that the marks do not name' },
  { column: MARKS_COLUMN, meaning: 'notation=quality:value that must not be used' },
  { column: REASON_COLUMN, meaning: 'why channels are bad or stale' },
];

/** Writes `data/<name>.<ending>.csv`, its `.metadata.json` and its CSVW description; returns the columns. */
export async function writeSubject(
  source: RunSource,
  dir: string,
  vocabulary: Vocabulary,
  { institution, decimal, progress }: SubjectOptions,
): Promise<WrittenColumn[]> {
  const columns = vocabulary.columns(source);
  const name = subjectFileName(institution, source);
  const file = `data/${name}.${vocabulary.ending}.csv`;
  const hasCycles = source.result?.tables.some(({ id }) => id === 'cycles') === true;
  const terms: Term[] = [
    BDF.testTime,
    ...columns.map(column => column.term),
    BDF.unixTime,
    ...(hasCycles ? [BDF.cycleCount] : []),
    BDF.stepCount,
    BDF.stepId,
  ];
  const header: TableColumn[] = [
    ...terms.map(
      (term): TableColumn => ({ name: term.label, kind: term === BDF.stepId ? 'text' : 'number' }),
    ),
    ...OURS.map(({ column }): TableColumn => ({ name: column, kind: 'text' })),
  ];
  const table = csvFormat(decimal).open(join(dir, file), header, {});
  await closing(table, async () => {
    for await (const rows of subjectRows(source, columns, hasCycles, progress)) table.write(rows);
  });
  writeJson(join(dir, `data/${name}.metadata.json`), metadata(source, vocabulary, columns, terms));
  writeJson(join(dir, `${file}-metadata.json`), csvw(`${name}.${vocabulary.ending}.csv`, terms, decimal));
  const roles = new Map(columns.map(column => [column.term, column.role]));
  return [
    ...terms.map(term => ({
      file,
      column: term.label,
      unit: term.unit,
      role: roles.get(term) ?? '',
      meaning: iriOf(term) ?? term.notation,
    })),
    ...OURS.map(({ column, meaning }) => ({ file, column, unit: '', role: '', meaning })),
  ];
}

/** Terms of BDF have their notation as IRI. */
function iriOf(term: Term): string | undefined {
  const isBdf = Object.values<Term>(BDF).includes(term);
  return isBdf ? `${BDF_IRI}${term.notation}` : term.iri;
}

/** What the columns are, what is under test, and what figures are worked out with. */
function metadata(
  source: RunSource,
  { name, version }: Vocabulary,
  columns: readonly SubjectColumn[],
  terms: readonly Term[],
): object {
  const accuracies = accuraciesOf(source);
  const { meta, result, bench } = source;
  const thinned = thinnedOf(source);
  return {
    format: name,
    ontology: version,
    columns: terms.map(term => {
      const column = columns.find(one => one.term === term);
      const accuracy = column === undefined ? undefined : accuracies.get(column.role);
      const iri = iriOf(term);
      return {
        label: term.label,
        notation: term.notation,
        unit: term.unit,
        ...(iri === undefined ? {} : { iri }),
        ...(column === undefined ? {} : { role: column.role, channel: channelName(source, column) }),
        ...(accuracy === undefined ? {} : { accuracy }),
      };
    }),
    [bench.subject?.kind ?? 'subject']: bench.subject,
    run: {
      name: source.name,
      bench: meta.get('bench') ?? '',
      method: meta.get('method') ?? '',
      mode: meta.get('mode') ?? '',
      startedUtc: new Date(source.started_ms).toISOString(),
      timeFactor: Number(meta.get('timeFactor') ?? 1),
      software: meta.get('software') ?? '',
      setpoints: 'setpoints.csv',
      ...(thinned === undefined ? {} : { thinned }),
      ...damageNote(source),
    },
    phases: result?.phases ?? [],
  };
}

/** The table as W3C's CSV on the Web describes one, for programs that know neither us nor the vocabulary. */
function csvw(url: string, terms: readonly Term[], decimal: Decimal): object {
  const decimalChar = decimal === 'comma' ? ',' : '.';
  return {
    '@context': 'http://www.w3.org/ns/csvw',
    url,
    dialect: { delimiter: decimal === 'comma' ? ';' : ',', header: true, encoding: 'utf-8' },
    tableSchema: {
      columns: [
        ...terms.map(term => {
          const iri = iriOf(term);
          return {
            name: term.notation,
            titles: term.label,
            datatype: term === BDF.stepId ? 'string' : { base: 'double', format: { decimalChar } },
            ...(iri === undefined ? {} : { propertyUrl: iri }),
          };
        }),
        ...OURS.map(({ column, meaning }) => ({
          name: column.toLowerCase().replaceAll(' ', '_'),
          titles: column,
          datatype: 'string',
          'dc:description': meaning,
        })),
      ],
    },
  };
}

function writeJson(path: string, content: object): void {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
