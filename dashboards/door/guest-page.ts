import type { FastifyReply } from 'fastify';
import type { Door } from './route.ts';
import type { Cookies } from './visits.ts';

/** What a guest's link opens. */

const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/**
 * The browser goes on by itself, out of a page of the door: a redirect would come from the page that the link stood on, and
 * the cookie, which is for pages of the door only, would stay behind.
 */
const GO_ON =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><title>cellbench</title><p><a href="/">Look on</a></p></html>';
const OVER =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>cellbench</title><p>This link is over, or was taken back. Ask for another one.</p></html>';

/** Lets a guest in, as long as the link is in force. */
export function guestPage(door: Door, cookies: Cookies, key: string, reply: FastifyReply): FastifyReply {
  const guest = door.accounts.ofGuestLink(key, door.clock.utc_ms());
  reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8');
  if (guest === undefined || guest.guestUntilUtc === null) return reply.code(404).send(OVER);
  const left_s = Math.ceil((Date.parse(guest.guestUntilUtc) - door.clock.utc_ms()) / 1000);
  return reply.header('set-cookie', cookies.set('guest', key, left_s)).send(GO_ON);
}
