import { apiSchemas, type JsonSchema } from './openapi.ts';
import type { Route } from './route.ts';
import { API, ROUTES } from './table.ts';

/** The TypeScript client of the door, `client/door-client.ts`: written out of the table of routes. */

const HEAD = `/** Made by \`npm run client\` from the table of routes in dashboards/door: change it there. Stands alone: it imports nothing. */
/** biome-ignore-all format: made by a program */
`;

const CLASS_HEAD = `/** What the door said against it; \`status\` as in HTTP. */
export class DoorError extends Error {
  readonly status: number;
  readonly findings: readonly Finding[];
  constructor(status: number, message: string, findings: readonly Finding[] = []) {
    super(message);
    this.status = status;
    this.findings = findings;
  }
}

/** How a client asks: with the token of a program; a page of the door itself comes with its session. */
export interface DoorClientOptions {
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

/** Asks the door of a laboratory, e.g. \`new DoorClient('https://bench.lab:8090', { token })\`. Throws DoorError. */
export class DoorClient {
  readonly #base: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;
  #csrf: string | null = null;

  constructor(base: string, options: DoorClientOptions = {}) {
    this.#base = base.replace(/\\/$/, '');
    this.#token = options.token;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  async #ask(method: string, path: string, query: object = {}, body?: unknown): Promise<Response> {
    const pairs = Object.entries(query).map(([name, value]) => [name, String(value)]);
    const search = pairs.length === 0 ? '' : \`?\${new URLSearchParams(pairs)}\`;
    const reply = await this.#fetch(\`\${this.#base}${API}\${path}\${search}\`, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(this.#token === undefined ? {} : { authorization: \`Bearer \${this.#token}\` }),
        ...(this.#csrf === null ? {} : { 'x-csrf-token': this.#csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (reply.ok) return reply;
    const said = (await reply.json().catch(() => ({}))) as { error?: string; findings?: Finding[] };
    throw new DoorError(reply.status, said.error ?? \`status \${reply.status}\`, said.findings);
  }

  async #json<T>(method: string, path: string, query?: object, body?: unknown): Promise<T> {
    const answer = (await (await this.#ask(method, path, query, body)).json()) as T;
    // Who has signed in sends this along from then on.
    if (path === '/session' || path === '/me') this.#csrf = (answer as { csrf?: string | null }).csrf ?? null;
    return answer;
  }

  async #text(method: string, path: string, query?: object): Promise<string> {
    return (await this.#ask(method, path, query)).text();
  }

  async #bytes(method: string, path: string, query?: object): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#ask(method, path, query)).arrayBuffer());
  }
`;

/** The text of the file. */
export function clientText(): string {
  const { named, routes } = apiSchemas();
  const types = Object.entries(named).map(([name, schema]) => {
    const doc = named[name]?.['description'];
    return `${typeof doc === 'string' ? `/** ${doc} */\n` : ''}export type ${name} = ${typeOf(schema)};\n`;
  });
  const methods = ROUTES.map(route => methodOf(route, routes[route.id]));
  return `${HEAD}\n${types.join('\n')}\n${CLASS_HEAD}\n${methods.join('\n')}\n}\n`;
}

function methodOf(route: Route, schemas: ReturnType<typeof apiSchemas>['routes'][string]): string {
  const { id, method, path, doc, role, needsControl, demands } = route;
  const names = [...path.matchAll(/:(\w+)/g)].map(found => found[1]);
  const isAsked = Object.keys((schemas.query['properties'] ?? {}) as object).length > 0;
  const hasNeeded = ((schemas.query['required'] ?? []) as readonly string[]).length > 0;
  const own = [
    ...names.map(name => `${name}: string`),
    ...(isAsked ? [`query: ${typeOf(schemas.query)}${hasNeeded ? '' : ' = {}'}`] : []),
    ...(schemas.body === null ? [] : [`body: ${typeOf(schemas.body)}`]),
  ];
  const where = `\`${path.replace(/:(\w+)/g, '\u0024{encodeURIComponent($1)}')}\``;
  const url = names.length === 0 ? `'${path}'` : where;
  const given = [`'${method}'`, url, ...(isAsked ? ['query'] : schemas.body === null ? [] : ['{}'])];
  if (schemas.body !== null) given.push('body');
  const asks = [
    role === 'open' ? 'open' : role,
    ...(needsControl ? ['in control'] : []),
    ...(demands === null ? [] : [demands.doc]),
  ].join('; ');
  const [call, answer] =
    route.answer === 'html'
      ? ['#text', 'string']
      : route.answer === 'file'
        ? ['#bytes', 'Uint8Array']
        : ['#json', typeOf(schemas.answer ?? {})];
  return [
    `  /** ${doc} (${asks}) */`,
    `  ${id}(${own.join(', ')}): Promise<${answer}> { return this.${call}(${given.join(', ')}); }`,
  ].join('\n');
}

/** A type that says what a JSON schema says, as far as a type can. */
export function typeOf(schema: JsonSchema): string {
  const { $ref, anyOf, oneOf, enum: values, const: one, type } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? 'unknown';
  if (one !== undefined) return JSON.stringify(one).replaceAll('"', "'");
  if (Array.isArray(values))
    return values.map(value => JSON.stringify(value).replaceAll('"', "'")).join(' | ');
  const several = anyOf ?? oneOf;
  if (Array.isArray(several)) return [...new Set((several as JsonSchema[]).map(typeOf))].join(' | ');
  if (Array.isArray(type)) return type.map(single => typeOf({ ...schema, type: single })).join(' | ');
  if (type === 'array') return `readonly ${inBrackets(typeOf((schema['items'] ?? {}) as JsonSchema))}[]`;
  if (type === 'object') return objectType(schema);
  if (type === 'integer') return 'number';
  return ['string', 'number', 'boolean', 'null'].includes(String(type)) ? String(type) : 'unknown';
}

function inBrackets(text: string): string {
  return /[ |]/.test(text) && !text.startsWith('{') ? `(${text})` : text;
}

function objectType(schema: JsonSchema): string {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = (schema['required'] ?? []) as readonly string[];
  const more = schema['additionalProperties'];
  const rest =
    more === undefined || more === false
      ? undefined
      : `readonly [name: string]: ${properties.length > 0 ? 'unknown' : typeOf(more as JsonSchema)}`;
  const fields = properties.map(([name, one]) => {
    const key = /^\w+$/.test(name) ? name : `'${name}'`;
    return `readonly ${key}${required.includes(name) ? '' : '?'}: ${typeOf(one)}`;
  });
  return `{ ${[...fields, ...(rest === undefined ? [] : [rest])].join('; ')} }`;
}
