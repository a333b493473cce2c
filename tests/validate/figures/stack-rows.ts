import { degradationKpis } from '../../../profiles/degradation.ts';
import type { RecordedPhase, RecordedPoint } from '../../../profiles/recorded-run.ts';
import { asrOf } from '../../../profiles/stack/asr.ts';
import { energyKpis } from '../../../profiles/stack/energy.ts';
import { leakFigures } from '../../../profiles/stack/leak.ts';
import { stableFigures } from '../../../profiles/stack/stable.ts';
import { NOTHING } from '../../profiles/figures.ts';
import { recordOf, stack } from '../../profiles/record.ts';
import { longRun } from './long-run.ts';
import { coveredRow, type FigureRow, figureRow, reasonRow, valueRow } from './row.ts';
import { correlated, seeded } from './seeded.ts';

/** Stacks: records whose energy, hydrogen, leak, drift and resistance are known. */

const FARADAY = 'charge x cells x 2.01588 g/mol / 2F, by hand';
const MADE = 'slope put into the record';

/** All rows of stacks. */
export function stackRows(): FigureRow[] {
  return [...energyRows(), ...driftRows(), ...leakRows(), ...asrRows(), ...degradationRows()];
}

/** One hour at 1000 A and 1.8 V a cell; the flow meter shows 99 % of Faraday. 135 cells. */
function energyRows(): FigureRow[] {
  const roles = (usable: (t: number) => boolean) => {
    const or = (v: number) => (t: number) => (usable(t) ? v : Number.NaN);
    return {
      'stack.current_A': or(1000),
      'stack.power_W': or(243_000),
      'h2.flow_NL_per_min': or(0.99 * 135_000 * (0.418146 / 60)),
    };
  };
  const whole = energyKpis(recordOf({ to_s: 3600, roles: roles(() => true) }), 0, 3600);
  const slow = energyKpis(recordOf({ to_s: 3600, dt_s: 30, roles: roles(() => true) }), 0, 3600);
  const holed = recordOf({ to_s: 3600, roles: roles(t => t < 1000 || t > 1900) });
  const gap = energyKpis(holed, 0, 3600);
  const fast = energyKpis(
    recordOf({ to_s: 36, dt_s: 0.1, timeFactor: 100, roles: roles(() => true) }),
    0,
    36,
  );
  const none = energyKpis(recordOf({ to_s: 3600, roles: roles(() => false) }), 0, 3600);
  return [
    valueRow(whole, 'an hour at 1000 A', 'energy', 243, 1e-6, '1000 A x 1.8 V x 135 x 1 h'),
    valueRow(whole, 'an hour at 1000 A', 'h2-faraday', 5.077, 0.001, FARADAY),
    valueRow(whole, 'an hour at 1000 A', 'faradaic-efficiency', 99, 0.01, 'flow put into the record'),
    valueRow(
      whole,
      'an hour at 1000 A',
      'specific-energy-faraday',
      47.863,
      0.005,
      '26.590 kWh/kg per V x 1.8 V',
    ),
    valueRow(slow, 'rows each 30 s', 'energy', 243, 1e-6, '1000 A x 1.8 V x 135 x 1 h'),
    valueRow(
      gap,
      'a quarter without readings',
      'specific-energy-faraday',
      47.863,
      0.005,
      'a ratio does not feel a gap at steady load',
    ),
    valueRow(fast, 'a hundred times faster than life', 'energy', 243, 1e-6, '1000 A x 1.8 V x 135 x 1 h'),
    reasonRow(none, 'no usable readings', 'energy', /No value/),
  ];
}

const whole = (method: string, end_s: number): RecordedPhase => ({
  name: 'it',
  method,
  start_s: 0,
  end_s,
  ended_by: 'time',
});

function driftRows(): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const [name, correlation_s, swing_mV] of [
    ['white noise', 0, 0],
    ['noise of 60 s', 60, 0],
    ["a thermostat's swing of 11 min", 0, 0.9],
  ] as const) {
    const next = correlated(seeded(7), 1, correlation_s);
    const run = recordOf({
      to_s: 1800,
      roles: {
        'stack.voltage_V': t =>
          stack.cells *
          (1.8 + 2e-3 * (t / 3600) + 1e-4 * next() + (swing_mV / 1000) * Math.sin((2 * Math.PI * t) / 660)),
      },
    });
    const kpis = stableFigures(run, whole('stabilise', 1800), {
      load_frac: 0.5,
      drift_mV: 5,
      window_s: 1800,
    });
    rows.push(coveredRow(kpis, name, 'stable-drift', 2, MADE));
  }
  return rows;
}

const LEAK = { testPressure_barg: 30, factor: 1.1, hold_s: 900, cathodeVolume_L: 250, anodeVolume_L: 80 };

function leakRows(): FigureRow[] {
  const points: RecordedPoint[] = [{ phase: 'it', leg: 'single', setpoint: 0, from_s: 50, to_s: 950 }];
  const kelvin = (t: number): number => 300 - (2 * t) / 1000;
  const barg = (noise: () => number) => (t: number) =>
    ((10_000 - t / 60) * 1.01325 * kelvin(t)) / 273.15 / 330 - 1.01325 + 1e-4 * noise();
  return [0, 30].map(correlation_s => {
    const noise = correlated(seeded(5), 1, correlation_s);
    const run = recordOf({
      to_s: 1000,
      points,
      roles: {
        'cathode.pressure_barg': barg(noise),
        'anode.pressure_barg': barg(noise),
        'stack.temperature_degC': t => kelvin(t) - 273.15,
      },
    });
    const kpis = leakFigures(run, { name: 'it', hold: points[0] }, LEAK);
    return coveredRow(
      kpis,
      `330 L lose 1 NL/min, noise of ${correlation_s} s`,
      'leak-rate',
      1,
      'gas put into the record',
    );
  });
}

function asrRows(): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const [name, top] of [
    ['PEM to 2 A/cm2', 2],
    ['alkaline to 0.5 A/cm2', 0.5],
  ] as const) {
    const points = Array.from({ length: 19 }, (_, i) => ({
      leg: 'up' as const,
      current_A: ((i + 1) / 19) * top * stack.activeArea_cm2,
      cellVoltage_V: 1.45 + 0.2 * ((i + 1) / 19) * top,
      random_V: 0,
      middle_s: 60 * i,
      temperature_degC: 60,
    }));
    const found = asrOf(recordOf({ to_s: 1, roles: {} }), points);
    rows.push(
      figureRow({
        id: `${name}: asr`,
        value: found?.value_mOhm_cm2 ?? Number.NaN,
        expected: 200,
        tolerance: 0.01,
        basis: MADE,
      }),
    );
  }
  return rows;
}

function degradationRows(): FigureRow[] {
  const of = (made: Parameters<typeof longRun>[0]) => degradationKpis(longRun(made), NOTHING);
  const noise = { noise_mV: 0.2, correlation_h: 3 };
  const runIn = of({ hours: 1000, irreversible: 10, runIn_mV: 8, ...noise });
  const cycling = of({ hours: 600, irreversible: 5, isCycling: true, ...noise });
  const outlier = of({ hours: 800, irreversible: 10, outlier_mV: 30, ...noise });
  const stopped = of({ hours: 1000, irreversible: 8, reversible: 20, stopEvery_h: 100, ...noise });
  return [
    coveredRow(runIn, '1000 h with run-in', 'degradation-rate', 10, MADE),
    coveredRow(cycling, '600 h of load cycles', 'degradation-rate', 5, MADE),
    coveredRow(outlier, '800 h with two false hours', 'degradation-rate', 10, MADE),
    valueRow(outlier, '800 h with two false hours', 'degradation-rate', 10, 0.5, MADE),
    coveredRow(stopped, '1000 h with ten stops', 'degradation-between-stops', 28, MADE),
    valueRow(stopped, '1000 h with ten stops', 'degradation-reversible', 20, 2, MADE),
    reasonRow(runIn, '1000 h without a stop', 'degradation-reversible', /no stop/),
    reasonRow(of({ hours: 12, irreversible: 10 }), 'a night', 'degradation-rate', /span 1\d\.\d h/),
  ];
}
