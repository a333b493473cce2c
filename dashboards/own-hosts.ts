/** Who may talk to a page of this bench. */

/** The only address that we listen on. Remote access is for a tunnel or proxy that knows who is asking. */
export const LOOPBACK = '127.0.0.1';
/** Names under which a browser on this machine (or at the end of a tunnel) may know us. */
const OWN_HOSTS = new Set([LOOPBACK, 'localhost']);
const PORTS_TO_TRY = 100;

/**
 * A page of another site must neither stop a run nor read it. `Host` defeats DNS rebinding (a foreign name that
 * resolves to us), `Origin` defeats cross-site requests (RFC 6454, 7; WebSockets are not held back by browsers).
 */
export function foreignReason(headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}): string | undefined {
  const { host = '', origin } = headers;
  if (!OWN_HOSTS.has(host.replace(/:\d+$/, ''))) {
    return `refused: host "${host}" is not this bench; expected 127.0.0.1 or localhost`;
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return `refused: a page from "${origin}" may not talk to this bench; expected http://${host}`;
  }
  return undefined;
}

/**
 * Tries the asked port, then the next ones; port 0 takes any. `listen` rejects with EADDRINUSE where one is taken.
 * @throws Error when none is free
 */
export async function onFreePort<T>(port: number, listen: (port: number) => Promise<T>): Promise<T> {
  const last = port === 0 ? 0 : Math.min(65535, port + PORTS_TO_TRY - 1);
  for (let one = port; one <= last; one++) {
    try {
      return await listen(one);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`dashboard: no free port on ${LOOPBACK} from ${port} to ${last}`);
}
