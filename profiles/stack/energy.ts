import { H2_G_PER_AH, H2_G_PER_NL, HHV_V, LHV_V } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { type Integral, integrate } from '../record-math.ts';
import type { StackRun } from '../recorded-run.ts';
import { holding, partsOf } from '../series-parts.ts';
import { gapWith, type LostFlow, lostFlow, lostText, whyLost } from '../uncertainty/lost-flow.ts';

/** Energy, charge and hydrogen between two times of a run. Figures are those of the stack, DC, life time. */

/** Starts: rises from below 1 % to above 5 % of the nominal current. Null without a usable current. */
export function startsOf(run: StackRun, from_s: number, to_s: number): number | null {
  const low_A = 0.01 * run.stack.currentNominal_A;
  const high_A = 0.05 * run.stack.currentNominal_A;
  let starts = 0;
  let usable = 0;
  let isArmed = false;
  for (const { value } of partsOf(run.series('stack.current_A'), from_s, to_s)) {
    for (let i = 0; i < value.length; i++) {
      const current_A = value[i];
      if (Number.isNaN(current_A)) continue;
      usable++;
      if (current_A < low_A) isArmed = true;
      else if (isArmed && current_A > high_A) {
        starts++;
        isArmed = false;
      }
    }
  }
  return usable === 0 ? null : starts;
}

/** From this part of the nominal current on, gas through the outlet counts as hydrogen: the meter reads N2 as well. */
const LOADED_FRAC = 0.01;
const FLOW = 'h2.flow_NL_per_min';
/** An amount as a note says it. */
const shown = (value: number): string => String(Number(value.toPrecision(2)));
const LITTLE_H2 = 'so little H2 was measured that the uncertainty is not smaller than the figure';

/** Energy and hydrogen figures of a window; `phase` undefined = the whole run. Empty if no load was carried. */
export function energyKpis(run: StackRun, from_s: number, to_s: number, phase?: string): KpiValue[] {
  // Set points alone take no time where they are applied at once.
  if (phase !== undefined && !(to_s > from_s)) return [];
  const life_h = run.timeFactor / 3600;
  const charge = integrate(run.series('stack.current_A'), from_s, to_s);
  const power = integrate(run.series('stack.power_W'), from_s, to_s);
  const currentAt = holding(run.series('stack.current_A'));
  const loaded_A = LOADED_FRAC * run.stack.currentNominal_A;
  const flow = integrate(run.series(FLOW), from_s, to_s, (flow_NL_per_min, t_s) => {
    const current_A = currentAt(t_s);
    return current_A < loaded_A ? 0 : current_A >= loaded_A ? flow_NL_per_min : Number.NaN;
  });
  const charge_Ah = charge.sum * life_h;
  const leastCharge_Ah = LOADED_FRAC * run.stack.currentNominal_A * charge.covered_s * life_h;
  // A phase that only ramps the load off is no phase with load.
  const hasLoad = charge_Ah > leastCharge_Ah;
  const lostCharge = lostFlow(run, 'stack.current_A', from_s, to_s, 'stack.currentSet_A');
  if (phase !== undefined && charge.covered_s > 0 && !hasLoad && lostCharge === undefined) return [];
  const kWh_per_Ws = life_h / 1000;
  const kg_per_As = (life_h * run.stack.cells * H2_G_PER_AH) / 1000;
  // The flow is by the minute, the integral by the second.
  const kg_per_sum = (run.timeFactor / 60) * (H2_G_PER_NL / 1000);
  const energy_kWh = power.sum * kWh_per_Ws;
  const faraday_kg = charge.sum * kg_per_As;
  const measured_kg = flow.sum * kg_per_sum;
  const hasPower = hasLoad && power.covered_s > 0;
  const hasFlow = flow.covered_s > 0;
  const lostPower = lostFlow(run, 'stack.power_W', from_s, to_s);
  const lostGas = lostFlow(run, FLOW, from_s, to_s);
  const [lost_As, lost_Ws] = [lostCharge?.most ?? 0, lostPower?.most ?? 0];
  // Gas that was read counts only beside a current that was.
  const unheld = lostCharge && integrate(run.series(FLOW), lostCharge.from_s, lostCharge.to_s).sum;
  const lost_NL = Math.max(lostGas?.most ?? 0, unheld ?? 0);
  const lostCurrent = whyLost(lost_As, charge.sum);
  const lostEnergy = whyLost(lost_Ws, power.sum);
  const lostMeasured = whyLost(lost_NL, flow.sum);
  const gap = (s: number, lost: LostFlow | undefined, unit: string, most: string) =>
    `Gaps: ${(gapWith(lost, s, to_s) * run.timeFactor).toFixed(0)} s.${lostText(lost, unit, most)}`;

  // In the unit of the integral: a meter's zero counts where nothing flowed, too.
  const wrongBy = (role: string, { sum, covered_s, steps }: Integral): number => {
    const { reading_pct, abs } = run.accuracy(role);
    return Math.hypot((sum * reading_pct) / 100, abs * covered_s, steps);
  };
  const [wrong_As, wrong_Ws, wrong_NL] = [
    wrongBy('stack.current_A', charge) + lost_As,
    wrongBy('stack.power_W', power) + lost_Ws,
    wrongBy(FLOW, flow) + lost_NL,
  ];
  const u_current = wrong_As / Math.abs(charge.sum);
  const u_power = wrong_Ws / Math.abs(power.sum);
  const u_flow = wrong_NL / Math.abs(flow.sum);
  // With next to no hydrogen the quotient is a figure without meaning.
  const u_specific = Math.hypot(u_power, u_flow);
  const u_meanCell = Math.hypot(u_power, u_current);
  const common = {
    ...(phase === undefined ? {} : { phase }),
  } as const;
  const noCurrent = whyLacking(run, ['stack.current_A'], 'no usable current');
  const noPower = whyLacking(run, ['stack.power_W'], 'no usable power');
  const noFlow = whyLacking(run, [FLOW, 'stack.current_A'], 'no usable flow, or not beside a usable current');
  const noLoad = charge.covered_s > 0 ? 'no load' : noCurrent;
  const noEnergy = hasLoad ? noPower : noLoad;
  const meanCell_V = (energy_kWh * 1000) / (charge_Ah * run.stack.cells);
  const figure = (
    id: string,
    value: number,
    usable: boolean,
    unit: string,
    u95: number,
    definition: string,
    missing: string,
    lost: string = '',
  ): KpiValue =>
    kpi({
      ...common,
      missing: usable && lost !== '' ? lost : missing,
      id,
      value: usable && lost === '' ? value : null,
      unit,
      u95,
      definition,
      basis: 'sourced',
    });

  return [
    figure(
      'energy',
      energy_kWh,
      power.covered_s > 0,
      'kWh',
      wrong_Ws * kWh_per_Ws,
      `DC energy into the stack. ${gap(power.gap_s, lostPower, 'W', `${shown(lost_Ws * kWh_per_Ws)} kWh`)}`,
      noPower,
      lostEnergy,
    ),
    figure(
      'h2-faraday',
      faraday_kg,
      charge.covered_s > 0,
      'kg',
      wrong_As * kg_per_As,
      `H2 by Faraday: charge x cells x 0.03761 g/(A.h). ${gap(charge.gap_s, lostCharge, 'A', `${shown(lost_As * life_h)} Ah, ${shown(lost_As * kg_per_As)} kg,`)}`,
      noCurrent,
      lostCurrent,
    ),
    figure(
      'h2-measured',
      measured_kg,
      hasFlow,
      'kg',
      wrong_NL * kg_per_sum,
      `Dry H2 through the outlet flow meter, 0.08994 g/NL at 0 degC and 1.01325 bar; counted while the stack carries at least 1 % of its nominal current (the meter reads N2 as well); gas stored in or released from the cathode volume is not corrected. ${gap(flow.gap_s, lostGas ?? lostCharge, lostGas === undefined ? 'A' : 'NL/min', `${shown(lost_NL * kg_per_sum)} kg`)}`,
      noFlow,
      lostMeasured,
    ),
    figure(
      'faradaic-efficiency',
      (100 * measured_kg) / faraday_kg,
      hasLoad && hasFlow,
      'pct',
      (100 * Math.hypot(wrong_NL * kg_per_sum, measured_kg * u_current)) / faraday_kg,
      'H2 measured over H2 by Faraday. Changes of the cathode pressure store or release H2 and shift it.',
      hasFlow ? noLoad : noFlow,
      lostMeasured || lostCurrent,
    ),
    figure(
      'specific-energy',
      energy_kWh / measured_kg,
      hasPower && measured_kg > 0 && u_specific < 1,
      'kWh/kg',
      (Math.abs(energy_kWh) / measured_kg) * u_specific,
      'DC energy of the stack over H2 measured at the outlet.',
      hasFlow ? (hasPower ? LITTLE_H2 : noEnergy) : noFlow,
      lostMeasured || lostEnergy,
    ),
    figure(
      'specific-energy-faraday',
      energy_kWh / faraday_kg,
      hasPower,
      'kWh/kg',
      (Math.abs(energy_kWh) / faraday_kg) * u_meanCell,
      'DC energy of the stack over H2 by Faraday (26.59 kWh/kg per volt of mean cell voltage).',
      noEnergy,
      lostEnergy || lostCurrent,
    ),
    figure(
      'voltage-efficiency-hhv',
      (100 * HHV_V) / meanCell_V,
      hasPower,
      'pct',
      Math.abs((100 * HHV_V) / meanCell_V) * u_meanCell,
      '1.4812 V over the charge-weighted mean cell voltage (energy / charge / cells); higher heating value.',
      noEnergy,
      lostEnergy || lostCurrent,
    ),
    figure(
      'voltage-efficiency-lhv',
      (100 * LHV_V) / meanCell_V,
      hasPower,
      'pct',
      Math.abs((100 * LHV_V) / meanCell_V) * u_meanCell,
      '1.2531 V over the charge-weighted mean cell voltage (energy / charge / cells); lower heating value.',
      noEnergy,
      lostEnergy || lostCurrent,
    ),
  ];
}
