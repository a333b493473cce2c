import type { ClientSession, OPCUAClient } from 'node-opcua';

/** A session without a channel: its connection was cut, and its server still holds its place. */
interface Kept {
  readonly key: string;
  readonly session: ClientSession;
  /** When its server drops it by itself, ms since 1970 UTC. */
  readonly ends_ms: number;
}

const kept: Kept[] = [];

/**
 * Sets a session aside whose connection was cut. A server knows nothing of the cut: it holds the session's place until
 * its time-out, 30 s as we ask, and has room for few (often ten). A line that is cut again and again would use them up and be
 * refused with BadTooManySessions; OPC UA (part 4, ActivateSession) therefore lets a client go on with its session on a
 * fresh channel. `key`: the endpoint, and who we were there.
 */
export function keepSession(key: string, session: ClientSession, utc_ms: number): void {
  session.removeAllListeners('session_closed');
  for (let i = kept.length - 1; i >= 0; i--) if (kept[i].ends_ms <= utc_ms) kept.splice(i, 1);
  kept.push({ key, session, ends_ms: utc_ms + session.timeout });
}

/**
 * Goes on with a session that was set aside, on the client's fresh channel. Undefined if there is none, or none that its
 * server still knows (it was switched off meanwhile): a new one is to be made then.
 */
export async function goOnWithSession(
  key: string,
  client: OPCUAClient,
  utc_ms: number,
): Promise<ClientSession | undefined> {
  for (let i = kept.length - 1; i >= 0; i--) {
    const { key: its, session, ends_ms } = kept[i];
    if (its !== key) continue;
    kept.splice(i, 1);
    if (ends_ms <= utc_ms) continue;
    try {
      await client.reactivateSession(session);
      return session;
    } catch {
      // Refused: as good as none.
    }
  }
  return undefined;
}
