import type { ClientSession, NodeId } from 'node-opcua';
import { DeviceError } from '../../contract/errors.ts';
import { browseLads, type LadsDevice } from './lads/devices.ts';
import { stateReader } from './lads/states.ts';
import { type Limits, readLimits, readNodes } from './limits.ts';
import { readingOf, statusOf } from './reading.ts';
import type { OpcuaReading, OpcuaState, OpcuaStatus } from './request.ts';
import { type SubscriptionAsk, subscriber } from './subscription.ts';
import { typesOf } from './types.ts';
import { type EngineeringUnits, readEngineeringUnits } from './units.ts';
import { rawOf, severityOf } from './values.ts';

type Library = typeof import('node-opcua');

/** What a link is going to do with a server's nodes. */
export interface OpcuaNodes {
  readonly endpoint: string;
  readonly namespaceUri: string;
  /** Nodes to be written: their types are asked for at connect, and all must exist. */
  readonly writable: readonly string[];
  /** Values that must be possible whatever happens (the safe state): one that its node cannot hold is refused at connect. */
  readonly mustFit?: readonly { readonly node: string; readonly value: number }[];
}

/** What can be asked of an open session. */
export interface SessionCalls {
  /** ApplicationUri of the server: index 1 of its namespaces is kept for that (OPC UA part 5, 6.3.1). */
  readonly server: string;
  read(nodes: readonly string[]): Promise<OpcuaReading[]>;
  /** As `read`, of what a subscription has brought. Rejects with `closed` once that has fallen silent. */
  latest(nodes: readonly string[], ask: SubscriptionAsk): Promise<OpcuaReading[]>;
  /** Nodes that may be written from now on. */
  allow(nodes: readonly string[]): Promise<void>;
  lads(): Promise<LadsDevice[]>;
  states(nodes: readonly string[]): Promise<OpcuaState[]>;
  /** Rejects with `refused`; not for a state that does not allow it. */
  call(object: string, method: string): Promise<OpcuaStatus>;
  readBack(node: string): Promise<OpcuaReading>;
  units(nodes: readonly string[]): Promise<(EngineeringUnits | undefined)[]>;
  write(node: string, value: number): Promise<OpcuaStatus>;
  /** Asks for the server's own state, so that it does not drop a session that is silent for long. */
  keepAlive(): Promise<void>;
  /** Writes a count; a Boolean node gets its last bit. */
  beat(node: string, count: number): Promise<OpcuaStatus>;
}

/** Finds today's index of the namespace, the limits of the server and the types of all nodes to be written. */
export async function sessionCalls(
  opcua: Library,
  session: ClientSession,
  options: OpcuaNodes,
  now_s: () => number,
): Promise<SessionCalls> {
  const { AttributeIds, DataType, VariantArrayType } = opcua;
  const { endpoint, namespaceUri, writable, mustFit = [] } = options;
  const uris = await session.readNamespaceArray();
  const index = uris.indexOf(namespaceUri);
  if (index < 0)
    throw new DeviceError('identity', endpoint, `no namespace ${namespaceUri}; it has ${uris.join(', ')}`);
  const ids = new Map<string, NodeId>();
  const idOf = (node: string): NodeId => {
    const known = ids.get(node);
    if (known !== undefined) return known;
    const id = opcua.coerceNodeId(node.startsWith('ns=') ? node : `ns=${index};${node}`);
    ids.set(node, id);
    return id;
  };
  const limits: Limits = await readLimits(opcua, session);
  const typesOfAll = (nodes: readonly string[]) =>
    typesOf(opcua, session, { endpoint, limits, nodes: nodes.map(node => ({ node, id: idOf(node) })) });
  const types = await typesOfAll(writable);
  for (const { node, value } of mustFit) {
    const type = types.get(node);
    try {
      if (type !== undefined) rawOf(node, value, type);
    } catch {
      const text = `node ${node} is of type ${type}, which cannot hold the safe value ${value}`;
      throw new DeviceError('identity', endpoint, text);
    }
  }
  /** What was written last, to know its rounding by a 32-bit float again. */
  const written = new Map<string, number>();

  async function write(node: string, value: number): Promise<OpcuaStatus> {
    const type = types.get(node);
    if (type === undefined) throw new DeviceError('config', node, 'is not among the nodes to be written');
    const raw = {
      dataType: DataType[type],
      arrayType: VariantArrayType.Scalar,
      value: rawOf(node, value, type),
    };
    // The value alone: an S7 refuses one with a status or a time stamp (FreeOpcUa/python-opcua#1069).
    const asked = { nodeId: idOf(node), attributeId: AttributeIds.Value, value: { value: raw } };
    const status = statusOf(await session.write(asked));
    if (status.severity !== 'bad') written.set(node, value);
    return status;
  }

  async function read(nodes: readonly string[]): Promise<OpcuaReading[]> {
    const asked = nodes.map(node => ({ nodeId: idOf(node), attributeId: AttributeIds.Value }));
    const answers = await readNodes(session, asked, limits);
    return answers.map(readingOf);
  }
  const subscribed = subscriber(opcua, session, { endpoint, limits, idOf, read, now_s });

  return {
    server: uris[1] ?? '',
    read,
    write,
    latest: subscribed.latest,
    async allow(nodes) {
      for (const [node, type] of await typesOfAll(nodes)) types.set(node, type);
    },
    lads: () => browseLads(opcua, session, endpoint),
    states: stateReader(opcua, session, limits),
    async call(objectId, methodId) {
      const { statusCode } = await session.call({ objectId, methodId, inputArguments: [] });
      if (severityOf(statusCode.value) === 'bad' && statusCode !== opcua.StatusCodes.BadInvalidState)
        throw new DeviceError('refused', methodId, `call answered with ${statusCode.name}`);
      return statusOf(statusCode);
    },
    async readBack(node) {
      const [reading] = await read([node]);
      const last = written.get(node);
      const isOurs = last !== undefined && types.get(node) === 'Float' && reading.value === Math.fround(last);
      return isOurs ? { ...reading, value: last } : reading;
    },
    async keepAlive() {
      await session.read({
        nodeId: opcua.VariableIds.Server_ServerStatus_State,
        attributeId: AttributeIds.Value,
      });
    },
    units: nodes => readEngineeringUnits(opcua, session, nodes.map(idOf), limits),
    beat: (node, count) => write(node, types.get(node) === 'Boolean' ? count % 2 : count),
  };
}
