import type { Socket } from 'node:net';
import { deliver, type EmulatorEnv, type Faults } from './faults.ts';
import { encodeMbap, takeMbap } from './modbus-codec.ts';
import { type TcpListener, tcpListener } from './tcp-listener.ts';

/** What an instrument answers to a PDU; undefined = it does not answer at all. */
export type PduHandler = (unit: number, pdu: Uint8Array) => Uint8Array | undefined;

/**
 * Modbus TCP server. Answers in the data handler itself: a timer in between would add the very millisecond
 * that latency measurements look for. Split and merged frames are handled; a broken header closes the socket,
 * as MODBUS Messaging on TCP/IP V1.0b asks.
 */
export function modbusTcpServer(options: {
  readonly port: number;
  readonly env: EmulatorEnv;
  readonly faults: Faults;
  readonly answer: PduHandler;
  /** Called for each connection, before anything is heard on it. */
  readonly onSocket?: (socket: Socket) => void;
}): TcpListener {
  const { env, faults, answer } = options;
  return tcpListener(options.port, socket => {
    options.onSocket?.(socket);
    let buffer: Buffer = Buffer.alloc(0);
    socket.on('data', chunk => {
      if (faults.silence) {
        buffer = Buffer.alloc(0);
        return;
      }
      buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
      for (;;) {
        const taken = takeMbap(buffer);
        if (taken.kind === 'incomplete') return;
        if (taken.kind === 'garbled') {
          socket.destroy();
          return;
        }
        buffer = buffer.subarray(taken.length);
        env.beforeReply?.();
        const { transaction, unit, pdu } = taken.adu;
        const reply = answer(unit, pdu);
        if (reply === undefined) continue;
        deliver(encodeMbap({ transaction, unit, pdu: reply }), {
          env,
          faults,
          corrupt: damageFunction,
          send: frame => write(socket, frame),
        });
      }
    });
  });
}

/** Modbus TCP has no checksum of its own: a function code that was not asked for is what a client can notice. */
function damageFunction(frame: Uint8Array): Uint8Array {
  const damaged = frame.slice();
  damaged[7] ^= 0x55;
  return damaged;
}

function write(socket: Socket, frame: Uint8Array): void {
  if (!socket.destroyed) socket.write(frame);
}
