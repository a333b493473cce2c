import { before } from '../in-force.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { integrate } from '../record-math.ts';
import type { RecordedRun, RecordedStep } from '../recorded-run.ts';
import { declaredAt } from '../uncertainty/repeatability.ts';
import { rmsU95 } from '../uncertainty/rms-u95.ts';
import { chargeBetween, energyBetween } from './amounts.ts';
import { CURRENT, type Ledger } from './ledger.ts';
import { partsOf, ratioU95 } from './ratio-u95.ts';
import { STORES_NONE, storedEnergy_pct } from './stored-energy.ts';

/** A cell under a current out of a file: energy out over energy in once its charge has come back, and how closely it followed. */

/** Charge in and out may differ by so much for an energy efficiency, per cent. */
const CLOSED_PCT = 1;
const SET = 'cell.currentSet_A';

/** Energy efficiency (%) from the begin of a duty to the end of the way back; null where the charge does not close. */
export function closedEfficiency(
  run: RecordedRun,
  ledger: Ledger,
  { from_s, to_s }: { readonly from_s: number; readonly to_s: number },
): KpiValue {
  const charge = chargeBetween(run, ledger, from_s, to_s);
  const energy = energyBetween(run, ledger, from_s, to_s);
  const open_pct = 100 * (charge.out.value / charge.into.value - 1);
  const stored_pct = storedEnergy_pct(energy.into.value, energy.out.value);
  const value = stored_pct ?? 0;
  const isClosed = Math.abs(open_pct) < CLOSED_PCT;
  const parts = partsOf(energy, { from_s, to_s }, energy.into.value, energy.out.value, value);
  return kpi({
    id: 'energy-efficiency',
    value: isClosed ? stored_pct : null,
    unit: 'pct',
    // Charge that has not come back is energy at nearly the same voltage.
    u95: Math.hypot(ratioU95(run, ledger, 'energy', parts), isClosed ? open_pct : 0),
    definition: `Energy out over energy in, from the begin of the duty until its charge had come back; charge out and in differ by ${open_pct.toFixed(2)} %, which counts in the uncertainty.`,
    basis: 'default',
    missing: isClosed
      ? stored_pct === null
        ? STORES_NONE
        : 'no usable power in it'
      : Number.isFinite(open_pct)
        ? `charge out and in differ by more than ${CLOSED_PCT} %`
        : 'the duty or the way back is not in the record',
  });
}

/** Root mean square of the current less what was asked, % of the root mean square of what was asked. */
export function currentTracking(run: RecordedRun, duty: RecordedStep | undefined): KpiValue {
  const common = { id: 'tracking-error', unit: 'pct', basis: 'default' } as const;
  const definition =
    'Root mean square of the current less the current asked for, over that of the current asked for; each reading with what was in force when it was taken. Uncertainty: gain and zero of the meter.';
  if (duty === undefined)
    return kpi({ ...common, value: null, definition, missing: 'no duty in the record' });
  const series = run.series(CURRENT);
  const accuracy = run.accuracy(CURRENT);
  const mean = (map: (ampere: number, asked_A: number) => number): number => {
    // Each goes through the readings once: the look-up begins anew.
    const asked = before(run.asked(SET));
    const from_s = duty.start_s;
    const { sum, covered_s } = integrate(series, from_s, duty.end_s - 1e-6, (a, t_s) => map(a, asked(t_s)));
    return sum / covered_s;
  };
  const wanted_A = Math.sqrt(mean((_, asked_A) => asked_A ** 2));
  const means = {
    square: mean((ampere, asked_A) => (ampere - asked_A) ** 2),
    error: mean((ampere, asked_A) => ampere - asked_A),
    byReading: mean((ampere, asked_A) => (ampere - asked_A) * ampere),
    own: mean(ampere => declaredAt(accuracy, ampere) ** 2),
  };
  return kpi({
    ...common,
    value: (100 * Math.sqrt(means.square)) / wanted_A,
    u95: (100 * rmsU95(means, accuracy)) / wanted_A,
    definition,
    missing: 'no usable current, or none was asked for',
  });
}
