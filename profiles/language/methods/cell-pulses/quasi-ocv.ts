import { VOLTAGE } from '../../../cell/ledger.ts';
import { meanOf } from '../../../record-math.ts';
import type { RecordedStep } from '../../../recorded-run.ts';
import { accountOf, type CellAccount, chargeOf, figureOf } from '../cell/account.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';

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
  doc: 'mean voltage of the slow charge less that of the slow discharge',
};

/** Slow charge and discharge: capacity, largest peak of dQ/dV, distance of the two. */
export const quasiOcv = defineEvaluation({
  method: 'quasi-ocv',
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
    const voltU95 = Math.hypot((peak.at_V * reading_pct) / 100, abs, width_V);
    const mean = (step: RecordedStep): number =>
      meanOf(run.series(VOLTAGE), step.start_s + 1e-6, step.end_s - 1e-6).mean;
    return [
      figureOf(CAPACITY, { value, u95 }),
      figureOf(AT, { value: peak.at_V, u95: voltU95, missing: 'no usable voltage' }),
      figureOf(HEIGHT, {
        value: peak.height,
        u95: Math.hypot(peak.scatter, (peak.height * u95) / value),
        missing: 'no usable voltage',
      }),
      figureOf(HYSTERESIS, {
        value: up?.ended === 'condition' ? 1000 * (mean(up) - mean(down)) : null,
        u95: (1000 * Math.SQRT2 * abs) / 4,
        missing: 'the slow charge did not come to its end',
      }),
    ];
  },
});

/** Where dQ/dV of a discharge is largest: charge by bins of the voltage; scatter against the neighbours, k = 2. */
function peakOf(
  { run, ledger }: CellAccount,
  { start_s, end_s }: RecordedStep,
  width_V: number,
): { readonly at_V: number; readonly height: number; readonly scatter: number } {
  const { t_s, value } = run.series(VOLTAGE);
  const bins = new Map<number, number>();
  let row = 0;
  let before = Number.NaN;
  for (let i = 0; i < t_s.length; i++) {
    if (t_s[i] < start_s || t_s[i] > end_s || Number.isNaN(value[i])) continue;
    while (row + 1 < ledger.charge.t_s.length && ledger.charge.t_s[row + 1] <= t_s[i]) row++;
    const out = ledger.charge.out[row];
    const bin = Math.floor(value[i] / width_V);
    if (out > before) bins.set(bin, (bins.get(bin) ?? 0) + out - before);
    before = out;
  }
  let best = Number.NaN;
  for (const [bin, charge] of bins) if (Number.isNaN(best) || charge > (bins.get(best) ?? 0)) best = bin;
  const height = (bins.get(best) ?? Number.NaN) / width_V;
  const beside = [-1, 1].map(d => (bins.get(best + d) ?? 0) / width_V);
  return { at_V: (best + 0.5) * width_V, height, scatter: height - Math.max(...beside) };
}
