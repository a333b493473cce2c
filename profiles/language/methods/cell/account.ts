import { type Amount, chargeBetween } from '../../../cell/amounts.ts';
import { type Ledger, ledgerOf } from '../../../cell/ledger.ts';
import { ratioU95 } from '../../../cell/ratio-u95.ts';
import { type Figure, type KpiValue, kpi } from '../../../kpi.ts';
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

/** Charge of one way in a step, Ah. */
export function chargeOf({ run, ledger }: CellAccount, step: RecordedStep, way: 'into' | 'out'): Amount {
  return chargeBetween(run, ledger, step.start_s, step.end_s)[way];
}

/** One charge of a ratio. */
export interface ChargeAt {
  readonly step: RecordedStep;
  readonly way: 'into' | 'out';
}

/** One charge over another, per cent, with its uncertainty k = 2: the gain of the meter cancels. */
export function ratio_pct(
  { run, ledger }: CellAccount,
  top: ChargeAt,
  base: ChargeAt,
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
  return { value, u95: ratioU95(run, ledger, 'charge', parts) };
}

/** Name of a figure's part for a number: `0.5C`, `70pct`. */
export function numberName(value: number, unit: string): string {
  return `${Number(value.toPrecision(3))}${unit}`;
}
