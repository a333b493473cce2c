import { SerialPort } from 'serialport';

/** The instrument's end of a serial line. */
export interface SerialLine {
  open(): Promise<void>;
  close(): Promise<void>;
  send(frame: Uint8Array): void;
}

/** Opens `path` (8N1) and hands over what arrives. A line that vanishes (pty gone) is closed quietly, as unplugged. */
export function serialLine(options: {
  readonly path: string;
  readonly baud: number;
  readonly onData: (chunk: Buffer) => void;
}): SerialLine {
  let port: SerialPort | undefined;
  return {
    open() {
      if (port?.isOpen === true) return Promise.resolve();
      const fresh = new SerialPort({ path: options.path, baudRate: options.baud, autoOpen: false });
      // Attached before the port opens: serialport notices a vanished line only while it reads.
      fresh.on('data', options.onData);
      fresh.on('error', () => fresh.isOpen && fresh.close());
      port = fresh;
      return new Promise((resolve, reject) => {
        fresh.open(error => {
          if (error === null) return resolve();
          port = undefined;
          reject(new Error(`cannot open serial line ${options.path}: ${error.message}`, { cause: error }));
        });
      });
    },
    close() {
      const open = port;
      port = undefined;
      if (open === undefined || !open.isOpen) return Promise.resolve();
      return new Promise(resolve => open.close(() => resolve()));
    },
    send(frame) {
      if (port?.isOpen === true) port.write(Buffer.from(frame));
    },
  };
}
