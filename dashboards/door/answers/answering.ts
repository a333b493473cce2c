import { createReadStream, statSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { commandSchema } from '../../command-schema.ts';
import { refuse } from '../../refusals.ts';
import { FILE_HEADERS, REPORT_HEADERS } from '../headers.ts';
import { type Door, FileAnswer, Refusal, type Route, type Visit } from '../route.ts';
import { commanded, decidedSchema, demandOf, toldOf } from '../routes/runs.ts';
import { API, ROUTES } from '../table.ts';
import { carryOut, NOBODY, refusalOf, WHY_NOBODY } from './carry-out.ts';

/** How the routes of the table are answered over HTTP. */

/** How many requests are let in, in a minute. */
export interface Limits {
  /** Of one account, or of one address that has not signed in. */
  readonly requests: number;
  /** Commands of one account: counted apart, so that a stop is never held back by a busy page. */
  readonly commands: number;
  /** Of one address, and of those for one name. */
  readonly signIns: number;
  readonly signInsOfName: number;
}

/** What the door keeps of a request from its hooks to its answer. */
export interface Visited {
  visit(request: FastifyRequest, reply: FastifyReply): Visit;
}

/** Adds every route of the table, and the command of a run's own page. */
export function answerRoutes(app: FastifyInstance, door: Door, visited: Visited, limits: Limits): void {
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
        leadsToSafe: route.demands !== null && route.needsControl,
        ...(max === undefined ? {} : { rateLimit: { max, timeWindow: 60_000 } }),
      },
      handler: (request, reply) => answered(door, route, visited.visit(request, reply), request, reply),
    });
  }
  app.post<{ Params: { id: string } }>(
    '/run/:id/api/command',
    {
      config: {
        least: 'operator',
        leadsToSafe: true,
        rateLimit: { max: limits.commands, timeWindow: 60_000 },
      },
    },
    (request, reply) => answered(door, PAGE_COMMAND, visited.visit(request, reply), request, reply),
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
    const decided = await commanded(door.lab, (params as { id: string }).id, body as never, visit.who);
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
  return reply.code(outcome.status).send({ error: outcome.text, ...outcome.more });
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

/** Says no to what is no route. */
export function nothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, `nothing at ${request.method} ${request.url.slice(0, 200)}`);
}
