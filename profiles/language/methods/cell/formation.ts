import { defineEvaluation, stepsOf } from '../evaluation.ts';
import { accountOf, chargeOf, figureOf, ratio_pct } from './account.ts';

const FIGURES = [
  { id: 'first-cycle-efficiency', unit: 'pct', doc: 'charge out over charge in of the first cycle' },
  { id: 'irreversible-charge', unit: 'Ah', doc: 'charge in less charge out of the first cycle' },
  { id: 'last-cycle-efficiency', unit: 'pct', doc: 'charge out over charge in of the last cycle' },
] as const;

/** Formation: what the first cycle lost, what the last one still loses. The cell comes empty. */
export const formation = defineEvaluation({
  method: 'formation',
  ids: ['up', 'down'],
  figures: FIGURES,
  evaluate(run, part) {
    const account = accountOf(run);
    const ups = stepsOf(run, part, 'up');
    const downs = stepsOf(run, part, 'down');
    const cycles = downs.flatMap((down, i) => {
      const up = ups[i];
      return up?.ended === 'condition' && down.ended === 'condition' ? [{ up, down }] : [];
    });
    const [first, last] = [cycles.at(0), cycles.at(-1)];
    if (account === undefined || first === undefined || last === undefined || first.down !== downs[0])
      return FIGURES.map(of => figureOf(of, { missing: 'the first cycle did not come to its end' }));
    // It begins at the end of the discharge before it; the first one with the cell that came.
    const efficiency = ({ up, down }: typeof first) => {
      const begins = downs.slice(0, downs.indexOf(down)).slice(-1);
      return ratio_pct(account, { step: down, way: 'out' }, { step: up, way: 'into' }, [...begins, down]);
    };
    const one = efficiency(first);
    if (one.value > 100 + one.u95)
      return FIGURES.map((of, i) =>
        figureOf(of, {
          ...(i === 2 && last !== first ? efficiency(last) : {}),
          missing: 'more came out than went in: the cell was not empty when it began',
        }),
      );
    const into = chargeOf(account, first.up, 'into');
    const lost_Ah = into.value * (1 - one.value / 100);
    return [
      figureOf(FIGURES[0], one),
      figureOf(FIGURES[1], {
        value: lost_Ah,
        u95: Math.hypot((into.value * one.u95) / 100, (lost_Ah * into.u95) / into.value),
      }),
      figureOf(FIGURES[2], {
        ...(last === first ? {} : efficiency(last)),
        missing: 'there is only one whole cycle',
      }),
    ];
  },
});
