import { serialLine } from './serial-line.ts';
import { tcpListener } from './tcp-listener.ts';

/** The end of a wire at which an emulated instrument stands. */
export interface LineEnd {
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Where it is: a serial line where `path` is told, else TCP (port 0: any). */
export interface LineWire {
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly baud?: number | undefined;
}

/** What takes the bytes that come, and sends its answers with `send`; each connection has one of its own. */
export type LineInput = (send: (frame: Uint8Array) => void) => (chunk: Buffer) => void;

/** Puts an instrument at a serial line, or on TCP for any number of connections. */
export function lineEnd({ port, path, baud = 9600 }: LineWire, input: LineInput): LineEnd {
  if (path !== undefined) {
    const serial = serialLine({ path, baud, onData: input(frame => serial.send(frame)) });
    return { port: 0, start: () => serial.open(), stop: () => serial.close() };
  }
  return tcpListener(port ?? 0, socket => {
    const take = input(frame => {
      if (!socket.destroyed) socket.write(frame);
    });
    socket.on('data', take);
  });
}
