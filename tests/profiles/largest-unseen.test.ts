import { describe, expect, it } from 'vitest';
import type { RecordedSeries, StackRun } from '../../profiles/recorded-run.ts';
import { evaluateRun } from '../../profiles/run-kpis.ts';
import { pressureFigures } from '../../profiles/stack/pressure.ts';
import { purgeFigures } from '../../profiles/stack/purity.ts';
import { responseFigures } from '../../profiles/stack/response.ts';
import { stableFigures } from '../../profiles/stack/stable.ts';
import { stopFigures } from '../../profiles/stack/starting.ts';
import { unusableIn } from '../../profiles/uncertainty/unusable-time.ts';
import { NOTHING } from './figures.ts';
import { recordOf } from './record.ts';

/** The largest of a window of which a part was not seen is none: the worst may have been there. */

const LONG_S = 600;
const PART = { name: 'all', start_s: 0, end_s: LONG_S, ended_by: 'time' } as const;
const H2 = 'o2.h2_vol_pct';

/** Bad rows from 560 s on, for so long. */
function runWithBad(for_s: number): StackRun {
  const isBad = (t: number): boolean => t >= 560 && t < 560 + for_s;
  const shown = (value: (t: number) => number) => (t: number) => (isBad(t) ? Number.NaN : value(t));
  const gas = shown(t => 0.5 + 0.01 * Math.sin(t));
  return recordOf({
    to_s: LONG_S,
    roles: {
      [H2]: gas,
      'h2.o2_vol_pct': gas,
      'stack.voltage_V': shown(t => 250 + 0.1 * Math.sin(7 * t)),
      'stack.current_A': shown(t => (t < 10 ? 0 : 1000) + Math.sin(7 * t)),
      'stack.temperature_degC': t => 60 + 0.01 * Math.sin(5 * t),
      'cathode.pressure_barg': shown(t => 20 + 0.01 * Math.sin(5 * t)),
    },
  });
}

const step = { op: 'cc', start_s: 9, end_s: LONG_S, ended: 'time', reason: '' };
const AT_PRESSURE = {
  pressure_barg: 20,
  loads_frac: [],
  gateH2InO2_vol_pct: 2,
  needed_A: 100,
  how: 'as given',
  points: [],
  way: { lag_s: 5 },
} as never;
const FIGURES = [
  ['h2-in-o2-max', (run: StackRun) => evaluateRun(run, NOTHING)],
  ['stop-h2-in-o2-max', (run: StackRun) => stopFigures(run, PART)],
  ['purge-o2-in-cathode', (run: StackRun) => purgeFigures(run, PART)],
  ['purge-h2-in-anode', (run: StackRun) => purgeFigures(run, PART)],
  [
    'stable-band',
    (run: StackRun) => stableFigures(run, PART, { load_frac: 0.5, drift_mV: 5, window_s: 500 }),
  ],
  ['pressure-rate-max', (run: StackRun) => pressureFigures(run, PART, AT_PRESSURE)],
  ['overshoot', (run: StackRun) => responseFigures(run, [step])],
] as const;

describe.each(FIGURES)('%s', (id, figures) => {
  const found = (run: StackRun) => figures(run).find(kpi => kpi.id === id);
  it('is none where more than 5 % of its time had no usable reading', () => {
    expect(found(runWithBad(36))).toMatchObject({
      value: null,
      definition: expect.stringMatching(/% of the time of .* had no usable/),
    });
  });
  it('is there where all was seen', () => {
    expect(found(runWithBad(0))?.value).toBeTypeOf('number');
  });
});

describe('a thinned record', () => {
  const rows = (times: readonly number[], isBad: (t: number) => boolean = () => false): RecordedSeries => ({
    t_s: Float64Array.from(times),
    value: Float64Array.from(times, t => (isBad(t) ? Number.NaN : 1)),
    join_s: 60,
  });
  // Rows whenever the value moved: dense in the first minute, then far apart.
  const moved = [
    ...Array.from({ length: 60 }, (_, i) => i),
    ...Array.from({ length: 10 }, (_, i) => 60 + 59 * i),
  ];
  it('has lost nothing where its rule left rows out', () => {
    expect(unusableIn(rows(moved), 0, 591)).toBe(0);
  });
  it('has where a row of it is bad', () => {
    expect(
      unusableIn(
        rows(moved, t => t > 200 && t < 400),
        0,
        591,
      ),
    ).toBeGreaterThan(0.3);
  });
});
