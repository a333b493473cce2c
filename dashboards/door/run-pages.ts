import type { RequestOptions } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { passRequest, toPage } from '../pass-on.ts';
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

/** Passes on what is read of the page. */
export function passOn(page: string | undefined, request: FastifyRequest, reply: FastifyReply): unknown {
  const asked = askedOfPage(request.raw.url ?? '');
  const to = asked === undefined ? undefined : targetOf(page, asked.path, request.raw);
  if (asked === undefined || to === undefined) {
    // A person who comes back to a page of yesterday is shown what has come of it.
    if (asked?.path === '/' && isForPeople(request))
      return reply.redirect(`/#/runs/${encodeURIComponent(asked.id)}`);
    return refuse(reply, 404, noPage(asked?.id ?? request.raw.url ?? ''));
  }
  reply.hijack();
  passRequest(to, request.raw, reply.raw, () =>
    reply.raw
      .writeHead(502, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
      .end(JSON.stringify({ error: noPage(asked.id) })),
  );
  return reply;
}

/** A browser goes to an address, unlike a program that asks for something. */
export function isForPeople({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
}

/** Why there is nothing to see. */
export function noPage(id: string): string {
  return `${id} has no page now: it is not under way, is about to begin or to end, or goes as fast as it can`;
}
