import { energyBetween } from '../../../cell/amounts.ts';
import { type Figure, kpi } from '../../../kpi.ts';
import type { RecordedStep } from '../../../recorded-run.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';
import { accountOf, chargeOf, ratio_pct } from './account.ts';

const FIGURES = [
  { id: 'capacity', unit: 'Ah', doc: 'charge that the discharge gave' },
  { id: 'discharge-energy', unit: 'Wh', doc: 'energy that the discharge gave' },
  {
    id: 'coulombic-efficiency',
    unit: '%',
    doc: 'charge out over charge in of the cycle that ends as it began: full',
  },
] as const;

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
    const { ledger } = account;
    const charge = chargeOf(account, down, 'out');
    const energy = energyBetween(run, ledger, down.start_s, down.end_s).out;
    const isClosed = up?.ended === 'condition';
    return [
      kpi(figure(0, { value: charge.value, u95: charge.u95 })),
      kpi(figure(1, { value: energy.value, u95: energy.u95 })),
      kpi(
        figure(2, {
          ...(isClosed ? ratio_pct(account, { step: down, way: 'out' }, { step: up, way: 'into' }) : {}),
          missing: 'the charge after it did not come to its end',
        }),
      ),
    ];
  },
});
