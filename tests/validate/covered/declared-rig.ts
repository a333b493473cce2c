import type { Accuracy } from '../../../drivers/contract/device.ts';
import { type Random, seededRandom } from '../../../drivers/contract/random.ts';
import { cellSensorSpecs } from '../../../sim/plant/cell/sensors.ts';
import type { PlantKind, PlantRig } from '../../../sim/plant/parts/model.ts';
import { analog, ELECTROLYSER_SENSORS, type SensorSpec } from '../../../sim/plant/parts/sensors.ts';

/**
 * The twin seen through instruments whose errors are drawn from what the bench declares of them, and beside it the
 * truth at the same moments (control/decisions/0021). Offset and gain: normal, k = 2, fixed for a run. Repeatability: a
 * tenth of both, wandering. Noise and steps of the converter: those of the twin.
 */

/** True values of one role at the times at which it was read. */
export interface TrueValues {
  readonly t_s: readonly number[];
  readonly value: readonly number[];
}

/** A rig behind declared instruments, and what really was. */
export interface DeclaredRig {
  readonly rig: PlantRig;
  /** Truth of a role so far; undefined for a role that has none. */
  truth(role: string): TrueValues | undefined;
  /** What the instrument behind a role showed at zero, mean over the run, unit of the role. */
  zero(role: string): number;
}

/** What an instrument repeats to, as a part of its declared accuracy, and the time over which it wanders, s. */
const REPEATABILITY_FRAC = 0.1;
const WANDER_S = 3600;

/** Where the truth of a cell's roles stands; of a stack it stands under the role's own name. */
const CELL_TRUTH: Readonly<Record<string, (rig: PlantRig) => number>> = {
  'cell.current_A': rig => rig.truthOf('cell.terminalCurrent_A'),
  'cell.voltage_V': rig => rig.truthOf('cell.terminalVoltage_V'),
  'cell.power_W': rig => rig.truthOf('cell.terminalCurrent_A') * rig.truthOf('cell.terminalVoltage_V'),
  'cell.charged_Ah': rig => rig.truthOf('cell.charged_Ah'),
  'cell.discharged_Ah': rig => rig.truthOf('cell.discharged_Ah'),
  'cell.temperature_degC': rig => rig.truthOf('cell.temperature_degC'),
};
/** Roles of a stack that figures are made of. */
const STACK_ROLES = [
  'stack.voltage_V',
  'stack.current_A',
  'stack.power_W',
  'stack.temperature_degC',
  'anode.pressure_barg',
  'cathode.pressure_barg',
  'h2.flow_NL_per_min',
  'o2.h2_vol_pct',
  'h2.o2_vol_pct',
] as const;
/** Noise and steps of what the plants of neither table show; as their own models have them. */
const OTHER_SENSORS: readonly SensorSpec[] = [
  ...['tank', 'sample', 'mix'].flatMap(part => [
    analog(`${part}.pressure_bara`, 0, 0, 1e-4, 10_000),
    analog(`${part}.pressure_barg`, 0, 0, 1e-4, 10_000),
    analog(`${part}.temperature_degC`, 0, 0, 0.005, 1000),
  ]),
  analog('mix.h2_vol_pct', 0, 0, 0.01, 1000, 0),
  analog('mix.o2_vol_pct', 0, 0, 0.01, 1000, 0),
];
const COUNTERS: readonly string[] = ['cell.charged_Ah', 'cell.discharged_Ah'];

/** A first-order wander of unit variance, by time. */
function wanderOf(random: Random): (t_s: number) => number {
  let [last_s, state] = [Number.NaN, random.gauss()];
  return t_s => {
    if (t_s > last_s) {
      const kept = Math.exp((last_s - t_s) / WANDER_S);
      state = kept * state + Math.sqrt(1 - kept * kept) * random.gauss();
    }
    last_s = t_s;
    return state;
  };
}

/** One instrument: shows a true value with its errors. */
function instrument(accuracy: Accuracy, spec: SensorSpec | undefined, zeros: number[], random: Random) {
  const [offset, gain] = [accuracy.abs / 2, accuracy.reading_pct / 200];
  const [offsetDrawn, gainDrawn] = [random.gauss(), random.gauss()];
  const [offsetWander, gainWander] = [wanderOf(random), wanderOf(random)];
  // An instrument of which only its accuracy is known scatters well below it.
  const noise = spec?.noise ?? accuracy.abs / 20;
  const steps = spec?.stepsPerUnit ?? 0;
  const low = spec?.low ?? Number.NEGATIVE_INFINITY;
  return (value: number, t_s: number): number => {
    const off = offset * (offsetDrawn + REPEATABILITY_FRAC * offsetWander(t_s));
    zeros.push(off);
    const slope = gain * (gainDrawn + REPEATABILITY_FRAC * gainWander(t_s));
    const raw = value * (1 + slope) + off + noise * random.gauss();
    const shown = steps === 0 ? raw : Math.round(raw * steps) / steps;
    return Math.max(low, shown);
  };
}

/** What the counters of both ways have in common: one meter's gain. */
interface Meter {
  readonly gainDrawn: number;
  readonly gainWander: (t_s: number) => number;
}

/** A counter: adds up with its gain, from wherever it stood, and shows its last digit, whose rounding is the declared `abs`. */
function counter(accuracy: Accuracy, { gainDrawn, gainWander }: Meter, random: Random) {
  const step = accuracy.abs * Math.sqrt(3);
  const gain = accuracy.reading_pct / 200;
  let [last, sum] = [0, step * random.uniform()];
  return (value: number, t_s: number): number => {
    sum += (value - last) * (1 + gain * (gainDrawn + REPEATABILITY_FRAC * gainWander(t_s)));
    last = value;
    return step === 0 ? sum : Math.floor(sum / step + 0.5) * step;
  };
}

/**
 * Puts instruments of declared accuracy between a rig and whoever reads it. `accuracyOf`: by role; undefined: as it is.
 * `quiet`: roles whose sensors of this rig have no error of their own, so that they show the truth.
 */
export function declaredRig(
  rig: PlantRig,
  kind: PlantKind,
  range_A: number,
  accuracyOf: (role: string) => Accuracy | undefined,
  seed: number,
  quiet: readonly string[] = [],
): DeclaredRig {
  const random = seededRandom(seed ^ 0x51ed270b);
  const specs: readonly SensorSpec[] = [
    ...(kind === 'cell' ? cellSensorSpecs(range_A) : kind === 'stack' ? ELECTROLYSER_SENSORS : []),
    ...OTHER_SENSORS,
  ];
  const usual: readonly string[] =
    kind === 'cell' ? Object.keys(CELL_TRUTH) : kind === 'stack' ? STACK_ROLES : [];
  const roles = [...new Set([...usual, ...quiet])].filter(role => rig.sensorIndex(role) >= 0);
  const trueOf = (role: string): ((of: PlantRig) => number) => {
    if (!quiet.includes(role)) return CELL_TRUTH[role] ?? (of => of.truthOf(role));
    const index = rig.sensorIndex(role);
    return of => of.sensor(index);
  };
  const meter: Meter = { gainDrawn: random.gauss(), gainWander: wanderOf(random) };
  const seen = roles.map(role => {
    const accuracy = accuracyOf(role);
    const zeros: number[] = [];
    const isOwn = quiet.includes(role) && kind === 'stack';
    const spec = isOwn ? undefined : specs.find(({ name }) => name === role);
    return {
      role,
      index: rig.sensorIndex(role),
      trueNow: trueOf(role),
      show:
        accuracy === undefined
          ? (value: number) => value
          : COUNTERS.includes(role)
            ? counter(accuracy, meter, random)
            : instrument(accuracy, spec, zeros, random),
      values: { t_s: [] as number[], value: [] as number[] },
      shown: Number.NaN,
      zeros,
    };
  });
  const byIndex = new Map(seen.map(channel => [channel.index, channel]));
  let read_s = Number.NaN;
  /** All at once, at each new time: then the truth of what nobody measures is known, too. */
  function readAll(): void {
    read_s = rig.time_s;
    for (const channel of seen) {
      const value = channel.trueNow(rig);
      channel.values.t_s.push(read_s);
      channel.values.value.push(value);
      channel.shown = channel.show(value, read_s);
    }
  }
  return {
    truth: role => seen.find(channel => channel.role === role)?.values,
    zero(role) {
      const zeros = seen.find(channel => channel.role === role)?.zeros ?? [];
      return zeros.reduce((sum, zero) => sum + zero, 0) / zeros.length;
    },
    rig: {
      sensors: rig.sensors,
      actuators: rig.actuators,
      truths: rig.truths,
      disturbances: rig.disturbances,
      sensorIndex: name => rig.sensorIndex(name),
      sensorRange: name => rig.sensorRange(name),
      sensor(index) {
        const channel = byIndex.get(index);
        if (channel === undefined) return rig.sensor(index);
        if (rig.time_s !== read_s) readAll();
        return channel.shown;
      },
      actuatorIndex: name => rig.actuatorIndex(name),
      set: (index, value) => rig.set(index, value),
      setting: index => rig.setting(index),
      advanceTo: time_s => rig.advanceTo(time_s),
      get time_s() {
        return rig.time_s;
      },
      truthOf: name => rig.truthOf(name),
      disturbanceIndex: name => rig.disturbanceIndex(name),
      disturb: (index, value) => rig.disturb(index, value),
      impedance: frequencies_Hz => rig.impedance(frequencies_Hz),
    },
  };
}
