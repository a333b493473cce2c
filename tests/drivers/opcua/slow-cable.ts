import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A cable to a server on this machine whose answers take `back_s` longer; what is asked passes at once. */
export async function cable(target: number): Promise<{ readonly port: number; back_s: number; end(): void }> {
  const sockets = new Set<Socket>();
  const state = { port: 0, back_s: 0, end: () => {} };
  const server = createServer(outer => {
    const inner = connect({ host: '127.0.0.1', port: target });
    for (const [from, to] of [[outer, inner] as const, [inner, outer] as const]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    outer.on('data', bytes => inner.write(bytes));
    inner.on('data', bytes => {
      if (state.back_s === 0) outer.write(bytes);
      else setTimeout(() => outer.destroyed || outer.write(bytes), 1000 * state.back_s);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  state.port = (server.address() as AddressInfo).port;
  state.end = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return state;
}
