import { VOLTAGE } from '../../../cell/ledger.ts';
import type { RecordedStep } from '../../../recorded-run.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';
import { declaredAt } from '../../../uncertainty/repeatability.ts';
import { accountOf, type CellAccount, chargeOf, figureOf } from '../cell/account.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';
import { hysteresisOf } from './hysteresis.ts';

const CAPACITY = { id: 'capacity', unit: 'Ah', doc: 'charge that the slow discharge gave' };
const AT = {
  id: 'peak-voltage',
  unit: 'V',
  doc: 'voltage at which the slow discharge has its largest dQ/dV',
};
const HEIGHT = { id: 'peak-height', unit: 'Ah/V', doc: 'largest dQ/dV of the slow discharge' };
const HYSTERESIS = {
  id: 'hysteresis',
  unit: 'mV',
  doc: 'mean voltage of the slow charge less that of the slow discharge, over the charge that both have passed',
};

/** Slow charge and discharge: capacity, largest peak of dQ/dV, distance of the two. */
export const quasiOcv = defineEvaluation({
  method: 'quasi-ocv',
  ids: ['down'],
  figures: [CAPACITY, AT, HEIGHT, HYSTERESIS],
  evaluate(run, part) {
    const account = accountOf(run);
    const [down, up] = ['down', 'up'].map(id => stepsOf(run, part, id).at(-1));
    if (account === undefined || down?.ended !== 'condition')
      return [CAPACITY, AT, HEIGHT, HYSTERESIS].map(of =>
        figureOf(of, { missing: 'the slow discharge did not come to its end' }),
      );
    const { value, u95 } = chargeOf(account, down, 'out');
    const width_V = numberOf(part, 'smooth_mV') / 1000;
    const peak = peakOf(account, down, width_V);
    const { reading_pct, abs } = run.accuracy(VOLTAGE);
    const declared_V = declaredAt({ reading_pct, abs, basis: 'default' }, peak.at_V);
    // It lies anywhere in its bin, k = 2 of an even spread.
    const binU95_V = width_V / Math.sqrt(3);
    const noise_V = readingNoise(run.series(VOLTAGE), down.start_s, down.end_s);
    // Both edges of the bin: noise of the reading there, and the charge of one row; and where an offset puts the bin.
    const heightU95 = Math.hypot(
      (2 * Math.SQRT2 * noise_V * peak.height) / width_V,
      (Math.SQRT2 * peak.row_Ah) / Math.sqrt(3) / width_V,
      (peak.over * declared_V) / width_V,
      (peak.height * u95) / value,
    );
    return [
      figureOf(CAPACITY, { value, u95 }),
      figureOf(AT, { value: peak.at_V, u95: Math.hypot(declared_V, binU95_V), missing: 'no usable voltage' }),
      figureOf(HEIGHT, {
        value: peak.height,
        u95: heightU95,
        missing: 'no usable voltage',
      }),
      figureOf(
        HYSTERESIS,
        up?.ended === 'condition'
          ? hysteresisOf(account, down, up, declared_V)
          : { value: null, missing: 'the slow charge did not come to its end' },
      ),
    ];
  },
});

/** A peak of dQ/dV: Ah/V; how far it stands over its higher neighbour; charge from row to row, Ah. */
interface Peak {
  readonly at_V: number;
  readonly height: number;
  readonly over: number;
  readonly row_Ah: number;
}

/** Where dQ/dV of a discharge is largest: charge by bins of the voltage. */
function peakOf({ run, ledger }: CellAccount, { start_s, end_s }: RecordedStep, width_V: number): Peak {
  const { t_s, value } = run.series(VOLTAGE);
  const bins = new Map<number, number>();
  let row = 0;
  let before = Number.NaN;
  let rows = 0;
  for (let i = 0; i < t_s.length; i++) {
    if (t_s[i] < start_s || t_s[i] > end_s || Number.isNaN(value[i])) continue;
    while (row + 1 < ledger.charge.t_s.length && ledger.charge.t_s[row + 1] <= t_s[i]) row++;
    const out = ledger.charge.out[row];
    const bin = Math.floor(value[i] / width_V);
    if (out > before) rows++;
    if (out > before) bins.set(bin, (bins.get(bin) ?? 0) + out - before);
    before = out;
  }
  let best = Number.NaN;
  for (const [bin, charge] of bins) if (Number.isNaN(best) || charge > (bins.get(best) ?? 0)) best = bin;
  const height = (bins.get(best) ?? Number.NaN) / width_V;
  const beside = [-1, 1].map(d => (bins.get(best + d) ?? 0) / width_V);
  const charge = [...bins.values()].reduce((sum, q) => sum + q, 0);
  return {
    at_V: (best + 0.5) * width_V,
    height,
    over: height - Math.max(...beside),
    row_Ah: charge / Math.max(1, rows),
  };
}
