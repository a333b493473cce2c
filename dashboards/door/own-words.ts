import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../refusals.ts';

/** What is no request of the door at all is answered in its own form, too: `{ error }`. */

const OF_CLIENT: Readonly<Record<string, readonly [status: number, text: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come whole in time'],
  HPE_HEADER_OVERFLOW: [431, 'the headers are too long, expected 16 kB at the most'],
};

/** Options of a server that says so; `headers` go with every answer. */
export function ownWords(headers: Readonly<Record<string, string>>): object {
  return {
    frameworkErrors(error: { readonly statusCode?: number }, _request: FastifyRequest, reply: FastifyReply) {
      const { statusCode = 400 } = error;
      const text = statusCode === 414 ? 'a part of the address is too long' : 'the address is none';
      return refuse(reply.headers(headers), statusCode, `${text}, expected one as in /api/v1/openapi.json`);
    },
    clientErrorHandler({ code }: NodeJS.ErrnoException, socket: Socket) {
      if (code !== 'ECONNRESET' && socket.writable && !socket.destroyed) {
        const [status, text] = OF_CLIENT[code ?? ''] ?? [
          400,
          'is no request of HTTP/1.1 with a verb that is known',
        ];
        const body = JSON.stringify({ error: text });
        const own = { ...headers, 'content-type': 'application/json; charset=utf-8', connection: 'close' };
        const lines = Object.entries({ ...own, 'content-length': body.length }).map(
          ([k, v]) => `${k}: ${v}\r\n`,
        );
        socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
      }
      socket.destroy();
    },
  };
}
