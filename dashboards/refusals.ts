import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { DoorWhy } from './door/answers/why.ts';

/** How the door says no. */

/** Answers with one sentence in place of what was asked for, and with the same as data where it is known so. */
export function refuse(reply: FastifyReply, status: number, error: string, why?: DoorWhy): FastifyReply {
  const said = why === undefined ? { error } : { error, why };
  return reply.code(status).type('application/json; charset=utf-8').send(said);
}

/** One sentence out of a zod error: where, and what was expected. */
export function explain(error: z.ZodError): string {
  return error.issues
    .map(issue => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ');
}
