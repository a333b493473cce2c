import type { Socket } from 'node:net';
import { deliver, type EmulatorEnv, type Faults } from '../faults.ts';
import { crc16, encodeRtu, exceptionReply, takeRtuRequest } from '../modbus-codec.ts';
import type { PduHandler } from '../modbus-tcp-server.ts';
import { type TcpListener, tcpListener } from '../tcp-listener.ts';

/** From this byte on a message is a line of text; 0 and 1 begin a frame of Modbus RTU, all between is nothing. */
const FIRST_OF_TEXT = 0x2a;
const LAST_OF_FRAME = 0x01;
/** Between lines of text: TAB, LF, CR, blank. */
const BLANKS: readonly number[] = [0x09, 0x0a, 0x0d, 0x20];
const EXCEPTION_CRC = 5;
/** How often idle sockets are looked for, s. */
const IDLE_STEP_S = 0.5;

/**
 * The one port of an EA supply: frames of Modbus RTU and lines of SCPI, told apart by their first byte (guide 35400100). A
 * frame that does not come whole in one packet is exception 5, as a wrong checksum is. Sockets that nothing is heard from
 * are closed after `idle_s()`; 0: never.
 */
export function eaPort(options: {
  readonly port: number;
  readonly env: EmulatorEnv;
  readonly faults: Faults;
  readonly answer: PduHandler;
  /** Answers a line of text. */
  readonly interpret: (line: string) => string | undefined;
  readonly idle_s: () => number;
}): TcpListener {
  const { env, faults, answer, interpret } = options;
  return tcpListener(options.port, socket => {
    closeWhenIdle(socket, env, options.idle_s);
    let bytes: Buffer = Buffer.alloc(0);
    const send = (frame: Uint8Array, corrupt: (frame: Uint8Array) => Uint8Array): void =>
      deliver(frame, {
        env,
        faults,
        corrupt,
        send: out => {
          if (!socket.destroyed) socket.write(out);
        },
      });

    const takeLine = (): boolean => {
      const end = bytes.indexOf(0x0a);
      if (end < 0) return false;
      const line = bytes.toString('latin1', 0, end).trim();
      bytes = bytes.subarray(end + 1);
      if (line === '') return true;
      env.beforeReply?.();
      const reply = interpret(line);
      if (reply !== undefined) send(Buffer.from(`${reply}\n`, 'latin1'), damageText);
      return true;
    };
    const takeFrame = (): void => {
      const taken = takeRtuRequest(bytes);
      if (taken.kind === 'frame') {
        bytes = bytes.subarray(taken.length);
        env.beforeReply?.();
        const reply = answer(taken.adu.unit, taken.adu.pdu);
        if (reply !== undefined) send(encodeRtu(taken.adu.unit, reply), damageCrc);
        return;
      }
      const [unit, fn = 0] = bytes;
      // Of a function that nobody has the length is not known: what came is the frame, where its checksum says so.
      const isFrame =
        bytes.length >= 4 && crc16(bytes.subarray(0, -2)) === bytes.readUInt16LE(bytes.length - 2);
      const reply = isFrame
        ? answer(unit, Uint8Array.from(bytes.subarray(1, -2)))
        : exceptionReply(fn, EXCEPTION_CRC);
      bytes = Buffer.alloc(0);
      if (reply !== undefined) send(encodeRtu(unit, reply), damageCrc);
    };

    socket.on('data', chunk => {
      if (faults.silence) {
        bytes = Buffer.alloc(0);
        return;
      }
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      while (bytes.length > 0) {
        if (bytes[0] <= LAST_OF_FRAME) takeFrame();
        else if (BLANKS.includes(bytes[0])) bytes = bytes.subarray(1);
        // An error, like a frame for another address: nothing of the packet is taken.
        else if (bytes[0] < FIRST_OF_TEXT) bytes = Buffer.alloc(0);
        else if (!takeLine()) return;
      }
    });
  });
}

/** Closes a socket after `idle_s()` without a byte from the other side; 0: never. */
export function closeWhenIdle(socket: Socket, { clock }: EmulatorEnv, idle_s: () => number): void {
  let heard_s = clock.now_s();
  const cancel = clock.every(IDLE_STEP_S, () => {
    const limit_s = idle_s();
    if (limit_s > 0 && clock.now_s() - heard_s >= limit_s) socket.destroy();
  });
  socket.on('close', cancel);
  socket.on('data', () => {
    heard_s = clock.now_s();
  });
}

function damageCrc(frame: Uint8Array): Uint8Array {
  const damaged = frame.slice();
  damaged[damaged.length - 1] ^= 0x55;
  return damaged;
}

function damageText(frame: Uint8Array): Uint8Array {
  return frame.map(byte => (byte === 0x0a ? byte : byte ^ 0x15));
}
