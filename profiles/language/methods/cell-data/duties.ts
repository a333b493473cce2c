import { closedEfficiency, currentTracking } from '../../../cell/closed-duty.ts';
import type { RecordedPart, RecordedRun } from '../../../recorded-run.ts';
import { accountOf, figureOf } from '../cell/account.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';

const FIGURES = [
  {
    id: 'energy-efficiency',
    unit: '%',
    doc: 'energy out over energy in of duty and way back, where the charge closes to 1 %',
  },
  { id: 'tracking-error', unit: '%', doc: 'current less current asked for, root mean square' },
] as const;

function dutyFigures(run: RecordedRun, part: RecordedPart) {
  const account = accountOf(run);
  const duty = stepsOf(run, part, 'duty').at(-1);
  const back = [...stepsOf(run, part, 'back'), ...stepsOf(run, part, 'down')].at(-1);
  if (account === undefined || duty === undefined)
    return FIGURES.map(of => figureOf(of, { missing: 'no duty in the record' }));
  const isBack = back?.ended === 'condition';
  const ledger = account.ledger;
  const closed = isBack
    ? closedEfficiency(run, ledger, { from_s: duty.start_s, to_s: back.end_s })
    : undefined;
  // Why the charge does not close hangs on where the duty was over: at the lower voltage, at the upper one, by its time.
  const cause = closed?.value !== null ? '' : ` The duty ended by: ${duty.reason}.`;
  return [
    closed !== undefined
      ? { ...closed, definition: `${closed.definition}${cause}` }
      : figureOf(FIGURES[0], { missing: 'the charge did not come back to where it was' }),
    currentTracking(run, duty),
  ];
}

/** A drive cycle from full until empty, and full again. */
export const driveCycle = defineEvaluation({
  method: 'drive-cycle',
  figures: FIGURES,
  evaluate: dutyFigures,
});

/**
 * A duty of stationary storage around a state of charge, and back to it. Efficiency of the duty cycle and tracking of its
 * signal as in the protocol of PNNL-22010 rev. 2 / SAND2016-3078 R (2016), whose numbers are recalled; by current here.
 */
export const essDuty = defineEvaluation({ method: 'ess-duty', figures: FIGURES, evaluate: dutyFigures });
