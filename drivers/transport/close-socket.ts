import type { Socket } from 'node:net';

/** Closes a connection at once; resolved when the system has let go of it. Nothing to do for one that never was. */
export function closeSocket(open: Socket | undefined): Promise<void> {
  if (open === undefined || open.closed) return Promise.resolve();
  // destroy() instead of end(): an instrument that does not answer would keep the connection half open.
  return new Promise(resolve => {
    open.once('close', () => resolve());
    open.destroy();
  });
}
