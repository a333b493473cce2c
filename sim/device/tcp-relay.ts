import { connect, type Socket } from 'node:net';
import { deliver, type EmulatorEnv, type Faults } from './faults.ts';
import { type TcpListener, tcpListener } from './tcp-listener.ts';

/**
 * The network cable of an instrument whose protocol server is not ours: passes bytes both ways on 127.0.0.1, and does
 * to the answers what the faults say. While `silence` is on, bytes of both directions wait and nothing is lost:
 * a byte stream with sequence numbers could not go on otherwise. `stop` cuts every connection.
 */
export function tcpRelay(options: {
  readonly env: EmulatorEnv;
  readonly faults: Faults;
  /** Port of the server behind. */
  readonly target: number;
  /** Port of the cable's end; 0: any. */
  readonly port: number;
}): TcpListener {
  const { env, faults } = options;
  return tcpListener(options.port, outer => {
    const inner = connect({ host: '127.0.0.1', port: options.target, noDelay: true });
    const cut = (): void => {
      outer.destroy();
      inner.destroy();
    };
    inner.on('error', cut);
    inner.on('close', cut);
    outer.on('close', cut);
    outer.on(
      'data',
      inOrder(faults, chunk => write(inner, chunk)),
    );
    inner.on(
      'data',
      inOrder(faults, chunk =>
        deliver(chunk, { env, faults, corrupt: damageAll, send: bytes => write(outer, bytes) }),
      ),
    );
  });
}

/** Holds chunks back while the instrument is silent; they go first when the next one passes. */
function inOrder(faults: Faults, pass: (chunk: Buffer) => void): (chunk: Buffer) => void {
  let waiting: Buffer[] = [];
  return chunk => {
    waiting.push(chunk);
    if (faults.silence) return;
    const all = waiting;
    waiting = [];
    for (const held of all) pass(held);
  };
}

function damageAll(bytes: Uint8Array): Uint8Array {
  return bytes.map(byte => byte ^ 0x55);
}

function write(socket: Socket, bytes: Uint8Array): void {
  if (!socket.destroyed) socket.write(bytes);
}
