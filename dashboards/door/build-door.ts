import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from '../page-files.ts';
import { refuse } from '../refusals.ts';
import { answerRoutes, type Limits, nothingThere } from './answers/answering.ts';
import {
  NOBODY,
  refusalOf,
  roleReason,
  UNREADABLE,
  WHY_NOBODY,
  WHY_UNREADABLE,
  whyRole,
} from './answers/carry-out.ts';
import type { DoorWhy } from './answers/why.ts';
import type { Known } from './crowd.ts';
import { guestPage } from './guest-page.ts';
import { securityHeaders } from './headers.ts';
import type { OwnAddress } from './own-address.ts';
import { isSameKey } from './people/keys.ts';
import { countedAs, isAtLeast, type Role } from './people/roles.ts';
import { type Door, Refusal, type Visit } from './route.ts';
import { askedOfPage, isForPeople, passOn } from './run-pages.ts';
import { type Came, type Cookies, cameWith, throughOf } from './visits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Least role of who may ask for it; absent: whoever comes. */
    least?: Role | 'open';
    /** Id of the route where it stands in the audit; null or absent: it changes nothing. */
    told?: string | null;
    /** What it asks may lead to the safe state. */
    leadsToSafe?: boolean;
  }
}

/** What a door is built of. */
export interface DoorParts {
  readonly door: Door;
  readonly cookies: Cookies;
  readonly address: OwnAddress;
  readonly page: ReadonlyMap<string, PageFile>;
  /** The live page of a run, for one that does not answer. */
  readonly livePage: ReadonlyMap<string, PageFile>;
  readonly limits: Limits;
  /** Whoever asks has come in: the connection is none of a stranger any more. */
  readonly known: Known;
}

const MINUTE_MS = 60_000;
const NOTHING = { page: undefined, isSilent: false };
/** Out of its own page, which knows of no token, a change is taken where the browser says that it comes from there. */
const RUN_PAGE_URL = /^\/run\/[^/?]+\/?(\?|$)/;
const PAGE_COMMAND_URL = /^\/run\/[^/?]+\/api\/command(\?|$)/;

/** Adds all that the door answers to a server. */
export async function buildDoor(app: FastifyInstance, parts: DoorParts): Promise<void> {
  const { door, cookies, address, page, livePage, limits, known } = parts;
  const came = new WeakMap<FastifyRequest, Came>();
  const headers = securityHeaders(address.scheme);

  let told = '';
  /** Who asks; undefined: nobody is known, as the accounts cannot be read, which is told where the door was opened. */
  const visitorOf = ({ headers: own }: FastifyRequest): Came | undefined => {
    try {
      return cameWith(door, cookies, own);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text !== told) console.error(text);
      told = text;
      const last = door.accounts.asOfLastGood(() => cameWith(door, cookies, own));
      return last.who === null ? undefined : { ...last, isByLastGood: true };
    }
  };

  takeJsonOnly(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    const foreign = address.foreignReason(request.method, request.headers);
    if (foreign !== undefined) return refuse(reply, 403, foreign);
    const visitor = visitorOf(request);
    // Whether it is a stop stands in the body.
    const mayLead = request.routeOptions.config.leadsToSafe === true;
    if (visitor === undefined || (visitor.isByLastGood === true && !mayLead))
      return refuse(reply, 503, UNREADABLE, WHY_UNREADABLE);
    came.set(request, visitor);
    if (visitor.who !== null) {
      known(request.raw, countedAs(visitor.who));
      door.control.seen(visitor.who.name);
    }
    const refused = mayCome(request, visitor);
    if (refused === undefined) return;
    // Whoever opens the page of a run without having signed in is led to where that is done.
    tellDenial(door, request, visitor, refused);
    const isOpened = request.method === 'GET' && RUN_PAGE_URL.test(request.url) && isForPeople(request);
    return visitor.who === null && isOpened ? reply.redirect('/') : refuse(reply, ...refused);
  });
  await app.register(rateLimit, {
    global: true,
    max: limits.requests,
    timeWindow: MINUTE_MS,
    cache: 10_000,
    keyGenerator: request => {
      const who = came.get(request)?.who;
      return who === null || who === undefined ? `from ${request.ip}` : (countedAs(who) ?? who.name);
    },
    onExceeded: request => {
      const visitor = came.get(request);
      if (visitor !== undefined) tellDenial(door, request, visitor, [429, 'too many requests'], 'tooMany');
    },
    errorResponseBuilder: (_request, { after }) =>
      new Refusal(429, `too many requests, expected the next one after ${after}`),
  });
  app.setErrorHandler((error, _request, reply) => {
    const [status, text, more] = refusalOf(error);
    return reply
      .code(status)
      .type('application/json; charset=utf-8')
      .send({ error: text, ...more });
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, nothingThere);

  for (const [path, file] of page) {
    const give = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
      reply.type(file.type).send(file.body);
    app.get(path, give);
    if (path === '/index.html') app.get('/', give);
  }
  app.get<{ Params: { key: string } }>('/guest/:key', (request, reply) =>
    guestPage(door, cookies, request.params.key, reply),
  );
  app.get('/run/:id', { config: { least: 'viewer' } }, (request, reply) =>
    reply.redirect(request.url.replace(/\?|$/, '/$&')),
  );
  app.get('/run/:id/*', { config: { least: 'viewer' } }, (request, reply) => {
    const asked = askedOfPage(request.raw.url ?? '');
    const { lab } = door;
    const behind =
      asked === undefined ? NOTHING : { page: lab.livePage(asked.id), isSilent: lab.isSilent(asked.id) };
    return passOn({ ...behind, files: livePage }, request, reply);
  });
  limitSignIns(app, limits.signInsOfName);
  answerRoutes(app, door, { visit: (request, reply) => visitOf(request, reply) }, limits);

  function visitOf(request: FastifyRequest, reply: FastifyReply): Visit {
    const found: Came = came.get(request) ?? { who: null, sessionKey: undefined };
    const { who, sessionKey, isByLastGood = false } = found;
    const setSession = (key: string | null): void => {
      const own = [cookies.set('session', key)];
      reply.header('set-cookie', key === null ? [...own, cookies.set('guest', null)] : own);
    };
    return {
      who,
      through: throughOf(who, request.headers),
      from: request.ip,
      origin: address.originOf(request.host),
      sessionKey,
      isByLastGood,
      setSession,
    };
  }
}

/** Why somebody may not come in with what they ask, before any of its body is read; undefined: they may. */
function mayCome(
  request: FastifyRequest,
  { who }: Came,
): readonly [status: number, text: string, why?: DoorWhy] | undefined {
  const { least = 'open' } = request.routeOptions.config;
  if (least === 'open') return undefined;
  if (who === null) return [401, NOBODY, WHY_NOBODY];
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  if (isChange && who.csrf !== null) {
    const isOfPage = PAGE_COMMAND_URL.test(request.url) && request.headers.origin !== undefined;
    if (!isOfPage && !isSameKey(String(request.headers['x-csrf-token'] ?? ''), who.csrf))
      return [403, 'refused: x-csrf-token is not that of the session, expected what GET /api/v1/me says'];
  }
  return isAtLeast(who.role, least)
    ? undefined
    : [403, roleReason(who.role, least), whyRole(who.role, least)];
}

/** Of somebody who is known: a line for the first one of a minute, and how many there were. */
function tellDenial(
  { repeats }: Door,
  { ip, params, routeOptions }: FastifyRequest,
  { who }: Came,
  [status, outcome]: readonly [status: number, text: string, why?: DoorWhy],
  what = routeOptions.config.told ?? undefined,
): void {
  if (who === null || what === undefined) return;
  const to = { ...(params as Record<string, string>) };
  repeats.tell({ by: who.name, how: who.by, from: ip, what, to, asked: null, status, outcome }, 1);
}

/** A form or a text/plain post needs no leave from the browser's cross-origin check; JSON does. */
function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const json = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // A browser names the type of a body that it does not send.
    if (body === '') done(null, undefined);
    else void json(request, String(body), done);
  });
}

/** Guessing the password of one person. */
function limitSignIns(app: FastifyInstance, max: number): void {
  const check = app.createRateLimit({
    max,
    timeWindow: MINUTE_MS,
    keyGenerator: request => {
      const name = (request.body as { name?: unknown } | null | undefined)?.name;
      return `sign in ${request.ip} ${typeof name === 'string' ? name.slice(0, 100).toLowerCase() : ''}`;
    },
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || request.routeOptions.url !== '/api/v1/session') return;
    const found = await check(request);
    if (!found.isAllowed && found.isExceeded)
      return refuse(reply, 429, `too many sign-ins, expected the next one after ${found.ttlInSeconds} s`);
  });
}
