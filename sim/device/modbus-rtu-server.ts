import { deliver, type Emulator, type EmulatorEnv, type Faults } from './faults.ts';
import { encodeRtu, takeRtuRequest } from './modbus-codec.ts';
import type { PduHandler } from './modbus-tcp-server.ts';
import { serialLine } from './serial-line.ts';

/** A fragment older than this cannot belong to the bytes that follow (V1.02: 1.5 characters; a pty needs slack), s. */
const FRAGMENT_LIFE_S = 0.05;

/** Modbus RTU server on a serial line. Broadcasts (unit 0) are carried out and never answered. */
export function modbusRtuServer(options: {
  readonly path: string;
  readonly baud: number;
  readonly env: EmulatorEnv;
  readonly faults: Faults;
  readonly answer: PduHandler;
}): Emulator {
  const { env, faults, answer } = options;
  let buffer: Buffer = Buffer.alloc(0);
  let last_s = 0;

  const onData = (chunk: Buffer): void => {
    const now_s = env.clock.now_s();
    if (faults.silence || now_s - last_s > FRAGMENT_LIFE_S) buffer = Buffer.alloc(0);
    last_s = now_s;
    if (faults.silence) return;
    buffer = Buffer.concat([buffer, chunk]);
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
      deliver(encodeRtu(unit, reply), { env, faults, corrupt: damageCrc, send: frame => line.send(frame) });
    }
  };

  const line = serialLine({ path: options.path, baud: options.baud, onData });
  return { faults, start: () => line.open(), stop: () => line.close(), end: () => line.close() };
}

function damageCrc(frame: Uint8Array): Uint8Array {
  const damaged = frame.slice();
  damaged[damaged.length - 1] ^= 0x55;
  return damaged;
}
