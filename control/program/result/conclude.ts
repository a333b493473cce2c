import { join } from 'node:path';
import { resultTable } from '../../../dashboards/terminal/progress.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { RunOutcome } from '../../contract/run-outcome.ts';
import { conclusionOf } from '../../review/recorded-result.ts';
import type { Run } from '../../run/run.ts';
import type { RunResult } from '../../view.ts';
import { clockText } from '../../words.ts';
import type { RunRecord } from '../run-record.ts';
import { writeCurves } from './curve-datasets.ts';
import { type EndedRun, endedRunOf } from './ended-run.ts';
import { type Evaluated, evaluated } from './evaluate.ts';
import { EXIT, exitCode, verdictOf } from './outcome.ts';
import { writeWhole } from './write-whole.ts';

/** Who evaluates a record: here, or in a thread beside. */
export type Evaluate = (ended: EndedRun) => Evaluated | Promise<Evaluated>;

/** What is left of a run when it is over. */
export interface Concluded {
  readonly code: number;
  readonly verdict: string;
  /** The report's HTML; undefined if it could not be made. */
  readonly report: string | undefined;
  readonly result: RunResult | undefined;
}

/**
 * Reads the record back, evaluates it, writes result.json and report.html and prints the table. A disk that takes
 * nothing any more, or a record that cannot be read, costs the files but not the verdict: it is printed all the same.
 */
export async function conclude(
  run: Run,
  outcome: RunOutcome,
  kept: RunRecord,
  say: (text: string) => void,
  evaluate: Evaluate = evaluated,
): Promise<Concluded> {
  const verdict = verdictOf(outcome);
  const code = exitCode(outcome);
  // What chatters is counted by the minute: the record has all of it now.
  run.session.alarms.settle();
  try {
    await kept.settled().catch((error: unknown) => {
      // What could not be written is told by the journal itself; what is there is evaluated.
      say(`\nThe record is not complete (${messageOf(error)}): the figures are of what is in it.`);
    });
    const { result, report } = await evaluate(endedRunOf(run, outcome, kept));
    writeCurves(kept.journal, result.curves);
    kept.journal.conclude(conclusionOf(result));
    say(`\n${resultTable(result)}`);
    writeWhole(join(kept.dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
    writeWhole(join(kept.dir, 'report.html'), report);
    say(
      `\nIn ${kept.dir}: report.html, result.json, run.sqlite (${clockText(result.simulated_s)} h of data)`,
    );
    return { code, verdict, report, result };
  } catch (error) {
    const named = outcome.unproven.map(u => `\n  not proved: ${u.what}: ${u.otherwise}`).join('');
    say(`\nVerdict: ${verdict} (${outcome.reason || 'the procedure is through'})${named}`);
    say(`The result could not be written to ${kept.dir}: ${messageOf(error)}`);
    return { code: EXIT.failed, verdict, report: undefined, result: undefined };
  }
}
