import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ClientSession, OPCUACertificateManager, OPCUAClient, UserIdentityInfo } from 'node-opcua';
import type { Cancel, Clock } from '../../contract/clock.ts';
import { DeviceError, messageOf } from '../../contract/errors.ts';
import type { Link } from '../../contract/transport.ts';
import type { OpcuaAccess } from './access.ts';
import { type OpcuaNodes, type SessionCalls, sessionCalls } from './calls.ts';
import { channelFor, identityOf } from './channel.ts';
import { explainer, refusesUser } from './explain.ts';
import { goOnWithSession, keepSession } from './kept-sessions.ts';
import { refuseTornAnswers } from './reading.ts';
import type { OpcuaAnswer, OpcuaRequest } from './request.ts';

/** Where the server is (`opc.tcp://192.168.0.30:4840`) and what is going to be written there. */
export interface OpcuaLinkOptions extends OpcuaNodes {
  /** Absent: an open channel, anonymous. */
  readonly access?: OpcuaAccess;
  readonly clock: Clock;
  /** Next heartbeat count; counted over all links of one device, so that it changes over a reconnect too. */
  nextHeartbeat(): number;
}

/**
 * The session must outlive a pause of the bench, and must not hold its place in the server for long after a cut:
 * an S7 revises longer ones down to 30 s and has trouble with 5 s; servers admit ten or so at a time.
 */
const SESSION_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_s = 5;
/** Saying good-bye to a server takes no longer, s: one that does not answer any more will not answer that either. */
const GOODBYE_s = 1;
/** The line above gives up long before; this only lets the library forget what was never answered. */
const FORGET_MS = 5_000;

type Library = typeof import('node-opcua');
interface Prepared {
  readonly opcua: Library;
  readonly certificates: OPCUACertificateManager;
}

let prepared: Promise<Prepared> | undefined;

/**
 * Loads the library (some 0.7 s and 90 MB, so not at import) and makes the client's own key and certificate,
 * once per user and machine (some 0.1 s), in a folder of ours: the library wants them even for an open channel,
 * and clients that each make their own race for the same files.
 * Rejects with `closed` if it cannot be loaded or the folder not be written.
 */
export function prepareOpcuaLibrary(): Promise<Prepared> {
  prepared ??= prepare().catch(error => {
    prepared = undefined;
    throw new DeviceError('closed', 'OPC UA', `cannot start the client: ${messageOf(error)}`, error);
  });
  return prepared;
}

async function prepare(): Promise<Prepared> {
  const opcua = await import('node-opcua');
  // It prints what it also says through rejections, and would tear up the progress bar.
  const quiet = (): void => {};
  opcua.setDebugLogger(quiet);
  opcua.setWarningLogger(quiet);
  opcua.setErrorLogger(quiet);
  refuseTornAnswers(opcua);
  const rootFolder = join(tmpdir(), `cellbench-opcua-client-${userInfo().username}`);
  await mkdir(rootFolder, { recursive: true, mode: 0o700 });
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder,
    // Who is trusted is settled before (trust.ts); what reaches this manager all the same is refused.
    automaticallyAcceptUnknownCertificate: false,
  });
  await certificates.initialize();
  // Held for the life of the process: the library disposes of a manager when its last client goes.
  certificates.referenceCounter++;
  return { opcua, certificates };
}

/** Whether a call failed by what its server answered. */
const isAnswered = (error: unknown): boolean =>
  error instanceof Error && 'response' in error && error.response !== undefined;

/**
 * One OPC UA session as a link, over the channel and as the user that `access` says.
 * The library's own reconnection is off: a read issued while it works stays pending for seconds.
 * `open` rejects with `closed` (nobody there), `refused` (not this user) or `identity` (namespace or writable node unknown).
 */
export function opcuaSessionLink(options: OpcuaLinkOptions): Link<OpcuaRequest, OpcuaAnswer> {
  const { endpoint, clock } = options;
  const lostListeners: ((reason: DeviceError) => void)[] = [];
  let client: OPCUAClient | undefined;
  let session: ClientSession | undefined;
  let calls: SessionCalls | undefined;
  let notices: readonly string[] = [];
  let gone: DeviceError | undefined;
  const access: OpcuaAccess = options.access ?? { security: 'none', folder: '' };
  const key = JSON.stringify([endpoint, access]);
  /** The last question, and the one for a session; never rejected. */
  let [asked, entering]: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  let isCut = false;
  let shutting: Promise<void> | undefined;
  let stopKeepingAlive: Cancel = () => {};

  const closed = (text: string, cause?: unknown) => new DeviceError('closed', endpoint, text, cause);
  function lose(reason: DeviceError): void {
    if (gone !== undefined) return;
    gone = reason;
    for (const listener of lostListeners) listener(reason);
  }
  // A call that fails as a whole leaves the session in doubt; a fresh one costs some 50 ms.
  const failed = (error: unknown): DeviceError =>
    error instanceof DeviceError ? error : closed(messageOf(error), error);

  const unlessGone = (): void => {
    if (gone !== undefined) throw gone;
  };
  async function within(limit_s: number, work: Promise<unknown>): Promise<boolean> {
    const over = new AbortController();
    const isDone = await Promise.race([
      work.then(() => true),
      clock.sleep(limit_s, over.signal).then(() => false),
    ]);
    over.abort();
    return isDone;
  }
  /** Also what `open` has only half done: a session that nobody closes holds its place in the server for 30 s. */
  const shut = (): Promise<void> => {
    shutting ??= end();
    return shutting;
  };
  async function end(): Promise<void> {
    stopKeepingAlive();
    if (!isCut) await within(GOODBYE_s, entering);
    const ended = session;
    session = undefined;
    if (ended !== undefined) {
      if (isCut || !(await within(GOODBYE_s / 2, asked))) keepSession(key, ended, clock.utc_ms());
      else
        await within(
          GOODBYE_s,
          ended.close(true).catch(() => {}),
        );
    }
    await within(GOODBYE_s, client?.disconnect().catch(() => {}) ?? Promise.resolve());
  }

  /** The session of a connection that was cut, where there is one that the server still knows; else one of its own. */
  const enter = async (on: OPCUAClient, user: UserIdentityInfo): Promise<ClientSession> =>
    (await goOnWithSession(key, on, clock.utc_ms())) ?? (await on.createSession(user));

  async function ask(request: OpcuaRequest, calls: SessionCalls): Promise<OpcuaAnswer> {
    if (request.kind === 'write') {
      const { status, severity } = await calls.write(request.node, request.value);
      if (severity === 'bad') throw new DeviceError('refused', request.node, `write answered with ${status}`);
      return { readings: [] };
    }
    if (request.kind === 'notices') return { readings: [], notices, server: calls.server };
    if (request.kind === 'readBack') return { readings: [await calls.readBack(request.node)] };
    if (request.kind === 'units') return { readings: [], units: await calls.units(request.nodes) };
    if (request.kind === 'lads') return { readings: [], lads: await calls.lads() };
    if (request.kind === 'states') return { readings: [], states: await calls.states(request.nodes) };
    if (request.kind === 'writable') {
      await calls.allow(request.nodes);
      return { readings: [] };
    }
    if (request.kind === 'call')
      return { readings: [], called: await calls.call(request.object, request.method) };
    const { heartbeat, nodes, subscription } = request;
    const beat = heartbeat === undefined ? undefined : calls.beat(heartbeat, options.nextHeartbeat());
    const [readings, answer] = await Promise.all([
      subscription === undefined ? calls.read(nodes) : calls.latest(nodes, subscription),
      beat,
    ]);
    return { readings, heartbeat: answer };
  }

  return {
    where: endpoint,
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'any order',
    async open() {
      try {
        const { opcua, certificates } = await prepareOpcuaLibrary();
        unlessGone();
        const explain = explainer(opcua, certificates, endpoint, access);
        const channel = await channelFor(opcua, certificates, {
          endpoint,
          access,
          utc_ms: clock.utc_ms(),
          limit_ms: FORGET_MS,
        }).catch(async (error: unknown) => {
          throw error instanceof DeviceError ? error : closed(await explain(error), error);
        });
        unlessGone();
        notices = channel.notices;
        client = opcua.OPCUAClient.create({
          applicationName: 'cellbench',
          clientCertificateManager: certificates,
          ...channel.options,
          endpointMustExist: false,
          connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
          // What is left of our sessions is closed or set aside below.
          keepPendingSessionsOnDisconnect: true,
          requestedSessionTimeout: SESSION_TIMEOUT_MS,
          transportTimeout: FORGET_MS,
          defaultTransactionTimeout: FORGET_MS,
        });
        client.on('connection_lost', () => {
          isCut = true;
          lose(closed('connection lost'));
        });
        client.on('close', error => {
          isCut = true;
          lose(closed(error ? messageOf(error) : 'connection closed'));
        });
        await client.connect(endpoint).catch(async (error: unknown) => {
          throw closed(await explain(error, channel.own), error);
        });
        unlessGone();
        const entered = enter(client, identityOf(opcua, access)).catch(async (error: unknown) => {
          const code = access.user !== undefined && refusesUser(opcua, error) ? 'refused' : 'closed';
          throw new DeviceError(code, endpoint, await explain(error, channel.own), error);
        });
        entering = entered.catch(() => {});
        session = await entered;
        unlessGone();
        session.on('session_closed', () => lose(closed('session closed by the server')));
        calls = await sessionCalls(opcua, session, options, () => clock.now_s());
        unlessGone();
        stopKeepingAlive = clock.every(KEEP_ALIVE_s, () => void calls?.keepAlive().catch(() => {}));
      } catch (error) {
        await shut();
        throw failed(error);
      }
    },
    async send(request) {
      if (gone !== undefined || calls === undefined) throw gone ?? closed('not open');
      const answer = ask(request, calls);
      asked = answer.catch(() => {});
      try {
        return await answer;
      } catch (error) {
        // Not even a fault came back: the channel is gone, whether or not the library has said so yet.
        isCut ||= !(error instanceof DeviceError) && !isAnswered(error);
        throw failed(error);
      }
    },
    // Replies carry the handle of their request: what is late finds no taker in the library.
    flush: () => Promise.resolve(),
    onLost(listener) {
      lostListeners.push(listener);
    },
    async close() {
      lose(closed('closed by us'));
      await shut();
    },
  };
}
