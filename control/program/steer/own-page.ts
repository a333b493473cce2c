import { randomUUID } from 'node:crypto';
import { type DashboardServer, serveDashboard } from '../../../dashboards/server.ts';
import type { Live } from '../../live.ts';

/** The live page of a run, with the key by which it is told from those of other runs. */
export type OwnPage = DashboardServer & { readonly key: string } & AsyncDisposable;

/** Serves it until it is disposed of. Rejects where it is not built, or no port is free. */
export async function servePage(say: (text: string) => void, live: Live, port: number): Promise<OwnPage> {
  const key = randomUUID();
  const server = await serveDashboard(live, { port, key });
  say(`Live page: ${server.url}`);
  return { ...server, key, [Symbol.asyncDispose]: () => server.close() };
}
