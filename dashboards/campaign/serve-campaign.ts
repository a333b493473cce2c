import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request as requestOf,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { CampaignShown, CarriedCourse, ChannelsOfBench } from '../../control/view.ts';
import { foreignReason, LOOPBACK, onFreePort } from '../own-hosts.ts';
import { type DashboardServer, PAGE_POLICY, type PageFile, readPage } from '../server.ts';
import { ChannelReadings } from './channel-readings.ts';

/**
 * One address for a campaign: its course, and below `run/<id>/` the live page of each run under way, which the process of
 * the run itself serves. What is asked there goes to that run as it stands, and its answer comes back as it stands.
 */

/** What the page knows of a campaign. */
export interface CampaignView {
  course(): CarriedCourse;
  /** Address of the page of a run under way, on this machine; undefined: it has none now. */
  pageOf(id: string): string | undefined;
  /** Benches with several subjects, each on a channel of its own. */
  channels(): readonly ChannelsOfBench[];
  /** A clock that never goes back, s. */
  now_s(): number;
}

/** What a server of a campaign answers from. */
interface Served {
  readonly view: CampaignView;
  /** By path. */
  readonly files: ReadonlyMap<string, PageFile>;
  readonly readings: ChannelReadings;
}

const MOST_CONNECTIONS = 200;
const INDEX = '/campaign.html';

/**
 * Serves it on 127.0.0.1 only; a taken port is passed over for the next free one, 0 takes any. @throws Error when none is
 * free, or the page is not built
 */
export function serveCampaign(
  view: CampaignView,
  options: { readonly port: number; readonly pageDir?: string },
): Promise<DashboardServer> {
  const files = readPage(options.pageDir);
  return onFreePort(options.port, async port => {
    const served: Served = { view, files, readings: new ChannelReadings() };
    const server = createServer((request, reply) => answer(served, request, reply));
    server.maxConnections = MOST_CONNECTIONS;
    const sockets = new Set<Duplex>();
    server.on('connection', socket => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      passSocket(view, request, socket, head),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, LOOPBACK, () => resolve());
    });
    const address = server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : port;
    return {
      url: `http://${LOOPBACK}:${taken}`,
      port: taken,
      close: () =>
        new Promise<void>(resolve => {
          server.close(() => resolve());
          served.readings.close();
          for (const socket of sockets) socket.destroy();
        }),
    };
  });
}

function answer(served: Served, request: IncomingMessage, reply: ServerResponse): void {
  const { view } = served;
  const foreign = foreignReason(request.headers);
  const asked = askedOf(request);
  if (foreign !== undefined) refuse(reply, 403, foreign);
  else if (asked.is === 'own') own(served, asked.path, request, reply);
  else if (asked.is === 'nothing') refuse(reply, 404, `nothing at ${request.url ?? ''}`);
  // Its page asks for everything relative to its own address.
  else if (asked.path === undefined) reply.writeHead(302, { location: `/run/${asked.run}/` }).end();
  else pass(view, asked, request, reply);
}

/** To the process of a run, and its answer back. */
function pass(view: CampaignView, asked: AskedOfRun, request: IncomingMessage, reply: ServerResponse): void {
  const to = targetOf(view, request, asked);
  if (to === undefined) {
    refuse(reply, 404, noPage(asked.id));
    return;
  }
  const passed = requestOf(to, from => {
    reply.writeHead(from.statusCode ?? 502, from.headers);
    from.pipe(reply);
  });
  passed.on('error', () => {
    if (reply.headersSent) reply.destroy();
    else refuse(reply, 502, noPage(asked.id));
  });
  reply.once('close', () => passed.destroy());
  request.pipe(passed);
}

/** A WebSocket of a run's page. */
function passSocket(view: CampaignView, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  const asked = askedOf(request);
  const isForeign = foreignReason(request.headers) !== undefined;
  const to = asked.is === 'run' && !isForeign ? targetOf(view, request, asked) : undefined;
  if (to === undefined) {
    socket.end(`HTTP/1.1 ${isForeign ? 403 : 404} No\r\n\r\n`);
    return;
  }
  const passed = requestOf(to);
  passed.on('error', () => socket.destroy());
  passed.on('response', from => {
    from.resume();
    socket.end(`HTTP/1.1 ${from.statusCode ?? 502} No\r\n\r\n`);
  });
  passed.on('upgrade', (from, other: Duplex, first: Buffer) => {
    const lines = Object.entries(from.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
    socket.write(first);
    other.write(head);
    for (const [a, b] of [
      [other, socket],
      [socket, other],
    ] as const) {
      a.on('error', () => b.destroy());
      a.once('close', () => b.destroy());
      a.pipe(b);
    }
  });
  socket.once('close', () => passed.destroy());
  passed.end();
}

interface AskedOfRun {
  readonly is: 'run';
  readonly run: string;
  readonly id: string;
  /** Below its page; undefined: the slash behind its name is missing. */
  readonly path: string | undefined;
}
type Asked = { readonly is: 'own'; readonly path: string } | { readonly is: 'nothing' } | AskedOfRun;

function askedOf({ url = '' }: IncomingMessage): Asked {
  const [bare] = url.split('?', 1);
  const found = /^\/run\/([^/]+)(\/.*)?$/.exec(bare);
  if (found === null) return bare.startsWith('/run') ? { is: 'nothing' } : { is: 'own', path: bare };
  const [, run, path] = found;
  try {
    const id = decodeURIComponent(run);
    return { is: 'run', run, id, path: path === undefined ? undefined : path + url.slice(bare.length) };
  } catch {
    return { is: 'nothing' };
  }
}

/** Where it goes: to a page on this machine, nowhere else. */
function targetOf(
  view: CampaignView,
  { method, headers }: IncomingMessage,
  { id, path }: AskedOfRun,
): RequestOptions | undefined {
  const page = view.pageOf(id);
  if (page === undefined || path === undefined || !URL.canParse(page)) return undefined;
  const { hostname, port } = new URL(page);
  if (hostname !== LOOPBACK) return undefined;
  return { host: LOOPBACK, port, path, headers, ...(method === undefined ? {} : { method }) };
}

/** The page of the campaign itself, its files, and what it shows. */
function own(served: Served, path: string, { method = '' }: IncomingMessage, reply: ServerResponse): void {
  if (method !== 'GET' && method !== 'HEAD') {
    refuse(reply, 405, `${method}: expected GET`);
    return;
  }
  if (path === '/api/campaign') {
    void shown(served).then(
      found => send(reply, JSON.stringify(found), 'application/json; charset=utf-8'),
      (error: unknown) => refuse(reply, 500, String(error)),
    );
    return;
  }
  const file = served.files.get(path === '/' ? INDEX : path);
  if (file === undefined) refuse(reply, 404, `nothing at ${path}`);
  else send(reply, file.body, file.type);
}

async function shown({ view, readings }: Served): Promise<CampaignShown> {
  const course = view.course();
  const pages = new Map(
    course.runs.flatMap(({ id, state }) => {
      const page = state === 'running' ? view.pageOf(id) : undefined;
      return page === undefined ? [] : [[id, page] as const];
    }),
  );
  return {
    course,
    benches: view.channels(),
    withPage: [...pages.keys()],
    readings: await readings.of(pages, view.now_s()),
  };
}

function send(reply: ServerResponse, body: string | Buffer, type: string): void {
  reply
    .writeHead(200, {
      'content-type': type,
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .end(body);
}

function refuse(reply: ServerResponse, status: number, error: string): void {
  reply
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify({ error }));
}

function noPage(id: string): string {
  return `${id} has no page now: it is not under way, is about to begin or to end, or goes as fast as it can; the page of the campaign is /`;
}
