import { METHODS } from '../../../dashboards/door/route.ts';
import { API, ROUTES } from '../../../dashboards/door/table.ts';
import { bodyOf, pathOf } from './answer-table.ts';
import { ask, FAR, type OpenedDoor, tokenOf, withToken } from './opened.ts';

/** Requests that nobody sends: what comes of them. */

/** mulberry32: the same requests for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ODD_TEXTS = [
  '',
  ' ',
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  'a/../b',
  'C:\\x',
  '%00',
  '\u0000',
  '%',
  '%2',
  '%2F',
  '%ff%fe',
  '*',
  ':id',
  '__proto__',
  'constructor',
  'toString',
  'no such',
  'run-1',
  'ünï',
  '運転',
  '💥',
  'a'.repeat(400),
  "' OR 1=1 --",
  '<script>',
  '\u0024{x}',
  '0',
  '-1',
  '1e309',
  'NaN',
  'null',
  'true',
  '2026-13-45',
  FAR,
];
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  0.1,
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: [] } } },
  ...ODD_TEXTS,
  'x'.repeat(5000),
];
const ODD_BODIES = [
  '',
  '{',
  '[]',
  'null',
  '"x"',
  '1',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{}}}',
  '\u0000',
  '\ufeff{}',
  `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  `{"a":"${'x'.repeat(70_000)}"}`,
  '{"a":1,"a":2}',
  '{"a":1e999}',
];
const ODD_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': '' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-encoding': 'gzip' },
  { cookie: 'a; b=; =c; %%%' },
  { authorization: 'Bearer' },
  { authorization: 'Basic YTpi' },
  { origin: 'null' },
  { 'x-csrf-token': 'x' },
  { expect: '100-continue' },
  { range: 'bytes=0-1' },
  { 'if-none-match': '*' },
  { accept: 'nothing/there' },
  { 'x-forwarded-for': '1.2.3.4' },
  { 'content-type': 'application/json', 'x-http-method-override': 'DELETE' },
];

const MOST_BYTES = 64 * 1024;

/** What came of them: how many of each status, and each that was answered 500 or not at all. */
export interface Fuzzed {
  readonly statuses: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** Sends so many requests as people of every role, some at a time. */
export async function fuzzDoor(door: OpenedDoor, count: number, seed: number): Promise<Fuzzed> {
  const random = seeded(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)];
  const people = [
    {},
    ...(['viewer', 'operator', 'engineer', 'admin', 'admin'] as const).map(role =>
      withToken(tokenOf(door.accounts, role)),
    ),
  ];
  const statuses: Record<string, number> = {};
  const wrong: string[] = [];
  const one = async (): Promise<void> => {
    const { method, path, headers, body } = oddRequest(random, pick, pick(people));
    const said = `${method} ${path} ${JSON.stringify(headers)} ${String(JSON.stringify(body)).slice(0, 300)}`;
    try {
      const { status } = await ask(door.server, path, { method, headers, body });
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 500) wrong.push(`${status}: ${said}`);
    } catch (error) {
      // Turned away in the middle of a body that is too long.
      const code = String((error as NodeJS.ErrnoException).code);
      statuses[code] = (statuses[code] ?? 0) + 1;
      const isTooLong = JSON.stringify(body ?? '').length > MOST_BYTES;
      if (!isTooLong || (code !== 'EPIPE' && code !== 'ECONNRESET')) wrong.push(`${code}: ${said}`);
    }
  };
  for (let sent = 0; sent < count; sent += 20)
    await Promise.all(Array.from({ length: Math.min(20, count - sent) }, one));
  return { statuses, wrong };
}

type Pick = <T>(all: readonly T[]) => T;

function oddRequest(random: () => number, pick: Pick, who: Readonly<Record<string, string>>) {
  const route = pick(ROUTES);
  const method = random() < 0.9 ? route.method : pick([...METHODS, 'OPTIONS', 'HEAD', 'TRACE']);
  const body = method === 'HEAD' ? undefined : oddBody(random, pick, bodyOf(route));
  const headers = { ...who, ...(random() < 0.15 ? pick(ODD_HEADERS) : {}) };
  const path = oddPath(random, pick, pathOf(route));
  // What is no HTTP is answered with a body, which a client of HEAD takes for the next answer.
  return { method, path: method === 'HEAD' ? path.replace(/[^\x21-\x7e]/g, '') : path, headers, body };
}

function oddPath(random: () => number, pick: Pick, path: string): string {
  const dice = random();
  if (dice < 0.4) return path;
  const odd = (): string =>
    random() < 0.5 ? encodeURIComponent(pick(ODD_TEXTS)) : sendable(pick(ODD_TEXTS));
  if (dice < 0.75) return path.replace(/[^/?]+(?=\?|$)/, odd());
  if (dice < 0.85) return `${path}${path.includes('?') ? '&' : '?'}${odd()}=${odd()}`;
  if (dice < 0.9)
    return path.replace(API, pick(['/run', '/guest', '//', API.toUpperCase(), '/api', `${API}/..`]));
  if (dice < 0.95) return `/${odd()}`;
  return path.replace(/\//g, pick(['//', '/./', '/%2e%2e/', '%2F', '/']));
}

/** What Node itself does not send is left out. */
function sendable(text: string): string {
  return text.replace(/[^\x21-\xff]/g, '');
}

function oddBody(random: () => number, pick: Pick, good: unknown): unknown {
  const dice = random();
  if (dice < 0.2) return good;
  if (dice < 0.35) return pick(ODD_BODIES);
  if (dice < 0.45 || good === undefined) return pick(ODD_VALUES);
  const body: Record<string, unknown> = { ...(good as object) };
  for (let n = 0; n < 1 + random() * 2; n++) {
    const key = random() < 0.8 ? pick(Object.keys(body)) : pick(ODD_TEXTS);
    if (key === undefined) continue;
    if (random() < 0.2) delete body[key];
    else body[key] = pick(ODD_VALUES);
  }
  return body;
}
