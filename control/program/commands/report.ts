import { dirname, join, resolve } from 'node:path';
import { renderReport } from '../../../dashboards/report.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import { type DamagedPart, damageText, type WhenDamaged } from '../../record/damage/marks.ts';
import { openRecord } from '../../record/record.ts';
import { openMarkedSource } from '../result/marked-result.ts';
import { recordedBench } from '../result/recorded-bench.ts';
import { reportDataOf } from '../result/report-data.ts';
import { refuseIfThere, writeWhole } from '../result/write-whole.ts';
import { copyOptions } from '../runs/run-options.ts';

/** `cellbench report RUN`: the report out of a run's record alone. Returns the exit code. */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const options = copyOptions('report', args);
  const to = options.to ?? join(dirname(resolve(recordPath(options.run))), 'report.html');
  refuseIfThere(to);
  const { html, damaged } = reportOf(options.run, options.damaged);
  writeWhole(to, html);
  console.log(to);
  for (const part of damaged) console.log(`  damaged, left out: ${damageText(part)}`);
  return 0;
}

/** The report of a run out of its record, and what of the record was left out. @throws FileError where there is no result */
export function reportOf(
  run: string,
  when: WhenDamaged,
): { readonly html: string; readonly damaged: readonly DamagedPart[] } {
  const source = openMarkedSource(run, when);
  try {
    const { path, result, damaged } = source;
    const { subject } = source.bench;
    if (result === undefined || subject === undefined)
      throw new FileError(
        path,
        0,
        'holds no result (the run is under way, was cut off, or is of an older version), expected a run that has ended',
      );
    const bench = recordedBench(source);
    const record = openRecord(path, bench.roles, subject, when);
    try {
      return { html: renderReport(reportDataOf(bench, result, record)), damaged };
    } finally {
      record.close();
    }
  } finally {
    source.close();
  }
}
