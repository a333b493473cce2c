import { CURRENT, VOLTAGE } from '../../../cell/ledger.ts';
import { fitLine, meanOf } from '../../../record-math.ts';
import { indexAt } from '../../../series-parts.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';
import { figureOf } from '../cell/account.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';

const R = {
  id: 'resistance',
  unit: 'mOhm',
  doc: 'voltage that a pause gives back at once over the current, by a line over the root of the time; mean of the pauses',
};
const K = { id: 'k', unit: 'mOhm/s^0.5', doc: 'slope of that line over the current; mean of the pauses' };
/** The line runs over the readings from a second on (Chien et al., Nat. Commun. 14 (2023), doi 10.1038/s41467-023-37989-6; its range of times recalled), life s. */
const FROM_S = 1;
/** The current before a pause is that of so long, life s. */
const BEFORE_S = 10;
/** Noise of a reading is told by so long before a pause, life s. */
const NOISE_S = 60;

/** Interruptions of a current: instantaneous resistance and coefficient of diffusion resistance. */
export const ici = defineEvaluation({
  method: 'ici',
  ids: ['pause'],
  figures: [R, K],
  evaluate(run, part) {
    const [voltage, current] = [run.series(VOLTAGE), run.series(CURRENT)];
    const life = run.timeFactor;
    const found = stepsOf(run, part, 'pause').flatMap(({ start_s, end_s }) => {
      const [a, b] = [indexAt(voltage.t_s, start_s + FROM_S / life), indexAt(voltage.t_s, end_s - 1e-6)];
      const root = voltage.t_s.slice(a, b).map(t => Math.sqrt((t - start_s) * life));
      const line = fitLine(root, voltage.value.slice(a, b));
      const before = indexAt(voltage.t_s, start_s - 1e-6) - 1;
      const amps = meanOf(current, start_s - BEFORE_S / life, start_s - 1e-6).mean;
      if (line === undefined || before < 0 || !(Math.abs(amps) > 0)) return [];
      // The reading before the pause is one: it has the noise of one.
      const noise_V = readingNoise(voltage, start_s - NOISE_S / life, start_s - 1e-6) || 0;
      const middle = root.reduce((sum, x) => sum + x, 0) / root.length;
      return [
        {
          r: (-1000 * (line.intercept - voltage.value[before])) / amps,
          k: (-1000 * line.slope) / amps,
          rU95: (1000 * Math.hypot(2 * line.slopeError * middle, 2 * noise_V)) / Math.abs(amps),
          kU95: (2000 * line.slopeError) / Math.abs(amps),
        },
      ];
    });
    const n = found.length;
    const gain_frac = Math.hypot(run.accuracy(VOLTAGE).reading_pct, run.accuracy(CURRENT).reading_pct) / 100;
    const mean = (of: (one: (typeof found)[number]) => number): number =>
      found.reduce((sum, one) => sum + of(one), 0) / n;
    const given = (of: 'r' | 'k', u: 'rU95' | 'kU95') => ({
      value: n === 0 ? null : mean(one => one[of]),
      u95:
        n === 0 ? 0 : Math.hypot(Math.sqrt(mean(one => one[u] ** 2) / n), mean(one => one[of]) * gain_frac),
      missing: 'no pause with three readings from a second on',
    });
    return [figureOf(R, given('r', 'rU95')), figureOf(K, given('k', 'kU95'))];
  },
});
