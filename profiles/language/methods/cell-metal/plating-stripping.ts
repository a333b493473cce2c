import { VOLTAGE } from '../../../cell/ledger.ts';
import { meanOf } from '../../../record-math.ts';
import type { RecordedPart, RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';
import { REPEATABILITY_FRAC } from '../../../uncertainty/repeatability.ts';
import { accountOf, figureOf, ratio_pct } from '../cell/account.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';

const FIGURES = [
  {
    id: 'efficiency',
    unit: 'pct',
    doc: 'charge stripped over charge plated, mean of the cycles that stripped all',
  },
  {
    id: 'overpotential',
    unit: 'mV',
    doc: 'half the difference of the mean voltages of stripping and plating, last whole cycle',
  },
  { id: 'short-time', unit: 'h', doc: 'time from the beginning at which the voltage fell as in a short' },
] as const;
/** A short is seen for this long before a cycle is left, s. */
const SEEN_S = 5;

/** Plating and stripping of a metal: how much comes back, what it costs, how long it lasts. */
export const platingStripping = defineEvaluation({
  method: 'plating-stripping',
  figures: FIGURES,
  evaluate(run, part) {
    const account = accountOf(run);
    const first = stepsOf(run, part, 'first').at(-1);
    if (account === undefined || first === undefined)
      return FIGURES.map(of => figureOf(of, { missing: 'the first plating did not come to its end' }));
    const short = shortOf(run, part, first);
    // What is left of a half cycle in a short is none.
    const strips = stepsOf(run, part, 'strip').filter(step => step !== short);
    const plates = stepsOf(run, part, 'plate').filter(step => step !== short);
    const wholes = strips.flatMap((strip, i) =>
      strip.ended === 'condition'
        ? [ratio_pct(account, { step: strip, way: 'into' }, { step: plates[i - 1] ?? first, way: 'out' })]
        : [],
    );
    const n = wholes.length;
    const mean = (of: (ratio: (typeof wholes)[number]) => number): number =>
      wholes.reduce((sum, ratio) => sum + of(ratio), 0) / n;
    const voltage = run.series(VOLTAGE);
    const pair = [strips[plates.length - 1], plates.at(-1)].map(step =>
      step === undefined
        ? { mean: Number.NaN, random: Number.NaN }
        : {
            mean: meanOf(voltage, step.start_s + 1e-6, step.end_s - 1e-6).mean,
            random: noiseOfMean(run, step),
          },
    );
    // Where a stripping ends between two readings is another chance in each cycle.
    const u95 = n === 0 ? 0 : Math.hypot(...wholes.map(ratio => ratio.u95)) / n;
    const isKnown = n > 0 && u95 < Math.abs(mean(ratio => ratio.value));
    const over_V = (pair[0].mean - pair[1].mean) / 2;
    const { reading_pct, abs } = run.accuracy(VOLTAGE);
    // Half a difference by one meter: its zero cancels but for its repeatability.
    const meter_V = Math.hypot((over_V * reading_pct) / 100, (REPEATABILITY_FRAC * abs) / Math.SQRT2);
    return [
      figureOf(FIGURES[0], {
        value: isKnown ? mean(ratio => ratio.value) : null,
        u95,
        missing:
          n === 0 && short !== undefined
            ? shortText(short)
            : n === 0
              ? 'no stripping ended because nothing was left: both electrodes have metal to spare'
              : 'the strippings ended at once: the charge that they took, or that was plated before them, is less than its uncertainty',
      }),
      figureOf(FIGURES[1], {
        value: 1000 * over_V,
        u95: 1000 * Math.hypot(meter_V, pair[0].random / 2, pair[1].random / 2),
        missing: short === undefined ? 'no whole cycle' : shortText(short),
      }),
      figureOf(FIGURES[2], {
        value: short !== undefined ? ((part.end_s - part.start_s) * run.timeFactor - SEEN_S) / 3600 : null,
        u95: SEEN_S / 3600,
        missing:
          tooShort(run, first) ?? (part.isWhole ? 'no short in all cycles' : 'no short as long as it went'),
      }),
    ];
  },
});

/** The mean of the first plating is of so long before its end, at most, s. */
const FIRST_MEAN_S = 300;
/** The last reading of a short lies below this much more than the part that makes one: the mean here is of the record. */
const SLACK = 1.5;
const USUAL_SHORT_PCT = 30;

/**
 * The half cycle that ended in a short: the last one, with a voltage at its end that is a small part of what it was in it, or
 * in the first one. A stripping that is through ends with a high one. Half cycles that are too short to tell it by
 * their own readings were left before all cycles were done: nothing else leaves them.
 */
function shortOf(run: RecordedRun, part: RecordedPart, first: RecordedStep): RecordedStep | undefined {
  const halves = stepsOf(run, part).filter(({ id }) => id === 'first' || id === 'strip' || id === 'plate');
  const last = halves.at(-1);
  if (!part.isWhole || last === undefined) return undefined;
  if (halves.length > 1 && halves.length < 1 + 2 * numberOf(part, 'cycles_count')) return last;
  const voltage = run.series(VOLTAGE);
  const mean = (from_s: number, to_s: number): number =>
    Math.abs(meanOf(voltage, from_s + 1e-6, to_s - 1e-6).mean);
  const firstMean_s = Math.min(FIRST_MEAN_S, (first.end_s - first.start_s) / 2);
  const before = [mean(last.start_s, last.end_s), mean(first.end_s - firstMean_s, first.end_s)];
  const share = (numberOf(part, 'short_pct') || USUAL_SHORT_PCT) / 100;
  const now = mean(Math.max(last.start_s, last.end_s - SEEN_S / run.timeFactor), last.end_s);
  return now < SLACK * share * Math.max(...before.filter(v => !Number.isNaN(v))) ? last : undefined;
}

/** A short in the first plating is told by its readings alone, after a quarter of it: it must have so many, and last so long, s. */
const LEAST_READINGS = 8;
const LEAST_HALF_S = 10;

/** Why no short at all says little: half cycles in which one does not show. Undefined where it does. */
function tooShort(run: RecordedRun, first: RecordedStep): string | undefined {
  const half_s = (first.end_s - first.start_s) * run.timeFactor;
  const { count } = meanOf(run.series(VOLTAGE), first.start_s + 1e-6, first.end_s - 1e-6);
  const text = `half cycles of ${Number(half_s.toPrecision(3))} s`;
  if (half_s < LEAST_HALF_S) return `${text} are too short to see a short in the first one`;
  return count < LEAST_READINGS
    ? `${text} with ${count} readings are too short to see a short in`
    : undefined;
}

function shortText({ id }: RecordedStep): string {
  return id === 'first'
    ? 'the voltage fell as in a short in the first plating'
    : 'the voltage fell as in a short before a cycle was through';
}

/** What the noise of the readings makes of the mean voltage of a step, V, k = 2: its course is no noise. */
function noiseOfMean(run: RecordedRun, { start_s, end_s }: RecordedStep): number {
  const { count } = meanOf(run.series(VOLTAGE), start_s + 1e-6, end_s - 1e-6);
  return (2 * readingNoise(run.series(VOLTAGE), start_s, end_s)) / Math.sqrt(Math.max(1, count)) || 0;
}
