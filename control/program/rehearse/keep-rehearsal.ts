import { join } from 'node:path';
import { renderReport } from '../../../dashboards/report.ts';
import type { Rehearsal } from '../../rehearse/summary.ts';
import { reportBenchOf, reportDataOf } from '../result/report-data.ts';
import { trySums } from '../result/sums.ts';
import { writeWhole } from '../result/write-whole.ts';
import type { Rehearsed } from './rehearse-once.ts';

/** Writes what a rehearsal found into its folder, beside its record: result, findings, report, their sums. */
export function keepRehearsal(
  dir: string,
  { run, result, record }: Pick<Rehearsed, 'run' | 'result' | 'record'>,
  found: Rehearsal,
): void {
  writeWhole(join(dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  writeWhole(join(dir, 'rehearsal.json'), `${JSON.stringify(found, null, 2)}\n`);
  writeWhole(join(dir, 'report.html'), renderReport(reportDataOf(reportBenchOf(run), result, record, found)));
  trySums(dir);
}
