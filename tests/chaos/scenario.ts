import { type Random, seededRandom } from '../../drivers/contract/random.ts';

/** The devices of the fake bench. */
export const DEVICES = ['supply', 'plc', 'gas', 'rack'] as const;
export type DeviceId = (typeof DEVICES)[number];

/** A moment: so long after the start, after the run began to end, after the gate was shut, after the vent began. */
export interface Moment {
  readonly from: 'start' | 'ending' | 'shut' | 'vent';
  readonly plus_s: number;
}

/** What a wire, an instrument, the disk, a listener or a person does. `for_s` null: for good. */
export type Disturbance = { readonly at: Moment; readonly for_s: number | null } & (
  | { readonly what: 'person'; readonly does: 'stop' | 'abort' | 'interrupt' | 'hold' }
  | { readonly what: 'limit'; readonly reaction: 'hold' | 'stop' | 'trip' }
  | { readonly what: 'lost'; readonly device: DeviceId }
  | { readonly what: 'silent'; readonly device: DeviceId; readonly how: 'deaf' | 'mute' }
  | { readonly what: 'late'; readonly device: DeviceId; readonly extra_s: number }
  | { readonly what: 'loss'; readonly device: DeviceId; readonly part: number }
  | { readonly what: 'refuses'; readonly device: DeviceId; readonly keys: readonly string[] }
  | { readonly what: 'ignores'; readonly device: DeviceId; readonly keys: readonly string[] }
  | { readonly what: 'disk' }
  | { readonly what: 'listener'; readonly which: 'change' | 'event' | 'frame' | 'device' }
  | { readonly what: 'read'; readonly device: DeviceId; readonly how: 'throws' | 'rejects' }
  | { readonly what: 'stuck'; readonly current_A: number }
  | { readonly what: 'hand'; readonly device: DeviceId; readonly sets: Readonly<Record<string, number>> }
);

/** Everything that makes one ending; JSON. */
export interface Scenario {
  readonly seed: number;
  readonly poll_s: Readonly<Record<DeviceId, number>>;
  readonly latency_s: Readonly<Record<DeviceId, number>>;
  readonly control_s: number;
  readonly flush_s: number;
  readonly disk_s: number;
  readonly namelessGas: boolean;
  readonly currentRamp_A_per_s: number;
  /** Entries of a method's list, YAML. */
  readonly method: readonly string[];
  readonly disturbances: readonly Disturbance[];
}

/** Outputs of the PLC that steps set together, as a method names them. */
const PLC_OUTPUTS = [
  'anode.n2_on',
  'anode.ventValve_on',
  'cathode.outlet_on',
  'stack.heater_degC',
  'water.pump_on',
] as const;
const PLC_KEYS = ['n2Set_on', 'ventValveSet_on', 'outletSet_on', 'heaterSet_degC', 'pumpSet_on'] as const;

class Dice {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }
  between(low: number, high: number): number {
    return Number((low + (high - low) * this.#random.uniform()).toFixed(3));
  }
  whole(low: number, high: number): number {
    return Math.floor(low + (high - low + 1) * this.#random.uniform());
  }
  chance(p: number): boolean {
    return this.#random.uniform() < p;
  }
  one<T>(of: readonly T[]): T {
    return of[Math.min(of.length - 1, Math.floor(of.length * this.#random.uniform()))];
  }
  some<T>(of: readonly T[], least: number): T[] {
    const left = [...of];
    const result: T[] = [];
    for (let n = this.whole(least, of.length); n > 0; n--) {
      result.push(...left.splice(this.whole(0, left.length - 1), 1));
    }
    return result;
  }
}

/** Same seed, same scenario. */
export function makeScenario(seed: number): Scenario {
  const dice = new Dice(seededRandom(seed));
  const each = (low: number, high: number): Record<DeviceId, number> => ({
    supply: dice.between(low, high),
    plc: dice.between(low, high),
    gas: dice.between(low, high),
    rack: dice.between(low, high),
  });
  const { method, planned_s } = makeMethod(dice);
  const disturbances = Array.from({ length: dice.whole(1, 4) }, () => makeDisturbance(dice, planned_s));
  return {
    seed,
    poll_s: each(0.15, 1),
    latency_s: { ...each(0.002, 0.02), plc: dice.between(0.005, 0.04) },
    control_s: dice.between(0.1, 0.5),
    flush_s: dice.between(0.3, 1),
    disk_s: dice.between(0.001, 0.05),
    namelessGas: dice.chance(0.3),
    currentRamp_A_per_s: dice.one([10, 20, 50, 200]),
    method,
    disturbances,
  };
}

function makeMethod(dice: Dice): { method: string[]; planned_s: number } {
  let planned_s = 6;
  const method = [
    set('open', plcValues(dice, 3)),
    set('on', { 'stack.output_on': 'on', 'stack.current_A': dice.between(20, 90) }),
  ];
  for (let n = dice.whole(2, 5); n > 0; n--) {
    const kind = dice.one(['wait', 'valves', 'valves', 'ramp', 'pressure', 'pressurise', 'follow'] as const);
    const for_s = dice.between(1, 6);
    planned_s += kind === 'valves' ? 0.5 : kind === 'follow' ? 2 * for_s : for_s;
    method.push(...makeStep(dice, kind, for_s));
  }
  if (dice.chance(0.7)) {
    method.push(set('off', { 'stack.current_A': 0 }), set('out', { 'stack.output_on': 'off' }));
    if (dice.chance(0.5)) method.push(set('shut', plcValues(dice, 2)));
    planned_s += 3;
  }
  return { method, planned_s };
}

function makeStep(
  dice: Dice,
  kind: 'wait' | 'valves' | 'ramp' | 'pressure' | 'pressurise' | 'follow',
  for_s: number,
): string[] {
  switch (kind) {
    case 'wait':
      return [wait(for_s)];
    case 'valves':
      return [set('valves', plcValues(dice, 2)), set('valves', plcValues(dice, 3))];
    case 'ramp': {
      const per_s = dice.between(4, 40);
      const to = dice.between(20, 95);
      return [`- { name: ramp, ramp: { stack.current_A: ${to}, per_s: ${per_s} } }`];
    }
    case 'pressure':
      return [set('pressure', { 'cathode.pressure_barg': dice.between(2, 9) }), wait(for_s)];
    case 'pressurise': {
      const to = dice.between(2, 9);
      const per_min = dice.between(20, 60);
      return [
        `- { name: pressurise, ramp: { cathode.pressure_barg: ${to}, per_min: ${per_min} }, gate: o2.h2_vol_pct < 1.2, within_s: 15, otherwise: next }`,
      ];
    }
    case 'follow':
      return [
        `- name: follow
  follow:
    current_pct: wind.share_pct
    min_pct: 20
    restart_pct: 30
    max_pct: 90
    per_s: 20
    standby: { anode.n2_on: on, cathode.outlet_on: off }
    restart: { anode.n2_on: off, cathode.outlet_on: on }
  for_s: ${2 * for_s}`,
      ];
  }
}

function set(name: string, values: Readonly<Record<string, number | string>>): string {
  const pairs = Object.entries(values).map(([role, value]) => `${role}: ${value}`);
  return `- { name: ${name === 'on' || name === 'off' ? `load ${name}` : name}, set: { ${pairs.join(', ')} } }`;
}

function wait(for_s: number): string {
  return `- { name: hold, wait: {}, for_s: ${for_s} }`;
}

function plcValues(dice: Dice, least: number): Record<string, number | string> {
  const roles = dice.some(PLC_OUTPUTS, least);
  return Object.fromEntries(
    roles.map(role => [
      role,
      role.endsWith('_degC') ? dice.between(30, 75) : dice.whole(0, 1) === 1 ? 'on' : 'off',
    ]),
  );
}

function makeMoment(dice: Dice, planned_s: number): Moment {
  const from = dice.one(['start', 'start', 'ending', 'shut', 'vent'] as const);
  const most = { start: planned_s, ending: 6, shut: 3, vent: 15 }[from];
  // Close to the moment most of all: there the races are.
  const plus_s = from === 'start' || dice.chance(0.3) ? dice.between(0, most) : dice.between(0, most / 5);
  return { from, plus_s };
}

function makeDisturbance(dice: Dice, planned_s: number): Disturbance {
  const at = makeMoment(dice, planned_s);
  const device = dice.one(['supply', 'supply', 'plc', 'gas', 'rack'] as const);
  const while_s = dice.chance(0.15) ? null : dice.between(0.3, 20);
  const what = dice.one([
    'person',
    'person',
    'person',
    'limit',
    'limit',
    'limit',
    'lost',
    'lost',
    'silent',
    'late',
    'loss',
    'refuses',
    'ignores',
    'disk',
    'listener',
    'read',
    'stuck',
    'hand',
  ] as const);
  switch (what) {
    case 'person': {
      const does = dice.one(['stop', 'stop', 'abort', 'interrupt', 'hold'] as const);
      return { at, what, does, for_s: does === 'hold' ? dice.between(0.5, 6) : 0 };
    }
    case 'limit': {
      const reaction = dice.one(['hold', 'stop', 'trip', 'trip'] as const);
      return { at, what, reaction, for_s: dice.between(1, 8) };
    }
    case 'lost':
      return { at, what, device, for_s: while_s };
    case 'silent':
      return { at, what, device, how: dice.one(['deaf', 'mute']), for_s: while_s };
    case 'late':
      return { at, what, device, extra_s: dice.between(0.1, 2), for_s: dice.between(0.05, 5) };
    case 'loss':
      return { at, what, device, part: dice.one([0.01, 0.05, 0.3]), for_s: dice.between(0.5, 20) };
    case 'refuses':
    case 'ignores': {
      const settable = device === 'rack' ? 'plc' : device;
      return { at, what, device: settable, keys: keysOf(dice, settable), for_s: while_s };
    }
    case 'disk':
      return { at, what, for_s: while_s };
    case 'listener':
      return {
        at,
        what,
        which: dice.one(['change', 'event', 'frame', 'device']),
        for_s: dice.between(0.5, 5),
      };
    case 'read':
      return { at, what, device, how: dice.one(['throws', 'rejects']), for_s: dice.between(0.5, 5) };
    case 'stuck':
      return { at, what, current_A: dice.between(10, 100), for_s: while_s };
    case 'hand':
      return { at, what, ...byHand(dice), for_s: 0 };
  }
}

function keysOf(dice: Dice, device: DeviceId): string[] {
  if (device === 'supply') return dice.some(['outputSet_on', 'currentSet_A'], 1);
  return device === 'gas' ? ['pressureSet_barg'] : dice.some(PLC_KEYS, 1);
}

function byHand(dice: Dice): { device: DeviceId; sets: Record<string, number> } {
  const device = dice.one(['supply', 'plc', 'gas'] as const);
  if (device === 'supply') return { device, sets: { currentSet_A: dice.between(20, 60), outputSet_on: 1 } };
  if (device === 'gas') return { device, sets: { pressureSet_barg: dice.between(3, 9) } };
  const key = dice.one(PLC_KEYS);
  return { device, sets: { [key]: key === 'heaterSet_degC' ? 60 : dice.whole(0, 1) } };
}
