import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** One variable of the server. Booleans are 0 and 1 on our side. */
export interface OpcuaNode {
  /** Identifier without namespace: `s="DB"."tag"`. */
  readonly node: string;
  readonly type: 'Boolean' | 'Double' | 'UInt32';
  /** Offered as property EngineeringUnits. Absent: the node has none. */
  readonly unit?: ShownUnit;
  /** NaN is answered as BadSensorFailure. */
  readonly read: () => number;
  /** Absent: read only. False is answered as BadOutOfRange. */
  readonly write?: (value: number) => boolean;
}

/** Engineering units of a node: code of UNECE recommendation 20, or an id of a list of the maker's own; display name. */
export interface ShownUnit {
  readonly code: string | { readonly unitId: number; readonly namespaceUri: string };
  readonly text: string;
}

type Library = typeof import('node-opcua');

/**
 * An OPC UA server with one flat namespace on a free port of 127.0.0.1: policy None, anonymous. Values are taken at the
 * moment a client reads or samples them.
 */
export async function startOpcuaServer(options: {
  readonly namespaceUri: string;
  readonly nodes: readonly OpcuaNode[];
  readonly beforeReply: () => void;
}): Promise<{ readonly port: number; end(): Promise<void> }> {
  const opcua = await import('node-opcua');
  const quiet = (): void => {};
  opcua.setDebugLogger(quiet);
  opcua.setWarningLogger(quiet);
  opcua.setErrorLogger(quiet);

  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: await certificateFolder(opcua),
    automaticallyAcceptUnknownCertificate: true,
  });
  await certificates.initialize();
  const server = new opcua.OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: 0,
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    securityPolicies: [opcua.SecurityPolicy.None],
    securityModes: [opcua.MessageSecurityMode.None],
    allowAnonymous: true,
    disableDiscovery: true,
    registerServerMethod: opcua.RegisterServerMethod.HIDDEN,
    isAuditing: false,
    serverInfo: { applicationUri: 'urn:cellbench:bench-plc:emulator', productUri: 'cellbench' },
  });
  await server.initialize();
  addNodes(opcua, server, options);
  await server.start();
  const { port } = server.endpoints[0];
  return { port, end: () => server.shutdown(0) };
}

function addNodes(
  opcua: Library,
  server: InstanceType<Library['OPCUAServer']>,
  options: {
    readonly namespaceUri: string;
    readonly nodes: readonly OpcuaNode[];
    readonly beforeReply: () => void;
  },
): void {
  const { DataType, StatusCodes, Variant } = opcua;
  const space = server.engine.addressSpace;
  if (space === null) throw new Error('opcua-plc: the server came up without an address space');
  const namespace = space.registerNamespace(options.namespaceUri);
  const folder = namespace.addFolder(space.rootFolder.objects, { browseName: 'Bench' });
  for (const { node, type, unit, read, write } of options.nodes) {
    const dataType = DataType[type];
    const variable = namespace.addVariable({
      componentOf: folder,
      nodeId: node,
      browseName: node.replace(/^s=/, ''),
      dataType,
      accessLevel: write === undefined ? 'CurrentRead' : 'CurrentRead | CurrentWrite',
      minimumSamplingInterval: 10,
      value: {
        get() {
          options.beforeReply();
          const value = read();
          if (Number.isNaN(value)) return StatusCodes.BadSensorFailure;
          return new Variant({ dataType, value: type === 'Boolean' ? value !== 0 : value });
        },
        ...(write === undefined
          ? {}
          : {
              set: (variant: { readonly value: unknown }) =>
                write(Number(variant.value)) ? StatusCodes.Good : StatusCodes.BadOutOfRange,
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

function euInformation(opcua: Library, { code, text }: ShownUnit): ReturnType<Library['makeEUInformation']> {
  if (typeof code === 'string') return opcua.makeEUInformation(code, text, text);
  return Object.assign(opcua.makeEUInformation('', text, text), code);
}

/**
 * Key and certificate of the emulated server, made once per user and library version (some seconds the first time).
 * They are made beside and moved into place, so that emulators which start together do not race for the files.
 */
async function certificateFolder(opcua: Library): Promise<string> {
  const folder = join(tmpdir(), `cellbench-opcua-server-${userInfo().username}`);
  if (existsSync(folder)) return folder;
  const fresh = mkdtempSync(`${folder}-`);
  const manager = new opcua.OPCUACertificateManager({ rootFolder: fresh });
  await manager.initialize();
  await manager.dispose();
  try {
    renameSync(fresh, folder);
  } catch {
    // Another emulator was first; its folder serves as well.
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}
