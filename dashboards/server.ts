import type { FastifyInstance } from 'fastify';
import { asyncScheduler, fromEventPattern, interval, type Subscription, throttleTime } from 'rxjs';
import { z } from 'zod';
import { type LiveView, machine_s } from '../control/view.ts';
import { ASKED_THROUGH, askedThrough } from './asked-through.ts';
import { commandSchema } from './command-schema.ts';
import { TAKE_BEFORE, voidReason } from './command-validity.ts';
import { METRICS_TYPE, metricsText } from './metrics.ts';
import { OF_ANOTHER_RUN, OF_RUN, strangerReason } from './of-run.ts';
import { foreignReason, LOOPBACK, onFreePort } from './own-hosts.ts';
import { PAGE_POLICY, type PageFile, readPage } from './page-files.ts';
import { explain, refuse } from './refusals.ts';
import { serveReadings, serveWindows } from './windows-api.ts';

/** More at once are turned away: what the record needs of the machine must not go to visitors. */
const MOST_CONNECTIONS = 200;
const PUSH_MS = 100;
/** Sign of life while nothing changes, so that a page can tell a quiet bench from a dead connection. */
const ALIVE_MS = 2000;

/** The report brings its own style and pictures, and needs no script: so none may run. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const historySchema = z.strictObject({ role: z.string().min(1).max(200) });

/** A dashboard that answers at `url` until `close` is called. */
export interface DashboardServer {
  readonly url: string;
  /** The port really taken: the asked one, or the next free one after it. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the live page, the report and the data behind them on 127.0.0.1 only.
 * A taken port is passed over for the next free one; port 0 takes any. `key`: of the run (`of-run.ts`).
 * Throws when the page is not built or no port is free.
 */
export async function serveDashboard(
  view: LiveView,
  options: { readonly port: number; readonly pageDir?: string; readonly key?: string },
): Promise<DashboardServer> {
  const files = readPage(options.pageDir);
  return onFreePort(options.port, async port => {
    const app = await buildServer(view, files, options.key);
    try {
      app.server.maxConnections = MOST_CONNECTIONS;
      await app.listen({ host: LOOPBACK, port });
    } catch (error) {
      await app.close();
      throw error;
    }
    const address = app.server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : port;
    return { url: `http://${LOOPBACK}:${taken}`, port: taken, close: () => app.close() };
  });
}

async function buildServer(
  view: LiveView,
  files: ReadonlyMap<string, PageFile>,
  key: string | undefined,
): Promise<FastifyInstance> {
  // Loaded with the first page: most commands serve none.
  const [{ default: Fastify }, { default: websocket }] = await Promise.all([
    import('fastify'),
    import('@fastify/websocket'),
  ]);
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 4096 });
  // A form or a text/plain post needs no leave from the browser's cross-origin check; JSON does.
  app.removeContentTypeParser('text/plain');
  await app.register(websocket, { options: { maxPayload: 4096 } });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', PAGE_POLICY);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('cross-origin-resource-policy', 'same-origin');
    reply.header('cache-control', 'no-store');
    const foreign = foreignReason(request.headers);
    if (foreign !== undefined) return refuse(reply, 403, foreign);
    const stranger = strangerReason(request.headers[OF_RUN], key);
    if (stranger !== undefined) return refuse(reply, OF_ANOTHER_RUN, stranger);
    const type = request.headers['content-type'] ?? '';
    if (request.method === 'POST' && !type.startsWith('application/json'))
      return refuse(reply, 415, `content-type "${type}", expected application/json`);
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    return refuse(reply, status, error instanceof Error ? error.message : String(error));
  });
  app.setNotFoundHandler((request, reply) => refuse(reply, 404, `nothing at ${request.url}`));

  for (const [path, file] of files) {
    app.get(path, (_request, reply) => reply.type(file.type).send(file.body));
    if (path === '/index.html') app.get('/', (_request, reply) => reply.type(file.type).send(file.body));
  }
  app.get('/api/snapshot', () => view.snapshot());
  app.get('/api/channel', () => view.channel());
  app.get('/api/picture', () => view.picture());
  app.get('/metrics', (_request, reply) => reply.type(METRICS_TYPE).send(metricsText(view)));
  app.get('/api/trends', () => ({ roles: view.trendRoles(), limits: view.trendLimits() }));
  app.get('/api/limits', () => ({ limits: view.thresholds() }));
  app.get('/api/history', (request, reply) => {
    const query = historySchema.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, `history: ${explain(query.error)}`);
    const { role } = query.data;
    if (!view.trendRoles().includes(role)) {
      return refuse(
        reply,
        404,
        `history: no trend of "${role}"; expected one of ${view.trendRoles().join(', ')}`,
      );
    }
    return reply.send(view.history(role));
  });
  serveWindows(app, view);
  serveReadings(app, view);
  app.get('/api/spectra', () => ({ spectra: view.spectra(), voltammograms: view.voltammograms() }));
  app.get('/report', (_request, reply) => {
    const html = view.report();
    if (html === undefined) {
      return refuse(reply, 404, 'There is no report yet: it is written when the run has ended.');
    }
    return reply.header('content-security-policy', REPORT_POLICY).type('text/html; charset=utf-8').send(html);
  });
  app.post('/api/command', async (request, reply) => {
    const body = commandSchema.safeParse(request.body);
    if (!body.success) return refuse(reply, 400, `command: ${explain(body.error)}`);
    const late = voidReason(body.data.command, request.headers[TAKE_BEFORE], machine_s());
    const through = askedThrough(request.headers[ASKED_THROUGH]);
    return late === undefined ? view.ask(body.data, through) : { accepted: false, text: late };
  });
  pushLive(app, view);
  return app;
}

/**
 * One WebSocket message per change, at most ten a second, the same text for all clients. Nothing is computed
 * while nobody is connected. A client whose last message is still in its socket is passed over, never queued
 * for; it gets the newest state with the next change or sign of life.
 */
function pushLive(app: FastifyInstance, view: LiveView): void {
  /** Connected clients -> the text each was sent last. */
  const sent = new Map<WebSocketLike, string>();
  let feed: Subscription | undefined;

  const push = (): void => {
    const text = JSON.stringify({ snapshot: view.snapshot() });
    for (const [client, before] of sent) {
      if (before === text || client.bufferedAmount > 0 || client.readyState !== client.OPEN) continue;
      client.send(text);
      sent.set(client, text);
    }
  };
  const beat = (): void => {
    push();
    for (const client of sent.keys()) {
      if (client.bufferedAmount === 0 && client.readyState === client.OPEN) client.send('{"alive":true}');
    }
  };
  const start = (): Subscription => {
    const changes$ = fromEventPattern(
      handler => view.onChange(handler as () => void),
      (_handler, unsubscribe: () => void) => unsubscribe(),
    );
    const pushes = changes$
      .pipe(throttleTime(PUSH_MS, asyncScheduler, { leading: true, trailing: true }))
      .subscribe(push);
    pushes.add(interval(ALIVE_MS).subscribe(beat));
    return pushes;
  };

  app.get('/live', { websocket: true }, socket => {
    const leave = (): void => {
      sent.delete(socket);
      if (sent.size > 0) return;
      feed?.unsubscribe();
      feed = undefined;
    };
    socket.on('close', leave);
    socket.on('error', () => socket.terminate());
    sent.set(socket, '');
    feed ??= start();
    push();
  });
}

/** What the push needs of a `ws` socket. */
interface WebSocketLike {
  readonly bufferedAmount: number;
  readonly readyState: number;
  readonly OPEN: number;
  send(text: string): void;
}
