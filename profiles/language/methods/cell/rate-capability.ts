import { defineEvaluation, stepsOf } from '../evaluation.ts';
import { accountOf, chargeOf, figureOf, numberName, ratio_pct } from './account.ts';

const REFERENCE = {
  id: 'reference-capacity',
  unit: 'Ah',
  doc: 'charge that the discharge at the first rate gave',
};
const KEPT = {
  id: 'capacity-kept',
  unit: 'pct',
  doc: 'charge at a rate over that at the first rate; one figure a rate, named after it',
};

/** Rate capability: what each rate still gives, against the first of the list. */
export const rateCapability = defineEvaluation({
  method: 'rate-capability',
  ids: ['down'],
  without: 'there is no second rate in rates_C',
  figures: [REFERENCE, KEPT],
  evaluate(run, part) {
    const account = accountOf(run);
    const downs = stepsOf(run, part, 'down');
    const given = part.parameters['rates_C'];
    const rates = Array.isArray(given) ? (given as readonly number[]) : [];
    const first = downs[0];
    const missing = 'the discharge at the first rate did not come to its end voltage';
    if (account === undefined || first?.ended !== 'condition')
      return [REFERENCE, KEPT].map(of => figureOf(of, { missing }));
    const { value, u95 } = chargeOf(account, first, 'out');
    return [
      figureOf(REFERENCE, { value, u95 }),
      ...rates.slice(1).map((rate_C, i) => {
        const down = downs[i + 1];
        const isWhole = down?.ended === 'condition';
        return figureOf(
          { ...KEPT, id: `${KEPT.id}-at-${numberName(rate_C, 'C')}` },
          {
            ...(isWhole ? ratio_pct(account, { step: down, way: 'out' }, { step: first, way: 'out' }) : {}),
            missing: 'its discharge did not come to its end voltage',
          },
        );
      }),
    ];
  },
});
