import { ATMOSPHERE_BAR } from '../electrolysis.ts';
import { type Figure, type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { hydrogenAmount_mol } from '../language/evaluate/hydrogen.ts';
import type { RecordedRun, RecordedStep } from '../recorded-run.ts';
import { readingOver } from '../stack/windows.ts';
import { declaredAt, REPEATABILITY_FRAC } from '../uncertainty/repeatability.ts';
import { standingGauge } from '../uncertainty/standing-gauge.ts';

/** Hydrogen taken up by a sample, from doses of known amount (Sieverts). */

const PRESSURE = 'tank.pressure_bara';
/** Gauges whose word is the amount of gas. */
const GAUGES = ['tank', 'sample'].flatMap(where => ['bara', 'barg'].map(unit => `${where}.pressure_${unit}`));
/** Molar mass of H2, g/mol (IUPAC). */
const H2_G_PER_MOL = 2.01588;
/** The last part of a wait that counts as its end, and of a step before a dose. */
const END_FRAC = 0.1;
/** Two gauges of one gas that lie further apart than so many times what both declare do not show the same. */
const GAUGES_APART = 2;
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

/** What the sample held after a dose, and the step at whose end that was. */
interface Dosed extends Amount {
  readonly bara: number;
  readonly step: RecordedStep;
}

/** Not at equilibrium where the second half of a wait still moves the pressure by more than so much of the first half. */
const SETTLING_FRAC = 0.5;

/** Largest uptake (wt %) and pressure at half of it on the way up (bara); uncertainties add up dose by dose. */
export function uptakeFigures(run: RecordedRun, doses: Doses): KpiValue[] {
  const { tank_L, space_L, sample_g, open, shut } = doses;
  let left = amountIn(run, 'sample', space_L, shut[0]);
  let [taken, squares] = [0, 0];
  const points: Dosed[] = [];
  for (const [i, step] of open.entries()) {
    const before = shut[i];
    if (before === undefined) break;
    const filled = amountIn(run, 'tank', tank_L, before);
    const [tank, space] = [amountIn(run, 'tank', tank_L, step), amountIn(run, 'sample', space_L, step)];
    taken += filled.mol + left.mol - tank.mol - space.mol;
    squares += filled.u95 ** 2 + tank.u95 ** 2 + space.u95 ** 2;
    left = space;
    const bara = endOf(run, PRESSURE, step).mean;
    const volumes = VOLUME_FRAC * Math.abs(filled.mol - tank.mol) * Math.sqrt(i + 1);
    points.push({ mol: taken, bara, u95: Math.hypot(Math.sqrt(squares), volumes), step });
  }
  const best = points.reduce<Dosed | undefined>(
    (most, point) => (most === undefined || point.mol > most.mol ? point : most),
    undefined,
  );
  // The gas of tank and sample space that the sample would still have taken goes one way: it adds to the rest.
  const left_bar = best === undefined ? 0 : leftAtEnd_bar(run, best.step);
  const toCome_mol = left_bar === undefined ? Number.NaN : gasOf(run, best?.step, tank_L + space_L, left_bar);
  const toPct = (mol: number): number => (100 * mol * H2_G_PER_MOL) / (sample_g + mol * H2_G_PER_MOL);
  const roles = ['tank', 'sample'].flatMap(part => [`${part}.pressure_bara`, `${part}.temperature_degC`]);
  const why = whyLacking(run, roles, 'no dose came to its wait with the valve open');
  const stands = shut
    .concat(open)
    .flatMap(step => GAUGES.flatMap(role => standingGauge(run, role, endWindow(step)) ?? []))
    .concat(open.flatMap(step => apartText(run, step) ?? []))
    .at(0);
  const cut = open.slice(0, points.length).filter(({ ended }) => ended !== 'condition').length;
  const waits =
    cut === 0 ? '' : ` ${cut} of ${points.length} doses were ended by time before the pressure stood still.`;
  return [
    kpi({
      id: 'uptake',
      value: best === undefined || left_bar === undefined || stands !== undefined ? null : toPct(best.mol),
      unit: 'wt_pct',
      ...(best === undefined ? {} : { u95: toPct(best.mol + best.u95 + toCome_mol) - toPct(best.mol) }),
      definition: `Largest amount of H2 in the sample over sample and H2 (real gas), summed over ${points.length} doses; uncertainty from pressures and temperatures of each dose, ${100 * VOLUME_FRAC} % of the volumes, and what the pressure had still to fall.${waits}`,
      basis: 'default',
      missing:
        best !== undefined && stands !== undefined
          ? stands
          : best !== undefined && left_bar === undefined
            ? 'the pressure of the dose with the largest uptake was still moving when its wait was over: no equilibrium'
            : why,
    }),
    kpi({
      id: 'plateau',
      unit: 'bara',
      definition: `Pressure where the isotherm comes by half of the largest uptake, on the line between the doses on both sides of it; uncertainty from the gauge, what these two lie apart, and what their pressures had still to fall.${waits}`,
      basis: 'default',
      value: null,
      ...(best === undefined || stands !== undefined
        ? { missing: best === undefined ? why : stands }
        : plateauOf(run, points, best.mol / 2, open)),
    }),
  ];
}

interface Point {
  readonly mol: number;
  readonly bara: number;
}

/**
 * An isotherm rises with the content: between two doses it lies between their pressures. One that has not come to rest
 * lies above it, by what it would still have fallen.
 */
function plateauOf(
  run: RecordedRun,
  points: readonly Point[],
  half_mol: number,
  open: readonly RecordedStep[],
): Partial<Figure> {
  const k = points.findIndex(({ mol }) => mol >= half_mol);
  if (k < 1)
    return {
      missing: `the first of ${points.length} doses brought more than half of the largest uptake: nothing tells the pressure on the way there; take smaller doses`,
    };
  const [below, above] = [points[k - 1], points[k]];
  const left = [open[k - 1], open[k]].map(step => leftToFall(run, step));
  if (left.some(one => one === undefined))
    return {
      missing: `the pressure of the doses at half of the largest uptake was still moving when their wait was over: no equilibrium`,
    };
  const share = (half_mol - below.mol) / (above.mol - below.mol);
  const value = below.bara + share * (above.bara - below.bara);
  const apart = Math.max(Math.abs(above.bara - value), Math.abs(value - below.bara));
  const settling = Math.max(...left.map(one => one ?? 0));
  return { value, u95: Math.hypot(endU95(run, open[k]), apart, settling) };
}

/**
 * What the pressure of a dose had still to move at the end of its wait, bar: of what it moved in the first and the second
 * half of the wait, as an exponential goes on. Undefined where that tells no end.
 */
function leftToFall(run: RecordedRun, step: RecordedStep): number | undefined {
  const { start_s, end_s, ended } = step;
  const at = (frac: number) => {
    const width_s = (end_s - start_s) * (END_FRAC / 2);
    const t_s = start_s + frac * (end_s - start_s);
    return readingOver(run, PRESSURE, {
      from_s: Math.max(start_s, t_s - width_s),
      to_s: Math.min(end_s, t_s + width_s),
    });
  };
  const [begin, middle, end] = [at(END_FRAC / 2), at(0.5), at(1)];
  const [early, late] = [Math.abs(middle.mean - begin.mean), Math.abs(end.mean - middle.mean)];
  if (Number.isNaN(late)) return 0;
  if (late <= stillOf(run, end.mean)) return late;
  if (late > SETTLING_FRAC * early) return ended === 'condition' ? late : undefined;
  return (late * late) / (early - late);
}

/** Gas that a change of the pressure by `change_bar` is in a volume at the end of a step, mol. */
function gasOf(
  run: RecordedRun,
  step: RecordedStep | undefined,
  volume_L: number,
  change_bar: number,
): number {
  if (step === undefined || change_bar === 0) return 0;
  const { mean } = endOf(run, 'tank.temperature_degC', step);
  return hydrogenAmount_mol(change_bar, mean, volume_L);
}

/** What the pressure had still to fall for the uptake; undefined where a wait was over by its time and it visibly moved. */
function leftAtEnd_bar(run: RecordedRun, step: RecordedStep): number | undefined {
  const left = leftToFall(run, step);
  const isMoving = left !== undefined && left > stillOf(run, endOf(run, PRESSURE, step).mean);
  // A sample that heats up and cools down again is slower than any exponential of its first minutes.
  return step.ended !== 'condition' && isMoving ? undefined : left;
}

/** What the gauge cannot tell from standing still, bar. */
function stillOf(run: RecordedRun, bara: number): number {
  return REPEATABILITY_FRAC * declaredAt(run.accuracy(PRESSURE), bara);
}

function endOf(run: RecordedRun, role: string, step: RecordedStep) {
  return readingOver(run, role, endWindow(step));
}

function endWindow({ start_s, end_s }: RecordedStep) {
  return { from_s: end_s - END_FRAC * (end_s - start_s), to_s: end_s };
}

/** That the gauges of tank and sample do not show the same gas behind the open valve; undefined where they do. */
function apartText(run: RecordedRun, step: RecordedStep): string | undefined {
  const [tank, sample] = ['tank', 'sample'].map(where => endOf(run, `${where}.pressure_bara`, step));
  const apart_bar = Math.abs(tank.mean - sample.mean);
  if (!(apart_bar > GAUGES_APART * (tank.u95 + sample.u95))) return undefined;
  return `with the valve open until ${step.end_s.toFixed(0)} s the tank's gauge showed ${tank.mean.toPrecision(4)} and the sample's ${sample.mean.toPrecision(4)} bara: one of them is none`;
}

function endU95(run: RecordedRun, step: RecordedStep): number {
  return endOf(run, PRESSURE, step).u95;
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
