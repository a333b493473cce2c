import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { CellFacts } from '../../../profiles/recorded-run.ts';
import { type MarkedStretch, marked, qualityName } from '../marks.ts';
import { closing, type Progress, type WrittenColumn } from '../readings.ts';
import { accuraciesOf, type RunSource } from '../recorded-run.ts';
import { csvFormat, type Decimal } from '../tables/csv.ts';
import type { ColumnValues, TableColumn } from '../tables/table.ts';
import { type BdfColumn, bdfColumns } from './columns.ts';
import { countsOf } from './counts.ts';
import { HeldChannel } from './held-channel.ts';
import { BDF, BDF_IRI, type BdfTerm, MARKS_COLUMN, QUALITY_COLUMN, REASON_COLUMN } from './terms.ts';

/** A cell's run as a table of the Battery Data Format, with what it says of itself in a file beside. */

/** What a BDF file may be told. */
export interface BdfOptions {
  /** Who made it, as its name begins. */
  readonly institution: string;
}

/** Writes `data/<name>.bdf.csv` and its `.metadata.json`; returns the columns. */
export async function writeBdf(
  source: RunSource,
  dir: string,
  options: BdfOptions & { readonly decimal: Decimal; readonly progress: Progress },
): Promise<WrittenColumn[]> {
  const columns = bdfColumns(source);
  const name = bdfName(options.institution, source);
  const file = `data/${name}.bdf.csv`;
  const hasCycles = source.result?.tables.some(({ id }) => id === 'cycles') === true;
  const terms: BdfTerm[] = [
    BDF.testTime,
    ...columns.map(column => column.term),
    BDF.unixTime,
    ...(hasCycles ? [BDF.cycleCount] : []),
    BDF.stepCount,
    BDF.stepId,
  ];
  const kindOf = (term: BdfTerm): TableColumn => ({
    name: term.label,
    kind: term === BDF.stepId ? 'text' : 'number',
  });
  const header: TableColumn[] = [
    ...terms.map(kindOf),
    ...[QUALITY_COLUMN, MARKS_COLUMN, REASON_COLUMN].map(label => ({ name: label, kind: 'text' as const })),
  ];
  const table = csvFormat(options.decimal).open(join(dir, file), header, {});
  await closing(table, async () => {
    for await (const rows of bdfRows(source, columns, hasCycles, options.progress)) table.write(rows);
  });
  const sidecar = metadata(source, columns, terms);
  writeFileSync(join(dir, `data/${name}.metadata.json`), `${JSON.stringify(sidecar, null, 2)}\n`);
  return [
    ...terms.map(({ label, unit, notation }) => ({
      file,
      column: label,
      unit,
      role: columns.find(column => column.term.label === label)?.role ?? '',
      meaning: `${BDF_IRI}${notation}`,
    })),
    {
      file,
      column: QUALITY_COLUMN,
      unit: '',
      role: '',
      meaning: 'of all columns that the marks do not name',
    },
    {
      file,
      column: MARKS_COLUMN,
      unit: '',
      role: '',
      meaning: 'notation=quality:value that must not be used',
    },
    { file, column: REASON_COLUMN, unit: '', role: '', meaning: 'why channels are bad or stale' },
  ];
}

/** The table piece by piece, at the times of the instrument that reads the voltage. */
async function* bdfRows(
  source: RunSource,
  columns: readonly BdfColumn[],
  hasCycles: boolean,
  progress: Progress,
): AsyncGenerator<ColumnValues[]> {
  const { device } = columns[0];
  const own = columns.filter(column => column.device === device);
  const held = columns
    .filter(column => column.device !== device)
    .map(column => ({ column, channel: heldChannel(source, column) }));
  const counts = countsOf(source);
  const reader = source.reader(device);
  const { rows: most } = reader;
  const places = own.map(({ channel }) => channel);
  const notations = own.map(({ term }) => term.notation);
  let done = 0;
  for (const stretch of reader.stretches({ channels: places })) {
    if (done >= most) break;
    const read = marked(stretch, places, notations);
    const values = new Map<string, Float64Array>(own.map(({ role }, i) => [role, read.values[i]]));
    const marks = [...read.marks];
    for (const { column, channel } of held) values.set(column.role, readHeld(channel, column, read, marks));
    const cycle = new Float64Array(read.rows);
    const step = new Float64Array(read.rows);
    const ids: (string | null)[] = [];
    for (let r = 0; r < read.rows; r++) {
      const at = counts.step(read.t_s[r]);
      step[r] = at.count;
      ids.push(at.id);
      cycle[r] = counts.cycle(read.t_s[r]);
    }
    const unix_s = read.t_s.map(t_s => source.utc.at(t_s) / 1000);
    const taken = Math.min(read.rows, most - done);
    const all: ColumnValues[] = [
      read.t_s,
      ...columns.map(({ role }) => values.get(role) ?? []),
      unix_s,
      ...(hasCycles ? [cycle] : []),
      step,
      ids,
      read.quality,
      marks,
      read.reason,
    ];
    yield all.map(column => column.slice(0, taken));
    done += taken;
    await progress(device, done, most);
  }
}

function heldChannel(source: RunSource, { device, channel }: BdfColumn): HeldChannel {
  const stale_after_s = source.bench.devices[device]?.stale_after_s ?? Infinity;
  return new HeldChannel(source.reader(device), channel, stale_after_s);
}

function readHeld(
  channel: HeldChannel,
  { term }: BdfColumn,
  { rows, t_s, quality }: MarkedStretch,
  marks: (string | null)[],
): Float64Array {
  const values = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    channel.seek(t_s[r]);
    const isUsable = channel.quality < QUALITY.stale;
    values[r] = isUsable ? channel.value : Number.NaN;
    const word = qualityName(channel.quality);
    if (word === quality[r] && isUsable) continue;
    const value = isUsable || Number.isNaN(channel.value) ? '' : `:${channel.value}`;
    if (word === quality[r] && value === '') continue;
    const mark = `${term.notation}=${word}${value}`;
    marks[r] = marks[r] === null ? mark : `${marks[r]} ${mark}`;
  }
  return values;
}

/** `Institution__Cell__YYYYMMDD_001`, as the format asks. */
function bdfName(institution: string, source: RunSource): string {
  const cell = (source.bench.subject as CellFacts).name;
  const day = new Date(source.started_ms).toISOString().slice(0, 10).replaceAll('-', '');
  return `${slug(institution)}__${slug(cell)}__${day}_001`;
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'unnamed';
}

/** What the columns are, what is under test, and what figures are worked out with. */
function metadata(source: RunSource, columns: readonly BdfColumn[], terms: readonly BdfTerm[]): object {
  const accuracies = accuraciesOf(source);
  const { meta, result } = source;
  return {
    format: 'Battery Data Format',
    ontology: '1.3.0',
    columns: terms.map(({ label, notation, unit }) => {
      const column = columns.find(one => one.term.label === label);
      const accuracy = column === undefined ? undefined : accuracies.get(column.role);
      return {
        label,
        notation,
        unit,
        iri: `${BDF_IRI}${notation}`,
        ...(column === undefined ? {} : { role: column.role, channel: channelName(source, column) }),
        ...(accuracy === undefined ? {} : { accuracy }),
      };
    }),
    cell: source.bench.subject,
    run: {
      name: source.name,
      bench: meta.get('bench') ?? '',
      method: meta.get('method') ?? '',
      mode: meta.get('mode') ?? '',
      startedUtc: new Date(source.started_ms).toISOString(),
      timeFactor: Number(meta.get('timeFactor') ?? 1),
      software: meta.get('software') ?? '',
      setpoints: 'setpoints.csv',
    },
    phases: result?.phases ?? [],
  };
}

function channelName(source: RunSource, { device, channel }: BdfColumn): string {
  return `${device}.${source.reader(device).channels[channel]}`;
}
