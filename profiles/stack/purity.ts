import { PEAK_S } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { largestMeanOf } from '../record-math.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { standingAnalyser } from '../uncertainty/standing-gauge.ts';
import { unusableIn, whyNotWhole } from '../uncertainty/unusable-time.ts';
import type { Stretch } from './stretch.ts';

/** The end of a purge that counts, s of life. */
const LAST_S = 30;

/** What is left of the wrong gas on each side at the end of a purge, vol %. */
export function purgeFigures(run: RecordedRun, phase: Stretch): KpiValue[] {
  const last = { from_s: phase.end_s - LAST_S / run.timeFactor, to_s: phase.end_s };
  const stands = (role: string) => standingAnalyser(run, role, last);
  const unseen = (role: string) => unusableIn(run.series(role), last.from_s, last.to_s);
  const why = (role: string) => whyNotWhole(unseen(role), role, 'of the last 30 s');
  const left = (role: string) =>
    stands(role) !== undefined || why(role) !== ''
      ? null
      : (largestMeanOf(run.series(role), last.from_s, last.to_s, PEAK_S / run.timeFactor)?.value ?? null);
  const common = { phase: phase.name, unit: 'vol_pct', basis: 'recalled' } as const;
  const u95 = (role: string) => run.accuracy(role).abs;
  const missing = (role: string) =>
    whyLacking(
      run,
      [role],
      stands(role) ?? (unseen(role) < 1 ? why(role) : 'no usable analyser value at the end of the phase'),
    );
  return [
    kpi({
      ...common,
      id: 'purge-o2-in-cathode',
      value: left('h2.o2_vol_pct'),
      u95: u95('h2.o2_vol_pct'),
      definition: `Largest mean of ${PEAK_S} s of O2 in the cathode gas in the last 30 s of the purge, as the analyser shows it: behind its lag, so rather too much than too little.`,
      missing: missing('h2.o2_vol_pct'),
    }),
    kpi({
      ...common,
      id: 'purge-h2-in-anode',
      value: left('o2.h2_vol_pct'),
      u95: u95('o2.h2_vol_pct'),
      definition: `Largest mean of ${PEAK_S} s of H2 in the anode gas in the last 30 s of the purge, as the analyser shows it: behind its lag, so rather too much than too little.`,
      missing: missing('o2.h2_vol_pct'),
    }),
  ];
}
