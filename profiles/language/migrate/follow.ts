import type { OldOwn } from './old-file.ts';
import { type NewStep, setsOf, tidy } from './words.ts';

/** A load profile of version 1, which counted in parts of its scale. */
export function followOf(own: OldOwn<'follow'>): NewStep {
  const { source, for_s, scale_kW, minLoad_frac, restart_frac, maxLoad_frac, ramp_frac_per_s } = own;
  const nominal_kW = (own.currentNominal_A * own.voltageNominal_V) / 1000;
  const pct = (part: number): number => tidy((100 * part * scale_kW) / nominal_kW);
  const sets = (key: string, values: Readonly<Record<string, number>>): NewStep =>
    Object.keys(values).length === 0 ? {} : { [key]: setsOf(values) };
  return {
    follow: {
      power_kW: `${scale_kW} kW * ${source}.power_pct / 100 pct`,
      min_pct: pct(minLoad_frac),
      restart_pct: pct(restart_frac),
      max_pct: pct(maxLoad_frac),
      pct_per_s: pct(ramp_frac_per_s),
      ...sets('standby', own.onStandby),
      ...sets('restart', own.onRestart),
    },
    for_s,
  };
}
