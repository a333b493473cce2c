/**
 * The tables of a record whose every row is sealed as it is written, by the word that names it in the chain. Rows are only
 * ever added. A new one is an entry here.
 */
export const SEALED_TABLES = {
  event: { table: 'events', columns: 't_s REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, data TEXT' },
  /** What a program made of the run: all rows of one `n` are one conclusion, the highest counts. */
  result: { table: 'results', columns: 'n INTEGER NOT NULL, part TEXT NOT NULL, json TEXT NOT NULL' },
  /** Who wrote: a row as a process begins and one as it ends; without the second it was cut off. */
  session: {
    table: 'sessions',
    columns:
      'session INTEGER NOT NULL, what TEXT NOT NULL, t_s REAL NOT NULL, utc TEXT NOT NULL, pid INTEGER, host TEXT, software TEXT, reason TEXT',
  },
  /** What the computer's clock showed: from `from_s` on UTC is `utc_ms` plus run time since then, until the next row. */
  clock: {
    table: 'clock',
    columns: 'from_s REAL NOT NULL, utc_ms REAL NOT NULL, step_s REAL NOT NULL, cause TEXT NOT NULL',
  },
  /** Results that are no frame; the rows of number n lie in the blocks `dataset_<n>`. */
  dataset: {
    table: 'datasets',
    columns:
      't_s REAL NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, columns TEXT NOT NULL, about TEXT NOT NULL',
  },
} as const;

/** The words of these tables. */
export type SealedWhat = keyof typeof SEALED_TABLES;

/** The tables of this version, as SQL. */
export const CREATE_SEALED_TABLES = Object.values(SEALED_TABLES)
  .map(({ table, columns }) => `CREATE TABLE ${table} (${columns});`)
  .join('\n');

/** Whether a seal is of a row of such a table. */
export function isSealedRow(what: string): what is SealedWhat {
  return Object.hasOwn(SEALED_TABLES, what);
}
