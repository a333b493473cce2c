import { createServer } from 'node:net';

/** Ports that the system gives to nobody by itself: one of those would be another's while whoever stands at it is stopped. */
const PORTS = { first: 20_000, count: 10_000 };

/** A port of this machine that nobody has, for a program that is to be told one. */
export async function freePort(): Promise<number> {
  for (let n = 0; n < PORTS.count; n++) {
    const port = PORTS.first + ((process.pid + n) % PORTS.count);
    const server = createServer();
    const isFree = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise(resolve => server.close(resolve));
    if (isFree) return port;
  }
  throw new Error('no port');
}
