import { type KpiValue, kpi } from '../../kpi.ts';
import { whyLacking } from '../../lacking.ts';
import type { StackRun } from '../../recorded-run.ts';
import { told } from '../../told.ts';
import type { Stretch } from '../stretch.ts';
import { readingOver, windowsOf } from '../windows.ts';
import { type GasWay, lackingAt } from './gas-renewal.ts';

const MA_PER_A = 1000;
const H2 = 'o2.h2_vol_pct';

/** H2 in O2 (vol %) and hydrogen through the membrane as a current density (mA/cm2), at the lowest load of a part. */
export function crossoverFigures(run: StackRun, of: Stretch, way: GasWay): KpiValue[] {
  const points = windowsOf(run, of).map(window => ({
    window,
    h2: readingOver(run, H2, window),
    current: readingOver(run, 'stack.current_A', window),
  }));
  const lowest = points.reduce<(typeof points)[number] | undefined>(
    (best, point) => (best === undefined || point.current.mean < best.current.mean ? point : best),
    undefined,
  );
  const { h2: shown, current } = lowest ?? { h2: NONE, current: NONE };
  const lacking = lowest === undefined ? undefined : lackingAt(run, of, lowest.window, { role: H2, way });
  const isThere = lacking !== undefined && 'left' in lacking;
  // It errs one way: what is lacking adds to what may go either way.
  const h2 = { mean: shown.mean, u95: shown.u95 + (isThere ? lacking.left : 0) };
  const part = h2.mean / 100;
  const crossed_mA = crossed(part, current.mean / run.stack.activeArea_cm2);
  const relative = Math.hypot(h2.u95 / h2.mean / (1 - part), current.u95 / current.mean);
  const lowest_A = Number.isNaN(current.mean) ? 'the' : `${told(current.mean, 'A', 4)}, the`;
  const where = `at ${lowest_A} lowest of ${points.length} loads`;
  const missing = whyLacking(
    run,
    [H2, 'stack.current_A'],
    points.length === 0
      ? 'no load point with an average'
      : lacking !== undefined && 'missing' in lacking && !Number.isNaN(shown.mean)
        ? lacking.missing
        : 'no load point with a usable analyser value',
  );
  const gas = Number.isNaN(way.anodeVolume_L)
    ? '; the gas at the anode does not, its volume was not given'
    : ` and the ${way.anodeVolume_L} L of gas at the anode, which the current renews`;
  return [
    kpi({
      id: 'h2-in-o2',
      value: isThere ? h2.mean : null,
      unit: 'vol_pct',
      u95: h2.u95,
      definition: `Mean H2 in O2 (dry) over the end of the dwell ${where}; what it still moved there counts in the uncertainty, so does the analyser's lag of ${way.lag_s} s${gas}.`,
      basis: 'default',
      missing,
    }),
    kpi({
      id: 'crossover',
      value: isThere ? crossed_mA : null,
      unit: 'mA/cm2',
      u95: crossed_mA * relative,
      definition: `Hydrogen that leaves with the oxygen as a current density: j/2 x/(1 - x) ${where}, x the part of H2 in the dry gas, all of the current making oxygen. What recombines before the analyser is not in it.`,
      basis: 'default',
      missing,
    }),
  ];
}

const NONE = { mean: Number.NaN, u95: Number.NaN };

/** O2 comes at j/4F; the H2 beside it, in A/cm2 of H2 at 2F. */
function crossed(part: number, density_A_per_cm2: number): number {
  return ((density_A_per_cm2 / 2) * part * MA_PER_A) / (1 - part);
}
