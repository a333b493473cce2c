import type { RequestOptions } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from '../page-files.ts';
import { ANSWER_MS, passRequest, toPage } from '../pass-on.ts';
import { refuse } from '../refusals.ts';
import { nameSchema } from './lab.ts';
import { API } from './table.ts';

/** Below `/run/<id>/` the live page of each run under way, which the process of the run itself serves. */

/** Headers of a visitor that are the door's business, or would be wrong at the run's page. */
const KEPT_BACK = new Set(['cookie', 'authorization', 'origin', 'host', 'x-csrf-token', 'referer']);

/** What is asked of the page of a run: its id, and the path below it; undefined: nothing of a run. */
export function askedOfPage(url: string): { readonly id: string; readonly path: string } | undefined {
  const found = /^\/run\/([^/?]+)(\/.*)$/.exec(url);
  const live = new RegExp(`^${API}/runs/([^/?]+)(/live)$`).exec(url);
  const [, text, path] = found ?? live ?? [];
  if (text === undefined || path === undefined) return undefined;
  try {
    const id = nameSchema.safeParse(decodeURIComponent(text));
    return id.success ? { id: id.data, path } : undefined;
  } catch {
    return undefined;
  }
}

/** Where it goes; undefined: the run has no page now. Who asks is known to the door only. */
export function targetOf(
  page: string | undefined,
  path: string,
  { method, headers }: FastifyRequest['raw'],
): RequestOptions | undefined {
  if (page === undefined || !URL.canParse(page)) return undefined;
  const own = Object.entries(headers).filter(([name]) => !KEPT_BACK.has(name));
  return toPage(page, path, { method, headers: { ...Object.fromEntries(own), host: new URL(page).host } });
}

/** One that does not answer is given up soon where the door has the page itself, ms. */
const PAGE_MS = 2000;

/** What is behind a page: the run's own address, whether it is known not to answer, and the door's own copy of the page. */
export interface BehindPage {
  readonly page: string | undefined;
  readonly isSilent: boolean;
  readonly files: ReadonlyMap<string, PageFile>;
}

/**
 * Passes on what is read of the page. The files of the page of a run that does not answer come from the door: the page says what
 * is wrong, and a person can ask for a stop on it.
 */
export function passOn(behind: BehindPage, request: FastifyRequest, reply: FastifyReply): unknown {
  const asked = askedOfPage(request.raw.url ?? '');
  const to = asked === undefined ? undefined : targetOf(behind.page, asked.path, request.raw);
  if (asked === undefined || to === undefined) {
    // A person who comes back to a page of yesterday is shown what has come of it, in whatever form or language it was.
    if (asked !== undefined && /^\/(\?|$)/.test(asked.path) && isForPeople(request))
      return reply.redirect(`/#/runs/${encodeURIComponent(asked.id)}`);
    return refuse(reply, 404, noPage(asked?.id ?? request.raw.url ?? ''));
  }
  const [bare] = asked.path.split('?', 1);
  const own = behind.files.get(bare === '/' ? '/index.html' : bare);
  if (own !== undefined && behind.isSilent) return reply.type(own.type).send(own.body);
  reply.hijack();
  const { raw } = reply;
  const failed = (): void => {
    if (own === undefined)
      raw
        .writeHead(502, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
        .end(JSON.stringify({ error: noPage(asked.id) }));
    else {
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, { 'content-type': own.type }).end(own.body);
    }
  };
  passRequest(to, request.raw, raw, failed, own === undefined ? ANSWER_MS : PAGE_MS);
  return reply;
}

/** A browser goes to an address, unlike a program that asks for something. */
export function isForPeople({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
}

/** Why there is nothing to see. */
export function noPage(id: string): string {
  return `${id} has no page now: it is not under way, is about to begin or to end, or does not answer`;
}
