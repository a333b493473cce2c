import { type Amount, chargeBetween, energyBetween } from '../../../cell/amounts.ts';
import { endU95 } from '../../../cell/closing/ends.ts';
import { CURRENT, type Ledger, ledgerOf, POWER } from '../../../cell/ledger.ts';
import { ratioU95 } from '../../../cell/ratio-u95.ts';
import { type Figure, type KpiValue, kpi } from '../../../kpi.ts';
import { whyLacking } from '../../../lacking.ts';
import type { CellFacts, RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import type { FigureOf } from '../evaluation.ts';

/** What the evaluations of the battery methods share: one account of a run, and figures from its steps. */

/** A run on a cell and its account of charge and energy. */
export interface CellAccount {
  readonly run: RecordedRun;
  readonly cell: CellFacts;
  readonly ledger: Ledger;
}

const made = new WeakMap<RecordedRun, CellAccount>();

/** The account of a run, made up once; undefined if the subject is no cell. */
export function accountOf(run: RecordedRun): CellAccount | undefined {
  const { subject } = run;
  if (subject.kind !== 'cell') return undefined;
  const known = made.get(run) ?? { run, cell: subject, ledger: ledgerOf(run, subject) };
  made.set(run, known);
  return known;
}

/** A figure of the list of its method, with what the record says of it. */
export function figureOf(of: FigureOf, given: Partial<Figure>): KpiValue {
  const { id, unit, doc } = of;
  return kpi({ id, unit, definition: `${doc}.`, basis: 'default', value: null, ...given });
}

/** Charge of one way in a step, Ah; its uncertainty has that of when the step ended in it. */
export function chargeOf(account: CellAccount, step: RecordedStep, way: 'into' | 'out'): Amount {
  const amount = chargeBetween(account.run, account.ledger, step.start_s, step.end_s)[way];
  return { ...amount, u95: Math.hypot(amount.u95, LATE * endU95(account.run, step, CURRENT)) };
}

/** The same of energy, in Wh, for a figure: what the record lacks where it has no power. */
export function energyOf(
  { run, ledger }: CellAccount,
  step: RecordedStep,
  way: 'into' | 'out',
): Pick<Figure, 'value'> & Partial<Pick<Figure, 'u95' | 'missing'>> {
  if (ledger.energy.t_s.length < 2)
    return { value: null, missing: whyLacking(run, [POWER], `no usable ${POWER}`) };
  const { value, u95 } = energyBetween(run, ledger, step.start_s, step.end_s)[way];
  return { value, u95: Math.hypot(u95, LATE * endU95(run, step, POWER)) };
}

/**
 * A step never ends before its condition, only up to one reading late: what flowed meanwhile is all on one side of the amount at
 * which it came true. In a ratio of two amounts the mean of it cancels, in an amount it does not.
 */
const LATE = 2;

/** One charge of a ratio. */
export interface ChargeAt {
  readonly step: RecordedStep;
  readonly way: 'into' | 'out';
}

/**
 * One charge over another, per cent, with its uncertainty k = 2: the gain of the meter cancels. `ends`: steps at whose ends lie
 * the states between which they were moved, where these are not their own: what of both lies at the turn in the middle of a cycle cancels.
 */
export function ratio_pct(
  { run, ledger }: CellAccount,
  top: ChargeAt,
  base: ChargeAt,
  ends?: readonly RecordedStep[],
): { readonly value: number; readonly u95: number } {
  const amounts = [top, base].map(({ step }) => chargeBetween(run, ledger, step.start_s, step.end_s));
  const value = (100 * amounts[0][top.way].value) / amounts[1][base.way].value;
  const parts = [top, base].map(({ step, way }, i) => ({
    amount: amounts[i][way],
    unseen: amounts[i].unseen,
    from_s: step.start_s,
    to_s: step.end_s,
    share: i === 0 ? value : -value,
    way,
  }));
  const own = [top, base].map(
    ({ step, way }, i) => (value * endU95(run, step, CURRENT)) / amounts[i][way].value,
  );
  const states = ends?.map(step => (100 * endU95(run, step, CURRENT)) / amounts[1][base.way].value);
  return {
    value,
    u95: Math.hypot(
      ratioU95(run, ledger, 'charge', parts),
      top.step === base.step ? 0 : Math.hypot(...(states ?? own)),
    ),
  };
}

/** What is nearer to nothing is 0 in a name: what is left of sums of many charges. */
const LEAST_NAMED = 1e-6;

/** Name of a figure's part for a number: `0.5C`, `70pct`. */
export function numberName(value: number, unit: string): string {
  const near = Math.abs(value) < LEAST_NAMED ? 0 : Number(value.toPrecision(3));
  return `${near}${unit}`;
}
