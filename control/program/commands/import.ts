import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { renderReport } from '../../../dashboards/report.ts';
import { resultTable } from '../../../dashboards/terminal/progress.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';
import { cellFacts, withPower } from '../../exchange/import/cell-facts.ts';
import { doubtSign, withoutSpikes } from '../../exchange/import/current-doubts.ts';
import { type CyclerText, openCyclerText } from '../../exchange/import/cycler-text.ts';
import { doubtsOf, doubtTime } from '../../exchange/import/doubts.ts';
import { withFrozenMarked } from '../../exchange/import/frozen-doubts.ts';
import { IMPORTED_DEVICE, importedRoles, writeImported } from '../../exchange/import/imported-record.ts';
import { withPowerAccuracy } from '../../exchange/import/power-accuracy.ts';
import { type CyclerReadings, readCycler } from '../../exchange/import/read-cycler.ts';
import { readSidecar, type Sidecar, thinnedBefore } from '../../exchange/import/sidecar.ts';
import { startIn } from '../../exchange/import/started.ts';
import { doubtVoltage, withoutStrayVolts } from '../../exchange/import/voltage-doubts.ts';
import { withKnownWays } from '../../exchange/import/way-doubts.ts';
import { inNewFolder } from '../../exchange/pack/new-folder.ts';
import type { JournalEvent } from '../../record/events.ts';
import { JournalFile } from '../../record/file/journal-file.ts';
import { openRecord } from '../../record/record.ts';
import { NO_SETPOINTS } from '../../record/setpoint-buffer.ts';
import { asOneInstrument } from '../../record/thin/thin-rules.ts';
import { conclusionOf } from '../../review/recorded-result.ts';
import type { Input, RunResult } from '../../review/result.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { importedResult } from '../result/imported-result.ts';
import { reportDataOf } from '../result/report-data.ts';
import { software, softwareText } from '../result/software.ts';
import { writeSums } from '../result/sums.ts';
import { writeWhole } from '../result/write-whole.ts';
import { sessionHead } from '../session-head.ts';

const wall = realClock();
const UNITS_V = { V: 1, mV: 1e-3, uV: 1e-6 } as const;
const UNITS_S = { s: 1, ms: 1e-3, us: 1e-6, min: 60, h: 3600 } as const;
const positive = numberOption(1e-9, 1e9, 'a number').optional();
const schema = z.strictObject({
  file: z.string(),
  out: z.string().optional(),
  name: z.string().optional(),
  capacity: positive,
  low: positive,
  high: positive,
  'current-max': positive,
  time: z.enum(['s', 'ms', 'us', 'min', 'h'], { error: 'expected s, ms, us, min or h' }).optional(),
  voltage: z.enum(['V', 'mV', 'uV'], { error: 'expected V, mV or uV' }).optional(),
  current: z.enum(['charge', 'discharge'], { error: 'expected charge or discharge' }).optional(),
  started: z.string().optional(),
  help: z.boolean().default(false),
});
const SIMULATED = 'simulated: the file says so of its values, no real cell was measured';
const THINNED =
  'thinned: recording rules left readings out of the record that the file was made of; figures are as uncertain as that makes them';
type Options = z.output<typeof schema>;

/** `cellbench import FILE`: a cycler's text file as a run. Returns the exit code. */
export async function importCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['file'],
    help: 'npm start -- import --help',
  });
  const { file, capacity, low, high } = options;
  if (low !== undefined && high !== undefined && low >= high)
    throw new UsageError(`--low ${low} --high ${high}: expected a lower limit below the upper one, V`);
  const text = openCyclerText(file);
  const beside = readSidecar(file);
  const time_s = options.time === undefined ? undefined : UNITS_S[options.time];
  const voltage_V = options.voltage === undefined ? undefined : UNITS_V[options.voltage];
  const asWritten = await readCycler(text, { time_s, voltage_V, current: options.current ?? 'charge' });
  const high_V = high ?? beside.cell?.voltageMax_V;
  doubtVoltage(text, asWritten, { isUnitSaid: voltage_V !== undefined, high_V });
  const withWays = withKnownWays(text, asWritten);
  const read = withoutSpikes(high_V === undefined || high_V < 6 ? withoutStrayVolts(withWays) : withWays);
  doubtSign(text, read, options.current);
  if (time_s === undefined) doubtTime(text, read, capacity ?? beside.cell?.capacity_Ah);
  const sidecar = withPowerAccuracy(beside, read);
  const to = options.out ?? join('runs', basename(file).replace(/\.(bdf\.)?[^.]*$/, ''));
  const made = await inNewFolder(to, dir => importInto(dir, text, withPower(read), sidecar, options));
  console.log(made.table);
  console.log('');
  for (const note of made.notes) console.log(`  ${note}`);
  console.log(`In ${to}: report.html, result.json, run.sqlite, imported/${basename(file)}`);
  return 0;
}

async function importInto(
  dir: string,
  text: CyclerText,
  read: CyclerReadings,
  sidecar: Sidecar,
  options: Options,
): Promise<{ table: string; notes: string[] }> {
  const { file } = options;
  const said = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.capacity === undefined ? {} : { capacity_Ah: options.capacity }),
    ...(options['current-max'] === undefined ? {} : { currentMax_A: options['current-max'] }),
    ...(options.low === undefined ? {} : { voltageMin_V: options.low }),
    ...(options.high === undefined ? {} : { voltageMax_V: options.high }),
  };
  const { cell, notes: ofCell } = cellFacts(said, sidecar.cell, read, basename(file));
  const readings = withFrozenMarked(read, cell);
  if (cell.voltageMin_V > cell.voltageMax_V)
    throw new UsageError(
      `limits of ${cell.voltageMin_V} to ${cell.voltageMax_V} V (${ofCell.join('; ') || 'as said'}): expected a lower limit below the upper one, --low and --high`,
    );
  const notes = [...readings.notes, ...doubtsOf(text, readings), ...leftOut(text), ...ofCell];
  if (readings.channels.some(({ quality }) => quality.includes(QUALITY.simulated))) notes.unshift(SIMULATED);
  const thinned = asOneInstrument(sidecar.thinned, IMPORTED_DEVICE);
  const isThinned = IMPORTED_DEVICE in thinned;
  if (isThinned) notes.unshift(THINNED);
  const started_ms = begin(text, readings, sidecar, options, notes);
  const inputs = packed(dir, [file, ...sidecar.files]);
  const { t_s } = readings;
  const end_s = t_s[t_s.length - 1];
  const phases =
    sidecar.phases.length > 0
      ? sidecar.phases
      : [{ name: 'whole', start_s: t_s[0], end_s, ended_by: 'end of the file' }];
  const events: JournalEvent[] = [
    ...notes.map((note): JournalEvent => ({ t_s: t_s[0], kind: 'load', text: note })),
    ...phases.flatMap(({ name, start_s, end_s: until_s, ended_by }): JournalEvent[] => [
      { t_s: start_s, kind: 'phase', text: name, data: { name, method: 'steps' } },
      {
        t_s: until_s,
        kind: 'phaseEnd',
        text: `${name}: ${ended_by}`,
        data: { name, start_s, end_s: until_s, ended_by },
      },
    ]),
    { t_s: end_s, kind: 'end', text: 'end of the file', data: { cause: { by: 'procedure', id: 'import' } } },
  ];
  const name = cell.name;
  const about = software();
  const startedUtc = new Date(started_ms).toISOString();
  const path = join(dir, 'run.sqlite');
  writeImported(path, readings, {
    name,
    cell,
    accuracies: sidecar.accuracies,
    events,
    setpoints: sidecar.setpoints,
    meta: {
      bench: name,
      method: 'imported',
      methodFile: '',
      loadSource: '',
      mode: 'imported',
      seed: '0',
      startedUtc,
      timeFactor: String(sidecar.timeFactor),
      software: softwareText(about),
      commit: about.commit ?? '',
      inputs: JSON.stringify(inputs),
      ...(isThinned ? { recording: JSON.stringify({ instruments: thinned }) } : {}),
    },
  });
  const roles = importedRoles(readings, sidecar.accuracies);
  const record = openRecord(path, roles, cell);
  try {
    const result = importedResult(record, {
      name,
      device: IMPORTED_DEVICE,
      phases,
      inputs,
      software: about,
      startedUtc,
      endedUtc: new Date(started_ms + 1000 * end_s).toISOString(),
      duration_s: end_s,
      readings,
      events: events.map(({ kind }) => kind),
      timeFactor: sidecar.timeFactor,
      thinned: thinnedBefore(sidecar, IMPORTED_DEVICE),
      reason: [SIMULATED, THINNED].filter(note => notes.includes(note)).join('; '),
    });
    record.letGo();
    concludeImported(path, readings, result);
    writeWhole(join(dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
    const bench = { interlocks: [], roles, devices: new Map([[IMPORTED_DEVICE, readings]]) };
    writeWhole(join(dir, 'report.html'), renderReport(reportDataOf(bench, result, record)));
    writeSums(dir);
    return { table: resultTable(result), notes };
  } finally {
    record.close();
  }
}

/** The figures go into the record, sealed as it is. */
function concludeImported(path: string, { channels, t_s }: CyclerReadings, result: RunResult): void {
  const tables = [{ device: IMPORTED_DEVICE, channels: channels.map(({ name }) => name) }];
  const now = (): string => new Date(wall.utc_ms()).toISOString();
  const end_s = t_s[t_s.length - 1];
  const session = sessionHead(result.software, now(), end_s);
  const file = new JournalFile(path, tables, {}, { session, goesOn: true });
  try {
    const conclusions = [conclusionOf(result)];
    file.write({ n: 0, frames: [], events: [], setpoints: NO_SETPOINTS, checkpoints: [], conclusions });
  } finally {
    file.close({ t_s: end_s, utc: now(), reason: 'figures of an imported file' });
  }
}

/** Columns that nothing is made of; the file itself stays in the run's folder. */
function leftOut({ headings, columns }: CyclerText): string[] {
  const taken = new Set([...columns.values()].flatMap(({ place, less }) => [place, less?.place ?? place]));
  const left = headings.flatMap((heading, place) =>
    taken.has(place) || heading.trim() === '' ? [] : [`"${heading.trim()}"`],
  );
  return left.length === 0 ? [] : [`left in the file: ${left.join(', ')}`];
}

/** When second 0 of the file was, ms since 1970: as said, by the file's clock, by a line above its table, else by the date of the file itself. */
function begin(
  { preamble }: CyclerText,
  { t_s, unix_s }: CyclerReadings,
  { startedUtc }: Sidecar,
  { started, file }: Options,
  notes: string[],
): number {
  if (started !== undefined) {
    const said_ms = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(started) ? started : `${started}Z`);
    if (!Number.isFinite(said_ms))
      throw new UsageError(`--started ${started}: expected a time like 2026-05-01T20:00:00Z`);
    return said_ms;
  }
  if (startedUtc !== undefined && Number.isFinite(Date.parse(startedUtc))) return Date.parse(startedUtc);
  const first = unix_s.findIndex(Number.isFinite);
  if (first >= 0) return Math.round(1000 * (unix_s[first] - t_s[first]));
  const head = startIn(preamble);
  if (head !== undefined) {
    notes.push(head.note);
    return Math.round(head.unix_ms);
  }
  notes.push('begin by the date of the file itself: nothing else is known of it (--started says it)');
  return Math.round(statSync(file).mtimeMs - 1000 * t_s[t_s.length - 1]);
}

/** The files as they are, beside the record; what stands in it of them. */
function packed(dir: string, files: readonly string[]): Input[] {
  mkdirSync(join(dir, 'imported'));
  const inputs: Input[] = [];
  for (const path of files) {
    copyFileSync(path, join(dir, 'imported', basename(path)));
    inputs.push({ what: 'data', path, bytes: statSync(path).size, sha256: sha256OfFile(path) });
  }
  return inputs;
}
