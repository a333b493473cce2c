import { createServer } from 'node:net';

/** A port of this machine that is taken as long as the returned function has not been called. */
export async function takePort(): Promise<{ readonly port: number; readonly free: () => void }> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('no free port on this machine');
  return { port: address.port, free: () => server.close() };
}
