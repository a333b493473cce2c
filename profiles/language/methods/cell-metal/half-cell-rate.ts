import { whyLacking } from '../../../lacking.ts';
import { indexAt } from '../../../series-parts.ts';
import { notSeenNote, unusableIn, whyNotWhole } from '../../../uncertainty/unusable-time.ts';
import { figureOf, numberName } from '../cell/account.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';

const NEGATIVE = 'cell.negativePotential_V';
const MARGIN = {
  id: 'plating-margin',
  unit: 'mV',
  doc: 'lowest potential of the negative electrode in a charge against its reference; one figure a rate, named after it',
};

/** How far each charge kept its negative electrode above the potential of lithium. */
export const halfCellRate = defineEvaluation({
  method: 'half-cell-rate',
  ids: ['up'],
  without: 'there is no rate in rates_C',
  figures: [MARGIN],
  evaluate(run, part) {
    const given = part.parameters['rates_C'];
    const rates = Array.isArray(given) ? (given as readonly number[]) : [];
    const { t_s, value } = run.series(NEGATIVE);
    const { reading_pct, abs } = run.accuracy(NEGATIVE);
    const ups = stepsOf(run, part, 'up');
    return rates.map((rate_C, i) => {
      const up = ups[i];
      let least_V = Number.POSITIVE_INFINITY;
      const end = up === undefined ? 0 : indexAt(t_s, up.end_s - 1e-6);
      for (let k = up === undefined ? 0 : indexAt(t_s, up.start_s + 1e-6); k < end; k++)
        if (value[k] < least_V) least_V = value[k];
      const unseen = up === undefined ? 1 : unusableIn({ t_s, value }, up.start_s, up.end_s);
      const why = whyNotWhole(unseen, NEGATIVE, 'of its charge');
      const isWhole = up?.ended === 'condition' && why === '';
      return figureOf(
        { ...MARGIN, id: `${MARGIN.id}-at-${numberName(rate_C, 'C')}` },
        {
          value: isWhole ? 1000 * least_V : null,
          definition: `${MARGIN.doc}.${isWhole ? notSeenNote(unseen, 'of the charge') : ''}`,
          u95: 1000 * Math.hypot((least_V * reading_pct) / 100, abs),
          missing:
            up?.ended === 'condition'
              ? whyLacking(run, [NEGATIVE], why)
              : 'its charge did not come to its end',
          accepted: { is: '>', limit: numberOf(part, 'least_mV') },
        },
      );
    });
  },
});
