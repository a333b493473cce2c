import type { Clock } from '../contract/clock.ts';
import { type ChannelSpec, type DeviceDescription, timeChannel } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { type Quantity, timeNameOf } from '../contract/units.ts';
import type { DeviceTable, WriteSpec } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import type { OpcuaAccess } from '../transport/opcua/access.ts';
import { LADS_URI } from '../transport/opcua/lads/devices.ts';
import { type OpcuaAnswer, type OpcuaRequest, opcuaLink, prepareOpcua } from '../transport/opcua/link.ts';
import { DEVICE_STATES, FUNCTION_STATES, ladsFill, runningOf } from './lads-fill.ts';
import { DEVICE_STATE, ladsLink, roleOf } from './lads-link.ts';
import { type LadsOptions, ladsOptions, stateOf } from './lads-options.ts';
import { checkUnits } from './own-units.ts';
import { accessOf } from './plc-access.ts';
import { goodValue } from './plc-owner.ts';
import { subscriptionAsk } from './subscribe.ts';

/** Time of an answer, as of a PLC (recalled); browsing at connect is not counted in it. */
const REPLY_MS = 1_000;
/** So long a function may be on its way from Start to Running or from Stop to Stopped (default). */
const SETTLE_MS = 3_000;

type Table = DeviceTable<OpcuaRequest, OpcuaAnswer>;

const stateChannel = (name: Quantity, words: Readonly<Record<string, string>>): ChannelSpec => ({
  name,
  range: [1, Object.keys(words).length],
  accuracy: { reading_pct: 0, abs: 0, basis: 'sourced' },
  words,
});

/** Sensors first, then what the controllers read: the channels of the poll of values. */
function readsOf({ sensors, controllers }: LadsOptions) {
  return [
    ...sensors.map(one => ({ ...one, role: 'SensorValue' as const })),
    ...controllers.flatMap(({ function: path, reads }) =>
      reads === undefined ? [] : [{ ...reads, function: path, role: 'CurrentValue' as const }],
    ),
  ];
}

function describe(options: LadsOptions): DeviceDescription {
  const { controllers, onLoss } = options;
  const runs = controllers.flatMap(one => one.runs ?? []);
  const sets = controllers.flatMap(one => one.sets ?? []);
  return {
    driver: 'opcua/lads',
    channels: [
      ...readsOf(options).map(({ name, range, accuracy }) => ({ name, range, accuracy })),
      stateChannel('deviceState_count', DEVICE_STATES),
      ...runs.map(({ name }) => stateChannel(stateOf(name), FUNCTION_STATES)),
      ...readsOf(options).flatMap(({ name, sourceTime }, i) =>
        sourceTime ? [timeChannel(timeNameOf(name), { clock: 'utc', of: [i] })] : [],
      ),
    ],
    settables: [
      ...sets.map(({ name, range, tolerance }) => ({ name, range, tolerance })),
      ...runs.map(({ name }) => ({ name, range: [0, 1] as const, tolerance: 0 })),
    ],
    onLoss,
    // What runs is stopped before anything is set.
    safeList: [
      ...runs.flatMap(({ name, stops }) => (stops ? [[name, 0] as const] : [])),
      ...sets.flatMap(({ name, safe }) => (safe === undefined ? [] : [[name, safe] as const])),
    ],
  };
}

function writesOf({ controllers }: LadsOptions): Table['writes'] {
  const writes: Record<string, WriteSpec<OpcuaRequest, OpcuaAnswer>> = {};
  for (const { function: path, sets, runs } of controllers) {
    const target = roleOf(path, 'TargetValue');
    if (sets !== undefined)
      writes[sets.name] = {
        encode: value => ({ kind: 'write', node: target, value }),
        readback: { kind: 'readBack', node: target },
        decode: answer => goodValue(answer, target),
      };
    if (runs !== undefined)
      writes[runs.name] = {
        encode(value) {
          if (value !== 0 && value !== 1)
            throw new DeviceError('range', runs.name, `${value} is neither 0 nor 1; nothing was sent`);
          const object = roleOf(path, 'ControlFunctionState');
          return { kind: 'call', object, method: roleOf(path, value === 1 ? 'Start' : 'Stop') };
        },
        readback: { kind: 'states', nodes: [roleOf(path, 'CurrentState')] },
        decode: runningOf,
        settle_ms: SETTLE_MS,
      };
  }
  return writes;
}

function table(options: LadsOptions, access: OpcuaAccess, clock: Clock): Table {
  const { endpoint, controllers } = options;
  const description = describe(options);
  const reads = readsOf(options);
  const running = controllers.filter(({ runs }) => runs !== undefined);
  const stateNodes = [DEVICE_STATE, ...running.map(({ function: path }) => roleOf(path, 'CurrentState'))];
  const fill = ladsFill(
    reads,
    description.channels.slice(reads.length, reads.length + stateNodes.length).map(({ name }) => name),
    () => clock.now_s(),
  );
  const subscription = subscriptionAsk(
    options,
    reads.some(({ staleAfter_s, sourceTime }) => staleAfter_s > 0 || sourceTime),
  );
  const nodes = reads.flatMap(one => [roleOf(one.function, one.role), roleOf(one.function, 'IsEnabled')]);
  const ask: OpcuaRequest = {
    kind: 'read',
    nodes,
    ...(subscription === undefined ? {} : { subscription }),
  };
  const times = description.channels.flatMap(({ instrumentTime }, i) => (instrumentTime ? [i] : []));
  const probe: OpcuaRequest = { kind: 'states', nodes: [DEVICE_STATE] };
  let notices: readonly string[] = [];
  return {
    description,
    notices: () => notices,
    reply_ms: REPLY_MS,
    gap_ms: 0,
    load: prepareOpcua,
    makeLink: () =>
      ladsLink(
        opcuaLink({ endpoint, access, namespaceUri: LADS_URI, writable: [], nextHeartbeat: () => 0 }),
        options,
      ),
    // The link has found device and functions while it opened.
    async identify(exchange) {
      fill.forget();
      notices = (await exchange({ kind: 'notices' })).notices ?? [];
      const shown = [
        ...reads.map(({ name, function: path, role }) => ({ name, node: roleOf(path, role) })),
        ...controllers.flatMap(({ function: path, sets }) =>
          sets === undefined ? [] : [{ name: sets.name, node: roleOf(path, 'TargetValue') }],
        ),
      ];
      await checkUnits(endpoint, shown, exchange);
      if (subscription !== undefined) await exchange(ask);
      return { ask: probe, isAnswer: ({ states }) => states?.length === 1 };
    },
    reads: [
      {
        ask: { kind: 'states', nodes: stateNodes },
        channels: stateNodes.map((_, i) => reads.length + i),
        into: fill.states,
      },
      ...(reads.length === 0 ? [] : [{ ask, channels: [...reads.keys(), ...times], into: fill.values }]),
    ],
    writes: writesOf(options),
  };
}

/**
 * A laboratory device by OPC 30500-1 (LADS), found by browsing: the device in DeviceSet, compared with the bench file in what it
 * says of itself; its sensor functions as channels, its control functions as set points (TargetValue, read back) and switches (Start
 * and Stop, proved by the state that follows). Units and ranges that it shows are compared at connect. The bench file names the
 * functions that it uses: `cellbench probe opc.tcp://...` lists what there is. A function that is aborted is not cleared
 * from here. The standard has no watchdog: what the device does when we fall silent the bench file says (`onLoss`).
 */
export const opcuaLads: DriverEntry<LadsOptions> = {
  id: 'opcua/lads',
  manual: 'OPC 30500-1 (LADS) 1.0 with its published nodeset; OPC UA parts 4, 8 and 16',
  triedOn: 'emulator only',
  options: ladsOptions,
  endpoint: options => options.endpoint,
  shares: true,
  describe,
  open(id, options, { clock, baseDir, reply_s, readOnly = false }) {
    return openDevice(id, table(options, accessOf(options, baseDir), clock), { clock, reply_s, readOnly });
  },
};
