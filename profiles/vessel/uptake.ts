import { ATMOSPHERE_BAR } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { hydrogenAmount_mol } from '../language/evaluate/hydrogen.ts';
import type { RecordedRun, RecordedStep } from '../recorded-run.ts';
import { readingOver } from '../stack/windows.ts';

/** Hydrogen taken up by a sample, from doses of known amount (Sieverts). */

/** Molar mass of H2, g/mol (IUPAC). */
const H2_G_PER_MOL = 2.01588;
/** The last part of a wait that counts as its end, and of a step before a dose. */
const END_FRAC = 0.1;
/** Relative accuracy of the volumes, k = 2 (default). */
const VOLUME_FRAC = 0.002;

/** The apparatus and the steps of a series of doses: after each shut wait comes one with the valve open. */
export interface Doses {
  readonly tank_L: number;
  readonly space_L: number;
  readonly sample_g: number;
  readonly shut: readonly RecordedStep[];
  readonly open: readonly RecordedStep[];
}

interface Amount {
  readonly mol: number;
  /** What pressure and temperature leave open, k = 2. */
  readonly u95: number;
}

/** Largest uptake (wt %) and pressure at half of it on the way up (bara); uncertainties add up dose by dose. */
export function uptakeFigures(run: RecordedRun, doses: Doses): KpiValue[] {
  const { tank_L, space_L, sample_g, open, shut } = doses;
  let left = amountIn(run, 'sample', space_L, shut[0]);
  let [taken, squares] = [0, 0];
  const points: { readonly mol: number; readonly bara: number; readonly u95: number }[] = [];
  for (const [i, step] of open.entries()) {
    const before = shut[i];
    if (before === undefined) break;
    const filled = amountIn(run, 'tank', tank_L, before);
    const [tank, space] = [amountIn(run, 'tank', tank_L, step), amountIn(run, 'sample', space_L, step)];
    taken += filled.mol + left.mol - tank.mol - space.mol;
    squares += filled.u95 ** 2 + tank.u95 ** 2 + space.u95 ** 2;
    left = space;
    const bara = endOf(run, 'tank.pressure_bara', step).mean;
    const volumes = VOLUME_FRAC * Math.abs(filled.mol - tank.mol) * Math.sqrt(i + 1);
    points.push({ mol: taken, bara, u95: Math.hypot(Math.sqrt(squares), volumes) });
  }
  const best = points.reduce<(typeof points)[number] | undefined>(
    (most, point) => (most === undefined || point.mol > most.mol ? point : most),
    undefined,
  );
  const toPct = (mol: number): number => (100 * mol * H2_G_PER_MOL) / (sample_g + mol * H2_G_PER_MOL);
  const roles = ['tank', 'sample'].flatMap(part => [`${part}.pressure_bara`, `${part}.temperature_degC`]);
  const why = whyLacking(run, roles, 'no dose came to its wait with the valve open');
  const half = best === undefined ? undefined : points.find(point => point.mol >= best.mol / 2);
  return [
    kpi({
      id: 'uptake',
      value: best === undefined ? null : toPct(best.mol),
      unit: 'wt_pct',
      ...(best === undefined ? {} : { u95: toPct(best.mol + best.u95) - toPct(best.mol) }),
      definition: `Largest amount of H2 in the sample over sample and H2 (real gas), summed over ${points.length} doses; uncertainty from pressures and temperatures of each dose and ${100 * VOLUME_FRAC} % of the volumes.`,
      basis: 'default',
      missing: why,
    }),
    kpi({
      id: 'plateau',
      value: half?.bara ?? null,
      unit: 'bara',
      ...(half === undefined ? {} : { u95: endU95(run, open[points.indexOf(half)]) }),
      definition: 'Pressure at the end of the first dose that brought half of the largest uptake.',
      basis: 'default',
      missing: why,
    }),
  ];
}

function endOf(run: RecordedRun, role: string, { start_s, end_s }: RecordedStep) {
  return readingOver(run, role, { from_s: end_s - END_FRAC * (end_s - start_s), to_s: end_s });
}

function endU95(run: RecordedRun, step: RecordedStep): number {
  return endOf(run, 'tank.pressure_bara', step).u95;
}

/** Gas in a volume at the end of a step; a sample's gas space is at the pressure of its own gauge. */
function amountIn(
  run: RecordedRun,
  where: 'tank' | 'sample',
  volume_L: number,
  step: RecordedStep | undefined,
): Amount {
  if (step === undefined) return { mol: 0, u95: 0 };
  const pressure = endOf(run, `${where}.pressure_bara`, step);
  const temperature = endOf(run, `${where}.temperature_degC`, step);
  const shown_bara = Number.isNaN(pressure.mean)
    ? endOf(run, `${where}.pressure_barg`, step).mean + ATMOSPHERE_BAR
    : pressure.mean;
  // A gauge in a vacuum may show a little less than nothing.
  const bara = Math.max(0, shown_bara);
  const amount = (at_bara: number): number => hydrogenAmount_mol(at_bara, temperature.mean, volume_L);
  const mol = amount(bara);
  const byTemperature = (mol * temperature.u95) / (temperature.mean + 273.15);
  return { mol, u95: Math.hypot(amount(bara + pressure.u95) - mol, byTemperature) };
}
