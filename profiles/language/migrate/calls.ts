import { tidy } from './words.ts';

/** How the eight test methods of version 1 are called in version 2. */

/** One parameter: its new name and value, and why the value is another one than before. */
type Way = readonly [name: string, value?: (old: unknown) => unknown, why?: string];
interface Called {
  readonly name: string;
  /** Old parameter: new one. */
  readonly ways: Readonly<Record<string, Way>>;
  /** What version 1 took by itself where version 2 asks the bench or the method. */
  readonly took?: Readonly<Record<string, unknown>>;
}

const times =
  (factor: number) =>
  (old: unknown): unknown =>
    Array.isArray(old) ? old.map(v => tidy(Number(v) * factor)) : tidy(Number(old) * factor);
const pct = times(100);
const minutes = times(1 / 60);
const hours = times(1 / 3600);

const CALLED: Readonly<Record<string, Called>> = {
  'leak-test': {
    name: 'leak-test',
    ways: {
      testPressure_barg: ['testPressure_barg'],
      factor: ['factor_pct', pct],
      rate_bar_per_min: ['rate_bar_per_min'],
      soak_s: ['soak_min', minutes],
      hold_s: ['hold_min', minutes],
      releaseRate_bar_per_min: ['release_bar_per_min'],
      grossLeak_pct: ['gross_pct'],
      cathodeVolume_L: ['cathodeVolume_L'],
      anodeVolume_L: ['anodeVolume_L'],
    },
    took: { testPressure_barg: 30, cathodeVolume_L: 250, anodeVolume_L: 80 },
  },
  purge: {
    name: 'purge',
    ways: {
      pressure_barg: ['pressure_barg'],
      for_s: ['purge_min', minutes],
      o2InH2_vol_pct: ['o2InH2_vol_pct'],
      h2InO2_vol_pct: ['h2InO2_vol_pct'],
      extra_s: ['extra_min', minutes],
    },
  },
  'warm-up': {
    name: 'warm-up',
    ways: {
      temperature_degC: ['temperature_degC'],
      start_degC: ['start_degC'],
      rate_K_per_min: ['rate_K_per_min'],
      waterFlow_L_per_min: ['flow_L_per_min'],
      band_K: ['band_K'],
      settle_s: ['settle_min', minutes],
      timeout_s: ['warming_h', hours],
    },
    took: { temperature_degC: 60, waterFlow_L_per_min: 200 },
  },
  stabilise: {
    name: 'stabilise',
    ways: {
      load_frac: ['load_pct', pct],
      rate_frac_per_s: ['rate_pct_per_s', pct],
      temperature_degC: ['temperature_degC'],
      temperatureBand_K: ['band_K'],
      drift_mV: ['drift_mV'],
      window_s: ['window_min', minutes],
      timeout_s: ['most_h', hours],
    },
    took: { temperature_degC: 60 },
  },
  'polarisation-curve': {
    name: 'polarisation',
    ways: {
      loads_frac: ['loads_pct', pct],
      dwell_s: ['dwell_s'],
      average_s: ['average_s'],
      rate_frac_per_s: ['rate_pct_per_s', pct],
      stopCellVoltage_V: [
        'stop_V',
        times(0.998),
        'version 1 ended the way up 0.2 % below what was written, for the accuracy of the supply that limits there',
      ],
    },
  },
  'high-pressure': {
    name: 'high-pressure',
    ways: {
      pressure_barg: ['top_barg'],
      rate_bar_per_min: ['rate_bar_per_min'],
      holdEvery_bar: ['pause_every_bar'],
      hold_s: ['pause_min', minutes],
      startLoad_frac: ['start_pct', pct],
      startH2InO2_vol_pct: ['startH2InO2_vol_pct'],
      gateH2InO2_vol_pct: ['gate_vol_pct'],
      pressuriseLoad_frac: ['pressurise_pct', pct],
      loads_frac: ['loads_pct', pct],
      dwell_s: ['dwell_min', minutes],
      average_s: ['average_s'],
      settle_s: ['settle_min', minutes],
      rate_frac_per_s: ['rate_pct_per_s', pct],
      purge_s: ['purge_min', minutes],
    },
    took: { pressure_barg: 30 },
  },
  'cool-down': {
    name: 'cool-down',
    ways: {
      temperature_degC: ['temperature_degC'],
      target_degC: ['target_degC'],
      rate_frac_per_s: ['rate_pct_per_s', pct],
      purge_s: ['purge_min', minutes],
      timeout_s: ['cooling_h', hours],
    },
  },
};

/** What stands in a step in the place of a call, and what it does not say any more. */
export interface NewCall {
  readonly step: Readonly<Record<string, unknown>>;
  readonly lost: readonly string[];
  /** Values that are other ones than before, in words. */
  readonly changed: readonly string[];
}

/** A call of version 1 in version 2; undefined: there was no such method. */
export function callOf(method: string, given: Readonly<Record<string, unknown>>): NewCall | undefined {
  const called = Object.hasOwn(CALLED, method) ? CALLED[method] : undefined;
  if (called === undefined) return undefined;
  const all = { ...called.took, ...given };
  const put: Record<string, unknown> = {};
  const lost: string[] = [];
  const changed: string[] = [];
  for (const [key, value] of Object.entries(all)) {
    const way = Object.hasOwn(called.ways, key) ? called.ways[key] : undefined;
    if (way === undefined) lost.push(key);
    else {
      const [name, turned, why] = way;
      const [own, number] = inOwnUnit(name, turned === undefined ? value : turned(value), value);
      put[own] = number;
      if (why !== undefined)
        changed.push(`${own} is ${String(number)} where ${key} was ${String(value)}: ${why}`);
    }
  }
  const withs = Object.keys(put).length === 0 ? {} : { with: put };
  return { step: { call: called.name, ...withs }, lost, changed };
}

/** So many digits are no figure that a person has written: 100 s are 1.66666666667 min. */
const MOST_DIGITS = 8;

/** A time that minutes or hours cut stays in seconds: a parameter takes any unit of its quantity. */
function inOwnUnit(name: string, value: unknown, old: unknown): readonly [name: string, value: unknown] {
  const isCut = typeof value === 'number' && Number(value.toPrecision(MOST_DIGITS)) !== value;
  return isCut && /_(min|h)$/.test(name) ? [name.replace(/_(min|h)$/, '_s'), old] : [name, value];
}

/** Names of the methods of version 1. */
export const OLD_METHODS: readonly string[] = [...Object.keys(CALLED), 'load-following'];
