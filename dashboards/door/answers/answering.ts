import { createReadStream, statSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { commandSchema } from '../../command-schema.ts';
import { refuse } from '../../refusals.ts';
import { FILE_HEADERS, REPORT_HEADERS } from '../headers.ts';
import { countedAs } from '../people/roles.ts';
import { AGAIN_S, type Door, FileAnswer, Refusal, type Route, type Visit } from '../route.ts';
import { commanded, decidedSchema, demandOf, toldOf } from '../routes/commanded.ts';
import { API, ROUTES } from '../table.ts';
import { carryOut, NOBODY, refusalOf, WHY_NOBODY } from './carry-out.ts';
import { Turns } from './turns.ts';

/** How the routes of the table are answered over HTTP. */

/** How many requests are let in, in a minute. */
export interface Limits {
  /** Of one account, or of one address that has not signed in. */
  readonly requests: number;
  /** Commands of one account, counted apart; what leads to the safe state is not counted. */
  readonly commands: number;
  /** Of one address, and of those for one name. */
  readonly signIns: number;
  readonly signInsOfName: number;
}

/** What the door keeps of a request from its hooks to its answer. */
export interface Visited {
  visit(request: FastifyRequest, reply: FastifyReply): Visit;
}

const MINUTE_MS = 60_000;
/** Status of HTTP: not now. */
const BUSY = 503;

function mayLead({ demands, needsControl }: Route): boolean {
  return demands !== null && needsControl;
}

function rateOf(route: Route, max: number): object {
  return mayLead(route) ? countedBut(route, max) : { max, timeWindow: MINUTE_MS };
}

/** In which way a route that may lead to the safe state is counted: by what is asked, and not where it is that. */
function countedBut(route: Route, max: number): object {
  const allowList = ({ body }: FastifyRequest): boolean => isStop(route, body);
  return { max, timeWindow: MINUTE_MS, hook: 'preHandler', allowList };
}

/** Whether it leads to the safe state: nothing holds it back, no count and no turn. */
function isStop({ body, demands }: Route, asked: unknown): boolean {
  const found = demands === null ? undefined : body?.safeParse(asked);
  return found?.success === true && demands?.of(found.data).leadsToSafe === true;
}

/** Adds every route of the table, and the command of a run's own page. */
export function answerRoutes(app: FastifyInstance, door: Door, visited: Visited, limits: Limits): void {
  const turns = new Turns(door.clock);
  const inTurn = async (route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const visit = visited.visit(request, reply);
    if (isStop(route, request.body)) return await answered(door, route, visit, request, reply);
    const { who, from } = visit;
    const turn = turns.take(who === null ? `from ${from}` : (countedAs(who) ?? who.name));
    if (turn === undefined) return sayLater(reply, 'too many of your questions wait already');
    const end = await turn;
    try {
      return await answered(door, route, visit, request, reply);
    } finally {
      end();
    }
  };
  const limitOf = ({ id }: Route): number | undefined =>
    ({ command: limits.commands, editCampaign: limits.commands, signIn: limits.signIns })[id];
  for (const route of ROUTES) {
    const max = limitOf(route);
    app.route({
      method: route.method,
      url: API + route.path,
      bodyLimit: route.most_bytes,
      config: {
        least: route.role,
        told: route.told === null ? null : route.id,
        leadsToSafe: mayLead(route),
        ...(max === undefined ? {} : { rateLimit: rateOf(route, max) }),
      },
      handler: (request, reply) => inTurn(route, request, reply),
    });
  }
  app.post<{ Params: { id: string } }>(
    '/run/:id/api/command',
    {
      config: {
        least: 'operator',
        told: PAGE_COMMAND.id,
        leadsToSafe: true,
        rateLimit: rateOf(PAGE_COMMAND, limits.commands),
      },
    },
    (request, reply) => inTurn(PAGE_COMMAND, request, reply),
  );
}

/** What the live page of a run sends; its body may say who asks, which counts only where there are no accounts. */
const PAGE_COMMAND: Route = {
  ...(ROUTES.find(({ id }) => id === 'command') as Route),
  body: commandSchema,
  answer: decidedSchema,
  demands: { doc: '', of: body => demandOf(body as never) },
  told: body => toldOf(body as never),
  run: async (door, { params, body, visit }) => {
    if (visit.who === null) throw new Refusal(401, NOBODY, WHY_NOBODY);
    const decided = await commanded(door.lab, (params as { id: string }).id, body as never, visit);
    door.changed();
    return decided;
  },
};

async function answered(
  door: Door,
  route: Route,
  visit: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { params, query, body } = request;
  const outcome = await carryOut(door, route, { params, query, body }, visit);
  if (outcome.isDone) {
    try {
      return send(route, outcome.answer, reply);
    } catch (error) {
      const [status, text, more] = refusalOf(error);
      return reply.code(status).send({ error: text, ...more });
    }
  }
  if (outcome.status === BUSY) reply.header('retry-after', AGAIN_S);
  return reply.code(outcome.status).send({ error: outcome.text, ...outcome.more });
}

/** It is too much now: when to ask again. */
function sayLater(reply: FastifyReply, why: string): FastifyReply {
  return refuse(reply.header('retry-after', AGAIN_S), BUSY, `${why}, expected another try later`);
}

function send(route: Route, answer: unknown, reply: FastifyReply): FastifyReply {
  reply.code(route.status);
  if (route.answer === 'html')
    return reply.headers(REPORT_HEADERS).type('text/html; charset=utf-8').send(String(answer));
  if (answer instanceof FileAnswer) {
    const size = statSync(answer.path, { throwIfNoEntry: false })?.size;
    if (size === undefined) throw new Refusal(404, `${answer.name} is not there any more`);
    const name = encodeURIComponent(answer.name);
    return reply
      .headers(FILE_HEADERS)
      .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
      .header('content-length', size)
      .type('application/octet-stream')
      .send(createReadStream(answer.path));
  }
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer ?? null));
}

/** Says no to what is no route, and to a route that is asked in a way that it does not know. */
export function nothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path] = request.url.split('?', 1);
  const others = ROUTES.filter(route => isAt(route, path)).map(({ method }) => method);
  if (others.length > 0) {
    reply.header('allow', others.join(', '));
    return refuse(reply, 405, `${request.method}: expected ${others.join(' or ')}`);
  }
  return refuse(reply, 404, `nothing at ${request.method} ${request.url.slice(0, 200)}`);
}

function isAt({ path }: Route, asked: string): boolean {
  const parts = (API + path).split('/');
  const found = asked.split('/');
  return parts.length === found.length && parts.every((part, i) => part.startsWith(':') || part === found[i]);
}
