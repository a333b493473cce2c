import { createServer, type Socket } from 'node:net';
import { crc16, type ModbusPeer, peerCore } from './modbus-peer.ts';

/** A peer that speaks Modbus RTU on a TCP stream, and lines of text where `onLine` answers them. */
export interface RtuTcpPeer extends ModbusPeer {
  /** What a line of text is answered with; undefined: nothing. */
  onLine: (line: string) => string | undefined;
  /** Bytes behind each answer. */
  padding: Buffer;
  /** Pieces of each answer, sent one by one. */
  pieces: number;
  /** Units that are there; others keep silent. */
  units: readonly number[];
  /** Answers in the name of this unit instead of the one that was asked. */
  answerAs: number | undefined;
  /** Sends bytes that nobody asked for. */
  unasked(bytes: Buffer): void;
}

/**
 * A server of Modbus RTU over TCP on 127.0.0.1, written from MODBUS over Serial Line V1.02: frames as on a serial line, one
 * after the other on the stream. `port` 0: any free one.
 */
export async function rtuTcpPeer(port = 0): Promise<RtuTcpPeer> {
  const { peer, take } = peerCore();
  const sockets = new Set<Socket>();
  const own: Pick<RtuTcpPeer, 'onLine' | 'padding' | 'pieces' | 'units' | 'answerAs'> = {
    onLine: () => undefined,
    padding: Buffer.alloc(0),
    pieces: 1,
    units: [0, 1],
    answerAs: undefined,
  };
  const made = Object.assign(peer, own, {
    unasked: (bytes: Buffer) => {
      for (const socket of sockets) socket.write(bytes);
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise<void>(resolve => {
        made.cut();
        server.close(() => resolve());
      }),
  });
  const server = createServer({ noDelay: true }, socket => {
    made.connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const send = (frame: Buffer): void => {
      const size = Math.ceil(frame.length / made.pieces);
      for (let at = 0; at < frame.length; at += size) {
        if (!socket.destroyed) socket.write(frame.subarray(at, at + size));
      }
    };
    let buffer = Buffer.alloc(0);
    socket.on('data', chunk => {
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        if (buffer[0] >= 0x2a && !made.units.includes(buffer[0])) {
          const end = buffer.indexOf(10);
          if (end < 0) return;
          const line = buffer.toString('latin1', 0, end);
          buffer = buffer.subarray(end + 1);
          made.log.push(line);
          const answer = made.onLine(line);
          if (answer !== undefined) send(Buffer.from(`${answer}\n`));
          continue;
        }
        // Requests of functions 1..6 all have 8 bytes.
        if (buffer.length < 8) return;
        const frame = buffer.subarray(0, 8);
        buffer = buffer.subarray(8);
        made.lastRequest_hex = frame.toString('hex');
        if (crc16(frame.subarray(0, 6)) !== frame.readUInt16LE(6) || !made.units.includes(frame[0])) continue;
        take(frame.subarray(1, 6), (pdu, garble) => {
          const body = Buffer.concat([Buffer.from([made.answerAs ?? frame[0]]), pdu]);
          const crc = crc16(body) ^ (garble ? 0x1234 : 0);
          send(Buffer.concat([body, Buffer.from([crc & 0xff, crc >> 8]), made.padding]));
        });
      }
    });
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  made.port = typeof address === 'object' && address !== null ? address.port : 0;
  return made;
}
