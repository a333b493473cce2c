import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ClientSession, OPCUACertificateManager, OPCUAClient } from 'node-opcua';
import type { Clock } from '../contract/clock.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';

/**
 * One OPC UA session of a client: read many nodes in one request, write many nodes in one request.
 * Security policy None, anonymous: for a bench network of its own, with nobody else on it. A PLC that demands
 * a signed or encrypted channel refuses the connection; its reason is then the text of the error.
 */
export interface OpcuaSession {
  /** Reads one attribute (default: the value) of all nodes in ONE request; readings in the order of the nodes. */
  read(
    nodes: readonly string[],
    deadline_s: number,
    attribute?: 'Value' | 'DataType',
  ): Promise<OpcuaReading[]>;
  /** Writes all nodes in ONE request; one status per node, "Good" when the server took it. */
  write(writes: readonly OpcuaWrite[], deadline_s: number): Promise<OpcuaStatus[]>;
  /** Ends session and socket within a second, whatever the server does. Idempotent. */
  close(): Promise<void>;
}

/** Status code of OPC UA part 6, by its name (`Good`, `BadNodeIdUnknown`, ...) and severity. */
export interface OpcuaStatus {
  readonly status: string;
  readonly severity: 'good' | 'uncertain' | 'bad';
}

/** One node as read. `value`: booleans as 0 and 1, numbers as they are, NaN for anything else; `dataType` by name. */
export interface OpcuaReading extends OpcuaStatus {
  readonly value: number;
  /** Built-in type of the value, or of the DataType attribute: `Double`, `Boolean`, ... */
  readonly dataType: string;
}

/** One value to write. `dataType`: the node's built-in numeric or boolean type, by name. */
export interface OpcuaWrite {
  readonly node: string;
  readonly value: number;
  readonly dataType: string;
}

/** Numeric and boolean built-in types by their identifier (OPC UA part 6, table 1): all that a bench value can be. */
const WRITABLE_TYPES = {
  1: 'Boolean',
  2: 'SByte',
  3: 'Byte',
  4: 'Int16',
  5: 'UInt16',
  6: 'Int32',
  7: 'UInt32',
  10: 'Float',
  11: 'Double',
} as const;
type WritableType = (typeof WRITABLE_TYPES)[keyof typeof WRITABLE_TYPES];

/** The session must outlive a pause of the bench: an S7 revises 60 s down to 30 s and needs more than 5 s. */
const SESSION_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 5_000;

type Library = typeof import('node-opcua');

let library: Promise<Library> | undefined;
/** The library costs some 0.7 s and 90 MB: loaded at the first connect, not at import. */
function loadLibrary(): Promise<Library> {
  library ??= import('node-opcua').then(loaded => {
    // It prints what it also says through rejections, and would tear up the progress bar.
    const quiet = (): void => {};
    loaded.setDebugLogger(quiet);
    loaded.setWarningLogger(quiet);
    loaded.setErrorLogger(quiet);
    return loaded;
  });
  return library;
}

let certificates: Promise<OPCUACertificateManager> | undefined;
/**
 * The client's own key and certificate, made once per user and machine (some 0.1 s) in a folder of ours:
 * the library wants one even for an open channel, and clients that each make it race for the same files.
 */
function clientCertificates(opcua: Library): Promise<OPCUACertificateManager> {
  certificates ??= (async () => {
    const rootFolder = join(tmpdir(), `cellbench-opcua-client-${userInfo().username}`);
    await mkdir(rootFolder, { recursive: true, mode: 0o700 });
    const manager = new opcua.OPCUACertificateManager({
      rootFolder,
      automaticallyAcceptUnknownCertificate: true,
    });
    await manager.initialize();
    // Held for the life of the process: the library disposes of a manager when its last client goes.
    manager.referenceCounter++;
    return manager;
  })();
  certificates.catch(() => {
    certificates = undefined;
  });
  return certificates;
}

/**
 * Connects a fresh client and opens a session; node names get the index that `namespaceUri` has today.
 * `onLost` is called once when the connection breaks or the server ends the session; the library's own
 * reconnection is off, because a read issued while it works stays pending for seconds.
 * Rejects with `timeout`, `closed` (nobody there, refused) or `identity` (namespace unknown to the server).
 */
export async function openOpcuaSession(options: {
  readonly endpoint: string;
  readonly namespaceUri: string;
  readonly clock: Clock;
  readonly deadline_s: number;
  readonly onLost: (reason: string) => void;
}): Promise<OpcuaSession> {
  const { endpoint, clock, deadline_s, namespaceUri } = options;
  const opcua = await loadLibrary();
  const manager = await clientCertificates(opcua);
  const client = opcua.OPCUAClient.create({
    applicationName: 'cellbench',
    clientCertificateManager: manager,
    securityMode: opcua.MessageSecurityMode.None,
    securityPolicy: opcua.SecurityPolicy.None,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    keepSessionAlive: true,
    keepAliveInterval: KEEP_ALIVE_MS,
    requestedSessionTimeout: SESSION_TIMEOUT_MS,
    transportTimeout: deadline_s * 1000,
    defaultTransactionTimeout: deadline_s * 1000,
  });
  let isOver = false;
  const lost = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    options.onLost(reason);
  };
  client.on('connection_lost', () => lost('connection lost'));
  client.on('close', error => lost(error ? `connection closed: ${messageOf(error)}` : 'connection closed'));
  let session: ClientSession | undefined;
  const close = async (): Promise<void> => {
    isOver = true;
    await closeWithin(clock, client, session);
  };
  const within = <T>(work: Promise<T>, time_s: number, what: string): Promise<T> =>
    withDeadline(clock, work, time_s, endpoint, what);
  try {
    await within(client.connect(endpoint), deadline_s, 'connection');
    session = await within(client.createSession(), deadline_s, 'session');
    session.on('session_closed', () => lost('session closed by the server'));
    const uris = await within(session.readNamespaceArray(), deadline_s, 'namespace list');
    const index = uris.indexOf(namespaceUri);
    if (index < 0)
      throw new DeviceError('identity', endpoint, `no namespace ${namespaceUri}; has ${uris.join(', ')}`);
    return sessionOver(opcua, session, index, within, close);
  } catch (error) {
    await close();
    throw error;
  }
}

type Within = <T>(work: Promise<T>, time_s: number, what: string) => Promise<T>;

function sessionOver(
  opcua: Library,
  session: ClientSession,
  namespace: number,
  within: Within,
  close: () => Promise<void>,
): OpcuaSession {
  const { AttributeIds, DataType, StatusCodes } = opcua;
  const ids = new Map<string, ReturnType<Library['coerceNodeId']>>();
  const idOf = (node: string) => {
    let id = ids.get(node);
    if (id === undefined) {
      id = opcua.coerceNodeId(`ns=${namespace};${node}`);
      ids.set(node, id);
    }
    return id;
  };
  const statusOf = (code: { name: string; isGood(): boolean; isBad(): boolean }): OpcuaStatus => ({
    status: code.name,
    severity: code.isGood() ? 'good' : code.isBad() ? 'bad' : 'uncertain',
  });
  return {
    async read(nodes, deadline_s, attribute = 'Value') {
      const attributeId = attribute === 'Value' ? AttributeIds.Value : AttributeIds.DataType;
      const asked = nodes.map(node => ({ nodeId: idOf(node), attributeId }));
      const answers = await within(session.read(asked, 0), deadline_s, `read of ${nodes.length} nodes`);
      return answers.map(({ statusCode, value }) => ({
        ...statusOf(statusCode),
        value: attribute === 'Value' ? numberOf(value?.value) : Number.NaN,
        dataType: attribute === 'Value' ? (DataType[value?.dataType] ?? 'Null') : typeName(value?.value),
      }));
    },
    async write(writes, deadline_s) {
      const asked = writes.map(({ node, value, dataType }) => {
        const type = Object.values(WRITABLE_TYPES).find(known => known === dataType);
        if (type === undefined)
          throw new DeviceError('config', node, `is of type ${dataType}, expected a number or Boolean`);
        return {
          nodeId: idOf(node),
          attributeId: AttributeIds.Value,
          value: { value: { dataType: DataType[type], value: rawOf(node, value, type) } },
        };
      });
      const codes = await within(session.write(asked), deadline_s, `write of ${writes.length} nodes`);
      return codes.map(code => statusOf(code ?? StatusCodes.BadUnexpectedError));
    },
    close,
  };
}

function numberOf(value: unknown): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  return Number.NaN;
}

/** Name of the built-in type that a DataType attribute (a node id of namespace 0) points at. */
function typeName(value: unknown): string {
  const { namespace, value: identifier } = (value ?? {}) as { namespace?: number; value?: unknown };
  const known = namespace === 0 && WRITABLE_TYPES[identifier as keyof typeof WRITABLE_TYPES];
  return known || `ns=${namespace};i=${identifier}`;
}

function rawOf(node: string, value: number, type: WritableType): number | boolean {
  if (type === 'Float' || type === 'Double') return value;
  if (type === 'Boolean' && (value === 0 || value === 1)) return value === 1;
  if (type !== 'Boolean' && Number.isInteger(value)) return value;
  throw new DeviceError('range', node, `${value} does not fit its type ${type}; nothing was sent`);
}

/** Own deadline on every call: the library's are per transaction and not kept while it reconnects. */
function withDeadline<T>(
  clock: Clock,
  work: Promise<T>,
  time_s: number,
  where: string,
  what: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(time_s, () =>
      reject(new DeviceError('timeout', where, `${what}: no answer within ${time_s} s`)),
    );
    work.then(
      result => {
        cancel();
        resolve(result);
      },
      error => {
        cancel();
        if (error instanceof DeviceError) return reject(error);
        const text = messageOf(error);
        const code = /timeout|timed out/i.test(text) ? 'timeout' : 'closed';
        reject(new DeviceError(code, where, `${what}: ${text}`, error));
      },
    );
  });
}

async function closeWithin(
  clock: Clock,
  client: OPCUAClient,
  session: ClientSession | undefined,
): Promise<void> {
  const closing = (async () => {
    await session?.close(true).catch(() => {});
    await client.disconnect().catch(() => {});
  })();
  const over = new AbortController();
  await Promise.race([closing, clock.sleep(1, over.signal)]);
  over.abort();
}
