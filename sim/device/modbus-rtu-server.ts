import { deliver, type Emulator, type EmulatorEnv, type Faults } from './faults.ts';
import { type LineInput, lineEnd } from './line-end.ts';
import { encodeRtu, takeRtuRequest } from './modbus-codec.ts';
import type { PduHandler } from './modbus-tcp-server.ts';

/** A fragment older than this cannot belong to the bytes that follow (V1.02: 1.5 characters; a pty needs slack), s. */
const FRAGMENT_LIFE_S = 0.05;

/** What an RTU server is made of, whatever its wire. */
export interface RtuServed {
  readonly env: EmulatorEnv;
  readonly faults: Faults;
  readonly answer: PduHandler;
}

/**
 * Requests in the frames of Modbus RTU out of the bytes of one connection. Broadcasts (unit 0) are carried out and never answered.
 * `fragmentLife_s`: on a serial line silence ends a frame; a stream has none.
 */
export function rtuInput({ env, faults, answer }: RtuServed, fragmentLife_s = Infinity): LineInput {
  return send => {
    let buffer: Buffer = Buffer.alloc(0);
    let last_s = 0;
    return chunk => {
      const now_s = env.clock.now_s();
      if (faults.silence || now_s - last_s > fragmentLife_s) buffer = Buffer.alloc(0);
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
        deliver(encodeRtu(unit, reply), { env, faults, corrupt: damageCrc, send });
      }
    };
  };
}

/** Modbus RTU server on a serial line. */
export function modbusRtuServer(
  options: RtuServed & { readonly path: string; readonly baud: number },
): Emulator {
  const { faults, path, baud } = options;
  const { start, stop } = lineEnd({ path, baud }, rtuInput(options, FRAGMENT_LIFE_S));
  return { faults, start, stop, end: stop };
}

function damageCrc(frame: Uint8Array): Uint8Array {
  const damaged = frame.slice();
  damaged[damaged.length - 1] ^= 0x55;
  return damaged;
}
