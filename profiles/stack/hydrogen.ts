import { ATMOSPHERE_BAR, H2_G_PER_AH, H2_G_PER_NL, ZERO_DEGC_K } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { fitLine } from '../record-math.ts';
import type { StackRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import { told } from '../told.ts';
import { REPEATABILITY_FRAC } from '../uncertainty/repeatability.ts';
import type { Stretch } from './stretch.ts';
import { type Averaged, readingOver, windowsOf } from './windows.ts';

/** Relative accuracy of a gas volume by drawings, k = 2 (default). */
const VOLUME_FRAC = 0.1;
/** Temperature of the stored gas is that of the outlet within this, K (default). */
const GAS_K = 10;
const FLOW = 'h2.flow_NL_per_min';

/** Faradaic efficiency (%) at the highest and the lowest load of a part, corrected for gas that pressure stores. */
export function faradaicFigures(run: StackRun, of: Stretch, cathodeVolume_L: number): KpiValue[] {
  const windows = windowsOf(run, of);
  const points = windows
    .map(window => ({ window, current: readingOver(run, 'stack.current_A', window) }))
    .filter(({ current }) => current.mean > 0)
    .sort((a, b) => a.current.mean - b.current.mean);
  const noPoint = `no load point with ${windows.length === 0 ? 'an average' : 'a usable current'}`;
  const missing =
    points.length === 0
      ? whyLacking(run, ['stack.current_A', FLOW], noPoint)
      : whyLacking(run, [FLOW], 'no usable flow at the load point');
  const figure = (id: string, at: (typeof points)[number] | undefined): KpiValue => {
    const found = at === undefined ? undefined : efficiencyAt(run, at.window, cathodeVolume_L);
    return kpi({
      id,
      value: found?.value ?? null,
      unit: 'pct',
      ...(found === undefined ? {} : { u95: found.u95 }),
      definition: `Dry H2 through the outlet meter, with what the changing pressure stored in ${cathodeVolume_L} L, over current x cells by Faraday${at === undefined ? '' : `, at ${told(at.current.mean, 'A', 4)}`}.`,
      basis: 'default',
      missing,
    });
  };
  return [figure('faradaic-top', points.at(-1)), figure('faradaic-lowest', points[0])];
}

function efficiencyAt(
  run: StackRun,
  window: Averaged,
  volume_L: number,
): { readonly value: number; readonly u95: number } {
  const current = readingOver(run, 'stack.current_A', window);
  const flow = readingOver(run, FLOW, window);
  const faraday = ((H2_G_PER_AH / H2_G_PER_NL) * current.mean * run.stack.cells) / 60;
  const stored = storedIn(run, window, volume_L);
  const value = (100 * (flow.mean + stored.value)) / faraday;
  const u95 = Math.hypot(
    (100 * Math.hypot(flow.u95, stored.u95)) / faraday,
    (value * current.u95) / current.mean,
  );
  return { value, u95 };
}

/** What the rising pressure stores, NL/min. */
function storedIn(
  run: StackRun,
  { from_s, to_s }: Averaged,
  volume_L: number,
): { readonly value: number; readonly u95: number } {
  const { t_s, value } = windowOf(run.series('cathode.pressure_barg'), from_s, to_s);
  const line = fitLine(t_s, value);
  const kelvin = readingOver(run, 'stack.temperature_degC', { from_s, to_s }).mean + ZERO_DEGC_K;
  const minutes = ((to_s - from_s) * run.timeFactor) / 60;
  const perBar = (volume_L / ATMOSPHERE_BAR) * (ZERO_DEGC_K / kelvin);
  if (line === undefined || !Number.isFinite(perBar)) return { value: 0, u95: 0 };
  const rate = (line.slope * 60) / run.timeFactor;
  const wander = (REPEATABILITY_FRAC * run.accuracy('cathode.pressure_barg').abs * Math.SQRT2) / minutes;
  const scatter = (2 * line.slopeError * 60) / run.timeFactor;
  return {
    value: rate * perBar,
    u95: perBar * Math.hypot(wander, scatter, Math.abs(rate) * Math.hypot(VOLUME_FRAC, GAS_K / kelvin)),
  };
}
