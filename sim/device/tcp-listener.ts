import { createServer, type Server, type Socket } from 'node:net';

/** A listening port that can be pulled and put back at the same number. */
export interface TcpListener {
  /** The port; 0 before the first start. */
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  start(): Promise<void>;
  /** Closes the port and destroys every connection. */
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1. Port 0 asks for a free one at the first start; later starts keep it. */
export function tcpListener(port: number, onSocket: (socket: Socket) => void): TcpListener {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let bound = port;
  return {
    get port() {
      return bound;
    },
    get connections() {
      return sockets.size;
    },
    start() {
      if (server !== undefined) return Promise.resolve();
      const fresh = createServer({ noDelay: true }, socket => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        // A reset by the peer is followed by `close`; there is nothing to answer any more.
        socket.on('error', () => socket.destroy());
        onSocket(socket);
      });
      server = fresh;
      return new Promise((resolve, reject) => {
        fresh.once('error', error => {
          server = undefined;
          reject(new Error(`cannot listen on 127.0.0.1:${bound}: ${error.message}`, { cause: error }));
        });
        fresh.listen(bound, '127.0.0.1', () => {
          const address = fresh.address();
          if (address !== null && typeof address === 'object') bound = address.port;
          resolve();
        });
      });
    },
    stop() {
      const running = server;
      server = undefined;
      if (running === undefined) return Promise.resolve();
      return new Promise(resolve => {
        running.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
}
