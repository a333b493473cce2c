import { connect, createServer, type Socket } from 'node:net';

/** A gateway that loses bytes: passes both ways on 127.0.0.1, and lets some of them fall. */
export interface LossyCable {
  readonly port: number;
  /** Connections taken since the start. */
  readonly connections: number;
  /** Of the bytes that come from now on, the instrument's or the driver's, these `count` are lost, `at` bytes from here. */
  lose(from: 'instrument' | 'driver', at: number, count: number): void;
  /** No byte has been lost of what `lose` asked for, or not all. */
  readonly isDue: boolean;
  end(): Promise<void>;
}

interface Loss {
  at: number;
  left: number;
}

/** Puts one in front of a TCP port. */
export async function lossyCable(target: number): Promise<LossyCable> {
  const losses: Record<'instrument' | 'driver', Loss> = {
    instrument: { at: 0, left: 0 },
    driver: { at: 0, left: 0 },
  };
  const open = new Set<Socket>();
  let connections = 0;
  const without = (loss: Loss, bytes: Buffer): Buffer => {
    if (loss.left === 0) return bytes;
    const begin = Math.min(loss.at, bytes.length);
    const end = Math.min(begin + loss.left, bytes.length);
    loss.at -= begin;
    if (loss.at === 0) loss.left -= end - begin;
    return Buffer.concat([bytes.subarray(0, begin), bytes.subarray(end)]);
  };
  const server = createServer({ noDelay: true }, outer => {
    connections++;
    const inner = connect({ host: '127.0.0.1', port: target, noDelay: true });
    for (const [socket, other, from] of [
      [outer, inner, 'driver'],
      [inner, outer, 'instrument'],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.on('data', (bytes: Buffer) => {
        const left = without(losses[from], bytes);
        if (left.length > 0 && !other.destroyed) other.write(left);
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return connections;
    },
    lose(from, at, count) {
      losses[from] = { at, left: count };
    },
    get isDue() {
      return losses.instrument.left > 0 || losses.driver.left > 0;
    },
    end: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
