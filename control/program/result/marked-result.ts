import { fetchedOnce } from '../../../profiles/record-math.ts';
import { evaluateCurves, evaluateRun, evaluateTables } from '../../../profiles/run-kpis.ts';
import { openRunSource, type RunSource } from '../../exchange/recorded-run.ts';
import type { WhenDamaged } from '../../record/damage/marks.ts';
import { openRecord } from '../../record/record.ts';
import type { RunResult } from '../../review/result.ts';
import { countedDevices, madeOf, OF_DAMAGED } from './cut-off.ts';
import { NO_PROCEDURE } from './imported-result.ts';
import { recordedBench } from './recorded-bench.ts';
import { criteriaOf } from './result.ts';

/** The figures of a damaged record: of what is left of it, what is left out being a gap. */

/**
 * Opens a run; where it is damaged and `mark` is wanted, its result is worked out anew of what is left. Close it when done.
 * @throws FileError
 */
export function openMarkedSource(run: string, damaged: WhenDamaged): RunSource {
  const source = openRunSource(run, damaged);
  const { result } = source;
  if (result === undefined || source.damaged.length === 0) return source;
  try {
    return { ...source, result: markedResult(source, result) };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** Limits and alarms stay as they were seen when all was there. */
function markedResult(source: RunSource, result: RunResult): RunResult {
  const { subject } = source.bench;
  const marked = { ...result, verdict: `${result.verdict}${OF_DAMAGED}`, damaged: source.damaged };
  if (subject === undefined) return { ...marked, kpis: [], tables: [], curves: [], criteria: 'none' };
  const procedure = result.mode === 'imported' ? NO_PROCEDURE : madeOf(source).procedure;
  const record = openRecord(source.path, recordedBench(source).roles, subject, 'mark');
  try {
    const read = fetchedOnce(record);
    const kpis = evaluateRun(read, procedure);
    return {
      ...marked,
      criteria: criteriaOf(kpis),
      rows: record.rows,
      counts: { ...result.counts, devices: countedDevices(source) },
      kpis,
      tables: evaluateTables(read),
      curves: evaluateCurves(read),
    };
  } finally {
    record.close();
  }
}
