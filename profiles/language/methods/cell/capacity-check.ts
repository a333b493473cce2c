import { type Figure, kpi } from '../../../kpi.ts';
import type { RecordedPart, RecordedStep } from '../../../recorded-run.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';
import { accountOf, type CellAccount, chargeOf, energyOf, ratio_pct } from './account.ts';

const FIGURES = [
  { id: 'capacity', unit: 'Ah', doc: 'charge that the discharge gave' },
  { id: 'discharge-energy', unit: 'Wh', doc: 'energy that the discharge gave' },
  {
    id: 'coulombic-efficiency',
    unit: '%',
    doc: 'charge out over charge in of the cycle that ends as it began: full',
  },
] as const;

/** A charge of less than this part of what the discharge after it gave was on top of a cell that was nearly full. */
const LEAST_FRAC = 0.7;

/**
 * Why the discharge of a check is not to be compared with one after a charge from empty; empty if it is: a charge on top
 * of a cell that was nearly full, and had rested, leaves it fuller. A check of one's own may have no charge before it.
 */
export function whyOnTop(account: CellAccount, part: RecordedPart, down: RecordedStep): string {
  const before = [...stepsOf(account.run, part, 'fill'), ...stepsOf(account.run, part, 'again')]
    .filter(step => step.end_s <= down.start_s + 1e-6)
    .reduce<RecordedStep | undefined>((a, b) => (a === undefined || b.end_s > a.end_s ? b : a), undefined);
  if (before === undefined) return '';
  const [into, out] = [chargeOf(account, before, 'into').value, chargeOf(account, down, 'out').value];
  return into >= LEAST_FRAC * out
    ? ''
    : `the charge before the discharge put ${into.toFixed(3)} Ah on top of a cell that was nearly full, which leaves it fuller than a charge from empty`;
}

/** Capacity by one full discharge between two full charges. */
export const capacityCheck = defineEvaluation({
  method: 'capacity-check',
  ids: ['down'],
  figures: FIGURES,
  evaluate(run, part) {
    const [down, up] = ['down', 'up'].map((id): RecordedStep | undefined => stepsOf(run, part, id).at(-1));
    const isWhole = down?.ended === 'condition';
    const figure = (i: number, rest: Partial<Figure>): Figure => ({
      id: FIGURES[i].id,
      unit: FIGURES[i].unit,
      definition: `${FIGURES[i].doc}; by the account of the whole record.`,
      basis: 'default',
      value: null,
      missing: 'the discharge did not come to its end voltage',
      ...rest,
    });
    const account = accountOf(run);
    if (account === undefined || down === undefined || !isWhole)
      return FIGURES.map((_, i) => kpi(figure(i, {})));
    const charge = chargeOf(account, down, 'out');
    const isFull = up?.ended === 'condition';
    const onTop = whyOnTop(account, part, down);
    return [
      kpi(figure(0, { value: charge.value, u95: charge.u95 })),
      kpi(figure(1, energyOf(account, down, 'out'))),
      kpi(
        figure(2, {
          ...(isFull && onTop === ''
            ? ratio_pct(account, { step: down, way: 'out' }, { step: up, way: 'into' })
            : {}),
          missing: isFull ? onTop : 'the charge after it did not come to its end',
        }),
      ),
    ];
  },
});
