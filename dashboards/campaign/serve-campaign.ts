import { createServer, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type CampaignShown,
  type CarriedCourse,
  type ChannelsOfBench,
  type Clock,
  machine_s,
} from '../../control/view.ts';
import { takeBefore } from '../command-validity.ts';
import { foreignReason, LOOPBACK, onFreePort } from '../own-hosts.ts';
import { PAGE_POLICY, type PageFile, readPage } from '../page-files.ts';
import { passRequest, passSocket, refuseSocket, toPage } from '../pass-on.ts';
import type { DashboardServer } from '../server.ts';
import { RunsHeard } from './runs-heard.ts';

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
  readonly clock: Clock;
}

/** What a server of a campaign answers from. */
interface Served {
  readonly view: CampaignView;
  /** By path. */
  readonly files: ReadonlyMap<string, PageFile>;
  readonly heard: RunsHeard;
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
    const served: Served = { view, files, heard: new RunsHeard(view.clock) };
    const server = createServer((request, reply) => answer(served, request, reply));
    server.maxConnections = MOST_CONNECTIONS;
    const sockets = new Set<Duplex>();
    server.on('connection', socket => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      passSocketOf(view, request, socket, head),
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
          served.heard.close();
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
  const failed = (status: number): void => refuse(reply, status, noPage(asked.id));
  if (to === undefined) failed(404);
  else passRequest(to, request, reply, () => failed(502));
}

/** A WebSocket of a run's page. */
function passSocketOf(view: CampaignView, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  const asked = askedOf(request);
  const isForeign = foreignReason(request.headers) !== undefined;
  const to = asked.is === 'run' && !isForeign ? targetOf(view, request, asked) : undefined;
  if (to === undefined) refuseSocket(socket, isForeign ? 403 : 404);
  else passSocket(to, socket, head);
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

/** Where it goes; undefined: the run has no page now. */
function targetOf(
  view: CampaignView,
  request: IncomingMessage,
  { id, path }: AskedOfRun,
): RequestOptions | undefined {
  if (path === undefined) return undefined;
  // Of everything that is asked only a command changes anything.
  const headers = { ...request.headers, ...takeBefore(machine_s()) };
  return toPage(view.pageOf(id), path, { method: request.method, headers });
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

async function shown({ view, heard }: Served): Promise<CampaignShown> {
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
    ...(await heard.look(pages)),
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
