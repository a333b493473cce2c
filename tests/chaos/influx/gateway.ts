import { request as ask, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What stands between the controller and its store, and what it does to their talk. */
export const TROUBLES = ['refuses', 'hangs', 'resets', 'loses acknowledgements', 'stops the store'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** A gateway on loopback; `trouble` may be changed at any time. */
export interface Gateway {
  readonly url: string;
  trouble: Trouble | undefined;
  close(): Promise<void>;
}

/** Starts a gateway before the store at `port`. */
export async function gateway(port: number): Promise<Gateway> {
  const sockets = new Set<Socket>();
  const server = createServer((request, reply) => {
    request.on('error', () => {});
    switch (made.trouble) {
      case 'refuses':
        request.resume();
        reply.writeHead(503, { 'retry-after': '1' }).end('not now');
        return;
      case 'hangs':
        request.resume();
        return;
      case 'resets':
        request.socket.resetAndDestroy();
        return;
    }
    const { method, url: path, headers } = request;
    const onward = ask({ host: '127.0.0.1', port, method, path, headers }, answer => {
      answer.on('error', () => reply.destroy());
      // The store has it, and nobody hears of it.
      if (made.trouble === 'loses acknowledgements') request.socket.resetAndDestroy();
      else {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      }
    });
    onward.on('error', () => {
      if (reply.headersSent) reply.destroy();
      else reply.writeHead(502).end('no store');
    });
    request.pipe(onward);
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const made: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble: undefined,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return made;
}
