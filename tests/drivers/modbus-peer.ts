import { createServer, type Socket } from 'node:net';
import { SerialPort } from 'serialport';

/**
 * The other end of a Modbus wire for tests, written from the specification (Application Protocol V1.1b3, Messaging
 * on TCP/IP V1.0b, Serial Line V1.02), without modbus-serial and without our emulators: registers and coils in
 * maps, everything received in a log, and per request a chance to misbehave.
 */
export interface PeerRequest {
  readonly fn: number;
  readonly address: number;
  /** Count of a read, value of a single write, count of a multiple write. */
  readonly value: number;
}

export interface Misdeed {
  /** Answers this much later; answers to later requests overtake it, unless `keepsOrder`. */
  readonly delay_ms?: number;
  readonly drop?: boolean;
  readonly garble?: boolean;
  readonly exception?: number;
  /** Answers these bytes (function code first) instead. */
  readonly answer?: readonly number[];
  /** Answers a write as if done, and does nothing. */
  readonly ignore?: boolean;
}

export interface ModbusPeer {
  /** `R3 505+5`, `W5 405=65280`, `W6 501=26214`, in order of arrival. */
  readonly log: string[];
  readonly holding: Map<number, number>;
  readonly input: Map<number, number>;
  readonly coil: Map<number, number>;
  readonly discrete: Map<number, number>;
  misbehave: (request: PeerRequest) => Misdeed | undefined;
  onWrite: (address: number, value: number, fn: number) => void;
  /** True: as a real slave, answers in the order of the requests. False: late answers are overtaken. */
  keepsOrder: boolean;
  /** Answers that are still to be sent. */
  readonly owed: number;
  /** Connections accepted since the start. */
  readonly connections: number;
  /** TCP port; 0 on a serial line. */
  readonly port: number;
  /** Bytes of the last request, hex. */
  lastRequest_hex: string;
  /** Cuts every open connection without a word. */
  cut(): void;
  close(): Promise<void>;
}

type Send = (pdu: Buffer, garble: boolean) => void;

/** Tables, log and misdeeds of a peer, without a wire. */
export function peerCore() {
  const peer = {
    log: [] as string[],
    holding: new Map<number, number>(),
    input: new Map<number, number>(),
    coil: new Map<number, number>(),
    discrete: new Map<number, number>(),
    misbehave: (_: PeerRequest): Misdeed | undefined => undefined,
    onWrite: (_address: number, _value: number, _fn: number): void => {},
    keepsOrder: false,
    owed: 0,
    connections: 0,
    port: 0,
    lastRequest_hex: '',
  };
  const reply = (request: PeerRequest, pdu: Buffer, isIgnored: boolean): Buffer => {
    const { fn, address, value } = request;
    if (fn === 3 || fn === 4) {
      const table = fn === 3 ? peer.holding : peer.input;
      const answer = Buffer.alloc(2 + 2 * value);
      answer[0] = fn;
      answer[1] = 2 * value;
      for (let i = 0; i < value; i++) answer.writeUInt16BE(table.get(address + i) ?? 0, 2 + 2 * i);
      return answer;
    }
    if (fn === 1 || fn === 2) {
      const table = fn === 1 ? peer.coil : peer.discrete;
      const answer = Buffer.alloc(2 + Math.ceil(value / 8));
      answer[0] = fn;
      answer[1] = answer.length - 2;
      for (let i = 0; i < value; i++) answer[2 + (i >> 3)] |= (table.get(address + i) ?? 0) << (i & 7);
      return answer;
    }
    if (fn === 16) {
      for (let i = 0; i < value && !isIgnored; i++)
        peer.holding.set(address + i, pdu.readUInt16BE(6 + 2 * i));
      if (!isIgnored) peer.onWrite(address, value, fn);
      return pdu.subarray(0, 5);
    }
    if (fn === 6 || fn === 5) {
      if (!isIgnored) {
        if (fn === 6) peer.holding.set(address, value);
        else peer.coil.set(address, value === 0 ? 0 : 1);
        peer.onWrite(address, value, fn);
      }
      return pdu.subarray(0, 5);
    }
    return Buffer.from([fn | 0x80, 1]);
  };
  let lastDue_ms = 0;
  const inOrder: (() => void)[] = [];
  const take = (pdu: Buffer, send: Send): void => {
    const request = { fn: pdu[0], address: pdu.readUInt16BE(1), value: pdu.readUInt16BE(3) };
    const isRead = request.fn <= 4;
    peer.log.push(
      `${isRead ? 'R' : 'W'}${request.fn} ${request.address}${isRead ? '+' : '='}${request.value}`,
    );
    const misdeed = peer.misbehave(request) ?? {};
    if (misdeed.drop) return;
    const answer =
      misdeed.answer !== undefined
        ? Buffer.from(misdeed.answer)
        : misdeed.exception !== undefined
          ? Buffer.from([request.fn | 0x80, misdeed.exception])
          : reply(request, pdu, misdeed.ignore === true);
    const due_ms = performance.now() + (misdeed.delay_ms ?? 0);
    // In order: not before the one ahead.
    lastDue_ms = peer.keepsOrder ? Math.max(lastDue_ms, due_ms) : due_ms;
    const wait_ms = lastDue_ms - performance.now();
    const out = (): void => {
      peer.owed--;
      send(answer, misdeed.garble === true);
    };
    peer.owed++;
    if (!peer.keepsOrder) {
      if (wait_ms <= 0) out();
      else setTimeout(out, wait_ms);
      return;
    }
    // Timers of whole milliseconds may overtake each other: whichever is due sends the oldest.
    inOrder.push(out);
    if (wait_ms <= 0 && inOrder.length === 1) inOrder.shift()?.();
    else setTimeout(() => inOrder.shift()?.(), Math.max(0, wait_ms));
  };
  return { peer, take };
}

/** A Modbus TCP server on 127.0.0.1. `port` 0: any free one. */
export async function tcpPeer(port = 0): Promise<ModbusPeer> {
  const { peer, take } = peerCore();
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    peer.connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let buffer = Buffer.alloc(0);
    socket.on('data', chunk => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 6 && buffer.length >= 6 + buffer.readUInt16BE(4)) {
        const length = 6 + buffer.readUInt16BE(4);
        const frame = buffer.subarray(0, length);
        buffer = buffer.subarray(length);
        // What has lost bytes on its way is no request.
        if (length < 12) continue;
        peer.lastRequest_hex = frame.toString('hex');
        take(frame.subarray(7), (pdu, garble) => {
          const header = Buffer.from(frame.subarray(0, 7));
          header.writeUInt16BE(pdu.length + 1, 4);
          const answer = Buffer.concat([header, pdu]);
          // TCP frames carry no checksum: another function code is what a client can see.
          if (garble) answer[7] ^= 0x20;
          if (!socket.destroyed) socket.write(answer);
        });
      }
    });
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  peer.port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(peer, {
    cut,
    close: () =>
      new Promise<void>(resolve => {
        cut();
        server.close(() => resolve());
      }),
  });
}

/** A Modbus RTU slave (unit 1) on one end of a pty. */
export async function rtuPeer(path: string): Promise<ModbusPeer> {
  const { peer, take } = peerCore();
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  let buffer = Buffer.alloc(0);
  port.on('error', () => {});
  port.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    // Requests of functions 1..6 all have 8 bytes.
    while (buffer.length >= 8) {
      const frame = buffer.subarray(0, 8);
      // The port may have been opened in the middle of a request: its rest must not shift all that follow.
      if (crc16(frame.subarray(0, 6)) !== frame.readUInt16LE(6)) {
        buffer = buffer.subarray(1);
        continue;
      }
      buffer = buffer.subarray(8);
      peer.lastRequest_hex = frame.toString('hex');
      take(frame.subarray(1, 6), (pdu, garble) => {
        const body = Buffer.concat([frame.subarray(0, 1), pdu]);
        const crc = crc16(body) ^ (garble ? 0x1234 : 0);
        if (port.isOpen) port.write(Buffer.concat([body, Buffer.from([crc & 0xff, crc >> 8])]));
      });
    }
  });
  await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())));
  return Object.assign(peer, {
    cut: () => port.close(),
    close: () => new Promise<void>(resolve => (port.isOpen ? port.close(() => resolve()) : resolve())),
  });
}

/** CRC-16/MODBUS, Serial Line V1.02, 6.2.2. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** Puts a text into registers, two characters each. */
export function putText(table: Map<number, number>, address: number, text: string, registers: number): void {
  for (let i = 0; i < registers; i++) {
    table.set(address + i, ((text.charCodeAt(2 * i) || 0) << 8) | (text.charCodeAt(2 * i + 1) || 0));
  }
}

export function putFloat(table: Map<number, number>, address: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  table.set(address, bytes.readUInt16BE(0));
  table.set(address + 1, bytes.readUInt16BE(2));
}
