import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyReply } from 'fastify';
import type { Kpi } from '../../../control/view.ts';
import { REPORT_HEADERS } from '../../../dashboards/door/headers.ts';
import type { CampaignChannels } from '../../../dashboards/door/lab/channels.ts';
import type { Verified } from '../../../dashboards/door/lab/verified.ts';
import type { LabBench, LabCampaign, LabMethod, LabRehearsal, LabRun } from '../../../dashboards/door/lab.ts';
import type { Compared } from '../../../dashboards/workshop/runs/compared-rows.ts';
import { spectrumOf } from '../half-circle.ts';
import { fakeCampaigns } from './fake-course.ts';
import {
  FAKE_EVENTS,
  FAKE_REHEARSED,
  FAKE_SCHEMA,
  fakeAlarms,
  fakeBenches,
  fakeMethods,
  fakeRehearsal,
  fakeResult,
  fakeRuns,
} from './fake-lab.ts';

/** A door that says what a test wants, with the routes of the real one, and remembers what it was asked. */

/** Of the real door (dashboards/server.ts): the built page must do with it. */
const POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface FakeDoor {
  readonly url: string;
  /** Everything that would change something: `POST runs/x/commands`, and its body. */
  readonly asked: { readonly what: string; readonly body: unknown; readonly csrf: string | undefined }[];
  me: {
    name: string | null;
    role: string | null;
    csrf: string | null;
    withoutAccounts: boolean;
    guestUntilUtc: string | null;
  };
  control: { by: string; sinceUtc: string; reason: string } | null;
  runs: LabRun[];
  campaigns: LabCampaign[];
  methods: LabMethod[];
  benches: LabBench[];
  /** Findings of every text that is checked. */
  findings: unknown[];
  /** What a campaign says to an edit. */
  decides: { readonly accepted: boolean; readonly text: string };
  /** An edit was taken: the campaign stands otherwise then. */
  taken: ((change: { readonly do: string; readonly run?: string }) => void) | undefined;
  /** The next thing that would change something is refused so. */
  refuse: { readonly status: number; readonly error: string; readonly findings?: unknown[] } | undefined;
  /** A rehearsal stands at a quarter. */
  isRehearsalSlow: boolean;
  channels: CampaignChannels;
  verified: Verified;
  /** Tells all pages how it stands now. */
  tell(): void;
  /** Ends all live connections. */
  cut(): void;
  close(): Promise<void>;
}

export async function fakeDoor(pageDir: string): Promise<FakeDoor> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(websocket);
  const sockets = new Set<{ send(text: string): void; close(): void }>();
  const stateText = (): string =>
    JSON.stringify({ runs: door.runs, campaigns: door.campaigns, control: door.control });
  let rehearsal: LabRehearsal | undefined;
  let givenUp = false;
  const door = {
    url: '',
    asked: [],
    me: { name: 'local', role: 'admin', csrf: null, withoutAccounts: true, guestUntilUtc: null },
    control: { by: 'local', sinceUtc: '2026-11-30T08:00:00Z', reason: '' },
    runs: fakeRuns(),
    campaigns: fakeCampaigns(),
    methods: fakeMethods(),
    benches: fakeBenches(),
    findings: [],
    decides: { accepted: true, text: 'taken' },
    taken: undefined,
    refuse: undefined,
    isRehearsalSlow: false,
    channels: { benches: [], withPage: [], readings: {}, silent: {} },
    verified: { is: 'unchanged', isClosed: true, found: [], seals: 3, head: 'ab12', withFiles: true },
    tell: () => {
      for (const socket of sockets) socket.send(stateText());
    },
    cut: () => {
      for (const socket of sockets) socket.close();
    },
    close: () => app.close(),
  } as FakeDoor & { url: string };

  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', POLICY);
    const path = request.url.replace('/api/v1/', '');
    const isOpen = ['me', 'session'].includes(path) || !request.url.startsWith('/api/');
    if (!isOpen && door.me.role === null) return reply.code(401).send({ error: 'sign in first' });
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.method === 'GET') return;
    const what = `${request.method} ${decodeURIComponent(request.url.replace('/api/v1/', ''))}`;
    if (what !== 'POST methods/check')
      door.asked.push({
        what,
        body: request.body,
        csrf: request.headers['x-csrf-token'] as string | undefined,
      });
    const { refuse } = door;
    if (refuse === undefined || what === 'POST methods/check') return;
    door.refuse = undefined;
    return reply.code(refuse.status).send({ error: refuse.error, findings: refuse.findings });
  });

  for (const entry of readdirSync(pageDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const body = readFileSync(path);
    const type = TYPES[extname(entry.name)] ?? 'application/octet-stream';
    const send = (_: unknown, reply: FastifyReply) => reply.type(type).send(body);
    const at = path.slice(pageDir.length + 1).replaceAll(sep, '/');
    app.get(`/${at}`, send);
    if (at === 'index.html') app.get('/', send);
  }
  app.get('/run/:id/', () => 'the live page');
  app.get('/run/:id/api/history', () => ({ role: 'cell.voltage_V', unit: 'V', t_s: [], value: [] }));

  const missing = (reply: FastifyReply): FastifyReply => reply.code(404).send({ error: 'no such thing' });
  const api = '/api/v1';
  app.get(`${api}/me`, () => ({ ...door.me, control: door.control }));
  app.post(`${api}/session`, (request, reply) => {
    const { name, password } = request.body as { name: string; password: string };
    if (password !== 'right') return reply.code(401).send({ error: 'name or password is wrong' });
    door.me = { ...door.me, name, role: 'engineer', csrf: 'token-1', withoutAccounts: false };
    return { name, role: 'engineer', csrf: 'token-1' };
  });
  app.delete(`${api}/session`, () => {
    door.me = { ...door.me, name: null, role: null, csrf: null };
    return {};
  });
  app.post(`${api}/control`, request => {
    const { reason = '' } = request.body as { reason?: string };
    door.control = { by: door.me.name ?? '', sinceUtc: '2026-11-30T09:00:00Z', reason };
    return door.control;
  });
  app.delete(`${api}/control`, () => {
    door.control = null;
    return {};
  });
  app.get(`${api}/benches`, () => door.benches);
  app.get(`${api}/methods`, () =>
    door.methods.map(({ text: _, findings: _f, parameters: _p, figures: _g, ...listed }) => listed),
  );
  app.get<{ Params: { name: string } }>(`${api}/methods/:name`, (request, reply) => {
    return door.methods.find(({ name }) => name === request.params.name) ?? missing(reply);
  });
  app.put<{ Params: { name: string }; Body: { text: string; sha256: string | null } }>(
    `${api}/methods/:name`,
    ({ params: { name }, body: { text, sha256 } }, reply) => {
      const old = door.methods.find(method => method.name === name);
      if ((old?.sha256 ?? null) !== sha256) return reply.code(409).send({ error: 'changed meanwhile' });
      const saved = {
        ...(old ?? door.methods[0]),
        name,
        text,
        sha256: `${door.asked.length}`.padStart(64, 'c'),
      };
      door.methods = [...door.methods.filter(method => method.name !== name), saved];
      return saved;
    },
  );
  app.post(`${api}/methods/check`, () => ({ findings: door.findings }));
  app.get(`${api}/schemas/method`, () => FAKE_SCHEMA);
  app.post<{ Body: LabRehearsal['planned'] }>(`${api}/rehearsals`, ({ body }, reply) => {
    rehearsal = fakeRehearsal(body);
    return reply.code(202).send(rehearsal);
  });
  app.delete(`${api}/rehearsals/r1`, () => {
    givenUp = true;
    return { ...rehearsal, state: 'given up' };
  });
  app.get(`${api}/rehearsals/r1`, () => {
    if (givenUp) return { ...rehearsal, state: 'given up' };
    if (door.isRehearsalSlow) return { ...rehearsal, done: 0.25 };
    return { ...rehearsal, state: 'done', done: 1, result: FAKE_REHEARSED };
  });
  app.get(`${api}/runs`, () => door.runs);
  app.post(`${api}/runs`, (_, reply) => reply.code(202).send(door.runs[0]));
  app.get<{ Querystring: { ids: string } }>(`${api}/runs/compare`, ({ query }) =>
    comparisonOf(query.ids.split(',')),
  );
  app.get<{ Params: { id: string } }>(`${api}/runs/:id`, ({ params }, reply) => {
    return door.runs.find(({ id }) => id === params.id) ?? missing(reply);
  });
  app.get<{ Params: { id: string } }>(`${api}/runs/:id/result`, ({ params }) => fakeResult(params.id));
  app.get<{ Params: { id: string } }>(`${api}/runs/:id/alarms`, ({ params }) => fakeAlarms(params.id));
  app.get(`${api}/runs/:id/events`, () => FAKE_EVENTS);
  app.get(`${api}/runs/:id/spectra`, () => ({ spectra: [spectrumOf(41, true)], voltammograms: [] }));
  app.get(`${api}/runs/:id/report`, (_, reply) =>
    reply.headers(REPORT_HEADERS).type('text/html').send('<h1>report</h1>'),
  );
  app.post(`${api}/runs/:id/commands`, () => ({ accepted: true, text: 'done' }));
  app.post(`${api}/runs/:id/exports`, () => ({ files: ['rows.csv', 'metadata.json'] }));
  app.get(`${api}/runs/:id/exports/:format/:file`, () => 'a,b\n1,2\n');
  app.get(`${api}/campaigns`, () => door.campaigns);
  app.get(`${api}/campaign-files`, () => [{ name: 'night', title: 'a night', isBuiltIn: false, sha256: '' }]);
  app.post(`${api}/campaigns`, (_, reply) => reply.code(202).send(door.campaigns[0]));
  app.get(`${api}/campaigns/:id/channels`, () => door.channels);
  app.get(`${api}/runs/:id/verification`, () => door.verified);
  app.post(`${api}/campaigns/:id/edits`, request => {
    door.taken?.((request.body as { change: { do: string; run?: string } }).change);
    return door.decides;
  });
  app.get(`${api}/live`, { websocket: true }, socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.send(stateText());
  });
  door.url = await app.listen({ host: '127.0.0.1', port: 0 });
  return door;
}

/** As `cellbench compare --json` has it, the first run with each of the others. */
function comparisonOf(ids: readonly string[]): {
  readonly runs: readonly string[];
  readonly compared: readonly Compared[];
} {
  const [first, ...others] = ids;
  const kpis = (id: string): readonly Kpi[] => fakeResult(id).kpis ?? [];
  const compared = others.map(other => ({
    notes: ['one of them did not just complete: tripped'],
    figures: kpis(first).map(({ id, phase = '', unit, value, u95 = 0 }, i) => {
      const b = kpis(other)[i];
      const difference = (b.value ?? 0) - (value ?? 0);
      const both = Math.hypot(u95, b.u95 ?? 0);
      const as = Math.abs(difference) > both ? 'differs' : 'same';
      return {
        id,
        phase,
        unit,
        a: { value, u95 },
        b: { value: b.value, u95: b.u95 ?? null },
        difference,
        u95: both,
        as,
      };
    }),
  }));
  return { runs: ids, compared };
}
