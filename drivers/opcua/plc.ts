import { resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { Quantity } from '../contract/units.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { ourWord } from '../process-identity.ts';
import {
  type OpcuaAnswer,
  type OpcuaRequest,
  type OpcuaStatus,
  opcuaLink,
  prepareOpcua,
} from '../transport/opcua.ts';
import { checkUnits } from './own-units.ts';
import { type PlcNodes, readPlcNodes } from './plc-nodes.ts';
import { giveUpOwnership, goodValue, OWNED, takeOwnership } from './plc-owner.ts';

const optionsSchema = z.strictObject({
  endpoint: z
    .string()
    .regex(/^opc\.tcp:\/\/[^\s:/]+:\d+(\/\S*)?$/, {
      error: 'expected an endpoint like opc.tcp://192.168.0.30:4840',
    })
    .meta({ description: 'endpoint of the server' }),
  nodes: z.string().min(1).meta({ description: 'nodes file, from the folder of the bench file' }),
});
type PlcOptions = z.infer<typeof optionsSchema>;

/** Added to the channels of the nodes file: 1 = the PLC has missed our heartbeat and gone to its safe state. */
const TRIPPED: Quantity = 'heartbeatTripped_on';

/**
 * A PLC answers from its communication share of the cycle: tens of ms on an S7-1500 (recalled); this leaves room
 * for a slow cycle. Each poll is one exchange, whatever the number of nodes.
 */
const REPLY_MS = 500;

/** Counts within every integer type from Int16 up, and within Byte if the PLC only has that. */
const HEARTBEAT_MODULUS = 128;

function describe(nodes: PlcNodes): DeviceDescription {
  return {
    driver: 'opcua/plc',
    channels: [
      ...nodes.channels.map(({ name, range, accuracy }) => ({ name, range, accuracy })),
      { name: TRIPPED, range: [0, 1], accuracy: { reading_pct: 0, abs: 0, basis: 'default' } },
      ...(nodes.owner === undefined
        ? []
        : [{ name: OWNED, range: [0, 1], accuracy: { reading_pct: 0, abs: 0, basis: 'default' } } as const]),
    ],
    settables: nodes.settables.map(({ name, range, tolerance }) => ({ name, range, tolerance })),
    // Without the heartbeat armed a PLC program keeps its outputs.
    onLoss: 'hold',
    watchdog: true,
    safeList: nodes.safe.map(({ set, to }) => [set, to] as const),
  };
}

/** Writes `note` for the first node the server objects to; values and quality for all of them. */
function fill(
  names: readonly string[],
  answer: OpcuaAnswer,
  values: Float64Array,
  quality: Uint8Array,
  note: (reason: string) => void,
): void {
  for (const [i, { value, status, severity }] of answer.readings.entries()) {
    values[i] = severity === 'bad' ? Number.NaN : value;
    if (severity === 'uncertain') quality[i] = QUALITY.uncertain;
    if (severity === 'bad') note(`${names[i]}: ${status}`);
    else if (Number.isNaN(value)) note(`${names[i]}: the node holds no number`);
  }
  const owned = names.indexOf(OWNED);
  // A word that cannot be read is no reading, not somebody else's.
  if (owned >= 0 && !Number.isNaN(values[owned])) values[owned] = values[owned] === ourWord() ? 1 : 0;
  const beat: OpcuaStatus | undefined = answer.heartbeat;
  if (beat?.severity === 'bad') {
    // The PLC does not see us: what it says of our silence is worth nothing.
    values[names.indexOf(TRIPPED)] = Number.NaN;
    note(`${TRIPPED}: heartbeat not taken, ${beat.status}`);
  }
}

function table(
  nodes: PlcNodes,
  endpoint: string,
  { clock, readOnly }: { readonly clock: Clock; readonly readOnly: boolean },
): DeviceTable<OpcuaRequest, OpcuaAnswer> {
  const description = describe(nodes);
  const names = description.channels.map(channel => channel.name);
  const { heartbeat, owner } = nodes;
  const ask: OpcuaRequest = {
    kind: 'read',
    nodes: [
      ...nodes.channels.map(channel => channel.node),
      heartbeat.trippedNode,
      ...(owner === undefined ? [] : [owner.node]),
    ],
    // A count would be a write, and would keep a watchdog quiet that waits for somebody else.
    ...(readOnly ? {} : { heartbeat: heartbeat.node }),
  };
  const timeoutRead: OpcuaRequest = { kind: 'read', nodes: [heartbeat.timeoutNode] };
  let beats = 0;
  return {
    description,
    reply_ms: REPLY_MS,
    gap_ms: 0,
    // Loading the library must not count against the time a connection may take.
    load: prepareOpcua,
    makeLink: () =>
      opcuaLink({
        endpoint,
        namespaceUri: nodes.namespaceUri,
        writable: [
          heartbeat.node,
          heartbeat.timeoutNode,
          ...(owner === undefined ? [] : [owner.node]),
          ...nodes.settables.map(settable => settable.node),
        ],
        nextHeartbeat() {
          beats = (beats + 1) % HEARTBEAT_MODULUS;
          return beats;
        },
      }),
    // The link has proved namespace and nodes while it opened.
    async identify(exchange) {
      await checkUnits(endpoint, [...nodes.channels, ...nodes.settables], exchange);
      return { ask: timeoutRead, isAnswer: ({ readings }) => readings.length === 1 };
    },
    async takeControl(exchange) {
      if (owner !== undefined) await takeOwnership({ endpoint, owner, heartbeat, exchange, clock });
    },
    async releaseControl({ exchange }) {
      if (owner !== undefined) await giveUpOwnership(owner, exchange);
    },
    reads: [
      {
        ask,
        channels: names.map((_, i) => i),
        into: (answer, values, quality, note) => fill(names, answer, values, quality, note),
      },
    ],
    writes: Object.fromEntries(
      nodes.settables.map(({ name, node }) => [
        name,
        {
          encode: (value: number): OpcuaRequest => ({ kind: 'write', node, value }),
          readback: { kind: 'read', nodes: [node] } as const,
          decode: (answer: OpcuaAnswer) => goodValue(answer, node),
        },
      ]),
    ),
    async armWatchdog(timeout_s, { exchange }) {
      await exchange({ kind: 'write', node: heartbeat.timeoutNode, value: timeout_s });
      const armed_s = goodValue(await exchange(timeoutRead), heartbeat.timeoutNode);
      // The node may be a 32-bit float.
      if (Math.abs(armed_s - timeout_s) > 1e-6 * timeout_s)
        throw new DeviceError(
          'readback',
          endpoint,
          `heartbeat time-out: set ${timeout_s}, read back ${armed_s}`,
        );
      return armed_s;
    },
  };
}

/**
 * A PLC of the balance of plant over OPC UA (IEC 62541), its nodes in a data file. Every poll counts the
 * heartbeat node up; once `armWatchdog` has set its time-out, a program in the PLC must drive its own safe
 * state when the count stands still. Nodes that say their engineering units are compared with the channel's at connect. Where the nodes file names an owner's word, it is taken at connect, refused while
 * another controller's stands and beats, and shown as `owned_on`. Security policy None: only on a bench network of its own.
 */
export const opcuaPlc: DriverEntry<PlcOptions> = {
  id: 'opcua/plc',
  manual: 'OPC UA parts 4 and 6 (IEC 62541-4, -6); node ids: documentation of the PLC program',
  triedOn: 'emulator only',
  options: optionsSchema,
  endpoint: options => options.endpoint,
  describe(options, baseDir) {
    const path = resolve(baseDir, options.nodes);
    return { ...describe(readPlcNodes(path)), dataFiles: [path] };
  },
  open(id, options, { clock, baseDir, readOnly = false }) {
    const nodes = readPlcNodes(resolve(baseDir, options.nodes));
    return openDevice(id, table(nodes, options.endpoint, { clock, readOnly }), { clock, readOnly });
  },
};
