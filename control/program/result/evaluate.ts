import { renderReport } from '../../../dashboards/report.ts';
import { subjectOf } from '../../bench/bench.ts';
import { OpenBlocks } from '../../record/blocks/open-blocks.ts';
import { openRecord } from '../../record/record.ts';
import { reviewed } from '../../review/review.ts';
import type { RunResult } from '../../view.ts';
import type { EndedRun } from './ended-run.ts';
import { reportDataOf } from './report-data.ts';
import { resultOf } from './result.ts';

/** What the record of a run that is over says. */
export interface Evaluated {
  readonly result: RunResult;
  /** HTML. */
  readonly report: string;
}

/** Reads the record back, all written: limits, figures, report. The record of a long run takes its time. */
export function evaluated(ended: EndedRun): Evaluated {
  const { path, bench, roles, devices, procedure, timeFactor } = ended;
  const blocks = new OpenBlocks();
  const record = openRecord(path, roles, subjectOf(bench), 'refuse', blocks);
  try {
    const result = resultOf(ended, record, reviewed(path, ended, procedure, { timeFactor, blocks }));
    const of = { interlocks: bench.interlocks, roles, devices };
    return { result, report: renderReport(reportDataOf(of, result, record)) };
  } finally {
    record.close();
  }
}
