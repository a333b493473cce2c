import type { AddressSpace, NodeId } from 'node-opcua';
import { type ServerSecurity, serverSecurity } from './server-security.ts';

/** The built-in types of the variables. A String shows its number as text. */
export type OpcuaType =
  | 'Boolean'
  | 'SByte'
  | 'Byte'
  | 'Int16'
  | 'UInt16'
  | 'Int32'
  | 'UInt32'
  | 'Int64'
  | 'UInt64'
  | 'Float'
  | 'Double'
  | 'String';

/** One variable of the server. Booleans are 0 and 1 on our side. */
export interface OpcuaNode {
  /** Identifier without namespace: `s="DB"."tag"`. */
  readonly node: string;
  readonly type: OpcuaType;
  /** Name of a subtype of `type` that is its DataType: WORD of UInt16, LREAL of Double. */
  readonly alias?: string;
  /** Its DataType is an enumeration of these names (numbered from 0); `type` is Int32 then. */
  readonly names?: readonly string[];
  /** It is an array of so many, told at each read. Absent: one value. */
  readonly count?: () => number;
  /** Offered as property EngineeringUnits. Absent: the node has none. */
  readonly unit?: ShownUnit;
  /** NaN of a single value is answered as BadSensorFailure. `member`: of an array, from 0. */
  readonly read: (member: number) => number;
  /** Absent: read only. False is answered as BadOutOfRange. */
  readonly write?: (value: number) => boolean;
  /** It shows that it cannot be written, by anybody or by this user. Absent: whether it has a `write`. */
  readonly readOnly?: 'for all' | 'for this user';
  /** Name of its status code. Absent: Good. */
  readonly status?: () => string;
  /** When its source had the value, ms since 1970 UTC. Absent: now. */
  readonly sourceTime_ms?: () => number;
}

/** Engineering units of a node: code of UNECE recommendation 20, or an id of a list of the maker's own; display name. */
export interface ShownUnit {
  readonly code: string | { readonly unitId: number; readonly namespaceUri: string };
  readonly text: string;
}

/** A running server. */
export interface OpcuaServer {
  readonly port: number;
  /** Sessions that it holds now, with a connection or without; it has room for ten. */
  readonly sessions: number;
  /** Subscriptions that it keeps now. */
  readonly subscriptions: number;
  end(): Promise<void>;
}

type Library = typeof import('node-opcua');

/**
 * An OPC UA server with one flat namespace on a port of 127.0.0.1. Values are taken at the
 * moment a client reads or samples them.
 */
export async function startOpcuaServer(options: {
  readonly namespaceUri: string;
  readonly nodes: readonly OpcuaNode[];
  readonly beforeReply: () => void;
  /** What it knows beside the base, and what is built with it (1.2 s and some 60 MB more for those of LADS). */
  readonly standards?: {
    readonly nodesets: readonly ('di' | 'ia' | 'machinery' | 'amb' | 'lads')[];
    fill(opcua: Library, space: AddressSpace): void;
  };
  /** Absent: any free one. */
  readonly port?: number | undefined;
  /** More nodes in one read are refused as a whole. Absent: as many as one likes. */
  readonly maxNodesPerRead?: number;
  /** Absent: policy None, anonymous. */
  readonly security?: ServerSecurity;
  /** Who it is; each PLC has one of its own. */
  readonly applicationUri?: string;
}): Promise<OpcuaServer> {
  const opcua = await import('node-opcua');
  const quiet = (): void => {};
  opcua.setDebugLogger(quiet);
  opcua.setWarningLogger(quiet);
  opcua.setErrorLogger(quiet);

  const { standards } = options;
  const security = await serverSecurity(opcua, options.security);
  const server = new opcua.OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: options.port ?? 0,
    ...security.options,
    ...(standards === undefined
      ? {}
      : { nodeset_filename: ['standard' as const, ...standards.nodesets].map(name => opcua.nodesets[name]) }),
    serverCapabilities: {
      operationLimits:
        options.maxNodesPerRead === undefined ? {} : { maxNodesPerRead: options.maxNodesPerRead },
    },
    // A server that is secured only still tells over an open channel what it offers.
    disableDiscovery: options.security === undefined,
    registerServerMethod: opcua.RegisterServerMethod.HIDDEN,
    isAuditing: false,
    serverInfo: {
      applicationUri: options.applicationUri ?? 'urn:cellbench:bench-plc:emulator',
      productUri: 'cellbench',
    },
  });
  await server.initialize();
  addNodes(opcua, server, options);
  if (server.engine.addressSpace !== null) standards?.fill(opcua, server.engine.addressSpace);
  await server.start();
  const { port } = server.endpoints[0];
  return {
    port,
    get subscriptions() {
      return server.engine?.currentSubscriptionCount ?? 0;
    },
    get sessions() {
      return server.currentSessionCount;
    },
    async end() {
      await server.shutdown(0);
      security.end();
    },
  };
}

const READ = 'CurrentRead';
const READ_WRITE = 'CurrentRead | CurrentWrite';

function addNodes(
  opcua: Library,
  server: InstanceType<Library['OPCUAServer']>,
  options: {
    readonly namespaceUri: string;
    readonly nodes: readonly OpcuaNode[];
    readonly beforeReply: () => void;
  },
): void {
  const { DataType, DataValue, StatusCodes, Variant, VariantArrayType, coerceStatusCode } = opcua;
  const space = server.engine.addressSpace;
  if (space === null) throw new Error('opcua-plc: the server came up without an address space');
  const namespace = space.registerNamespace(options.namespaceUri);
  const folder = namespace.addFolder(space.rootFolder.objects, { browseName: 'Bench' });
  const subtypes = new Map<string, NodeId>();
  /** The node of a subtype, made when it is first asked for. */
  const subtypeOf = (name: string, make: () => { readonly nodeId: NodeId }): NodeId => {
    const known = subtypes.get(name) ?? make().nodeId;
    subtypes.set(name, known);
    return known;
  };
  for (const entry of options.nodes) {
    const { node, type, alias, names, count, unit, read, write } = entry;
    const dataType = DataType[type];
    const shownType: NodeId | string =
      names !== undefined
        ? subtypeOf(`${node} names`, () =>
            namespace.addEnumerationType({ browseName: `${node} names`, enumeration: [...names] }),
          )
        : alias === undefined
          ? type
          : subtypeOf(alias, () =>
              namespace.createDataType({ browseName: alias, isAbstract: false, subtypeOf: type }),
            );
    const variable = namespace.addVariable({
      componentOf: folder,
      nodeId: node,
      browseName: node.replace(/^s=/, ''),
      dataType: shownType,
      valueRank: count === undefined ? -1 : 1,
      accessLevel: write === undefined || entry.readOnly === 'for all' ? READ : READ_WRITE,
      userAccessLevel: write === undefined || entry.readOnly !== undefined ? READ : READ_WRITE,
      minimumSamplingInterval: 10,
      value: {
        timestamped_get() {
          options.beforeReply();
          const now = new Date();
          const sourceTimestamp = entry.sourceTime_ms === undefined ? now : new Date(entry.sourceTime_ms());
          const stamps = { sourceTimestamp, serverTimestamp: now };
          const first = count === undefined ? read(0) : 0;
          if (Number.isNaN(first))
            return new DataValue({ ...stamps, statusCode: StatusCodes.BadSensorFailure });
          const value =
            count === undefined
              ? new Variant({ dataType, arrayType: VariantArrayType.Scalar, value: rawOf(type, first) })
              : new Variant({
                  dataType,
                  arrayType: VariantArrayType.Array,
                  value: Array.from({ length: count() }, (_, k) => rawOf(type, read(k))),
                });
          const status = entry.status?.() ?? 'Good';
          return new DataValue({ ...stamps, value, statusCode: coerceStatusCode(status) });
        },
        ...(write === undefined
          ? {}
          : {
              timestamped_set: async ({ value }: { readonly value: { readonly value: unknown } }) =>
                write(numberOf(type, value.value)) ? StatusCodes.Good : StatusCodes.BadOutOfRange,
            }),
      },
    });
    if (unit === undefined) continue;
    namespace.addVariable({
      propertyOf: variable,
      browseName: new opcua.QualifiedName({ name: 'EngineeringUnits', namespaceIndex: 0 }),
      typeDefinition: 'PropertyType',
      dataType: 'EUInformation',
      value: { dataType: DataType.ExtensionObject, value: euInformation(opcua, unit) },
    });
  }
}

/** As the type has it on the wire; 64-bit numbers are two words for the library. */
function rawOf(type: OpcuaType, value: number): boolean | number | string | readonly [number, number] {
  if (type === 'Boolean') return value !== 0;
  if (type === 'String') return String(value);
  if (type !== 'Int64' && type !== 'UInt64') return value;
  const bits = BigInt.asUintN(64, BigInt(value));
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}

function numberOf(type: OpcuaType, value: unknown): number {
  if (type !== 'Int64' && type !== 'UInt64') return Number(value);
  const [high, low] = value as readonly [number, number];
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return Number(type === 'Int64' ? BigInt.asIntN(64, bits) : bits);
}

/** Property EngineeringUnits as the library has it. */
export function euInformation(
  opcua: Library,
  { code, text }: ShownUnit,
): ReturnType<Library['makeEUInformation']> {
  if (typeof code === 'string') return opcua.makeEUInformation(code, text, text);
  return Object.assign(opcua.makeEUInformation('', text, text), code);
}
