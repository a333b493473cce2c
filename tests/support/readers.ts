import { execFileSync } from 'node:child_process';
import { zstdDecompressSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';

/** Readers of exports that know nothing of ours: DuckDB (npm), hyparquet (npm), pandas and h5py (Debian). */

/** Columns by name; numbers, NaN where there is none. */
export type Columns = ReadonlyMap<string, Float64Array>;

const duckdb = await import('@duckdb/node-api').catch(() => undefined);
/** Whether this machine has DuckDB's native part. */
export const hasDuckDb = duckdb !== undefined;

/** A table of numbers as DuckDB reads it from a file, Parquet or CSV; `t_s` orders the rows. */
export async function byDuckDb(path: string, names: readonly string[]): Promise<Columns> {
  if (duckdb === undefined) throw new Error('no DuckDB on this machine');
  const instance = await duckdb.DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const from = path.endsWith('.parquet') ? `'${path}'` : `read_csv('${path}', sample_size = -1)`;
  const wanted = names.map(name => `CAST("${name}" AS DOUBLE)`).join(', ');
  const reader = await connection.runAndReadAll(`SELECT ${wanted} FROM ${from} ORDER BY "${names[0]}"`);
  const columns = reader.getColumns();
  connection.closeSync();
  return new Map(
    names.map((name, c) => [
      name,
      Float64Array.from(columns[c] ?? [], v => (v === null ? Number.NaN : Number(v))),
    ]),
  );
}

/** The same by hyparquet. */
export async function byHyparquet(path: string, names: readonly string[]): Promise<Columns> {
  const rows = await parquetReadObjects({
    file: await asyncBufferFromFile(path),
    compressors: { ZSTD: bytes => zstdDecompressSync(bytes) },
  });
  return new Map(
    names.map(name => [name, Float64Array.from(rows, row => (row[name] as number | null) ?? Number.NaN)]),
  );
}

/** Python that has a module; undefined: none. */
function pythonWith(module: string): string | undefined {
  return ['/usr/bin/python3', 'python3'].find(python => {
    try {
      execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** Python that has pandas, or h5py; undefined: none. */
export const PANDAS = pythonWith('pandas');
export const H5PY = pythonWith('h5py');

const PANDAS_SCRIPT = `
import json, sys, pandas
path, decimal, names = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
frame = pandas.read_csv(path, sep=';' if decimal == ',' else ',', decimal=decimal, float_precision='round_trip', usecols=names)
sys.stdout.buffer.write(b''.join(frame[n].astype(float).to_numpy('<f8').tobytes() for n in names))
`;

/** A CSV table as pandas reads it. */
export function byPandas(path: string, names: readonly string[], decimal: '.' | ','): Columns {
  if (PANDAS === undefined) throw new Error('no pandas on this machine');
  return columnsFrom(PANDAS, PANDAS_SCRIPT, [path, decimal], names);
}

/** Columns that a script writes one after the other as doubles. */
function columnsFrom(
  python: string,
  script: string,
  args: readonly string[],
  names: readonly string[],
): Columns {
  const bytes = execFileSync(python, ['-c', script, ...args, JSON.stringify(names)], { maxBuffer: 2 ** 30 });
  const all = new Float64Array(Uint8Array.from(bytes).buffer);
  const rows = all.length / names.length;
  return new Map(names.map((name, c) => [name, all.subarray(c * rows, (c + 1) * rows)]));
}

const H5PY_SCRIPT = `
import json, sys, h5py
with h5py.File(sys.argv[1], 'r') as file:
  group = file['data/' + sys.argv[2]]
  sys.stdout.buffer.write(b''.join(group[n][:].astype('<f8').tobytes() for n in json.loads(sys.argv[3])))
`;

/** An instrument's columns of numbers as h5py reads them from an HDF5 export. */
export function byH5py(path: string, device: string, names: readonly string[]): Columns {
  if (H5PY === undefined) throw new Error('no h5py on this machine');
  return columnsFrom(H5PY, H5PY_SCRIPT, [path, device], names);
}

/** What lines of Python say of an HDF5 file, by name; `file` is open, `group` that of the cycler. */
export function askH5py(path: string, asked: Readonly<Record<string, string>>): Record<string, unknown> {
  if (H5PY === undefined) throw new Error('no h5py on this machine');
  const lines = Object.entries(asked).map(([name, expression]) => `answers['${name}'] = ${expression}`);
  const script = [
    'import json, sys, h5py',
    "file = h5py.File(sys.argv[1], 'r')",
    "group = file['data/cycler']",
    'answers = {}',
    ...lines,
    'print(json.dumps(answers))',
  ].join('\n');
  return JSON.parse(execFileSync(H5PY, ['-c', script, path]).toString()) as Record<string, unknown>;
}

/** What the record has of an instrument: `t_s`, then its channels; what must not be used is NaN. */
export function fromRecord(run: string, device: string): Columns {
  const source = openRunSource(run);
  try {
    const reader = source.reader(device);
    const channels = reader.channels.map((_, place) => place);
    const names = ['t_s', ...reader.channels];
    const columns = new Map(names.map(name => [name, new Float64Array(reader.rows)]));
    for (const stretch of reader.stretches({ channels })) {
      columns.get('t_s')?.set(stretch.t_s, stretch.row - 1);
      for (const channel of channels) {
        const values = stretch.values(channel);
        for (const { from, to, bytes } of stretch.quality) {
          if (bytes[bytes.length === 1 ? 0 : channel] > QUALITY.uncertain) values.fill(Number.NaN, from, to);
        }
        columns.get(reader.channels[channel])?.set(values, stretch.row - 1);
      }
    }
    return columns;
  } finally {
    source.close();
  }
}

/** How many values are not the same, to the last bit; both lengths where they differ. */
export function differences(a: Columns, b: Columns): string[] {
  const found: string[] = [];
  for (const [name, values] of a) {
    const others = b.get(name) ?? new Float64Array(0);
    if (others.length !== values.length) found.push(`${name}: ${others.length} for ${values.length} values`);
    else {
      const wrong = values.reduce((sum, v, i) => sum + (Object.is(v + 0, others[i] + 0) ? 0 : 1), 0);
      if (wrong > 0) found.push(`${name}: ${wrong} of ${values.length} differ`);
    }
  }
  return found;
}
