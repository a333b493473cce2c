import type { KpiValue } from '../../../kpi.ts';
import { kpi } from '../../../kpi.ts';
import { student95 } from '../../../least-squares/student-t.ts';
import { fitLine } from '../../../record-math.ts';
import type { RecordedPart, RecordedRun, RecordedSpectrum } from '../../../recorded-run.ts';
import { throughResistance } from '../../../spectrum/through-resistance.ts';
import { standingGauge } from '../../../uncertainty/standing-gauge.ts';
import { defineEvaluation, numberOf } from '../evaluation.ts';
import { whyNone } from '../measured-whole.ts';
import { dataOf, spectraOf } from './spectrum.ts';

/** Ionic conductivity of a pellet between blocking electrodes over temperature, and its activation energy. */

const SIGMA = {
  id: 'conductivity',
  unit: 'S/cm',
  doc: 'thickness over area and resistance before the spike of the blocking electrodes, bulk and grain boundaries together; one figure a temperature, named after it',
};
const ENERGY = {
  id: 'activation-energy',
  unit: 'kJ/mol',
  doc: 'from the slope of ln(conductivity x temperature) over 1/temperature, temperature in K (Arrhenius)',
};
const R_J_PER_MOL_K = 8.314462618;
const ZERO_DEGC_K = 273.15;
const MM_PER_CM = 10;

/** One temperature. */
interface Point {
  /** Of its spectrum, run times. */
  readonly start_s: number;
  readonly end_s: number;
  readonly suffix: string;
  readonly kelvin: number;
  /** That its figure is named after; NaN: after none. */
  readonly named_K: number;
  /** How far the temperature lay from its mean during the spectrum, at most. */
  readonly wander_K: number;
  readonly sigma: number;
  readonly u95: number;
  readonly how: string;
  readonly basis: KpiValue['basis'];
}

/** Conductivity at each temperature, activation energy over all of them. */
export const conductivity = defineEvaluation({
  method: 'conductivity',
  figures: [SIGMA, ENERGY],
  evaluate(run, part) {
    const found = spectraOf(run, part).map(one => ({ ...one, point: pointOf(run, part, one) }));
    const points = found.flatMap(({ point }) => ('missing' in point ? [] : [point]));
    const energy = energyOf(run, points);
    const sigmas = found.map(({ suffix, point }) =>
      'missing' in point ? none(SIGMA, point.missing, suffix) : sigmaAt(run, point, energy),
    );
    const all =
      sigmas.length > 0
        ? sigmas
        : [none(SIGMA, whyNone(run.spectra, part, 'no spectrum was measured to its end'))];
    return [...all, energy];
  },
});

/** Where the energy is not known (fewer than three temperatures): as that of a steep solid electrolyte, kJ/mol (default). */
const STEEP_KJ_PER_MOL = 60;
/** Further off than this part of it the conductivity is not that of the temperature in its name (chosen here). */
const MOST_OFF_FRAC = 0.5;

/** The figure of one temperature: u95 holds what it is at the one that it is named after; none where that lies too far off. */
function sigmaAt(run: RecordedRun, point: Point, energy: KpiValue): KpiValue {
  const { kelvin, named_K, wander_K, sigma } = point;
  const energy_kJ_per_mol =
    energy.value === null ? STEEP_KJ_PER_MOL : Math.abs(energy.value) + (energy.u95 ?? 0);
  const energy_K = (1000 * energy_kJ_per_mol) / R_J_PER_MOL_K;
  const { abs, reading_pct } = run.accuracy('cell.temperature_degC');
  const meter_K = (abs || 0) + ((reading_pct || 0) / 100) * Math.abs(kelvin - ZERO_DEGC_K) || 0;
  const sigmaOf = (at_K: number): number =>
    sigma * (kelvin / at_K) * Math.exp(energy_K * (1 / kelvin - 1 / at_K));
  const apart = (by_K: number): number => sigmaOf(kelvin + by_K) - sigma || 0;
  const there = sigmaOf(named_K);
  const off = Number.isFinite(there) ? Math.abs(there - sigma) : 0;
  const at = `${(kelvin - ZERO_DEGC_K).toFixed(2)} degC`;
  const { start_s, end_s } = point;
  const stands = standingGauge(run, 'cell.temperature_degC', { from_s: start_s, to_s: end_s });
  if (stands !== undefined) return none(SIGMA, stands, point.suffix);
  if (off > MOST_OFF_FRAC * Math.min(sigma, there))
    return none(
      SIGMA,
      `it was measured at ${at}, too far off (even_K smaller, stand_min or most_h longer)`,
      point.suffix,
    );
  return kpi({
    id: `${SIGMA.id}${point.suffix}`,
    unit: SIGMA.unit,
    value: sigma,
    u95: Math.hypot(point.u95, apart(meter_K), apart(wander_K)) + off,
    definition: `${SIGMA.doc}. Resistance: ${point.how}. Measured at ${at}. Uncertainty: declared accuracy, fit, geometry, thermometer, and what lies between this and the temperature that it is named after, by the activation energy.`,
    basis: point.basis,
  });
}

function none({ id, unit, doc }: typeof SIGMA, missing: string, suffix = ''): KpiValue {
  return kpi({ id: `${id}${suffix}`, unit, value: null, definition: `${doc}.`, basis: 'default', missing });
}

function pointOf(
  run: RecordedRun,
  part: RecordedPart,
  { spectrum, suffix }: { readonly spectrum: RecordedSpectrum; readonly suffix: string },
): Point | { readonly missing: string } {
  const { subject } = run;
  const given_mm = numberOf(part, 'thickness_mm');
  // A block of one's own has no parameters: the bench knows the pellet.
  const own_mm = subject.figures?.['thickness_mm'] ?? Number.NaN;
  const thickness_cm = (Number.isNaN(given_mm) ? own_mm : given_mm) / MM_PER_CM;
  const area_cm2 = subject.kind === 'cell' ? (subject.activeArea_cm2 ?? Number.NaN) : Number.NaN;
  if (!(thickness_cm > 0))
    return {
      missing:
        'the thickness was not given, neither as thickness_mm nor under figures of the cell in the bench file',
    };
  if (!(area_cm2 > 0)) return { missing: 'the bench says no activeArea_cm2 of the pellet' };
  const read = throughResistance(dataOf(spectrum), spectrum.accuracy);
  if ('missing' in read) return read;
  const degC = meanOf(spectrum.temperature_degC);
  const named = Object.entries(spectrum.levels).find(([name]) => name.endsWith('_degC'));
  const sigma = thickness_cm / (area_cm2 * read.value);
  const geometry = (numberOf(part, 'geometry_pct') || 0) / 100;
  return {
    suffix,
    start_s: spectrum.start_s,
    end_s: spectrum.end_s,
    kelvin: degC + ZERO_DEGC_K,
    named_K: (named?.[1] ?? Number.NaN) + ZERO_DEGC_K,
    wander_K: Math.max(
      ...spectrum.temperature_degC.filter(v => !Number.isNaN(v)).map(v => Math.abs(v - degC)),
    ),
    sigma,
    u95: sigma * Math.hypot(read.u95 / read.value, geometry),
    how: read.how,
    basis: spectrum.accuracy.basis,
  };
}

function meanOf(values: Float64Array): number {
  const usable = values.filter(v => !Number.isNaN(v));
  return usable.reduce((sum, v) => sum + v, 0) / usable.length;
}

const LEAST_TEMPERATURES = 3;

function energyOf(run: RecordedRun, points: readonly Point[]): KpiValue {
  const usable = points.filter(({ kelvin }) => !Number.isNaN(kelvin));
  if (usable.length < LEAST_TEMPERATURES)
    return none(ENERGY, `${usable.length} temperatures, ${LEAST_TEMPERATURES} are needed`);
  const slopeAt = (offset_K: number): ReturnType<typeof fitLine> =>
    fitLine(
      usable.map(({ kelvin }) => 1 / (kelvin + offset_K)),
      usable.map(({ kelvin, sigma }) => Math.log(sigma * (kelvin + offset_K))),
    );
  const line = slopeAt(0);
  if (line === undefined) return none(ENERGY, 'all spectra were taken at one temperature');
  const value = (-R_J_PER_MOL_K * line.slope) / 1000;
  const fit = (student95(usable.length - 2) * R_J_PER_MOL_K * line.slopeError) / 1000;
  const { abs, reading_pct } = run.accuracy('cell.temperature_degC');
  const warmer = slopeAt(abs || 0);
  const offset = warmer === undefined ? 0 : (-R_J_PER_MOL_K * warmer.slope) / 1000 - value;
  const u95 = Math.hypot(fit, offset, (value * (reading_pct || 0)) / 100);
  return kpi({
    id: ENERGY.id,
    unit: ENERGY.unit,
    value,
    u95,
    definition: `${ENERGY.doc}. Uncertainty: scatter about the line over ${usable.length} temperatures, thermometer.`,
    basis: usable[0].basis,
  });
}
