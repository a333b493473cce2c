import { resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { ChannelSpec, DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Quantity } from '../contract/units.ts';
import { watchdogReading } from '../contract/watchdog.ts';
import type { DeviceTable } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import type { OpcuaAccess } from '../transport/opcua/access.ts';
import { type OpcuaAnswer, type OpcuaRequest, opcuaLink, prepareOpcua } from '../transport/opcua/link.ts';
import type { SubscriptionAsk } from '../transport/opcua/subscription.ts';
import { checkNodes } from './nodes-there.ts';
import { checkUnits } from './own-units.ts';
import { accessOf, accessSlip, securityOption, userOption } from './plc-access.ts';
import { plcFill, TRIPPED } from './plc-fill.ts';
import { armHeartbeat, beatUntilClear } from './plc-heartbeat.ts';
import { type PlcNodes, plcChannels, plcTimeChannels, readPlcNodes, timedChannels } from './plc-nodes.ts';
import { giveUpOwnership, goodValue, OWNED, takeOwnership } from './plc-owner.ts';
import { readOption, subscriptionAsk, subscriptionOption, subscriptionSlip } from './subscribe.ts';

const optionsSchema = z
  .strictObject({
    endpoint: z
      .string()
      .regex(/^opc\.tcp:\/\/[^\s:/]+:\d+(\/\S*)?$/, {
        error: 'expected an endpoint like opc.tcp://192.168.0.30:4840',
      })
      .meta({ description: 'endpoint of the server' }),
    applicationUri: z.string().min(1).optional().meta({
      description:
        'ApplicationUri of the server, which another one at its address does not have; absent: that of the first connect',
    }),
    nodes: z.string().min(1).meta({ description: 'nodes file, from the folder of the bench file' }),
    security: securityOption,
    user: userOption,
    read: readOption,
    subscription: subscriptionOption,
  })
  .superRefine((options, context) => {
    const message = accessSlip(options);
    if (message !== '') context.addIssue({ code: 'custom', path: ['user'], message });
    const slip = subscriptionSlip(options);
    if (slip !== '') context.addIssue({ code: 'custom', path: ['subscription'], message: slip });
  });
type PlcOptions = z.infer<typeof optionsSchema>;

/**
 * A PLC answers from its communication share of the cycle: tens of ms on an S7-1500 (recalled); this leaves room
 * for a slow cycle. Each poll is one exchange, whatever the number of nodes; what is read in a further request takes
 * the server time again.
 */
const REPLY_MS = 500;
const FURTHER_REPLY_MS = 250;
const NODES_A_REQUEST = 100;

/** Counts within every integer type from Int16 up, and within Byte if the PLC only has that. */
const HEARTBEAT_MODULUS = 128;

function describe(nodes: PlcNodes): DeviceDescription {
  return {
    driver: 'opcua/plc',
    channels: [
      ...plcChannels(nodes),
      ...(nodes.heartbeat === undefined ? [] : [wordChannel(TRIPPED)]),
      ...(nodes.owner === undefined ? [] : [wordChannel(OWNED)]),
      ...plcTimeChannels(nodes),
    ],
    settables: nodes.settables.map(({ name, range, tolerance }) => ({ name, range, tolerance })),
    // Without the heartbeat armed a PLC program keeps its outputs; without any it does what the file says.
    onLoss: nodes.onLoss ?? 'hold',
    watchdog: nodes.heartbeat !== undefined,
    safeList: nodes.safe.map(({ set, to }) => [set, to] as const),
  };
}

const wordChannel = (name: Quantity): ChannelSpec => ({
  name,
  range: [0, 1],
  accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
});

function table(
  nodes: PlcNodes,
  endpoint: string,
  access: OpcuaAccess,
  how: {
    readonly clock: Clock;
    readonly readOnly: boolean;
    /** ApplicationUri that the server must have. */
    readonly applicationUri: string | undefined;
    readonly subscription: SubscriptionAsk | undefined;
  },
): DeviceTable<OpcuaRequest, OpcuaAnswer> {
  const { clock, readOnly, subscription } = how;
  const description = describe(nodes);
  const { heartbeat, owner, settables } = nodes;
  const polled = [
    ...nodes.channels.map(channel => channel.node),
    ...(heartbeat === undefined ? [] : [heartbeat.trippedNode]),
    ...(owner === undefined ? [] : [owner.node]),
  ];
  const ask: OpcuaRequest = {
    kind: 'read',
    nodes: polled,
    ...(subscription === undefined ? {} : { subscription }),
    // A count would be a write, and would keep a watchdog quiet that waits for somebody else.
    ...(heartbeat === undefined || readOnly ? {} : { heartbeat: heartbeat.node }),
  };
  const fill = plcFill(nodes, () => clock.now_s());
  const trippedAt = description.channels.findIndex(({ name }) => name === TRIPPED);
  const probe: OpcuaRequest = { kind: 'read', nodes: [heartbeat?.timeoutNode ?? polled[0]] };
  const nodeOf = new Map(settables.map(({ name, node }) => [name, node]));
  let beats = 0;
  let armed_s = Number.NaN;
  /** Armed since it was opened: from then on a missed heartbeat is one of ours, and none is beaten away. */
  let isBegun = false;
  /** The PLC said so after a cut, before the first heartbeat, which may clear it before it is polled. */
  let isMissed = false;
  let notices: readonly string[] = [];
  let server = how.applicationUri;
  /** Every node that is read was there. */
  let isKnown = false;
  return {
    description,
    notices: () => notices,
    reply_ms: REPLY_MS + FURTHER_REPLY_MS * Math.floor((polled.length - 1) / NODES_A_REQUEST),
    gap_ms: 0,
    // Loading the library must not count against the time a connection may take.
    load: prepareOpcua,
    makeLink: () =>
      opcuaLink({
        endpoint,
        access,
        namespaceUri: nodes.namespaceUri,
        writable: [
          ...(heartbeat === undefined ? [] : [heartbeat.node, heartbeat.timeoutNode]),
          ...(owner === undefined ? [] : [owner.node]),
          ...settables.map(settable => settable.node),
        ],
        mustFit: nodes.safe.map(({ set, to }) => ({ node: nodeOf.get(set) ?? '', value: to })),
        nextHeartbeat() {
          beats = (beats + 1) % HEARTBEAT_MODULUS;
          return beats;
        },
      }),
    // The link has proved namespace and nodes while it opened.
    async identify(exchange) {
      const shown = await exchange({ kind: 'notices' });
      notices = shown.notices ?? [];
      server ??= shown.server;
      if (shown.server !== server) {
        const text = `another server answers here: "${shown.server}", expected "${server}"`;
        throw new DeviceError('identity', endpoint, text);
      }
      // Once it was there a node that is missing is a bad reading: the others go on.
      if (!isKnown) await checkNodes(endpoint, nodes.channels, exchange);
      isKnown = true;
      await checkUnits(endpoint, [...nodes.channels, ...settables], exchange);
      // Made while it connects: what the server refuses of it, it refuses now.
      if (subscription !== undefined) await exchange({ kind: 'read', nodes: polled, subscription });
      return { ask: probe, isAnswer: ({ readings }) => readings.length === 1 };
    },
    async takeControl(exchange) {
      if (owner !== undefined && heartbeat !== undefined)
        await takeOwnership({ endpoint, owner, heartbeat, exchange, clock });
    },
    async releaseControl({ exchange }) {
      isBegun = false;
      if (owner !== undefined) await giveUpOwnership(owner, exchange);
    },
    reads: [
      {
        ask,
        channels: description.channels.map((_, i) => i),
        into(answer, values, quality, note) {
          fill(answer, values, quality, note);
          if (isMissed) values[trippedAt] = 1;
          isMissed = false;
        },
      },
    ],
    writes: Object.fromEntries(
      settables.map(({ name, node }) => [
        name,
        {
          encode: (value: number): OpcuaRequest => ({ kind: 'write', node, value }),
          readback: { kind: 'readBack', node } as const,
          decode: (answer: OpcuaAnswer) => goodValue(answer, node),
          isRefusalFinal: true,
        },
      ]),
    ),
    ...(heartbeat === undefined
      ? {}
      : {
          async armWatchdog(timeout_s, { exchange, signal }) {
            const { timeoutNode, trippedNode } = heartbeat;
            armed_s = await armHeartbeat(endpoint, timeoutNode, timeout_s, exchange);
            const at = nodes.channels.length;
            if (isBegun) {
              const answer = await exchange({ kind: 'read', nodes: [trippedNode] });
              isMissed = goodValue(answer, trippedNode) !== 0;
            } else await beatUntilClear({ endpoint, trippedNode, poll: ask, at, exchange, clock, signal });
            isBegun = true;
            return armed_s;
          },
          async readWatchdog({ exchange }) {
            const node = heartbeat.timeoutNode;
            const read = goodValue(await exchange({ kind: 'readBack', node }), node);
            return watchdogReading([{ what: node, armed: armed_s, read }]);
          },
        }),
  };
}

/**
 * A PLC of the balance of plant over OPC UA (IEC 62541), its nodes in a data file. Every poll counts the
 * heartbeat node up; once `armWatchdog` has set its time-out, a program in the PLC must drive its own safe
 * state when the count stands still. Its bit for that must be seen to go to 0 with our heartbeats before a start. Nodes that say their engineering units are compared with the channel's at connect. Where the nodes file names an owner's word, it is taken at connect, refused while
 * another controller's stands and beats, and shown as `owned_on`. The channel is the one that the bench file names
 * (`security`), the server's certificate one that the user trusts; none is for a bench network of its own, and told.
 */
export const opcuaPlc: DriverEntry<PlcOptions> = {
  id: 'opcua/plc',
  manual: 'OPC UA parts 4 and 6 (IEC 62541-4, -6); node ids: documentation of the PLC program',
  triedOn: 'emulator only',
  options: optionsSchema,
  endpoint: options => options.endpoint,
  shares: true,
  describe(options, baseDir) {
    const path = resolve(baseDir, options.nodes);
    return { ...describe(readPlcNodes(path)), dataFiles: [path] };
  },
  open(id, options, { clock, baseDir, reply_s, readOnly = false }) {
    const nodes = readPlcNodes(resolve(baseDir, options.nodes));
    const access = accessOf(options, baseDir);
    const isWatched =
      timedChannels(nodes).length > 0 ||
      [nodes, ...nodes.channels].some(({ staleAfter_s = 0 }) => staleAfter_s > 0);
    const subscription = subscriptionAsk(options, isWatched);
    const { applicationUri } = options;
    return openDevice(
      id,
      table(nodes, options.endpoint, access, { clock, readOnly, subscription, applicationUri }),
      {
        clock,
        reply_s,
        readOnly,
      },
    );
  },
};
