import type { Bench } from '../../control/bench/bench.ts';
import { benchSchema } from '../../control/bench/bench.ts';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../../drivers/contract/device.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import type { Quantity } from '../../drivers/contract/units.ts';
import type { DeviceTable } from '../../drivers/device-table.ts';
import { openDevice } from '../../drivers/open-device.ts';
import { FakeInstrument, type Reply, type Request } from './instruments.ts';
import { ChaosPlant } from './plant.ts';
import { DEVICES, type DeviceId, type Scenario } from './scenario.ts';

/** Limits that the judges know, too. */
export const CURRENT_OFF_A = 5;
export const VENTED_barg = 0.5;
export const WATCHDOG_s = 5;
export const VENT_WITHIN_s = 90;

/** What the safe state sets, by instrument: in the order of the bench file. */
export const SAFE_VALUES: Readonly<Record<DeviceId, readonly (readonly [key: string, value: number])[]>> = {
  supply: [
    ['outputSet_on', 0],
    ['currentSet_A', 0],
  ],
  plc: [
    ['n2Set_on', 1],
    ['ventValveSet_on', 1],
    ['outletSet_on', 0],
    ['heaterSet_degC', 25],
    ['pumpSet_on', 0],
  ],
  gas: [],
  rack: [],
};

/** The role behind each settable. */
export const ROLE_OF: Readonly<Record<string, string>> = {
  outputSet_on: 'stack.outputSet_on',
  currentSet_A: 'stack.currentSet_A',
  n2Set_on: 'anode.n2Set_on',
  ventValveSet_on: 'anode.ventValveSet_on',
  outletSet_on: 'cathode.outletSet_on',
  heaterSet_degC: 'stack.heaterSet_degC',
  pumpSet_on: 'water.pumpSet_on',
  pressureSet_barg: 'cathode.pressureSet_barg',
};

const CHANNELS: Readonly<Record<DeviceId, readonly Quantity[]>> = {
  supply: ['current_A', 'voltage_V', 'power_W'],
  plc: ['ventValve_on', 'outlet_on', 'h2InO2_vol_pct', 'temperature_degC'],
  gas: ['pressure_barg'],
  rack: ['cell[1].voltage_V', 'cell[2].voltage_V'],
};

const AT_REST: Readonly<Record<DeviceId, Readonly<Record<string, number>>>> = {
  supply: { outputSet_on: 0, currentSet_A: 0 },
  plc: { n2Set_on: 1, ventValveSet_on: 1, outletSet_on: 0, heaterSet_degC: 25, pumpSet_on: 0 },
  gas: { pressureSet_barg: 0 },
  rack: {},
};

const REPLY_ms: Readonly<Record<DeviceId, number>> = { supply: 200, plc: 500, gas: 300, rack: 200 };

/** The bench behind the wires: it goes on whatever becomes of the controller. */
export interface World {
  readonly plant: ChaosPlant;
  readonly instruments: Readonly<Record<DeviceId, FakeInstrument>>;
}

/** Makes instruments and plant. `order` counts all that happens. */
export function makeWorld(scenario: Scenario, clock: Clock, order: () => number): World {
  const random = seededRandom(scenario.seed ^ 0x5bd1e995);
  const held = (device: DeviceId, key: string): number => instruments[device].held.get(key) ?? 0;
  const plant: ChaosPlant = new ChaosPlant(() => ({
    output_on: held('supply', 'outputSet_on'),
    currentSet_A: held('supply', 'currentSet_A'),
    pressureSet_barg: held('gas', 'pressureSet_barg'),
    outlet_on: held('plc', 'outletSet_on'),
  }));
  const measure = (key: string): number | undefined => {
    const current_A = plant.current_A();
    switch (key) {
      case 'current_A':
        return current_A;
      case 'voltage_V':
        return current_A > 0 ? 3.6 + 0.004 * current_A : 2.4;
      case 'power_W':
        return current_A * (3.6 + 0.004 * current_A);
      case 'pressure_barg':
        return plant.pressure_barg;
      case 'h2InO2_vol_pct':
        return plant.h2InO2_vol_pct;
      case 'temperature_degC':
        return plant.temperature_degC;
      case 'cell[1].voltage_V':
      case 'cell[2].voltage_V':
        return current_A > 0 ? 1.8 + 0.002 * current_A : 1.2;
      case 'ventValve_on':
        return held('plc', 'ventValveSet_on');
      case 'outlet_on':
        return held('plc', 'outletSet_on');
      default:
        return undefined;
    }
  };
  const make = (id: DeviceId): FakeInstrument =>
    new FakeInstrument({
      id,
      clock,
      random,
      order,
      latency_s: scenario.latency_s[id],
      namesReplies: !(id === 'gas' && scenario.namelessGas),
      held: AT_REST[id],
      measure,
      beforeChange: () => plant.advance(clock.now_s()),
      truth: () => ({ pressure_barg: plant.pressure_barg, current_A: plant.current_A() }),
      ...(id === 'supply' ? { watchdogSets: [['outputSet_on', 0] as const] } : {}),
    });
  const instruments = { supply: make('supply'), plc: make('plc'), gas: make('gas'), rack: make('rack') };
  return { plant, instruments };
}

/** A lower bound for whoever judges: the plant's noise is none, so that figures can be exact. */
export function openFakeDevice(id: DeviceId, of: FakeInstrument, clock: Clock): Device {
  const keys = CHANNELS[id];
  const settables = Object.keys(AT_REST[id]) as Quantity[];
  const description: DeviceDescription = {
    driver: `chaos/${id}`,
    channels: keys.map(name => ({
      name,
      range: [-1000, 1000],
      accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
    })),
    settables: settables.map(name => ({ name, range: [0, 1000], tolerance: 1e-6 })),
    onLoss: 'hold',
    safeList: id === 'supply' ? (SAFE_VALUES.supply as readonly (readonly [Quantity, number])[]) : [],
  };
  const table: DeviceTable<Request, Reply> = {
    description,
    makeLink: () => of.makeLink(),
    reply_ms: REPLY_ms[id],
    gap_ms: id === 'gas' ? 5 : 0,
    async identify(exchange) {
      const reply = await exchange({ op: 'id' });
      if (reply.id !== id) throw new Error(`another instrument: ${reply.id}`);
      return { ask: { op: 'id' }, isAnswer: answer => answer.id === id };
    },
    reads: [
      {
        ask: { op: 'read', keys },
        channels: keys.map((_, i) => i),
        into: (reply, values) => values.set(reply.values ?? []),
      },
    ],
    writes: Object.fromEntries(
      settables.map(key => [
        key,
        {
          encode: (value: number): Request => ({ op: 'set', key, value }),
          readback: { op: 'read', keys: [key] } satisfies Request,
          decode: (reply: Reply) => reply.values?.[0] ?? Number.NaN,
        },
      ]),
    ),
    ...(id === 'supply'
      ? {
          async armWatchdog(timeout_s, { exchange }) {
            await exchange({ op: 'watchdog', timeout_s });
            return timeout_s;
          },
        }
      : {}),
  };
  return openDevice(id, table, { clock });
}

/** The bench file of a scenario. */
export function makeBench(scenario: Scenario): Bench {
  const otherwise = 'by hand';
  const device = (id: DeviceId): object => ({
    driver: `chaos/${id}`,
    poll_s: scenario.poll_s[id],
    stale_after_s: Math.max(1, 3 * scenario.poll_s[id]),
    options: {},
    ...(id === 'supply' ? { watchdog: { timeout_s: WATCHDOG_s } } : {}),
  });
  const limit = { kind: 'threshold', basis: 'default' };
  const set = (key: string): object => ({
    set: ROLE_OF[key],
    to: SAFE_VALUES.plc.find(([name]) => name === key)?.[1],
    within_s: 0.8,
    otherwise,
  });
  return benchSchema.parse({
    bench: 'chaos',
    version: 1,
    stack: {
      name: 'chaos',
      type: 'pem',
      cells: 2,
      activeArea_cm2: 100,
      currentNominal_A: 100,
      powerNominal_kW: 0.4,
      pressureMax_barg: 15,
    },
    devices: Object.fromEntries(DEVICES.map(id => [id, device(id)])),
    roles: {
      'stack.current_A': 'supply.current_A',
      'stack.voltage_V': 'supply.voltage_V',
      'stack.power_W': 'supply.power_W',
      'cathode.pressure_barg': 'gas.pressure_barg',
      'cathode.outlet_on': 'plc.outlet_on',
      'anode.ventValve_on': 'plc.ventValve_on',
      'o2.h2_vol_pct': 'plc.h2InO2_vol_pct',
      'stack.temperature_degC': 'plc.temperature_degC',
      'cell.voltage_V[]': 'rack.cell[].voltage_V',
      ...Object.fromEntries(
        DEVICES.flatMap(id => Object.keys(AT_REST[id]).map(key => [ROLE_OF[key], `${id}.${key}`])),
      ),
    },
    limits: {
      'stack.currentSet_A': { min: 0, max: 100, ramp_per_s: scenario.currentRamp_A_per_s },
      'stack.outputSet_on': { min: 0, max: 1 },
      'cathode.pressureSet_barg': { min: 0, max: 12, ramp_per_s: 1 },
      'stack.heaterSet_degC': { min: 15, max: 80 },
    },
    interlocks: [
      { ...limit, id: 'current-high', role: 'stack.current_A', trips: '>', limit: 110, reaction: 'trip' },
      {
        ...limit,
        id: 'pressure-high',
        role: 'cathode.pressure_barg',
        trips: '>',
        limit: 13,
        reaction: 'trip',
      },
      {
        ...limit,
        id: 'h2-trip',
        role: 'o2.h2_vol_pct',
        trips: '>',
        limit: 2,
        delay_s: 0.2,
        reaction: 'trip',
      },
      { ...limit, id: 'h2-hold', role: 'o2.h2_vol_pct', trips: '>', limit: 1.5, reaction: 'hold' },
      { ...limit, id: 'hot', role: 'stack.temperature_degC', trips: '>', limit: 90, reaction: 'stop' },
      { ...limit, id: 'cell-high', role: 'cell.voltage_V[]', trips: '>', limit: 3, reaction: 'trip' },
    ],
    safeState: {
      steps: [
        { device: 'supply', within_s: 0.8, otherwise },
        set('n2Set_on'),
        set('ventValveSet_on'),
        // The gas outlet is not shut while current makes gas.
        {
          ...set('outletSet_on'),
          when: { role: 'stack.current_A', is: '<', limit: CURRENT_OFF_A },
        },
        set('heaterSet_degC'),
        {
          vent: 'cathode.pressureSet_barg',
          rate_bar_per_min: 30,
          role: 'cathode.pressure_barg',
          below: VENTED_barg,
          within_s: VENT_WITHIN_s,
          otherwise,
        },
        set('pumpSet_on'),
      ],
      proof: [
        { role: 'stack.current_A', is: '<', limit: CURRENT_OFF_A, within_s: 1, otherwise },
        { role: 'anode.ventValve_on', is: '>', limit: 0.5, within_s: 1, otherwise },
        { role: 'cathode.outlet_on', is: '<', limit: 0.5, within_s: 1, otherwise },
      ],
    },
  });
}
