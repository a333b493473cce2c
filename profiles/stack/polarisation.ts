import { type KpiValue, kpi } from '../kpi.ts';
import type { StackRun } from '../recorded-run.ts';
import { asrOf, asrText, NO_ASR } from './asr.ts';
import type { MeasuredPoint } from './curve.ts';

/** ASR (mOhm cm2), voltage at the largest current (V) and hysteresis (mV) of one curve. */
export function polarisationFigures(
  run: StackRun,
  phase: string,
  points: readonly MeasuredPoint[],
): KpiValue[] {
  const asr = asrOf(run, points);
  const top = points.reduce((a, b) => (b.current_A > a.current_A ? b : a), points[0]);
  const pairs = points.flatMap(a => {
    const b = points.find(
      q => q.leg === 'down' && Math.abs(q.current_A - a.current_A) < 0.01 * a.current_A,
    );
    return a.leg === 'up' && b !== undefined ? [(b.cellVoltage_V - a.cellVoltage_V) * 1000] : [];
  });
  const common = { phase, basis: 'recalled' } as const;
  return [
    kpi({
      ...common,
      id: 'asr',
      value: asr?.value_mOhm_cm2 ?? null,
      unit: 'mOhm.cm2',
      ...(asr === undefined ? {} : { u95: asr.u95_mOhm_cm2 }),
      definition: asrText(asr),
      missing: NO_ASR,
    }),
    kpi({
      ...common,
      id: 'cell-voltage-top',
      value: top?.cellVoltage_V ?? null,
      unit: 'V',
      ...(top === undefined ? {} : { u95: top.u95_V }),
      definition: `Mean cell voltage at the largest current of the curve${top === undefined ? '' : ` (${top.current_A.toFixed(0)} A)`}.`,
      missing: 'no point was recorded',
    }),
    kpi({
      ...common,
      id: 'hysteresis',
      value: pairs.length === 0 ? null : pairs.reduce((a, b) => a + b, 0) / pairs.length,
      unit: 'mV',
      definition: 'Mean of U(down) - U(up) at equal current.',
      missing: 'no current was reached both ways',
    }),
  ];
}
