import type { OldOwn } from './old-file.ts';
import { type NewStep, setsOf, tidy } from './words.ts';

/** Load profiles of version 1, which counted in parts of their scale. */

/** The series that version 1 made where no file was named. */
export const GENERATED = 'wind';

/** A profile with its limits, in power. */
export function followOf(own: OldOwn<'follow'>): NewStep {
  const { source, for_s, scale_kW, minLoad_frac, restart_frac, maxLoad_frac, ramp_frac_per_s } = own;
  const kW = (part: number): number => tidy(part * scale_kW);
  const sets = (key: string, values: Readonly<Record<string, number>>): NewStep =>
    Object.keys(values).length === 0 ? {} : { [key]: setsOf(values) };
  return {
    follow: {
      power_kW: `${scale_kW} * (${source}.power_pct / 100 pct)`,
      min_kW: kW(minLoad_frac),
      restart_kW: kW(restart_frac),
      max_kW: kW(maxLoad_frac),
      per_s: kW(ramp_frac_per_s),
      ...sets('standby', own.onStandby),
      ...sets('restart', own.onRestart),
    },
    for_s,
  };
}

/** A parameter of the method load-following, or what it took by itself. */
function given(withs: Readonly<Record<string, unknown>>, key: string, took: number): number {
  const value = withs[key];
  return typeof value === 'number' ? value : took;
}

/** The method load-following: parts of the stack's nominal power, evaluated as before. */
export function followingOf(withs: Readonly<Record<string, unknown>>): {
  readonly step: NewStep;
  readonly source: string;
} {
  const source = typeof withs['source'] === 'string' ? withs['source'] : GENERATED;
  const ratio = given(withs, 'ratio', 1);
  const pct = (key: string, took: number): number => tidy(100 * given(withs, key, took));
  const follow = {
    power_pct: ratio === 1 ? `${source}.power_pct` : `${ratio} * ${source}.power_pct`,
    min_pct: pct('minLoad_frac', 0.1),
    restart_pct: pct('restart_frac', 0.12),
    max_pct: pct('maxLoad_frac', 1),
    per_s: pct('ramp_frac_per_s', 0.1),
    standby: { 'n2.pressure_barg': 2, 'n2.anodeValve_on': 'on' },
    restart: { 'n2.anodeValve_on': 'off', 'n2.pressure_barg': 0 },
  };
  const inner = { follow, id: 'follow', for_s: given(withs, 'for_s', 28_800) };
  return { step: { evaluate: 'load-following', steps: [inner] }, source };
}
