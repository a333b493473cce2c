import { closedEfficiency, currentTracking } from '../../../cell/closed-duty.ts';
import { VOLTAGE } from '../../../cell/ledger.ts';
import type { KpiValue } from '../../../kpi.ts';
import type { RecordedPart, RecordedRun } from '../../../recorded-run.ts';
import { windowOf } from '../../../series-parts.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';
import { declaredAt } from '../../../uncertainty/repeatability.ts';
import { accountOf, figureOf } from '../cell/account.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';

const FIGURES = [
  {
    id: 'energy-efficiency',
    unit: 'pct',
    doc: 'energy out over energy in of duty and way back, where the charge closes to 1 %',
  },
  { id: 'tracking-error', unit: 'pct', doc: 'current less current asked for, root mean square' },
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

/** A drive cycle that ends so near to the upper voltage was ended by braking there, V. */
const UPPER_V = 0.05;
/** As long as the method lets braking stand at the upper voltage, s of life. */
const HELD_S = 2;
/** So long before it the cell rests, s of life. */
const QUIET_S = 120;

const END_VOLTAGE = {
  id: 'end-voltage',
  unit: 'V',
  doc: 'highest voltage in the last two seconds of the cycles; near the upper voltage braking has ended them early, and the cell is not empty',
} as const;

/** How a drive cycle was over: its figures are those of an emptied cell only where it was not braking that ended it. */
function endVoltage(run: RecordedRun, part: RecordedPart): KpiValue {
  const duty = stepsOf(run, part, 'duty').at(-1);
  const { subject } = run;
  if (duty === undefined || subject.kind !== 'cell')
    return figureOf(END_VOLTAGE, { missing: 'no duty in the record' });
  if (duty.ended === 'failed' || duty.ended === 'refused')
    return figureOf(END_VOLTAGE, {
      missing: `the cycles did not come to an end of their own: ${duty.reason}`,
    });
  const { t_s, value } = windowOf(run.series(VOLTAGE), duty.end_s - HELD_S / run.timeFactor, duty.end_s);
  let most_V = Number.NaN;
  // The reading at the very end may show the next step.
  for (let i = 0; i < value.length; i++)
    if (t_s[i] < duty.end_s - 1e-6 && !(value[i] <= most_V) && Number.isFinite(value[i])) most_V = value[i];
  // Of one reading; while the cell is driven nothing tells it, in the rest before it does.
  const quiet_s = QUIET_S / run.timeFactor;
  const noise_V = readingNoise(run.series(VOLTAGE), duty.start_s - quiet_s, duty.start_s - 1e-6);
  return figureOf(END_VOLTAGE, {
    value: most_V,
    u95: Math.hypot(declaredAt(run.accuracy(VOLTAGE), most_V), Number.isFinite(noise_V) ? 2 * noise_V : 0),
    accepted: { is: '<', limit: subject.voltageMax_V - UPPER_V },
    definition: `${END_VOLTAGE.doc}. The duty ended by: ${duty.reason}.`,
    missing: 'no reading of the voltage at the end of the cycles',
  });
}

/** A drive cycle from full until empty, and full again. */
export const driveCycle = defineEvaluation({
  method: 'drive-cycle',
  figures: [...FIGURES, END_VOLTAGE],
  evaluate: (run, part) => [...dutyFigures(run, part), endVoltage(run, part)],
});

/**
 * A duty of stationary storage around a state of charge, and back to it. Efficiency of the duty cycle and tracking of its
 * signal as in the protocol of PNNL-22010 rev. 2 / SAND2016-3078 R (2016), whose numbers are recalled; by current here.
 */
export const essDuty = defineEvaluation({ method: 'ess-duty', figures: FIGURES, evaluate: dutyFigures });
