import { z } from 'zod';
import type { Cancel } from '../../../drivers/contract/clock.ts';
import { readDataFile } from '../../../drivers/contract/data-file.ts';
import {
  type Emulator,
  type EmulatorEnv,
  freezable,
  noFaults,
  outputBehind,
  readingOf,
  requireActuator,
  sensorBehind,
} from '../faults.ts';
import { tcpRelay } from '../tcp-relay.ts';
import { type OpcuaNode, type OpcuaServer, type ShownUnit, startOpcuaServer } from './server.ts';
import type { ServerSecurity } from './server-security.ts';
import { shownUnitOf } from './shown-units.ts';

/** The nodes file, as far as the PLC's side needs it. */
const nodeSchema = z.object({
  name: z.string().min(1),
  node: z.string().regex(/^[sig]=.+/, 'expected s="..."'),
});
const channelSchema = nodeSchema.extend({ count: z.number().int().positive().optional() });
const settableSchema = nodeSchema.extend({ range: z.tuple([z.number(), z.number()]) });
const nodesSchema = z.object({
  namespaceUri: z.string().min(1),
  heartbeat: z.object({ node: z.string(), timeoutNode: z.string(), trippedNode: z.string() }).optional(),
  owner: z.object({ node: z.string() }).optional(),
  channels: z.array(channelSchema),
  settables: z.array(settableSchema),
});

/**
 * What it does by itself when its heartbeat stops, with those of these rig actuators that its nodes drive -> value.
 * Outputs go off; the gas side is opened to the atmosphere and swept, nothing that could be needed for cooling is
 * switched off.
 */
const SAFE_ACTION: readonly (readonly [actuator: string, value: number])[] = [
  ['stack.outputSet_on', 0],
  ['cell.outputSet_on', 0],
  ['anode.ventValveSet_on', 1],
  ['n2.anodeValveSet_on', 1],
  ['h2.outletValveSet_on', 0],
  ['room.ventilationSet_on', 1],
];
/** Cycle of the PLC task that watches the heartbeat, s. */
const TASK_S = 0.02;

/**
 * A running PLC: where it listens, and how its watch over the bench's heartbeat stands (time-out in s, 0 =
 * not watching).
 */
export interface OpcuaPlc extends Emulator {
  /** `opc.tcp://127.0.0.1:port`, after the first start. */
  readonly endpoint: string;
  /** Clients that are connected now. */
  readonly connections: number;
  /** Sessions that its server holds, with a connection or without. */
  readonly sessions: number;
  readonly heartbeat: { readonly timeout_s: number; readonly tripped: boolean };
}

/**
 * The balance-of-plant PLC on OPC UA (127.0.0.1 only; policy None and anonymous, or as `security` says): valves and switches are
 * Boolean, analog values Double, arrays of them where the file has a count, nodes as the nodes file says. `roles`: channel or settable name -> rig signal; without one a channel has
 * no sensor, and a settable only keeps its value.
 * `units`: what a node shows as its engineering units instead of those of its name; null: nothing.
 *
 * Heartbeat: with a time-out > 0 the counter must change within it; otherwise the safe action is carried out and
 * `tripped` stays up until what `trippedClears` names: its time-out is written again (the default), the next heartbeat (a
 * timer that the count starts anew: it runs down beside a bench that is closed, too), or a person's reset alone. When the
 * counter moves again it is watched again.
 * Owner: a word that whoever controls the PLC writes; the PLC only keeps it.
 */
export function opcuaPlc(
  env: EmulatorEnv,
  options: {
    readonly nodesFile: string;
    readonly roles: Readonly<Record<string, string>>;
    readonly units?: Readonly<Record<string, ShownUnit | null>>;
    readonly trippedClears?: 'by timeout' | 'by heartbeat' | 'by a person' | undefined;
    /** Nodes that are shown as such that are read only, by name of the settable; for everybody or for this user. */
    readonly readOnly?: Readonly<Record<string, 'for all' | 'for this user'>> | undefined;
    /** TCP port; 0: any. */
    readonly port?: number;
    readonly security?: ServerSecurity | undefined;
    /** Called as soon as an output is told to go off. */
    readonly onOutputOff?: (() => void) | undefined;
  },
): OpcuaPlc {
  const { clock } = env;
  const { trippedClears = 'by timeout', readOnly = {} } = options;
  const faults = noFaults();
  const rig = freezable(env.rig, faults);
  const file = readDataFile(options.nodesFile, nodesSchema);
  const driven = new Set(file.settables.map(({ name }) => options.roles[name]));
  const safeAction = SAFE_ACTION.filter(([name]) => driven.has(name)).map(
    ([name, value]) => [requireActuator(rig, 'opcua-plc', name), value] as const,
  );

  const unitOf = (name: string): { readonly unit?: ShownUnit } => {
    const own = options.units?.[name];
    const unit = own === undefined ? shownUnitOf(name) : own;
    return unit === undefined || unit === null ? {} : { unit };
  };

  let counter = 0;
  let changed_s = 0;
  let timeout_s = 0;
  let tripped = false;
  let acted = false;
  let isBeaten = false;
  let ownerWord = 0;

  function heartbeatNodes(): OpcuaNode[] {
    const { heartbeat } = file;
    if (heartbeat === undefined) return [];
    return [
      {
        node: heartbeat.node,
        type: 'UInt32',
        read: () => counter,
        write(value) {
          if (value !== counter) {
            changed_s = clock.now_s();
            acted = false;
            isBeaten = true;
          }
          counter = value;
          return true;
        },
      },
      {
        node: heartbeat.timeoutNode,
        type: 'Double',
        read: () => timeout_s,
        write(value) {
          if (!(value >= 0 && value <= 3600)) return false;
          timeout_s = value;
          changed_s = clock.now_s();
          if (trippedClears === 'by timeout') tripped = false;
          acted = false;
          return true;
        },
      },
      { node: heartbeat.trippedNode, type: 'Boolean', read: () => (tripped ? 1 : 0) },
    ];
  }
  const nodes: OpcuaNode[] = [
    ...file.channels.map(({ name, node, count }): OpcuaNode => {
      if (count !== undefined) {
        // A plant with fewer members has no sensor behind the others.
        const { first, count: there } = rig.sensorRange(options.roles[name] ?? '');
        const read = (k: number): number => (k < there ? rig.sensor(first + k) : Number.NaN);
        return { node, type: 'Double', ...unitOf(name), count: () => count, read };
      }
      const sensor = sensorBehind(rig, 'opcua-plc', options.roles[name]);
      return { node, type: typeOf(name), ...unitOf(name), read: () => readingOf(rig, sensor) };
    }),
    ...file.settables.map(({ name, node, range: [low, high] }): OpcuaNode => {
      const signal = options.roles[name];
      const output = outputBehind(rig, 'opcua-plc', signal);
      return {
        node,
        type: typeOf(name),
        ...unitOf(name),
        ...(Object.hasOwn(readOnly, name) ? { readOnly: readOnly[name] } : {}),
        read: () => output.get(),
        write(value) {
          if (!(value >= low && value <= high)) return false;
          if (value === 0 && signal?.endsWith('.outputSet_on')) options.onOutputOff?.();
          output.set(value);
          return true;
        },
      };
    }),
    ...heartbeatNodes(),
    ...(file.owner === undefined
      ? []
      : [
          {
            node: file.owner.node,
            type: 'UInt32',
            read: () => ownerWord,
            write(value: number) {
              ownerWord = value;
              return true;
            },
          } as const,
        ]),
  ];

  const task = (): void => {
    if (isBeaten && trippedClears === 'by heartbeat') tripped = false;
    isBeaten = false;
    if (timeout_s === 0 || acted || clock.now_s() - changed_s <= timeout_s) return;
    tripped = true;
    acted = true;
    for (const [actuator, value] of safeAction) rig.set(actuator, value);
  };

  let server: OpcuaServer | undefined;
  let relay: ReturnType<typeof tcpRelay> | undefined;
  let cancelTask: Cancel = () => {};
  return {
    faults,
    get endpoint() {
      return `opc.tcp://127.0.0.1:${relay?.port ?? 0}`;
    },
    get connections() {
      return relay?.connections ?? 0;
    },
    get sessions() {
      return server?.sessions ?? 0;
    },
    get heartbeat() {
      return { timeout_s, tripped };
    },
    async start() {
      if (server === undefined) {
        server = await startOpcuaServer({
          namespaceUri: file.namespaceUri,
          nodes,
          beforeReply: () => env.beforeReply?.(),
          ...(options.security === undefined ? {} : { security: options.security }),
        });
        cancelTask = clock.every(TASK_S, task);
        relay = tcpRelay({ env, faults, target: server.port, port: options.port ?? 0 });
      }
      await relay?.start();
    },
    async stop() {
      await relay?.stop();
    },
    async end() {
      cancelTask();
      await relay?.stop();
      await server?.end();
      server = undefined;
    },
  };
}

function typeOf(name: string): 'Boolean' | 'Double' {
  return name.endsWith('_on') ? 'Boolean' : 'Double';
}
