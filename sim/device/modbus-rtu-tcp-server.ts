import { deliver, type EmulatorEnv, type Faults } from './faults.ts';
import { encodeRtu, takeRtuRequest } from './modbus-codec.ts';
import type { PduHandler } from './modbus-tcp-server.ts';
import { type TcpListener, tcpListener } from './tcp-listener.ts';

/** Frames of Modbus RTU on a TCP connection, as a serial server passes them on. Unit 0 is carried out and never answered. */
export function modbusRtuTcpServer(options: {
  readonly port: number;
  readonly env: EmulatorEnv;
  readonly faults: Faults;
  readonly answer: PduHandler;
}): TcpListener {
  const { env, faults, answer } = options;
  return tcpListener(options.port, socket => {
    let buffer: Buffer = Buffer.alloc(0);
    socket.on('data', chunk => {
      buffer = faults.silence ? Buffer.alloc(0) : Buffer.concat([buffer, chunk]);
      for (;;) {
        const taken = takeRtuRequest(buffer);
        if (taken.kind === 'incomplete') return;
        if (taken.kind === 'garbled') {
          buffer = buffer.subarray(taken.skip);
          continue;
        }
        buffer = buffer.subarray(taken.length);
        env.beforeReply?.();
        const { unit, pdu } = taken.adu;
        const reply = answer(unit, pdu);
        if (reply === undefined || unit === 0) continue;
        deliver(encodeRtu(unit, reply), {
          env,
          faults,
          corrupt: damageCrc,
          send: frame => {
            if (!socket.destroyed) socket.write(frame);
          },
        });
      }
    });
  });
}

function damageCrc(frame: Uint8Array): Uint8Array {
  const damaged = frame.slice();
  damaged[damaged.length - 1] ^= 0x55;
  return damaged;
}
