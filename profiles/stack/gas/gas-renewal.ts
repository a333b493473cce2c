import { ATMOSPHERE_BAR, ZERO_DEGC_K } from '../../electrolysis.ts';
import { meanOf } from '../../record-math.ts';
import type { RecordedPart, StackRun } from '../../recorded-run.ts';
import { windowOf } from '../../series-parts.ts';
import { standingAnalyser } from '../../uncertainty/standing-gauge.ts';
import type { Stretch } from '../stretch.ts';
import type { Averaged } from '../windows.ts';

/**
 * An analyser behind a gas space follows late: the load renews the gas as in a stirred vessel (first order, its volume over
 * the flow of O2 by Faraday), the sample line delays it. What a mean still lacks follows from how long load and pressure stood.
 */

/** The way of the oxygen to the reading. */
export interface GasWay {
  /** Gas at the anode, L; NaN: not known, only the lag is looked at. */
  readonly anodeVolume_L: number;
  /** From the gas to the reading: sample line and cell of the analyser, life s. */
  readonly lag_s: number;
}

/** Sample lines take 5 to 60 s (recalled), life s: where a block gives none. */
const LAG_S = 60;
/** The way that the parameters of a part give. */
export function wayOf({ parameters }: RecordedPart): GasWay {
  const { anodeVolume_L = Number.NaN, lag_s = LAG_S } = parameters;
  return {
    anodeVolume_L: typeof anodeVolume_L === 'number' ? anodeVolume_L : Number.NaN,
    lag_s: typeof lag_s === 'number' ? lag_s : LAG_S,
  };
}

/** A mean that has seen less than this part of a change says nothing of its end. */
const SEEN_FRAC = 0.8;
/** Load and pressure stand as long as they are within this part of their mean. */
const STOOD_FRAC = { current: 0.02, pressure: 0.05 } as const;
/** The load is looked at from so long before a part on, life s. */
const BEFORE_S = 7200;
/** Parts of a window over which the share is averaged. */
const SLICES = 40;
const NL_PER_MOL = 22.414;
const C_PER_MOL_O2 = 4 * 96485.33;

/** What a mean still lacks of where the gas goes, in the unit of its role; or why that is too much to say. */
export type Lacking = { readonly left: number } | { readonly missing: string };

/** Of the mean of an analyser of the oxygen over a window. */
export function lackingAt(
  run: StackRun,
  of: Stretch,
  window: Averaged,
  { role, way }: { readonly role: string; readonly way: GasWay },
): Lacking {
  const stands = standingAnalyser(run, role, window);
  if (stands !== undefined) return { missing: stands };
  const life = run.timeFactor;
  const since_s = stoodSince(run, of, window);
  const tau_s = renewal_s(run, window, way.anodeVolume_L);
  if (!Number.isFinite(tau_s)) return { missing: 'no current renews the gas' };
  const unseen = unseenFrac(
    (window.from_s - since_s) * life,
    (window.to_s - since_s) * life,
    tau_s,
    way.lag_s,
  );
  if (unseen > 1 - SEEN_FRAC) {
    const stood_s = (window.to_s - since_s) * life;
    const needed_s = way.lag_s - tau_s * Math.log(1 - SEEN_FRAC) + (window.to_s - window.from_s) * life;
    return {
      missing: `load and pressure stood for ${minutes(stood_s)} only: the analyser lags by ${way.lag_s} s and this current renews the gas at the anode in ${minutes(tau_s)}, so that the mean has seen ${Math.round(100 * (1 - unseen))} % of a change; a dwell of ${minutes(needed_s)} sees ${100 * SEEN_FRAC} %`,
    };
  }
  const { mean } = meanOf(run.series(role), window.from_s, window.to_s);
  const { value } = windowOf(run.series(role), since_s, window.to_s);
  const farthest = value.reduce((most, v) => (Math.abs(v - mean) > most ? Math.abs(v - mean) : most), 0);
  return { left: (farthest * unseen) / (1 - unseen) };
}

/** Run time since which current and cathode pressure are where they are in a window, s. */
function stoodSince(run: StackRun, of: Stretch, { from_s, to_s }: Averaged): number {
  const looked_s = of.start_s - BEFORE_S / run.timeFactor;
  const lastOff = (role: string, base: number, frac: number): number => {
    const series = run.series(role);
    const mean = meanOf(series, from_s, to_s).mean;
    const { t_s, value } = windowOf(series, looked_s, from_s);
    for (let i = t_s.length - 1; i >= 0; i--)
      if (Math.abs(value[i] - mean) > frac * Math.abs(mean + base)) return t_s[i];
    return t_s[0] ?? looked_s;
  };
  return Math.max(
    lastOff('stack.current_A', 0, STOOD_FRAC.current),
    lastOff('cathode.pressure_barg', ATMOSPHERE_BAR, STOOD_FRAC.pressure),
  );
}

/** Gas at the anode over the flow of O2 in a window, life s; 0 where the volume is not known. */
function renewal_s(run: StackRun, { from_s, to_s }: Averaged, volume_L: number): number {
  if (Number.isNaN(volume_L)) return 0;
  const at = (role: string): number => meanOf(run.series(role), from_s, to_s).mean;
  // Both sides stand at one pressure where nobody measures the anode's.
  const gauge = [at('anode.pressure_barg'), at('cathode.pressure_barg'), 0].find(Number.isFinite) ?? 0;
  const degC = at('stack.temperature_degC');
  const kelvin = ZERO_DEGC_K + (Number.isFinite(degC) ? degC : 0);
  const gas_mol =
    ((volume_L / NL_PER_MOL) * ((gauge + ATMOSPHERE_BAR) / ATMOSPHERE_BAR) * ZERO_DEGC_K) / kelvin;
  const made_mol_per_s = (at('stack.current_A') * run.stack.cells) / C_PER_MOL_O2;
  return made_mol_per_s > 0 ? gas_mol / made_mol_per_s : Number.POSITIVE_INFINITY;
}

/** Mean part of a change at time 0 that a reading does not show from..to s after it. */
function unseenFrac(from_s: number, to_s: number, tau_s: number, lag_s: number): number {
  let sum = 0;
  for (let k = 0; k < SLICES; k++) {
    const seen_s = from_s + ((k + 0.5) / SLICES) * (to_s - from_s) - lag_s;
    sum += seen_s <= 0 ? 1 : tau_s === 0 ? 0 : Math.exp(-seen_s / tau_s);
  }
  return sum / SLICES;
}

const minutes = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
