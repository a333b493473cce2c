import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

/** How the door says no. */

/** Answers with one sentence in place of what was asked for. */
export function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send({ error });
}

/** One sentence out of a zod error: where, and what was expected. */
export function explain(error: z.ZodError): string {
  return error.issues
    .map(issue => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ');
}
