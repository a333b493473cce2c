import { store } from '../parts/store.ts';

/**
 * What can go wrong in any electrolyser plant, by name; 0 = healthy. Percentages are cut to 0..100.
 * A closed valve that leaks passes this part of its full opening.
 */
export const PLANT_DISTURBANCES = [
  'pinhole.area_mm2',
  'anode.ventBlocked_pct',
  'cathode.outletBlocked_pct',
  'anode.ventLeak_pct',
  'cathode.purgeLeak_pct',
  'n2.cathodeLeak_pct',
  'n2.anodeLeak_pct',
  'cathode.leak_NL_per_min',
  'cathode.valveStuck_on',
  'anode.flooded_pct',
  'cathode.flooded_pct',
  'water.pumpStopped_on',
  'cooler.fouled_pct',
  'heater.failed_on',
  'supply.tripped_on',
  'supply.leadOff_on',
  'room.temperatureRise_K',
] as const;

/** Places in `Disturbances.values`, by name. */
export const DISTURBED = Object.fromEntries(PLANT_DISTURBANCES.map((name, i) => [name, i])) as Record<
  (typeof PLANT_DISTURBANCES)[number],
  number
>;

/** A cell that is dry or short by more than this, %, is an insulator or a wire: more changes nothing but rounding. */
const BAD_CELL_MAX_PCT = 1e6;

/** Disturbances of a plant and what follows from them for the cells; values only change through `disturb`. */
export interface Disturbances {
  readonly names: readonly string[];
  indexOf(name: string): number;
  disturb(index: number, value: number): void;
  /** Values of `PLANT_DISTURBANCES`, in their order. */
  readonly values: Float64Array;
  /** Values of the chemistry's own ones. */
  readonly own: Float64Array;
  /** Part by which each cell's resistance is raised, and its mean over the stack. */
  readonly dry: Float64Array;
  dryMean: number;
  /** Short of each cell: part of the nominal current that it would carry at 1.8 V. */
  readonly short: Float64Array;
  /** Numbers (from 0) of the cells with a short; often empty. */
  readonly shorted: number[];
  /** Counts the changes, so that what follows from them is worked out once. */
  changes: number;
}

/** No disturbance yet; `own` are the names that the chemistry adds. */
export function disturbances(cells: number, own: readonly string[]): Disturbances {
  const names: string[] = [...PLANT_DISTURBANCES, ...own];
  for (let k = 1; k <= cells; k++) names.push(`cell[${k}].dry_pct`);
  for (let k = 1; k <= cells; k++) names.push(`cell[${k}].short_pct`);
  const index = new Map(names.map((name, i) => [name, i] as const));
  const all = new Float64Array(names.length);
  const firstOwn = PLANT_DISTURBANCES.length;
  const firstDry = firstOwn + own.length;
  const firstShort = firstDry + cells;
  const state: Disturbances = {
    names,
    indexOf: name => index.get(name) ?? -1,
    values: all.subarray(0, firstOwn),
    own: all.subarray(firstOwn, firstDry),
    dry: new Float64Array(cells),
    short: new Float64Array(cells),
    dryMean: 0,
    shorted: [],
    changes: 0,
    disturb(i, value) {
      store(all, names, 'disturbance', i, value);
      state.changes++;
      if (i < firstDry) return;
      if (i < firstShort) {
        state.dry[i - firstDry] = badCell_1(value);
        state.dryMean = mean(state.dry);
        return;
      }
      state.short[i - firstShort] = badCell_1(value);
      state.shorted.length = 0;
      for (let k = 0; k < cells; k++) if (state.short[k] > 0) state.shorted.push(k);
    },
  };
  return state;
}

/** A percentage as a part, cut to 0..1. */
export function part_frac(value_pct: number): number {
  return value_pct <= 0 ? 0 : value_pct >= 100 ? 1 : value_pct / 100;
}

function badCell_1(value_pct: number): number {
  return Math.min(BAD_CELL_MAX_PCT, Math.max(0, value_pct)) / 100;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
