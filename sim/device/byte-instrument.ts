import { deliver, type Emulator, type EmulatorEnv, type Faults, noFaults } from './faults.ts';
import { type LineWire, lineEnd } from './line-end.ts';

/** A running instrument that speaks frames of bytes. */
export interface ByteInstrument extends Emulator {
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
}

/** How an instrument answers frames of bytes. */
export interface ByteSpeaker {
  /** Takes what it can from the front: how many bytes are done with, and what it answers; 0: more must come. */
  take(received: Buffer): { readonly used: number; readonly reply?: Uint8Array | undefined };
  /** Damages a frame so that a careful reader notices. */
  damage(frame: Uint8Array): Uint8Array;
}

/** More than this without a frame is thrown away, bytes. */
const INPUT_MAX = 4096;

/** Puts an instrument that speaks frames of bytes on TCP (port 0: any; a serial server), or at a serial line. */
export function byteInstrument(
  env: EmulatorEnv,
  speaker: ByteSpeaker,
  wire: LineWire & { readonly faults?: Faults },
): ByteInstrument {
  const { faults = noFaults(), baud = 19200 } = wire;

  /** One end of a wire. */
  function input(send: (frame: Uint8Array) => void): (chunk: Buffer) => void {
    let received: Buffer = Buffer.alloc(0);
    return chunk => {
      received = faults.silence ? Buffer.alloc(0) : Buffer.concat([received, chunk]);
      while (received.length > 0) {
        env.beforeReply?.();
        const { used, reply } = speaker.take(received);
        if (used === 0) break;
        received = received.subarray(used);
        if (reply !== undefined)
          deliver(reply, { env, faults, corrupt: frame => speaker.damage(frame), send });
      }
      if (received.length > INPUT_MAX) received = Buffer.alloc(0);
    };
  }

  const end = lineEnd({ ...wire, baud }, input);
  return {
    faults,
    get port() {
      return end.port;
    },
    start: () => end.start(),
    stop: () => end.stop(),
    end: () => end.stop(),
  };
}
