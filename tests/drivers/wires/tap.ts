import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { openPtyPair } from '../../../sim/pty.ts';

/** What is done to the bytes of the instrument before the driver gets them. */
export type Meddle = (bytes: Buffer, pass: (bytes: Buffer) => void) => void;

/** Stands between a driver and an instrument, sees every byte, and may meddle with those of the instrument. */
export interface Tap {
  /** Where the driver finds the instrument. */
  readonly address: Readonly<Record<string, string | number>>;
  /** Bytes from the driver since the start. */
  readonly sent: number;
  /** What the driver has sent; emptied by whoever looks. */
  readonly heard: Buffer[];
  meddle: Meddle | undefined;
  /** Connections that are closed after so long without a byte from the driver, ms; 0: never. */
  idle_ms: number;
  /** Another instrument stands behind from now on; connections are cut. */
  turnTo(address: Readonly<Record<string, string | number>>): Promise<void>;
  end(): Promise<void>;
}

type Address = Readonly<Record<string, string | number>>;

/** Puts a tap in front of `address`: a TCP port, an OPC UA endpoint, or the bench's end of a pty. */
export function openTap(address: Address): Promise<Tap> {
  return 'path' in address ? ptyTap(String(address['path'])) : tcpTap(address);
}

/** Of an instrument with two ports the one that its driver uses. */
function portOf(address: Address): number {
  if ('endpoint' in address) return Number(new URL(String(address['endpoint'])).port);
  return Number(address['modbusTcpPort'] ?? address['port']);
}

function addressVia(address: Address, port: number): Address {
  if ('endpoint' in address) {
    const url = String(address['endpoint']);
    return { endpoint: url.replace(/:\d+/, `:${port}`) };
  }
  return { ...address, [address['modbusTcpPort'] === undefined ? 'port' : 'modbusTcpPort']: port };
}

interface Core {
  sent: number;
  heard: Buffer[];
  meddle: Meddle | undefined;
  idle_ms: number;
}
const core = (): Core => ({ sent: 0, heard: [], meddle: undefined, idle_ms: 0 });

async function tcpTap(first: Address): Promise<Tap> {
  const state = core();
  const open = new Set<Socket>();
  let target = portOf(first);
  const server = createServer({ noDelay: true }, outer => {
    const inner = connect({ host: '127.0.0.1', port: target, noDelay: true });
    const cut = (): void => {
      clearTimeout(idle);
      outer.destroy();
      inner.destroy();
    };
    let idle: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(idle);
      if (state.idle_ms > 0) idle = setTimeout(cut, state.idle_ms);
    };
    for (const socket of [outer, inner]) {
      open.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    outer.on('data', (bytes: Buffer) => {
      state.sent += bytes.length;
      state.heard.push(bytes);
      watch();
      if (!inner.destroyed) inner.write(bytes);
    });
    const pass = (bytes: Buffer): void => {
      if (!outer.destroyed) outer.write(bytes);
    };
    inner.on('data', (bytes: Buffer) => {
      if (state.meddle === undefined) pass(bytes);
      else state.meddle(bytes, pass);
    });
    watch();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const own = server.address();
  const port = typeof own === 'object' && own !== null ? own.port : 0;
  const cutAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return Object.assign(state, {
    address: addressVia(first, port),
    turnTo(next: Address) {
      target = portOf(next);
      cutAll();
      return Promise.resolve();
    },
    end: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        cutAll();
      }),
  });
}

async function ptyTap(first: string): Promise<Tap> {
  const state = core();
  const folder = mkdtempSync(join(tmpdir(), 'tap-'));
  const pair = await openPtyPair(folder, 'tap');
  const outer = await opened(pair.instrument);
  let inner = await joined(first);

  async function joined(path: string): Promise<SerialPort> {
    const port = await opened(path);
    port.on('data', (bytes: Buffer) => {
      const pass = (passed: Buffer): void => {
        if (outer.isOpen) outer.write(passed);
      };
      if (state.meddle === undefined) pass(bytes);
      else state.meddle(bytes, pass);
    });
    return port;
  }
  outer.on('data', (bytes: Buffer) => {
    state.sent += bytes.length;
    state.heard.push(bytes);
    if (inner.isOpen) inner.write(bytes);
  });
  return Object.assign(state, {
    address: { path: pair.bench },
    async turnTo(next: Address) {
      await closed(inner);
      inner = await joined(String(next['path']));
    },
    async end() {
      await Promise.all([closed(outer), closed(inner)]);
      await pair.unplug();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

function opened(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  // Before it opens: without a reader a vanished line goes unnoticed.
  port.on('data', () => {});
  port.on('error', () => {});
  return new Promise((resolve, reject) => {
    port.open(error => (error ? reject(error) : resolve(port)));
  });
}

const closed = (port: SerialPort): Promise<void> =>
  new Promise(resolve => {
    if (!port.isOpen) return resolve();
    port.close(() => resolve());
  });
