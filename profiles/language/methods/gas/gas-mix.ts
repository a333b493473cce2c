import { kpi } from '../../../kpi.ts';
import { whyLacking } from '../../../lacking.ts';
import { readingOver, windowsOf } from '../../../stack/windows.ts';
import { standingAnalyser } from '../../../uncertainty/standing-gauge.ts';
import { defineEvaluation } from '../evaluation.ts';

const ROLES = { 'mix-h2': 'mix.h2_vol_pct', 'mix-o2': 'mix.o2_vol_pct' } as const;

/** What a vessel held while its mixture stood. */
export const gasMix = defineEvaluation({
  method: 'gas-mix',
  figures: [
    { id: 'mix-h2', unit: 'vol_pct', doc: 'mean H2 of the mixture at the end of its hold' },
    { id: 'mix-o2', unit: 'vol_pct', doc: 'mean O2 of the mixture at the end of its hold' },
  ],
  evaluate(run, part) {
    const window = windowsOf(run, part).at(-1);
    return Object.entries(ROLES).map(([id, role]) => {
      const stands = window === undefined ? undefined : standingAnalyser(run, role, window);
      const found = window === undefined || stands !== undefined ? undefined : readingOver(run, role, window);
      return kpi({
        id,
        value: found?.mean ?? null,
        unit: 'vol_pct',
        ...(found === undefined ? {} : { u95: found.u95 }),
        definition: `Mean of ${role} over the last part of the hold; what it still moved there counts in the uncertainty.`,
        basis: 'default',
        missing: whyLacking(run, [role], stands ?? 'the hold was not come to its end'),
      });
    });
  },
});
