import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from '../../../dashboards/report.ts';
import { resultTable } from '../../../dashboards/terminal/progress.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { SUMS } from '../../exchange/pack/sums.ts';
import { openRunSource, type RunSource, recordPath } from '../../exchange/recorded-run.ts';
import { damageText, type WhenDamaged } from '../../record/damage/marks.ts';
import { walDamageOf, walDamageText } from '../../record/damage/wal.ts';
import { JournalFile } from '../../record/file/journal-file.ts';
import { lastSession } from '../../record/file/last-session.ts';
import type { Batch } from '../../record/journal-messages.ts';
import { openRecord } from '../../record/record.ts';
import { NO_SETPOINTS } from '../../record/setpoint-buffer.ts';
import { conclusionOf, recordedResult } from '../../review/recorded-result.ts';
import type { RunResult } from '../../review/result.ts';
import { curveDatasets } from '../result/curve-datasets.ts';
import { cutOffOf, cutOffResult } from '../result/cut-off.ts';
import { recordedBench } from '../result/recorded-bench.ts';
import { reportDataOf } from '../result/report-data.ts';
import { software } from '../result/software.ts';
import { trySums } from '../result/sums.ts';
import { writeWhole } from '../result/write-whole.ts';
import { refuseWhereWritten } from '../runs/nobody-writes.ts';
import { recordOptions } from '../runs/run-options.ts';
import { sessionHead } from '../session-head.ts';

const wall = realClock();
const NOTHING: Batch = { n: 0, frames: [], events: [], setpoints: NO_SETPOINTS, checkpoints: [] };

/** `cellbench conclude RUN`: figures, report and seals for a run that was cut off. Returns the exit code. */
export async function concludeCommand(args: readonly string[]): Promise<number> {
  const options = recordOptions('conclude', args);
  // Before anybody writes over it.
  const wal = walDamageOf(recordPath(options.run));
  const recorded = recordedOf(options.run, options.damaged);
  const result = recorded ?? concluded(options.run, options.damaged);
  const dir = reading(options.run, options.damaged, source => {
    const bench = recordedBench(source);
    const { subject } = source.bench;
    const isMissing = (file: string): boolean =>
      recorded === undefined || !existsSync(join(source.dir, file));
    if (isMissing('result.json'))
      writeWhole(join(source.dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
    if (subject !== undefined && isMissing('report.html')) {
      const record = openRecord(source.path, bench.roles, subject, options.damaged);
      writeWhole(join(source.dir, 'report.html'), renderReport(reportDataOf(bench, result, record)));
      record.close();
    }
    return source.dir;
  });
  // Sums that are there were made last: they stay as they are, and say what has changed since.
  if (recorded === undefined || !existsSync(join(dir, SUMS))) trySums(dir);
  console.log(resultTable(result));
  if (wal !== undefined) console.log(walDamageText(wal));
  for (const part of result.damaged ?? []) console.log(`damaged, left out: ${damageText(part)}`);
  console.log(`\nIn ${dir}: report.html, result.json, run.sqlite`);
  return 0;
}

/**
 * The result of a run whose end was written down and whose program was killed before all else was there; the record is
 * closed then. Undefined: it has none yet. @throws FileError where nothing of it is missing
 */
function recordedOf(run: string, damaged: WhenDamaged): RunResult | undefined {
  const found = reading(run, damaged, source => {
    const result = recordedResult(source.db);
    if (result === undefined) return undefined;
    refuseWhereWritten(source);
    const { path, dir, devices } = source;
    const isOpen = lastSession(source.db)?.hasEnded === false || existsSync(`${path}-wal`);
    const files = ['result.json', SUMS, ...(source.bench.subject === undefined ? [] : ['report.html'])];
    if (!isOpen && files.every(file => existsSync(join(dir, file))))
      throw new FileError(path, 0, 'has a result, expected a run that was cut off');
    const tables = devices.map(device => ({ device, channels: source.reader(device).channels }));
    return { result, path, isOpen, tables };
  });
  if (found?.isOpen === true) {
    const { path, tables, result } = found;
    const utc = new Date(wall.utc_ms()).toISOString();
    const session = sessionHead(software(), utc, result.simulated_s);
    const file = new JournalFile(path, tables, {}, { session, goesOn: true });
    file.close({ t_s: result.simulated_s, utc, reason: 'closed a run that had its result' });
  }
  return found?.result;
}

/** Goes on in the record where it was cut off: its end, its figures, its seals. */
function concluded(run: string, damaged: WhenDamaged): RunResult {
  const { path, tables, cutOff } = reading(run, damaged, source => {
    refuseUnlessCutOff(source);
    const channelsOf = (device: string) => source.reader(device).channels;
    return {
      path: source.path,
      tables: source.devices.map(device => ({ device, channels: channelsOf(device) })),
      cutOff: cutOffOf(source),
    };
  });
  const about = software();
  const now = (): string => new Date(wall.utc_ms()).toISOString();
  const session = sessionHead(about, now(), cutOff.end_s);
  const file = new JournalFile(path, tables, {}, { session, goesOn: true });
  try {
    file.write({ ...NOTHING, events: cutOff.events });
    const result = reading(run, damaged, source => cutOffResult(source, cutOff, about));
    file.write({ ...NOTHING, ...curveDatasets(result.curves), conclusions: [conclusionOf(result)] });
    return result;
  } finally {
    // Nobody has the file open while it is closed.
    file.close({ t_s: cutOff.end_s, utc: now(), reason: 'concluded a run that was cut off' });
  }
}

function reading<T>(run: string, damaged: WhenDamaged, read: (source: RunSource) => T): T {
  const source = openRunSource(run, damaged);
  try {
    return read(source);
  } finally {
    source.close();
  }
}

/** Nobody else may be writing it, and it must have no result yet. */
function refuseUnlessCutOff(source: RunSource): void {
  const { path, result } = source;
  refuseWhereWritten(source);
  if (result !== undefined) throw new FileError(path, 0, 'has a result, expected a run that was cut off');
}
