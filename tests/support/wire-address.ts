import type { Emulators } from '../../sim/wire-client.ts';

/** Where an emulated device is. */
export function addressOf(
  { endpoints }: Pick<Emulators, 'endpoints'>,
  device: string,
): { readonly host: string; readonly port: number; readonly path: string } {
  const { host = '', port = 0, path = '' } = endpoints[device] ?? {};
  return { host: String(host), port: Number(port), path: String(path) };
}
