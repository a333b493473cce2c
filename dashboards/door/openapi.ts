import { z } from 'zod';
import { namelessCommandSchema } from '../command-schema.ts';
import { whySchema } from './answers/why.ts';
import * as lab from './lab.ts';
import type { Route } from './route.ts';
import { decidedSchema } from './routes/commanded.ts';
import { accountShownSchema, guestLinkShownSchema, tokenShownSchema } from './routes/people.ts';
import { controlSchema, meSchema } from './routes/session.ts';
import { API, ROUTES } from './table.ts';

/** The API as an OpenAPI 3.1 document, made from the table of routes and the schemas by which the door itself looks. */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What has a name of its own in the document and the client. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  Finding: lab.findingSchema,
  LabFile: lab.labFileSchema,
  LabText: lab.labTextSchema,
  LabBench: lab.benchSchema,
  Parameter: lab.parameterSchema,
  LabMethod: lab.methodSchema,
  LabRehearsal: lab.rehearsalSchema,
  LabRun: lab.runSchema,
  LabCampaign: lab.campaignSchema,
  Decided: decidedSchema,
  Control: controlSchema,
  Me: meSchema,
  Account: accountShownSchema,
  Token: tokenShownSchema,
  GuestLink: guestLinkShownSchema,
};
const BODIES: Readonly<Record<string, z.ZodType>> = {
  Planned: lab.plannedSchema,
  StartAsked: lab.startSchema,
  CampaignStart: lab.campaignStartSchema,
  Command: namelessCommandSchema,
};

/** Schemas of a route: its answer, body, and what stands in its path and behind the question mark. */
export interface RouteSchemas {
  readonly params: JsonSchema;
  readonly query: JsonSchema;
  readonly body: JsonSchema | null;
  /** null: it is no JSON. */
  readonly answer: JsonSchema | null;
}

/** All schemas: those with a name, and those of each route by its id, which refer to them. */
export interface ApiSchemas {
  readonly named: Readonly<Record<string, JsonSchema>>;
  readonly routes: Readonly<Record<string, RouteSchemas>>;
}

const COMPONENTS = '#/components/schemas/';

/** The schemas of one direction, by name; what was given a name is referred to by it. */
function jsonSchemas(
  named: Readonly<Record<string, z.ZodType>>,
  own: readonly (readonly [string, z.ZodType])[],
  io: 'input' | 'output',
): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  // A form that several routes share stands at each of them: what has no name is not referred to.
  for (const [id, schema] of own) if (!registry.has(schema)) registry.add(schema.clone(), { id });
  const uri = (id: string): string => COMPONENTS + id;
  const { schemas } = z.toJSONSchema(registry, { io, unrepresentable: 'any', uri });
  const plain = Object.entries(schemas).map(([id, schema]) => {
    const { $schema: _, $id: __, id: ___, ...rest } = schema as JsonSchema;
    return [id, rest] as const;
  });
  const all = Object.fromEntries(plain);
  for (const [id, schema] of own) {
    const name = registry.get(schema)?.id;
    if (name !== undefined && name !== id) all[id] = { $ref: uri(name) };
  }
  return all;
}

/** Reckons them once. */
export function apiSchemas(): ApiSchemas {
  const bodies = jsonSchemas(
    BODIES,
    ROUTES.flatMap(({ id, body, params, query }) => [
      [`${id} params`, params] as const,
      [`${id} query`, query] as const,
      ...(body === null ? [] : [[`${id} body`, body] as const]),
    ]),
    'input',
  );
  const answers = jsonSchemas(
    ANSWERS,
    ROUTES.flatMap(({ id, answer }) =>
      typeof answer === 'string' ? [] : [[`${id} answer`, answer] as const],
    ),
    'output',
  );
  const pick = (from: Readonly<Record<string, JsonSchema>>, names: readonly string[]) =>
    names.map(name => [name, from[name]] as const);
  return {
    named: Object.fromEntries([...pick(answers, Object.keys(ANSWERS)), ...pick(bodies, Object.keys(BODIES))]),
    routes: Object.fromEntries(
      ROUTES.map(({ id, body, answer }) => [
        id,
        {
          params: bodies[`${id} params`] ?? {},
          query: bodies[`${id} query`] ?? {},
          body: body === null ? null : bodies[`${id} body`],
          answer: typeof answer === 'string' ? null : answers[`${id} answer`],
        },
      ]),
    ),
  };
}

const ERROR: JsonSchema = {
  type: 'object',
  properties: {
    error: { type: 'string' },
    findings: { type: 'array', items: { $ref: `${COMPONENTS}Finding` } },
    why: {
      type: 'object',
      description: 'The same as data, where it is known so: for a page in any language',
      properties: {
        code: { enum: whySchema.options.map(({ shape }) => shape.code.value) },
        with: { type: 'object' },
      },
      required: ['code', 'with'],
    },
  },
  required: ['error'],
};
const WHY: Readonly<Record<number, string>> = {
  400: 'What was asked is not well formed, or wrong in itself',
  401: 'Nobody has signed in',
  403: 'The role does not do, or the request does not come from a page of the door',
  404: 'There is no such thing',
  409: 'Not now: something else is as it must not be, or somebody else is in control',
  413: 'The body is too long',
  415: 'The body is no JSON',
  429: 'Too many requests',
  503: 'Not now: the accounts of the lab cannot be read, or its files cannot be written',
  507: 'There is no room on the disk of the lab',
};

/** The document. */
export function openApiDocument(): Readonly<Record<string, unknown>> {
  const { named, routes } = apiSchemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    const path = API + route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, routes[route.id]) };
  }
  for (const [path, description] of WEBSOCKETS) paths[API + path] = { get: webSocket(path, description) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'cellbench: the door of a laboratory',
      version: '1',
      description:
        'Names with slashes are percent-encoded as one part of a path. Times are UTC (ISO 8601) or seconds. A change that comes with the cookie of a session sends its csrf in the header x-csrf-token.',
    },
    paths,
    components: {
      schemas: { ...named, Error: ERROR },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'cellbench-session-<port>' },
      },
    },
  };
}

const WEBSOCKETS = [
  [
    '/live',
    'WebSocket: { runs (the newest 200), campaigns, control }, whole, when something changes, at most twice a second. viewer.',
  ],
  ['/runs/{id}/live', 'WebSocket: what the live page of a run under way says. viewer.'],
] as const;

function webSocket(path: string, description: string): object {
  const id = path.includes('{id}')
    ? { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] }
    : {};
  return {
    operationId: path === '/live' ? 'live' : 'runLive',
    summary: description,
    ...id,
    responses: { 101: { description: 'The WebSocket is open' } },
  };
}

function operation(route: Route, schemas: RouteSchemas): object {
  const { id, role, needsControl, demands, doc, status } = route;
  const asks = [
    role === 'open' ? 'Open to whoever comes.' : `Role: ${role} or more.`,
    ...(needsControl ? ['Only who is in control.'] : []),
    ...(demands === null ? [] : [`${demands.doc}.`]),
  ].join(' ');
  const codes = role === 'open' ? [400, 429, 503] : [400, 401, 403, 404, 409, 429, 503];
  if (schemas.body !== null) codes.push(413, 415, 507);
  return {
    operationId: id,
    summary: doc,
    description: asks,
    ...(role === 'open' ? {} : { security: [{ token: [] }, { session: [] }] }),
    parameters: [...parameters(schemas.params, 'path'), ...parameters(schemas.query, 'query')],
    ...(schemas.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemas.body } } } }),
    responses: {
      [status]: { description: doc, content: content(route, schemas) },
      ...Object.fromEntries(
        codes
          .sort((a, b) => a - b)
          .map(code => [
            code,
            {
              description: WHY[code],
              content: { 'application/json': { schema: { $ref: `${COMPONENTS}Error` } } },
            },
          ]),
      ),
    },
  };
}

function content({ answer }: Route, schemas: RouteSchemas): object {
  if (answer === 'html') return { 'text/html': { schema: { type: 'string' } } };
  if (answer === 'file') return { 'application/octet-stream': {} };
  return { 'application/json': { schema: schemas.answer } };
}

function parameters(schema: JsonSchema, where: 'path' | 'query'): object[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: one,
  }));
}
