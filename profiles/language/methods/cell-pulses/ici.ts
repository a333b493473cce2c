import { CURRENT, VOLTAGE } from '../../../cell/ledger.ts';
import { levelAt } from '../../../cell/level-at.ts';
import { temperatureTold } from '../../../cell/rest-alone.ts';
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
/** Current and voltage before a pause are told by so long: the voltage still falls under the current, life s. */
const BEFORE_S = 10;
/** By so many readings at most. */
const MOST = 1000;
/** Noise of a reading is told by so long before a pause, life s. */
const NOISE_S = 60;

/** Steps hang together within so much, run time s. */
const WITHIN_S = 1e-3;
/** The first reading of a current may still show the pause, life s. */
const EDGE_S = 0.02;

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
      // Of the current alone: what was before it is another pause.
      const on_s = run.steps?.findLast(step => Math.abs(step.end_s - start_s) < WITHIN_S)?.start_s;
      const since_s = (on_s ?? Number.NEGATIVE_INFINITY) + EDGE_S / life;
      const last = { from_s: Math.max(since_s, start_s - BEFORE_S / life), to_s: start_s - 1e-6 };
      const amps = meanOf(current, last.from_s, last.to_s).mean;
      const noise_V = readingNoise(voltage, Math.max(since_s, start_s - NOISE_S / life), last.to_s) || 0;
      const how = { isBent: false, most: MOST, variance: noise_V ** 2 };
      const before = levelAt(voltage, last, start_s, how);
      if (line === undefined || before === undefined || !(Math.abs(amps) > 0)) return [];
      const middle = root.reduce((sum, x) => sum + x, 0) / root.length;
      return [
        {
          r: (-1000 * (line.intercept - before.value)) / amps,
          k: (-1000 * line.slope) / amps,
          rU95: (1000 * Math.hypot(2 * line.slopeError * middle, before.u95)) / Math.abs(amps),
          kU95: (2000 * line.slopeError) / Math.abs(amps),
        },
      ];
    });
    const n = found.length;
    const gain_frac = Math.hypot(run.accuracy(VOLTAGE).reading_pct, run.accuracy(CURRENT).reading_pct) / 100;
    const mean = (of: (one: (typeof found)[number]) => number): number =>
      found.reduce((sum, one) => sum + of(one), 0) / n;
    const pauses = stepsOf(run, part, 'pause').map(({ start_s, end_s }) => ({
      from_s: start_s,
      to_s: end_s,
    }));
    const given = (of: 'r' | 'k', u: 'rU95' | 'kU95', doc: string) => ({
      value: n === 0 ? null : mean(one => one[of]),
      u95:
        n === 0 ? 0 : Math.hypot(Math.sqrt(mean(one => one[u] ** 2) / n), mean(one => one[of]) * gain_frac),
      definition: `${doc}. ${temperatureTold(run, pauses)}.`,
      missing: 'no pause with three readings from a second on, and three before it',
    });
    return [figureOf(R, given('r', 'rU95', R.doc)), figureOf(K, given('k', 'kU95', K.doc))];
  },
});
