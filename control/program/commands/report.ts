import { join } from 'node:path';
import { renderReport } from '../../../dashboards/report.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { damageText } from '../../record/damage/marks.ts';
import { openRecord } from '../../record/record.ts';
import { openMarkedSource } from '../result/marked-result.ts';
import { recordedBench } from '../result/recorded-bench.ts';
import { reportDataOf } from '../result/report-data.ts';
import { refuseIfThere, writeWhole } from '../result/write-whole.ts';
import { copyOptions } from '../runs/run-options.ts';

/** `cellbench report RUN`: the report out of a run's record alone. Returns the exit code. */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const options = copyOptions('report', args);
  if (options.to !== undefined) refuseIfThere(options.to);
  const source = openMarkedSource(options.run, options.damaged);
  try {
    const { path, result } = source;
    const { subject } = source.bench;
    if (result === undefined || subject === undefined)
      throw new FileError(
        path,
        0,
        'holds no result (the run is under way, was cut off, or is of an older version), expected a run that has ended',
      );
    const to = options.to ?? join(source.dir, 'report.html');
    refuseIfThere(to);
    const bench = recordedBench(source);
    const record = openRecord(path, bench.roles, subject, options.damaged);
    try {
      writeWhole(to, renderReport(reportDataOf(bench, result, record)));
    } finally {
      record.close();
    }
    console.log(to);
    for (const part of source.damaged) console.log(`  damaged, left out: ${damageText(part)}`);
    return 0;
  } finally {
    source.close();
  }
}
