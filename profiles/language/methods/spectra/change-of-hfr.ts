import { type KpiValue, kpi } from '../../../kpi.ts';
import type { RecordedPart, RecordedRun } from '../../../recorded-run.ts';
import { highFrequencyResistance } from '../../../spectrum/intercepts.ts';
import type { FigureOf } from '../evaluation.ts';
import { dataOf, type ResistanceUnit, spectraOf } from './spectrum.ts';

/** How much a stress has changed the high-frequency resistance. */
export const CHANGE_OF_HFR: FigureOf = {
  id: 'change-hfr',
  unit: 'mOhm.cm2',
  doc: 'high-frequency resistance of one cell of the stack, by its area, of the last spectrum in it minus that of the first, where it measures some (steps `eis`)',
};

/** Last minus first, by one instrument: its errors of gain and phase are in both and count for the difference alone. */
export function changeOfHfr(run: RecordedRun, part: RecordedPart, { factor }: ResistanceUnit): KpiValue {
  const spectra = spectraOf(run, part).map(({ spectrum }) => spectrum);
  const [first, last] = [spectra[0], spectra.at(-1)];
  const { id, unit, doc } = CHANGE_OF_HFR;
  const none = (missing: string): KpiValue =>
    kpi({ id, unit, value: null, definition: `${doc}.`, basis: 'default', missing });
  if (first === undefined || last === undefined || spectra.length < 2)
    return none('no two spectra were measured in it');
  const [before, after] = [first, last].map(spectrum =>
    highFrequencyResistance(dataOf(spectrum), { ...spectrum.accuracy, modulus_pct: 0, phase_deg: 0 }),
  );
  for (const read of [before, after]) if ('missing' in read) return none(read.missing);
  if ('missing' in before || 'missing' in after) return none('it cannot be read');
  const value = factor * (after.value - before.value);
  const gain = (last.accuracy.modulus_pct / 100) * value;
  return kpi({
    id,
    unit,
    value,
    u95: Math.hypot(factor * before.u95, factor * after.u95, gain),
    definition: `${doc}. Uncertainty: scatter of both, gain of the instrument on the difference.`,
    basis: last.accuracy.basis,
  });
}
